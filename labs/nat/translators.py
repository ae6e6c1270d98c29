"""One home and its translator: mappings made, kept, lost and shared."""

from machinelab.authoring import ARP, Alone, At, Choice, Experiment, Gather, Step

from . import headlines
from .common import (
    AD,
    APD,
    ASKS,
    BOOKS,
    BOOKS_A,
    CLOSED,
    EI,
    FILTERING,
    FROM_SERVER,
    HELLO,
    HER_PORT,
    MAPPING,
    MAPPING_MADE,
    ONE_HOME,
    ONE_KNOBS,
    OPEN,
    STRANGER_ASKS,
    STRANGER_ENTERS,
    STRANGER_IN,
    STRANGER_KNOCKS,
    STRANGER_TOLD,
    TELLS,
    TO_SERVER,
    YOU_ARE,
)

outbound = Experiment(
    "outbound",
    "A datagram out, its answer in, and a stranger at the door",
    headline=headlines.outbound,
    telling=("hello", "you-are", "stranger-asks", "stranger-told", "stranger-knocks", "stranger-enters"),
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
TOO_LATE = Step(
    "too-late", "server > nat-a", FROM_SERVER, when=LATE, after={"you-are": 2}
)  # the time-out, in seconds
IN_TIME = Step("in-time", "server > nat-a > alice", FROM_SERVER, when=STILL)
HELLO_AGAIN = Step("hello-again", "alice > nat-a > server", TO_SERVER, same={"udp.srcport": "hello"})
YOU_ARE_AGAIN = Step("you-are-again", "server > nat-a > alice", FROM_SERVER)

expiry = Experiment(
    "expiry",
    "A mapping that nobody used for a while",
    headline=headlines.expiry,
    reset=(At("nat-a", "nat timeout={timeout}"), At("server", "peer forget")),
    run=(At("alice", "peer again alice --from 5000 --after 3"),),
    gather=BOOKS_A,
    knobs={"timeout": Choice(("2", "10"))},
    background=(ARP, BOOKS),
    steps=(HELLO, YOU_ARE, TOO_LATE, IN_TIME, HELLO_AGAIN, YOU_ARE_AGAIN),
)

ASK_MIRROR = Step(
    "ask-mirror",
    "alice > nat-a > stun",
    ASKS,
    # With a name it is a check of ICE's, to a peer; with CHANGE-REQUEST the answer is to come from elsewhere.
    alone=Alone("binding-request", f"{ASKS} and not stun.att.username and not stun.att.change-port"),
)
MIRROR_SAYS = Step(
    "mirror-says",
    reply_to="ask-mirror",
    sees=TELLS,
    alone=Alone("binding-response", f"{TELLS} and stun.att.ipv4-xord"),
)
SOCKET = {"udp.srcport": "ask-mirror"}
ASK_OTHER = Step("ask-other", "alice > nat-a > stun", ASKS, same=SOCKET)
OTHER_SAYS = Step("other-says", reply_to="ask-other", sees=TELLS)

stun = Experiment(
    "stun",
    "What do I look like from outside?",
    headline=headlines.stun,
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
THERE_TOO = {"udp.srcport": "ask-mirror", "ip.dst": "ask-other"}
OTHER_DESTINATION = {"udp.dstport": "ask-other"}
ASK_THIRD = Step(
    "ask-third", "alice > nat-a > stun", PLAIN, when=DIFFERS, same=THERE_TOO, differs=OTHER_DESTINATION
)
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
    headline=headlines.behaviour,
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


HELLO_TWICE = Step("hello-twice", "alice > nat-a > cgn > server", TO_SERVER)
YOU_ARE_TWICE = Step("you-are-twice", "server > cgn > nat-a > alice", FROM_SERVER)
CARRIER_SHUT, CARRIER_OPEN = f'carrier != "{EI}"', f'carrier == "{EI}"'
STRANGER_AT_CARRIER = Step(
    "stranger-at-carrier", "stranger > cgn", "udp", track="stranger", when=CARRIER_SHUT
)
STRANGER_AT_HOME = Step(
    "stranger-at-home", "stranger > cgn > nat-a", "udp", track="stranger", when=CARRIER_OPEN
)

carrier = Experiment(
    "carrier",
    "A translator behind a translator",
    headline=headlines.carrier,
    reset=(
        At("nat-a", "nat upstream=carrier"),
        At("cgn", "nat filtering={carrier}"),
        At("server", "peer forget"),
    ),
    run=(
        At("alice", "peer hello alice --from 5000 --stay 2", background=True),
        At("stranger", "peer knock alice"),
    ),
    after=(At("nat-a", "nat"),),
    gather=(*BOOKS_A, Gather("cgn", "conntrack", "conntracked {started}")),
    knobs={"carrier": FILTERING},
    background=(ARP, BOOKS),
    steps=(
        HELLO_TWICE,
        YOU_ARE_TWICE,
        STRANGER_ASKS,
        STRANGER_TOLD,
        STRANGER_AT_CARRIER,
        STRANGER_AT_HOME,
    ),
)

ANNA_ASKS = Step("anna-asks", "anna > nat-a > server", TO_SERVER, track="anna")
ANNA_TOLD = Step("anna-told", "server > nat-a > anna", FROM_SERVER, track="anna")
TURNED = Step("turned-back", "anna > nat-a > alice", "udp", track="anna", when="hairpin == on", same=HER_PORT)
NOT_TURNED = Step("not-turned", "anna > nat-a", "udp", track="anna", when="hairpin == off", same=HER_PORT)

hairpin = Experiment(
    "hairpin",
    "A neighbour at the outside address",
    headline=headlines.hairpin,
    telling=("hello", "anna-asks", "anna-told"),
    reset=(At("nat-a", "nat hairpin={hairpin}"), At("server", "peer forget")),
    run=(
        At("alice", "peer hello alice --from 5000 --stay 2", background=True),
        At("anna", "peer knock alice --from 5001"),
    ),
    gather=BOOKS_A,
    knobs={"hairpin": Choice(("on", "off"))},
    background=(ARP, BOOKS),
    steps=(HELLO, YOU_ARE, ANNA_ASKS, ANNA_TOLD, TURNED, NOT_TURNED),
)

SYN = "tcp.flags.syn == 1 and tcp.flags.ack == 0"
SYN_ACK = "tcp.flags.syn == 1 and tcp.flags.ack == 1"
PLAIN_TCP = "tcp.flags.syn == 0 and tcp.flags.reset == 0"
OUT_SYN = Step("syn", "alice > nat-a > server", f"{SYN} and nat.src.before")
BACK_SYN = Step("syn-ack", "server > nat-a > alice", SYN_ACK)
TALK = Step("talk", "alice > nat-a > server", PLAIN_TCP, times=(1, None), track="out")
TALK_BACK = Step("talk-back", "server > nat-a > alice", PLAIN_TCP, times=(1, None), track="back")

tcp = Experiment(
    "tcp",
    "A connection through a translator",
    headline=headlines.tcp,
    reset=(At("nat-a", "nat mapping={mapping}"), At("server", "peer forget")),
    run=(At("alice", "peer fetch --from 5000"),),
    gather=BOOKS_A,
    knobs={"mapping": MAPPING},
    background=(ARP, BOOKS),
    steps=(OUT_SYN, BACK_SYN, TALK, TALK_BACK),
)

FORWARDED, NOT_FORWARDED = "door == open", "door == shut"
SYN_IN = Step("syn-in", "stranger > nat-a > alice", f"{SYN} and nat.dstport.after == 7081", when=FORWARDED)
SYN_ACK_OUT = Step("syn-ack-out", "alice > nat-a > stranger", SYN_ACK, when=FORWARDED)
SERVED = Step("served", "alice > nat-a > stranger", PLAIN_TCP, times=(1, None), track="out", when=FORWARDED)
THANKS = Step("thanks", "stranger > nat-a > alice", PLAIN_TCP, times=(1, None), track="back", when=FORWARDED)
SYN_DIES = Step("syn-dies", "stranger > nat-a", SYN, times=(1, None), when=NOT_FORWARDED)

forward = Experiment(
    "forward",
    "A port that is opened on purpose",
    headline=headlines.forward,
    reset=(At("nat-a", "nat door={door} forward=7080:10:7081"),),
    run=(
        At("alice", "peer serve 7081", background=True),
        At("alice", "peer ready 7081"),
        At("stranger", "peer connect 2 7080", exits=(0, 1)),
    ),
    gather=BOOKS_A,
    knobs={"door": Choice(("open", "shut"))},
    background=(ARP, BOOKS),
    steps=(SYN_IN, SYN_ACK_OUT, SERVED, THANKS, SYN_DIES),
)
