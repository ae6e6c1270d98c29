"""NAT traversal: two homes behind translators, and what gets through. The prose is in guides/nat.md."""

from machinelab.authoring import ARP, At, Background, Choice, Experiment, Gather, Lab, Step

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
STRANGER_KNOCKS = Step("stranger-knocks", "stranger > nat-a", "udp", track="stranger", when=CLOSED)
STRANGER_ENTERS = Step("stranger-enters", "stranger > nat-a > alice", "udp", track="stranger", when=OPEN)
STRANGER_IN = Step("stranger-in", "stranger > alice", "udp", times=(0, 0), when=CLOSED)

outbound = Experiment(
    "outbound",
    "A datagram out, its answer in, and a stranger at the door",
    reset=ONE_HOME,
    run=(
        At("alice", "peer hello alice --from 5000 --stay 2", background=True),
        At("stranger", "peer knock alice"),
    ),
    gather=BOOKS_A,
    knobs=ONE_KNOBS,
    background=(ARP, BOOKS),
    steps=(
        HELLO,
        YOU_ARE,
        MAPPING_MADE,
        STRANGER_ASKS,
        STRANGER_TOLD,
        STRANGER_KNOCKS,
        STRANGER_ENTERS,
        STRANGER_IN,
    ),
)

LATE, STILL = "timeout == 2", "timeout == 10"
TOO_LATE = Step("too-late", "server > nat-a", FROM_SERVER, when=LATE)
IN_TIME = Step("in-time", "server > nat-a > alice", FROM_SERVER, when=STILL)
HELLO_AGAIN = Step("hello-again", "alice > nat-a > server", TO_SERVER)
YOU_ARE_AGAIN = Step("you-are-again", "server > nat-a > alice", FROM_SERVER)

expiry = Experiment(
    "expiry",
    "A mapping that nobody used for a while",
    reset=(At("nat-a", "nat timeout={timeout}"), At("server", "peer forget")),
    run=(At("alice", "peer again alice --from 5000 --after 3"),),
    gather=BOOKS_A,
    knobs={"timeout": Choice(("2", "10"))},
    background=(ARP, BOOKS),
    steps=(HELLO, YOU_ARE, TOO_LATE, IN_TIME, HELLO_AGAIN, YOU_ARE_AGAIN),
)

ASK_MIRROR = Step("ask-mirror", "alice > nat-a > stun", ASKS)
MIRROR_SAYS = Step("mirror-says", reply_to="ask-mirror", sees=TELLS)
ASK_OTHER = Step("ask-other", "alice > nat-a > stun", ASKS)
OTHER_SAYS = Step("other-says", reply_to="ask-other", sees=TELLS)

stun = Experiment(
    "stun",
    "What do I look like from outside?",
    reset=ONE_HOME,
    run=(At("alice", "peer mirror --from 5000"),),
    until="other-says",
    gather=BOOKS_A,
    knobs=ONE_KNOBS,
    background=(ARP, BOOKS),
    steps=(ASK_MIRROR, MIRROR_SAYS, ASK_OTHER, OTHER_SAYS),
)

