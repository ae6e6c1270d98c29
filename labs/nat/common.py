"""What the experiments share: the translators' kinds, who speaks to whom, the backgrounds."""

from machinelab.authoring import At, Background, Choice, Gather, Step

EI, AD, APD = "endpoint-independent", "address-dependent", "address-and-port-dependent"
MAPPING = Choice((EI, AD, APD))
FILTERING = Choice((APD, AD, EI))

SIGNALLING = Background("signalling", "udp.port == 7000", "alice|bob > server")
SIGNALLED = Background("signalled", "udp.port == 7000", "server > alice|bob")
BOOKS = Background("books", "conntrack")
BOOKS_A = (Gather("nat-a", "conntrack", "conntracked {started}"),)
BOOKS_AB = (*BOOKS_A, Gather("nat-b", "conntrack", "conntracked {started}"))

ONE_HOME = (At("nat-a", "nat mapping={mapping} filtering={filtering}"), At("server", "peer forget"))
ONE_KNOBS = {"mapping": MAPPING, "filtering": FILTERING}
BOTH_HOMES = (
    At("nat-a", "nat mapping={mapping_a} filtering={filtering_a}"),
    At("nat-b", "nat mapping={mapping_b} filtering={filtering_b}"),
    At("server", "peer forget"),
)
BOTH_KNOBS = {"mapping_a": MAPPING, "filtering_a": FILTERING, "mapping_b": MAPPING, "filtering_b": FILTERING}

TO_SERVER, FROM_SERVER = "udp.dstport == 7000", "udp.srcport == 7000"
ASKS, TELLS = "stun.type == 0x0001", "stun.type == 0x0101"
CLOSED, OPEN = f'filtering != "{EI}"', f'filtering == "{EI}"'

HELLO = Step("hello", "alice > nat-a > server", TO_SERVER)
YOU_ARE = Step("you-are", "server > nat-a > alice", FROM_SERVER)
MAPPING_MADE = Step("mapping-made", "nat-a", 'conntrack.event == "NEW"', track="books")
STRANGER_ASKS = Step("stranger-asks", "stranger > server", TO_SERVER, track="stranger")
STRANGER_TOLD = Step("stranger-told", "server > stranger", FROM_SERVER, track="stranger")
# Where the server sees alice: whoever has been told so writes there.
HER_PORT = {"udp.dstport": "hello.nat.srcport.after"}
STRANGER_KNOCKS = Step(
    "stranger-knocks", "stranger > nat-a", "udp", track="stranger", when=CLOSED, same=HER_PORT
)
STRANGER_ENTERS = Step(
    "stranger-enters", "stranger > nat-a > alice", "udp", track="stranger", when=OPEN, same=HER_PORT
)
STRANGER_IN = Step("stranger-in", "stranger > alice", "udp", times=(0, 0), when=CLOSED)
