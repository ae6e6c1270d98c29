"""NAT traversal: two homes behind translators, and what gets through. The prose is in guides/nat.md."""

from machinelab.authoring import ARP, At, Choice, Experiment, Lab, Step

MAPPINGS = Choice(("endpoint-independent", "address-dependent", "address-and-port-dependent"))
FILTERINGS = Choice(("address-and-port-dependent", "address-dependent", "endpoint-independent"))
BOTH = (
    At("nat-a", "nat mapping={mapping_a} filtering={filtering_a}"),
    At("nat-b", "nat mapping={mapping_b} filtering={filtering_b}"),
    At("server", "peer forget"),
)
K = {"mapping_a": MAPPINGS, "filtering_a": FILTERINGS, "mapping_b": MAPPINGS, "filtering_b": FILTERINGS}

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
punch = Experiment(
    "punch",
    "x",
    reset=BOTH,
    run=(
        At("alice", "punch alice bob --from 5000", background=True),
        At("bob", "punch bob alice --from 6000", ok=(0, 1)),
    ),
    knobs=K,
    steps=(),
)
ice = Experiment(
    "ice",
    "x",
    reset=BOTH,
    run=(At("alice", "ice alice bob", background=True), At("bob", "ice bob alice", ok=(0, 1))),
    knobs=K,
    steps=(),
)
beh = Experiment(
    "beh",
    "x",
    reset=(At("nat-a", "nat mapping={mapping_a} filtering={filtering_a}"),),
    run=(At("alice", "/bin/sh -c 'turnutils_natdiscovery -m -f $PUBLIC.20'"),),
    knobs={"mapping_a": MAPPINGS, "filtering_a": FILTERINGS},
    steps=(),
)

LAB = Lab(
    "nat",
    (outbound, punch, ice, beh),
    minutes=60,
    memory=60,
    reset=(At("nat-a", "nat"), At("nat-b", "nat"), At("cgn", "nat")),
)
