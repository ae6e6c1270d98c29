"""NAT traversal: two homes behind translators, and what gets through. The prose is in guides/nat.md."""

from machinelab.authoring import ARP, At, Choice, Experiment, Lab, Step

MAPPINGS = Choice(("endpoint-independent", "address-dependent", "address-and-port-dependent"))
FILTERINGS = Choice(("address-and-port-dependent", "address-dependent", "endpoint-independent"))

outbound = Experiment(
    "outbound",
    "A datagram out, its answer in, and a stranger at the door",
    reset=(
        At("nat-a", "nat mapping={mapping} filtering={filtering}"),
        At("server", "peer forget"),
    ),
    run=(
        At("alice", "peer hello alice --from 5000 --stay 3", background=True),
        At("stranger", "peer knock alice"),
    ),
    until="stranger-knocks",
    knobs={"mapping": MAPPINGS, "filtering": FILTERINGS},
    background=(ARP,),
    steps=(
        Step("hello", "alice > server", "udp.dstport == 7000"),
        Step("you-are", "server > alice", "udp.srcport == 7000"),
        Step("stranger-knocks", "stranger > nat-a", "udp"),
    ),
)

LAB = Lab(
    "nat",
    (outbound,),
    minutes=60,
    memory=60,
    reset=(At("nat-a", "nat"), At("nat-b", "nat"), At("cgn", "nat")),
)
