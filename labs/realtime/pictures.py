"""When each message was made, sent and had; what a reconnect brings; a channel's opening; what a message waits and costs by each way."""

from collections.abc import Sequence
from statistics import median

from machinelab.authoring import (
    Event,
    Flight,
    Flights,
    Picture,
    Plot,
    Run,
    Series,
    Slot,
    SlotRow,
    Slots,
    Span,
    Timeline,
)

# The first step of each way, in the order of the race, and what its messages are called.
BEGINS = (
    ("ask", "poll"),
    ("ask-and-wait", "long poll"),
    ("subscribe", "events"),
    ("ask-socket", "WebSocket"),
    ("offer", "data channel"),
)
CARRIERS = (
    "news",
    "news-at-last",
    "event",
    "event-again",
    "missed",
    "frame",
    "first-frames",
    "first-data",
    "lost-frame",
    "lost-datum",
    "rest-frames",
    "rest-data",
    "segment-again",
    "datum-again",
    "datum",
    "passed-on",
)
QUESTIONS = ("ask", "ask-and-wait", "subscribe", "subscribe-there", "come-back", "ask-socket", "offer")
LATE = 50.0  # ms; a wait that is marked
MOST = 14  # moments in one row


def number(event: Event, name: str) -> int:
    """A field's first value as a number; 0 where it is absent."""
    value = next(iter(event.values(name)), 0)
    return int(value) if isinstance(value, int) else 0


def arrivals(run: Run) -> list[Event]:
    """The lines of the client's log, in the order of their times."""
    return [event for event in run.trace.events if "arrivals" in event]


def timeline(run: Run) -> Timeline | None:
    """When a message was made, when it was on the wire, when the client had it; and the questions."""
    lines = arrivals(run)
    if not lines:
        return None
    questions = sorted({event.time for step in QUESTIONS for event in run.claims(step)})
    began = min([*questions, *(number(line, "arrivals.made") for line in lines)])

    def at(time: int) -> float:
        return (time - began) / 1e6

    made = tuple(
        Span(at(number(line, "arrivals.made")), at(line.time), str(number(line, "arrivals.message")), "bad" if number(line, "arrivals.wait") / 1e6 > LATE else "")
        for line in lines
    )  # fmt: skip
    sent = sorted({event.time for step in CARRIERS for event in run.claims(step)})
    rows = (
        ("client asks", tuple(Span(at(time), at(time), "?") for time in questions[:MOST])),
        ("server sends", tuple(Span(at(time), at(time), "•", "here") for time in sent[:MOST])),
        ("made until had", made[:MOST]),
    )
    return Timeline(tuple(row for row in rows if row[1]))


def caught_up(run: Run) -> Slots | None:
    """The events that came before the break, those after it, and one that nobody will have."""
    came = [number(line, "arrivals.message") for line in arrivals(run)]
    if not run.claims("come-back"):
        return None
    again = run.first("come-back").time
    before = {number(line, "arrivals.message") for line in arrivals(run) if line.time < again}
    heads = tuple(str(at) for at in range(1, 7))
    first = tuple(Slot("event" if at in before else "") for at in range(1, 7))
    then = tuple(
        Slot("" if at in before else "event" if at in came else "never", "" if at in before else "here" if at in came else "gone")
        for at in range(1, 7)
    )  # fmt: skip
    return Slots(
        (SlotRow("first connection", first), SlotRow("second connection", then, "Last-Event-ID: 3")), heads
    )


STAGES = (
    ("offer", "offer (SDP)"),
    ("answer", "answer (SDP)"),
    ("dtls-hello", "ClientHello"),
    ("dtls-answer", "ServerHello … Done"),
    ("finished", "Finished"),
    ("associate", "INIT, INIT ACK"),
    ("cookie", "COOKIE ECHO, ACK"),
    ("channel-open", "channel open"),
    ("channel-ack", "channel ack"),
    ("datum", "first message"),
)


def opening(run: Run) -> Flights | None:
    """What is said before the first message can be."""
    if not run.claims("channel-open"):
        return None
    began = run.first("offer").time
    found: dict[tuple[int, str], Flight] = {}
    for step, text in STAGES:
        for event in run.claims(step)[: 1 if step == "datum" else 4]:
            source, target = run.node(event.src), run.node(event.dst)
            found.setdefault((event.time, text), Flight((event.time - began) / 1e6, source, target, text))
    return Flights(("client", "server"), tuple(found[key] for key in sorted(found)))


