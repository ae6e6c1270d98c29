"""Two homes: holes punched, filters that stay shut, ICE and the relay."""

from machinelab.authoring import ARP, Alone, At, Background, Choice, Experiment, Step

from . import headlines
from .common import AD, APD, ASKS, BOOKS, BOOKS_AB, BOTH_HOMES, BOTH_KNOBS, EI, SIGNALLED, SIGNALLING, TELLS
from .translators import ASK_MIRROR, MIRROR_SAYS, SOCKET

BOB_ASKS_MIRROR = Step("bob-asks-mirror", "bob > nat-b > stun", ASKS, track="bob")
BOBS_SOCKET = {"udp.srcport": "bob-asks-mirror"}
MIRROR_TELLS_BOB = Step("mirror-tells-bob", reply_to="bob-asks-mirror", sees=TELLS, track="bob")
KNOCK_DIES = Step("knock-dies", "alice > nat-a > nat-b", ASKS, same=SOCKET)
BOB_KNOCKS = Step("bob-knocks", "bob > nat-b > nat-a > alice", ASKS, same=BOBS_SOCKET)
ALICE_ANSWERS = Step("alice-answers", reply_to="bob-knocks", hop="alice > nat-a > nat-b > bob", sees=TELLS)
AS_BEFORE = {"udp.srcport": "knock-dies", "udp.dstport": "knock-dies"}
ALICE_KNOCKS = Step("alice-knocks", "alice > nat-a > nat-b > bob", ASKS, same=AS_BEFORE)
BOB_ANSWERS = Step("bob-answers", reply_to="alice-knocks", hop="bob > nat-b > nat-a > alice", sees=TELLS)