PLAIN = f"{ASKS} and not stun.att.change-port"
SAME = f'mapping == "{EI}"'
DIFFERS = f'mapping != "{EI}"'
ASK_THIRD = Step("ask-third", "alice > nat-a > stun", PLAIN, when=DIFFERS)
THIRD_SAYS = Step("third-says", reply_to="ask-third", sees=TELLS, when=DIFFERS)
ASK_ANEW = Step("ask-anew", "alice > nat-a > stun", PLAIN)
ANEW_SAYS = Step("anew-says", reply_to="ask-anew", sees=TELLS)
FROM_AFAR = Step("ask-from-afar", "alice > nat-a > stun", "stun.att.change-ip == 1", times=(1, None))
AFAR_ENTERS = Step("afar-enters", reply_to="ask-from-afar", hop="stun > nat-a > alice", sees=TELLS, when=OPEN)
AFAR_DIES = Step(
    "afar-dies", reply_to="ask-from-afar", hop="stun > nat-a", sees=TELLS, times=(1, None), when=CLOSED
)
OTHER_PORT = Step(
    "ask-other-port",
    "alice > nat-a > stun",
    "stun.att.change-ip == 0 and stun.att.change-port == 1",
    times=(1, None),
    when=CLOSED,
)
PORT_ENTERS = Step(
    "port-enters",
    reply_to="ask-other-port",
    hop="stun > nat-a > alice",
    sees=TELLS,
    when=f'filtering == "{AD}"',
)
PORT_DIES = Step(
    "port-dies",
    reply_to="ask-other-port",
    hop="stun > nat-a",
    sees=TELLS,
    times=(1, None),
    when=f'filtering == "{APD}"',
)

behaviour = Experiment(
    "behaviour",
    "Finding out how a translator maps and filters",
    reset=ONE_HOME,
    run=(At("alice", "behaviour"),),
    gather=BOOKS_A,
    knobs=ONE_KNOBS,
    background=(ARP, BOOKS),
    steps=(
        ASK_MIRROR,
        MIRROR_SAYS,
        ASK_OTHER,
        OTHER_SAYS,
        ASK_THIRD,
        THIRD_SAYS,
        ASK_ANEW,
        ANEW_SAYS,
        FROM_AFAR,
        AFAR_ENTERS,
        AFAR_DIES,
        OTHER_PORT,
        PORT_ENTERS,
        PORT_DIES,
    ),
)

BOB_ASKS_MIRROR = Step("bob-asks-mirror", "bob > nat-b > stun", ASKS, track="bob")
MIRROR_TELLS_BOB = Step("mirror-tells-bob", reply_to="bob-asks-mirror", sees=TELLS, track="bob")
KNOCK_DIES = Step("knock-dies", "alice > nat-a > nat-b", ASKS)
BOB_KNOCKS = Step("bob-knocks", "bob > nat-b > nat-a > alice", ASKS)
ALICE_ANSWERS = Step("alice-answers", reply_to="bob-knocks", hop="alice > nat-a > nat-b > bob", sees=TELLS)
ALICE_KNOCKS = Step("alice-knocks", "alice > nat-a > nat-b > bob", ASKS)
BOB_ANSWERS = Step("bob-answers", reply_to="alice-knocks", hop="bob > nat-b > nat-a > alice", sees=TELLS)

punch = Experiment(
    "punch",
    "Two homes, and a hole in each wall",
    reset=BOTH_HOMES,
    run=(
        At("alice", "punch alice bob --from 5000", background=True),
        At("bob", "punch bob alice --from 6000", ok=(0, 1)),
    ),
    until="bob-answers",
    gather=BOOKS_AB,
    knobs=BOTH_KNOBS,
    background=(SIGNALLING, SIGNALLED, ARP, BOOKS),
    steps=(
        ASK_MIRROR,
        MIRROR_SAYS,
        BOB_ASKS_MIRROR,
        MIRROR_TELLS_BOB,
        KNOCK_DIES,
        BOB_KNOCKS,
        ALICE_ANSWERS,
        ALICE_KNOCKS,
        BOB_ANSWERS,
    ),
)

LAB = Lab(
    "nat",
    (outbound, expiry, stun, behaviour, punch),
    minutes=60,
    memory=60,
    reset=(At("nat-a", "nat"), At("nat-b", "nat"), At("cgn", "nat")),
    what={
        "alice": "a host of home A",
        "anna": "another host of home A",
        "bob": "a host of home B",
        "nat-a": "home A's translator (nftables)",
        "nat-b": "home B's translator (nftables)",
        "cgn": "the carrier's translator (nftables)",
        "server": "where peers meet",
        "stun": "coturn, with two addresses",
        "stranger": "somebody outside",
    },
)