def waits(run: Run) -> list[float]:
    """Milliseconds from program to program, of each message."""
    return [number(line, "arrivals.wait") / 1e6 for line in arrivals(run)]


def size(events: Sequence[Event]) -> int:
    """Bytes of frames, all headers counted, those that carry nothing but an acknowledgement too."""
    return sum(number(event, "frame.len") for event in events if not event.again)


def poll_waits(runs: Sequence[Run]) -> list[Series]:
    """What a message waited, in the middle and at most, against the time between two questions."""
    found: dict[float, list[float]] = {}
    for run in runs:
        found.setdefault(float(run.knobs["every"]), []).extend(waits(run))
    shown = {every: each for every, each in sorted(found.items()) if each}
    return [
        Series("half waited less than", tuple((every, median(each)) for every, each in shown.items())),
        Series("the slowest", tuple((every, max(each)) for every, each in shown.items())),
    ]


def poll_cost(runs: Sequence[Run]) -> list[Series]:
    """Bytes on the wire for a message, against the time between two questions: the newest run of each."""
    newest = {float(run.knobs["every"]): run for run in runs}
    points = tuple((every, size(_packets(run)) / 5) for every, run in sorted(newest.items()))
    return [Series("bytes for a message", points)]


def _packets(run: Run) -> list[Event]:
    return [event for event in run.trace.events if "frame.len" in event]


def parts(run: Run) -> list[tuple[str, list[Event]]]:
    """The race's packets by way: each begins with its first question, and with the handshake of the connection before that."""
    starts = [(run.claims(step)[0].time, name) for step, name in BEGINS if run.claims(step)]
    ends = [time for time, _ in starts[1:]] + [1 << 63]
    packets = _packets(run)
    return [
        (name, [event for event in packets if (event.time >= start or place == 0) and event.time < end])
        for place, ((start, name), end) in enumerate(zip(starts, ends, strict=True))
    ]


def race_waits(runs: Sequence[Run]) -> list[Series]:
    """What half of the messages waited, by way: the newest run of each size."""
    found = []
    for bytes_, run in {run.knobs["size"]: run for run in runs}.items():
        each = waits(run)
        points = tuple(
            (name, median(each[at * 5 : at * 5 + 5]))
            for at, (_, name) in enumerate(BEGINS)
            if each[at * 5 : at * 5 + 5]
        )
        found.append(Series(f"{bytes_} bytes", points))
    return found


def race_cost(runs: Sequence[Run]) -> list[Series]:
    """Bytes on the wire for a message, by way; what opens and closes each is counted."""
    return [
        Series(f"{bytes_} bytes", tuple((name, size(events) / 5) for name, events in parts(run)))
        for bytes_, run in {run.knobs["size"]: run for run in runs}.items()
    ]


PICTURES = (
    Picture(
        "timeline",
        "From made to had",
        "When the client asks, when the server sends, and for each message how long it took from the program that made it to the program that has it.",
        timeline,
        ("poll", "long-poll", "events", "websocket", "channel", "buffered", "lost", "resume"),
    ),
    Picture(
        "caught-up",
        "What the second connection brings",
        "Which events came before the break, which after it, and which never.",
        caught_up,
        ("resume",),
    ),
    Picture(
        "opening",
        "Before the first message",
        "All that is said until the channel is open, each flight at its time after the offer.",
        opening,
        ("channel",),
    ),
)
PLOTS = (
    Plot("poll-waits", "What a message waits", "poll", "seconds between two questions", "milliseconds from program to program", poll_waits, over="every"),
    Plot("poll-cost", "What a message costs", "poll", "seconds between two questions", "bytes on the wire for a message", poll_cost, over="every"),
    Plot("race-waits", "The same news: what a message waits", "compare", "way", "milliseconds, half of the messages waited less", race_waits, over="size"),
    Plot("race-cost", "The same news: what a message costs", "compare", "way", "bytes on the wire for a message", race_cost, over="size"),
)  # fmt: skip