punch = Experiment(
    "punch",
    "Two homes, and a hole in each filter",
    headline=headlines.punch,
    reset=BOTH_HOMES,
    run=(
        At("alice", "punch alice bob --from 5000", background=True, exits=(0, 1)),
        At("bob", "punch bob alice --from 6000", exits=(0, 1)),
    ),
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

NO_WAY_IN = Step("knock-dies", "alice > nat-a > nat-b", ASKS, times=(1, None), same=SOCKET)
NOR_BACK = Step("bob-knock-dies", "bob > nat-b > nat-a", ASKS, times=(1, None), track="bob", same=BOBS_SOCKET)
NOTHING_THROUGH = Step("nothing-through", "alice|bob > alice|bob", "stun", times=(0, 0))

blocked = Experiment(
    "blocked",
    "Two translators whose ports nobody can guess",
    headline=headlines.blocked,
    telling=("knock-dies", "bob-knock-dies"),
    reset=BOTH_HOMES,
    run=(
        At("alice", "punch alice bob --from 5000 --tries 3", background=True, exits=(0, 1)),
        At("bob", "punch bob alice --from 6000 --tries 3", exits=(0, 1)),
    ),
    gather=BOOKS_AB,
    knobs={**BOTH_KNOBS, "mapping_a": Choice((APD, AD, EI)), "mapping_b": Choice((APD, AD, EI))},
    background=(SIGNALLING, SIGNALLED, ARP, BOOKS),
    steps=(
        ASK_MIRROR,
        MIRROR_SAYS,
        BOB_ASKS_MIRROR,
        MIRROR_TELLS_BOB,
        NO_WAY_IN,
        NOR_BACK,
        NOTHING_THROUGH,
    ),
)


PEERS, BOXES = "alice|bob", "nat-a|nat-b"
OUT, IN = f"{PEERS} > {BOXES} > stun", f"stun > {BOXES} > {PEERS}"
THROUGH = f"{PEERS} > {BOXES} > {BOXES} > {PEERS}"
CHECKS = f"{ASKS} and stun.att.username"
MANY = (1, None)
ANY = (0, None)


def beside(
    id: str, hop: str, sees: str, times: tuple[int, int | None] = MANY, alone: Alone | None = None
) -> Step:
    """A step on a track of its own: ICE does many things at the same time."""
    return Step(id, hop, sees, times=times, track=id, alone=alone)


def answered(
    id: str, to: str, sees: str, times: tuple[int, int | None] = MANY, alone: Alone | None = None
) -> Step:
    """The answer to such a step."""
    return Step(id, reply_to=to, sees=sees, times=times, track=to, alone=alone)


ALLOCATES, BINDS_CHANNEL, CHANNEL_BOUND = "stun.type == 0x0003", "stun.type == 0x0009", "stun.type == 0x0109"
# Error 401 (RFC 8489 §14.8): its hundreds, and the rest; with it a realm and a nonce.
UNNAMED = "stun.type == 0x0113 and stun.att.error.class == 4 and stun.att.error == 1 and stun.att.realm and stun.att.nonce"
RELEASES = "stun.type == 0x0004 and stun.att.lifetime == 0"
WITHOUT_CHANNEL = "stun.type == 0x0017"


GATHER = (
    beside("ask-reflexive", OUT, f"{ASKS} and not stun.att.username"),
    answered("reflexive", "ask-reflexive", TELLS),
    beside(
        "allocate",
        OUT,
        f"{ALLOCATES} and not stun.att.realm",
        alone=Alone("allocate-request", ALLOCATES),
    ),
    answered("who-are-you", "allocate", UNNAMED, alone=Alone("allocate-challenged", UNNAMED)),
    beside("allocate-named", OUT, f"{ALLOCATES} and stun.att.realm and stun.att.username and stun.att.hmac"),
    answered("relayed", "allocate-named", "stun.type == 0x0103"),
)
# A check to the other's private address goes no further than one's own translator, and is answered there.
PRIVATE = (
    beside("check-private", f"{PEERS} > {BOXES}", f"{CHECKS} and not sighting"),
    beside("no-way", f"{BOXES} > {PEERS}", "icmp.type == 3"),
)
CHECK_DIES = f"{PEERS} > {BOXES} > {BOXES}"
RELAYING = (
    beside("bind-channel", OUT, BINDS_CHANNEL, alone=Alone("channel-request", BINDS_CHANNEL)),
    answered("channel-bound", "bind-channel", CHANNEL_BOUND, alone=Alone("channel-given", CHANNEL_BOUND)),
    beside("into-channel", OUT, "stun.channel"),
)
ROUND_THE_RELAY = (
    beside("check-relay", OUT, CHECKS, ANY),
    answered("relay-answered", "check-relay", TELLS, ANY),
    beside("check-from-relay", IN, CHECKS, ANY),
    answered("answer-to-relay", "check-from-relay", TELLS, ANY),
    beside("without-channel", IN, WITHOUT_CHANNEL, ANY, Alone("data-indication", WITHOUT_CHANNEL)),
    beside("relay-check-dies", f"stun > {BOXES}", CHECKS, ANY),
)
END = (
    beside("give-back", OUT, RELEASES, alone=Alone("allocation-released", RELEASES)),
    answered("given-back", "give-back", "stun.type == 0x0104"),
)

ICE_RUN = (
    At("alice", "ice alice bob", background=True, exits=(0, 1)),
    At("bob", "ice bob alice", exits=(0, 1)),
    At("alice", "sleep 0.5"),
)
# With other translators the pair that wins may have a relay on one side alone, and the greeting goes that way.
GREETING = Background("greeting", "udp and not stun", f"{PEERS}|stun > {PEERS}|stun")
QUIET = (SIGNALLING, SIGNALLED, ARP, BOOKS, GREETING)
AS_GIVEN = (
    f'mapping_a == "{EI}" and mapping_b == "{EI}" and filtering_a == "{APD}" and filtering_b == "{APD}"'
)

ice = Experiment(
    "ice",
    "Every way is tried, and the best that works is taken",
    headline=headlines.ice,
    reset=BOTH_HOMES,
    run=ICE_RUN,
    gather=BOOKS_AB,
    knobs=BOTH_KNOBS,
    background=QUIET,
    steps=(
        *GATHER,
        *PRIVATE,
        beside("check-dies", CHECK_DIES, CHECKS, ANY),
        beside("check-through", THROUGH, CHECKS),
        answered("check-answered", "check-through", TELLS),
        *RELAYING,
        beside("from-channel", IN, "stun.channel", ANY),
        *ROUND_THE_RELAY,
        Step("hello-direct", THROUGH, "udp and not stun", times=MANY, track="hello-direct", when=AS_GIVEN),
        *END,
    ),
)

relay = Experiment(
    "relay",
    "No hole can be made, and a third one passes everything on",
    headline=headlines.relay,
    reset=BOTH_HOMES,
    run=ICE_RUN,
    gather=BOOKS_AB,
    knobs={**BOTH_KNOBS, "mapping_a": Choice((APD, AD, EI)), "mapping_b": Choice((APD, AD, EI))},
    background=QUIET,
    steps=(
        *GATHER,
        *PRIVATE,
        beside("check-dies", CHECK_DIES, CHECKS),
        *RELAYING,
        beside("from-channel", IN, "stun.channel"),
        *ROUND_THE_RELAY,
        Step("nothing-direct", THROUGH, "udp", times=(0, 0)),
        *END,
    ),
)
