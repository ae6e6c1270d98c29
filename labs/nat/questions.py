"""The worksheet's questions, each answered from the learner's own run. The prose is in worksheet.md."""

from collections.abc import Callable

from machinelab.authoring import Answer, Question, Run, always, choices, observe


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
    """What two answers of the STUN server tell about the mapping."""
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
    """How many outside ports alice's one socket had: for the STUN server, and for bob's box."""
    packets = run.claims("ask-mirror") + run.claims("knock-dies")
    return len({packet["nat.srcport.after"] for packet in packets})


def why_blocked(run: Run) -> str:
    """Whether alice's knock left by another port than the STUN server saw."""
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


def winner(run: Run) -> str:
    """Where alice's greeting goes: to bob's private address, to the one the STUN server saw, or to a relay."""
    target = run.first("hello-direct")["ip.dst"]
    if run.node(str(target)) == "bob":
        return "a"
    told = {value for answer in run.claims("reflexive") for value in answer.values("stun.att.ipv4")}
    return "b" if target in told and run.node(str(target)) == "nat-b" else "c"


def relayed_greetings(run: Run) -> int:
    """How many rows the two greetings make: channel data too short for a STUN message's header (RFC 8489 §5)."""
    return sum(
        int(str(event["stun.length"])) < 20
        for event in run.claims("into-channel") + run.claims("from-channel")
    )


def reached(run: Run) -> int:
    """How many datagrams ended at alice."""
    return sum(
        run.node(event.way[-1].dst) == "alice"
        for event in run.trace.events
        if event.network and event.protocol != "ARP" and not event.again
    )


def why_still_blocked(run: Run) -> str:
    """Whether bob's knocks come from the port that the STUN server saw; nat-a's filter knows that one only."""
    told = run.first("mirror-tells-bob")["stun.att.port"]
    return "b" if run.first("bob-knock-dies")["nat.srcport.after"] != told else "d"


QUESTIONS = (
    Question(
        "who-gets-in",
        "outbound",
        "predict",
        reached,
        {"thinks only answers come in": always(1), "thinks a greeting from inside counts": always(3)},
        needs=("hello", "you-are"),
        evidence=("you-are", "stranger-enters"),
        knobs={"filtering": "endpoint-independent"},
    ),
    predict(
        "arrivals",
        "expiry",
        arrivals,
        ("you-are", "you-are-again"),
        thinks_nothing_is_lost=3,
        thinks_it_is_shut_for_good=1,
    ),
    Question(
        "mirrored",
        "stun",
        "explain",
        mirrored,
        choices("a", "d"),
        needs=("mirror-says", "other-says"),
        knobs={"mapping": "address-and-port-dependent"},
    ),
    Question(
        "lost-answers",
        "behaviour",
        "predict",
        lost_answers,
        {
            "thinks an answer is always let in": always(0),
            "takes the filter for the stricter one": always(2),
        },
        needs=("anew-says", "ask-from-afar"),
        evidence=("afar-dies", "port-enters"),
        knobs={"filtering": "address-dependent"},
        steady="the program asks once by each of the two",
    ),
    observe(
        "hole",
        "punch",
        "knock-dies",
        thinks_the_STUN_server_opened_it="ask-mirror",
        takes_the_answer_for_the_cause="alice-answers",
    ),
    Question(
        "other-way-round",
        "punch",
        "explain",
        always("c"),
        choices("a", "b", "d"),
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
        "one-friendly",
        "blocked",
        "explain",
        why_still_blocked,
        choices("a", "c"),
        needs=("mirror-tells-bob", "knock-dies", "bob-knock-dies"),
        evidence=("mirror-tells-bob", "knock-dies", "bob-knock-dies"),
        knobs={"mapping_a": "endpoint-independent"},
    ),
    observe(
        "both-ends",
        "hairpin",
        "turned-back",
        takes_two_wires_for_two_ends="anna-asks",
        takes_the_way_back_for_it="anna-told",
    ),
    Question("untouched", "tcp", "explain", untouched, choices("a", "b", "d"), needs=("syn",)),
    Question(
        "winner",
        "ice",
        "explain",
        winner,
        choices("a", "c", "d"),
        needs=("reflexive", "hello-direct"),
        evidence=("check-through", "check-answered", "hello-direct"),
    ),
    predict(
        "relayed-greetings",
        "relay",
        relayed_greetings,
        ("into-channel", "from-channel"),
        thinks_a_relay_is_a_router=2,
        counts_the_boxes=6,
    ),
)
