"""The worksheet's answers, each worked out from the learner's own run. The prose is in worksheet.md."""

from collections.abc import Callable

from machinelab.authoring import Question, Run, Value, always, choices, counted, observe, packets_of


def before_data(run: Run) -> int:
    """How many packets of the connection come before the first byte of data."""
    first = run.first("say")
    return sum(event.stream == first.stream and event.number < first.number for event in run.trace.events)


def who_said_no(run: Run) -> str:
    """The kernel's reset, or a firewall's ICMP error."""
    return "b" if run.claims("refusal") else "c"


def syns(run: Run) -> int:
    """All SYNs of the client, the first one too."""
    return 1 + len(run.claims("syn-again"))


def beginnings(run: Run) -> int:
    """How many different first numbers the client's SYNs announce."""
    return len({number(event["tcp.seq_raw"]) for event in run.claims("syn") + run.claims("syn-again")})


def number(value: Value) -> int:
    """A field that is one."""
    assert isinstance(value, int)
    return value


def octets(value: Value) -> bytes:
    """A field that is bytes."""
    assert isinstance(value, bytes)
    return value


def lost_one(run: Run) -> frozenset[str]:
    """The segment of the first flight that was later sent again."""
    start = run.first("fast-again")["tcp.seq"]
    return frozenset(event.id for event in run.claims("flight") if event["tcp.seq"] == start)


def after_the_gap(run: Run) -> int:
    """How many segments had been sent from the lost one on, before it was sent again."""
    again = run.first("fast-again")
    start = number(again["tcp.seq"])
    flight = [event for event in run.claims("flight") if event.number < again.number]
    return sum(number(event["tcp.seq"]) >= start for event in flight)


def patience(run: Run) -> float:
    """For how many seconds the client waited before it sent the last segment again."""
    return (run.first("tail-probe").time - run.claims("flight")[-1].time) / 1e9


def first_of(step: str) -> Callable[[Run], frozenset[str]]:
    """The first packet of a step."""
    return lambda run: frozenset([run.first(step).id])


def why_let_in(run: Run) -> str:
    """Room was left, the server kept nothing, or the client did not get in."""
    if not run.claims("syn-ack"):
        return "c"
    return "b" if len(run.claims("half-open")) > 8 else "a"


def until(step: str) -> Callable[[Run], int]:
    """How many packets of its connection there are up to a step's first packet, and with it."""

    def answer(run: Run) -> int:
        last = run.first(step)
        return sum(event.stream == last.stream and event.number <= last.number for event in run.trace.events)

    return answer


def why_dead_or_not(run: Run) -> str:
    """Where the forged reset's number lies: expected, in the window, outside (RFC 5961 §3.2)."""
    heard = run.first("overheard")
    ahead = (number(run.first("forged")["tcp.seq_raw"]) - number(heard["tcp.ack_raw"])) % 2**32
    return "a" if ahead == 0 else "b" if ahead < number(heard["tcp.window_size"]) else "c"


def whose_bytes(run: Run) -> str:
    """Whether the piece that came first was read, or what came later in its place."""
    read = b"".join(octets(event["tcp.payload"]) for event in run.claims("what-was-read"))
    return "a" if octets(run.first("ahead")["tcp.payload"]) in read else "b"


def fins(run: Run) -> int:
    """How many packets close a direction."""
    return sum(event.values("tcp.flags.fin") == [True] for event in run.trace.events)


QUESTIONS = (
    Question(
        "who-knows-when",
        "handshake",
        "order",
        always("bdac"),
        {
            "lets the server know first": always("badc"),
            "takes data for part of the handshake": always("bdca"),
        },
        needs=("syn-ack", "established", "say"),
        evidence=("syn", "syn-ack", "established", "say"),
    ),
    Question(
        "who-said-no",
        "refused",
        "explain",
        who_said_no,
        choices("a", "d"),
        needs=("syn",),
        knobs={"by": "refuse"},
    ),
    Question(
        "beginnings",
        "dropped",
        "predict",
        beginnings,
        {"thinks each SYN begins anew": syns},
        needs=("syn", "syn-again"),
        evidence=("syn", "syn-again"),
    ),
    Question(
        "fins",
        "close",
        "predict",
        fins,
        {"thinks both say goodbye": always(2), "thinks one side closes properly": always(1)},
        needs=("thrown-away",),
        evidence=("thrown-away",),
        knobs={"how": "abort"},
    ),
    Question(
        "lost-one",
        "loss",
        "observe",
        lost_one,
        {
            "takes the repetition for it": packets_of("fast-again"),
            "takes a duplicate for it": packets_of("duplicate"),
        },
        needs=("fast-again",),
    ),
    Question(
        "how-many-again",
        "loss",
        "predict",
        counted("fast-again"),
        {"thinks all from the gap on is sent again": after_the_gap, "thinks nothing is": always(0)},
        needs=("fast-again",),
        evidence=("fast-again",),
    ),
    Question(
        "tail-patience",
        "tail-loss",
        "predict",
        patience,
        {"thinks of the second in RFC 6298": always(1.0), "thinks duplicates tell": always(0.0)},
        needs=("tail-probe",),
        evidence=("tail-probe",),
    ),
    Question(
        "first-sign",
        "slow-start",
        "observe",
        first_of("overflow"),
        {
            "takes the cure for the sign": first_of("sent-again"),
            "takes any receipt for it": first_of("first-acks"),
        },
        needs=("overflow", "sent-again"),
    ),
    Question(
        "let-in",
        "syn-flood",
        "explain",
        why_let_in,
        choices("d"),
        needs=("flood",),
        knobs={"server": "plain"},
    ),
    observe(
        "lets-go",
        "nagle",
        "late-ack",
        takes_the_answer_for_it="whole-answer",
        takes_the_first_piece_for_it="first-piece",
    ),
    Question(
        "round-trip-saved",
        "fast-open",
        "predict",
        until("takes-data"),
        {"counts as without Fast Open": until("say-back"), "thinks the first is the last": always(1)},
        needs=("takes-data", "say-back"),
        evidence=("takes-data",),
    ),
    Question(
        "dead-or-not",
        "reset",
        "explain",
        why_dead_or_not,
        choices("d"),
        needs=("forged", "overheard"),
        knobs={"seq": "near"},
    ),
)
