"""NAT traversal: two homes behind translators, and what gets through. The prose is in guides/nat.md."""

from collections.abc import Callable

from machinelab.authoring import (
    ARP,
    Answer,
    At,
    Background,
    Choice,
    Experiment,
    Gather,
    Lab,
    Question,
    Run,
    Step,
    packets_of,
)

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

NO_WAY_IN = Step("knock-dies", "alice > nat-a > nat-b", ASKS, times=(1, None))
NOR_BACK = Step("bob-knock-dies", "bob > nat-b > nat-a", ASKS, times=(1, None), track="bob")
NOTHING_THROUGH = Step("nothing-through", "alice|bob > alice|bob", "stun", times=(0, 0))

blocked = Experiment(
    "blocked",
    "Two translators whose ports nobody can guess",
    reset=BOTH_HOMES,
    run=(
        At("alice", "punch alice bob --from 5000 --tries 3", background=True),
        At("bob", "punch bob alice --from 6000 --tries 3", ok=(0, 1)),
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
TURNED = Step("turned-back", "anna > nat-a > alice", "udp", track="anna", when="hairpin == on")
NOT_TURNED = Step("not-turned", "anna > nat-a", "udp", track="anna", when="hairpin == off")

hairpin = Experiment(
    "hairpin",
    "A neighbour at the outside address",
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
OUT_SYN = Step("syn", "alice > nat-a > server", SYN)
BACK_SYN = Step("syn-ack", "server > nat-a > alice", SYN_ACK)
TALK = Step("talk", "alice > nat-a > server", PLAIN_TCP, times=(1, None), track="out")
TALK_BACK = Step("talk-back", "server > nat-a > alice", PLAIN_TCP, times=(1, None), track="back")

tcp = Experiment(
    "tcp",
    "A connection through a translator",
    reset=(At("nat-a", "nat mapping={mapping}"), At("server", "peer forget")),
    run=(At("alice", "peer fetch --from 5000"),),
    gather=BOOKS_A,
    knobs={"mapping": MAPPING},
    background=(ARP, BOOKS),
    steps=(OUT_SYN, BACK_SYN, TALK, TALK_BACK),
)

FORWARDED, NOT_FORWARDED = "door == open", "door == shut"
SYN_IN = Step("syn-in", "stranger > nat-a > alice", SYN, when=FORWARDED)
SYN_ACK_OUT = Step("syn-ack-out", "alice > nat-a > stranger", SYN_ACK, when=FORWARDED)
SERVED = Step("served", "alice > nat-a > stranger", PLAIN_TCP, times=(1, None), track="out", when=FORWARDED)
THANKS = Step("thanks", "stranger > nat-a > alice", PLAIN_TCP, times=(1, None), track="back", when=FORWARDED)
SYN_DIES = Step("syn-dies", "stranger > nat-a", SYN, times=(1, None), when=NOT_FORWARDED)

forward = Experiment(
    "forward",
    "A door that is opened on purpose",
    reset=(At("nat-a", "nat door={door} forward=7080:10:7081"),),
    run=(
        At("alice", "peer serve 7081", background=True),
        At("alice", "peer ready 7081"),
        At("stranger", "peer connect 2 7080", ok=(0, 1)),
    ),
    gather=BOOKS_A,
    knobs={"door": Choice(("open", "shut"))},
    background=(ARP, BOOKS),
    steps=(SYN_IN, SYN_ACK_OUT, SERVED, THANKS, SYN_DIES),
)

PEERS, BOXES = "alice|bob", "nat-a|nat-b"
OUT, IN = f"{PEERS} > {BOXES} > stun", f"stun > {BOXES} > {PEERS}"
THROUGH = f"{PEERS} > {BOXES} > {BOXES} > {PEERS}"
CHECKS = f"{ASKS} and stun.att.username"
MANY = (1, None)
ANY = (0, None)


def beside(id: str, hop: str, sees: str, times: tuple[int, int | None] = MANY) -> Step:
    """A step on a track of its own: ICE does many things at the same time."""
    return Step(id, hop, sees, times=times, track=id)


def answered(id: str, to: str, sees: str, times: tuple[int, int | None] = MANY) -> Step:
    """The answer to such a step."""
    return Step(id, reply_to=to, sees=sees, times=times, track=to)


GATHER = (
    beside("ask-reflexive", OUT, f"{ASKS} and not stun.att.username"),
    answered("reflexive", "ask-reflexive", TELLS),
    beside("allocate", OUT, "stun.type == 0x0003 and not stun.att.realm"),
    answered("who-are-you", "allocate", "stun.type == 0x0113"),
    beside("allocate-named", OUT, "stun.type == 0x0003 and stun.att.realm"),
    answered("relayed", "allocate-named", "stun.type == 0x0103"),
)
# A check to the other's private address goes no further than one's own translator, and is answered there.
PRIVATE = (
    beside("check-private", f"{PEERS} > {BOXES}", f"{CHECKS} and not sighting"),
    beside("no-way", f"{BOXES} > {PEERS}", "icmp.type == 3"),
)
CHECK_DIES = f"{PEERS} > {BOXES} > {BOXES}"
RELAYING = (
    beside("bind-channel", OUT, "stun.type == 0x0009"),
    answered("channel-bound", "bind-channel", "stun.type == 0x0109"),
    beside("into-channel", OUT, "stun.channel"),
)
ROUND_THE_RELAY = (
    beside("check-relay", OUT, CHECKS, ANY),
    answered("relay-answered", "check-relay", TELLS, ANY),
    beside("check-from-relay", IN, CHECKS, ANY),
    answered("answer-to-relay", "check-from-relay", TELLS, ANY),
    beside("without-channel", IN, "stun.type == 0x0017", ANY),
    beside("relay-check-dies", f"stun > {BOXES}", CHECKS, ANY),
)
END = (
    beside("give-back", OUT, "stun.type == 0x0004"),
    answered("given-back", "give-back", "stun.type == 0x0104"),
)

ICE_RUN = (
    At("alice", "ice alice bob", background=True),
    At("bob", "ice bob alice", ok=(0, 1)),
    At("alice", "sleep 0.5"),
)
QUIET = (SIGNALLING, SIGNALLED, ARP, BOOKS)

ice = Experiment(
    "ice",
    "Every way is tried, and the best that works is taken",
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
        beside("hello-direct", THROUGH, "udp and not stun"),
        *END,
    ),
)

relay = Experiment(
    "relay",
    "No hole can be made, and a third one passes everything on",
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


def always(answer: Answer) -> Callable[[Run], Answer]:
    """The same answer whatever the run: what somebody thinks who does not look."""
    return lambda run: answer


def choices(*letters: str) -> dict[str, Callable[[Run], Answer]]:
    """Choices that are wrong unless the run makes them right; the worksheet replies to each by its letter."""
    return {letter: always(letter) for letter in letters}


def observe(id: str, experiment: str, step: str, **wrong: str) -> Question:
    """Point at the packet of a step; the wrong twins point at other steps. (Names with _ for spaces.)"""
    twins = {name.replace("_", " "): packets_of(other) for name, other in wrong.items()}
    return Question(id, experiment, "observe", packets_of(step), twins, needs=(step,))


def predict(
    id: str, experiment: str, answer: Callable[[Run], Answer], needs: tuple[str, ...], **wrong: Answer
) -> Question:
    """A question asked before the run; each wrong twin is a value that somebody expects."""
    twins = {name.replace("_", " "): always(value) for name, value in wrong.items()}
    return Question(id, experiment, "predict", answer, twins, needs=needs)


def rewritten(step: str) -> Callable[[Run], int]:
    """How many boxes changed addresses in the first packet of a step."""
    return lambda run: len(run.first(step).values("nat.node"))


def sources(step: str) -> Callable[[Run], int]:
    """How many source addresses the first packet of a step has on its way."""
    return lambda run: len({sighting.src for sighting in run.first(step).way})


def sightings(run: Run) -> int:
    """On how many wires the greeting was seen."""
    return len(run.first("hello").way)


def why_shut(run: Run) -> str:
    """Whether the stranger had the right port and was dropped all the same."""
    right = run.first("stranger-knocks")["udp.dstport"] == run.first("hello")["nat.srcport.after"]
    return "c" if right else "b"


def arrivals(run: Run) -> int:
    """How many of the server's datagrams alice received."""
    return len(run.claims("you-are")) + len(run.claims("in-time")) + len(run.claims("you-are-again"))


def mirrored(run: Run) -> str:
    """What two answers of the mirror tell about the mapping."""
    first, second = (run.first(step)["stun.att.port"] for step in ("mirror-says", "other-says"))
    return "b" if first == second else "c"


def lost_answers(run: Run) -> int:
    """How many of the server's answers ended at the translator."""
    return len(run.claims("afar-dies")) + len(run.claims("port-dies"))


def why_through(run: Run) -> str:
    """Whether bob's knock came from where alice had knocked, and to the port she had knocked from."""
    out, back = run.first("knock-dies"), run.first("bob-knocks")
    known = back["nat.src.after"] == out["ip.dst"] and back["nat.srcport.after"] == out["udp.dstport"]
    return "c" if known and back["udp.dstport"] == out["nat.srcport.after"] else "a"


def outside_ports(run: Run) -> int:
    """How many outside ports alice's one socket had: for the mirror, and for bob's box."""
    packets = run.claims("ask-mirror") + run.claims("knock-dies")
    return len({packet["nat.srcport.after"] for packet in packets})


def why_blocked(run: Run) -> str:
    """Whether alice's knock left by another port than the mirror saw."""
    told = run.first("mirror-says")["stun.att.port"]
    return "b" if run.first("knock-dies")["nat.srcport.after"] != told else "c"


def untouched(run: Run) -> str:
    """Which of a SYN's fields is the same on both wires, and no other of those offered is."""
    seen = {event.number: event for event in run.trace.events if event.sightings}
    first, last = (seen[sighting.number] for sighting in run.first("syn").way)
    offered = {"a": "tcp.srcport", "b": "tcp.checksum", "c": "tcp.seq_raw", "d": "ip.ttl"}
    same = [letter for letter, name in offered.items() if first[name] == last[name]]
    return same[0] if len(same) == 1 else ""


def checks_through(run: Run) -> int:
    """How many checks went straight from home to home."""
    return sum(
        "stun.att.priority" in event and len(event.way) == 3 and event.way[0].network != event.way[2].network
        for event in run.trace.events
        if not event.again
    )


def visitor(run: Run) -> str:
    """Whose address alice sees on a packet that comes in by the door."""
    return run.node(run.first("syn-in").way[-1].src)


QUESTIONS = (
    predict(
        "wires", "outbound", sightings, ("hello",), thinks_a_packet_is_on_one_wire=1, counts_the_way_back=4
    ),
    observe(
        "dead-end",
        "outbound",
        "stranger-knocks",
        takes_the_question_for_the_knock="stranger-asks",
        takes_the_answer_for_the_knock="stranger-told",
    ),
    Question(
        "why-shut", "outbound", "explain", why_shut, choices("a", "d"), needs=("stranger-knocks", "hello")
    ),
    predict(
        "arrivals",
        "expiry",
        arrivals,
        ("you-are", "you-are-again"),
        thinks_nothing_is_lost=3,
        thinks_it_is_shut_for_good=1,
    ),
    observe(
        "lost",
        "expiry",
        "too-late",
        takes_the_new_answer_for_it="you-are-again",
        takes_the_new_greeting_for_it="hello-again",
    ),
    Question("mirrored", "stun", "explain", mirrored, choices("a", "d"), needs=("mirror-says", "other-says")),
    Question(
        "lost-answers",
        "behaviour",
        "predict",
        lost_answers,
        {
            "thinks answers always come in": always(0),
            "counts what came in": lambda run: (
                len(run.claims("mirror-says")) + len(run.claims("other-says")) + len(run.claims("anew-says"))
            ),
        },
        needs=("anew-says", "ask-from-afar"),
        evidence=("afar-dies", "port-dies"),
    ),
    observe(
        "right-address",
        "behaviour",
        "port-dies",
        takes_the_wrong_address_for_the_wrong_port="afar-dies",
        takes_the_second_look_for_it="other-says",
    ),
    observe(
        "hole",
        "punch",
        "knock-dies",
        thinks_the_mirror_opened_it="ask-mirror",
        takes_the_answer_for_the_cause="alice-answers",
    ),
    predict(
        "rewritten",
        "punch",
        rewritten("bob-knocks"),
        ("bob-knocks",),
        thinks_of_one_box=1,
        counts_every_wire=3,
    ),
    Question(
        "why-through",
        "punch",
        "explain",
        why_through,
        choices("b", "d"),
        needs=("knock-dies", "bob-knocks"),
        evidence=("knock-dies", "bob-knocks"),
    ),
    predict(
        "outside-ports",
        "blocked",
        outside_ports,
        ("ask-mirror", "knock-dies"),
        thinks_a_socket_has_one=1,
        counts_every_try=4,
    ),
    Question(
        "why-blocked",
        "blocked",
        "explain",
        why_blocked,
        choices("a", "d"),
        needs=("mirror-says", "knock-dies"),
        evidence=("mirror-says", "knock-dies"),
    ),
    predict(
        "faces",
        "carrier",
        sources("hello-twice"),
        ("hello-twice",),
        thinks_of_one_box=2,
        thinks_an_address_stays=1,
    ),
    observe(
        "both-ends",
        "hairpin",
        "turned-back",
        takes_two_wires_for_two_ends="anna-asks",
        takes_the_way_back_for_it="anna-told",
    ),
    Question("untouched", "tcp", "explain", untouched, choices("a", "b", "d"), needs=("syn",)),
    predict(
        "visitor",
        "forward",
        visitor,
        ("syn-in",),
        thinks_the_source_is_replaced="nat-a",
        thinks_of_the_server="server",
    ),
    observe(
        "both-ways",
        "ice",
        "check-answered",
        takes_one_way_for_both="check-through",
        takes_the_first_word_for_the_proof="hello-direct",
    ),
    predict(
        "straight",
        "relay",
        checks_through,
        ("check-dies", "into-channel"),
        thinks_trying_helps=1,
        thinks_half_of_them_arrive=3,
    ),
)

PLAIN_BOXES = (At("nat-a", "nat"), At("nat-b", "nat"), At("cgn", "nat"))
# Everybody is spoken to once, so that ARP is done with before the first run.
GREET = (
    *(At(node, f"peer {what}") for node in ("alice", "anna", "bob") for what in ("fetch", "mirror")),
    At("stranger", "peer fetch"),
    At("nat-a", "nat upstream=carrier"),
    At("alice", "peer fetch"),
    At("nat-a", "nat"),
)

LAB = Lab(
    "nat",
    (outbound, expiry, stun, behaviour, punch, blocked, carrier, hairpin, tcp, forward, ice, relay),
    QUESTIONS,
    minutes=60,
    memory=60,
    greet=(*PLAIN_BOXES, *GREET),
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
