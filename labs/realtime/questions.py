"""The worksheet's answers, each worked out from the learner's own run. The prose is in worksheet.md."""

from machinelab.authoring import Question, Run, always, choices, packets_of, seen

from .pictures import number

STAGES = {"a": "dtls-hello", "b": "offer", "c": "associate", "d": "channel-open", "e": "datum"}


def first_bunch(run: Run) -> int:
    """Messages in the first answer that is not empty."""
    body = run.first("news")["http.file_data"]
    return body.count(b'"n"') if isinstance(body, bytes) else 0


def patience(run: Run) -> float:
    """Seconds between the first question that was answered with nothing, and that answer."""
    answered = run.first("in-vain")
    asked = max(event.time for event in run.claims("ask-and-wait") if event.time < answered.time)
    return (answered.time - asked) / 1e9


def pause(run: Run) -> float:
    """Milliseconds between the end of one connection and the question on the next."""
    return (run.first("come-back").time - run.first("cut").time) / 1e6


def frame_overhead(run: Run) -> int:
    """Bytes of a frame from the server that are not the message: RFC 6455 §5.2."""
    length = number(run.first("frame"), "websocket.payload_length")
    return {126: 4, 127: 10}.get(length, 2)


def stages(run: Run) -> str:
    """The stages in the order of their first packets."""
    return "".join(sorted(STAGES, key=lambda letter: run.first(STAGES[letter]).time))


def held(run: Run) -> int:
    """Messages that were late though nothing of them was lost."""
    return sum(number(event, "arrivals.message") != 3 for event in run.claims("held-back"))


QUESTIONS = (
    Question(
        "how-long-at-most",
        "poll",
        "explain",
        seen("news", "b", "c"),
        choices("a", "c"),
        needs=("ask", "news", "arrived"),
        evidence=("ask", "news"),
    ),
    Question(
        "first-bunch",
        "poll",
        "predict",
        first_bunch,
        {"thinks that each answer holds one": always(1), "thinks that they all wait": always(5)},
        needs=("news",),
        evidence=("news",),
        knobs={"every": "1"},
    ),
    Question(
        "patience",
        "long-poll",
        "work-out",
        patience,
        {"takes the time between two messages": always(1.4), "takes the default": always(5.0)},
        needs=("ask-and-wait", "in-vain"),
        evidence=("ask-and-wait", "in-vain"),
        knobs={"hold": "1", "gap": "1.4"},
        within=0.15,
    ),
    Question(
        "how-it-ends",
        "events",
        "observe",
        packets_of("stream-ends"),
        {"takes the last event for the end": packets_of("event"), "takes the head": packets_of("stream-begins")},
        needs=("stream-begins", "event", "stream-ends"),
    ),
    Question(
        "who-forgot",
        "resume",
        "explain",
        seen("never-told", "b", "b"),
        choices("a", "c"),
        needs=("come-back", "event-again"),
        evidence=("come-back", "event-again"),
        knobs={"history": "no"},
    ),
    Question(
        "pause",
        "resume",
        "work-out",
        pause,
        {"thinks of TCP's timer": always(1500.0), "thinks that it comes back at once": always(0.0)},
        needs=("cut", "come-back"),
        evidence=("cut", "come-back"),
        within=200.0,
    ),
    Question(
        "frame-overhead",
        "websocket",
        "work-out",
        frame_overhead,
        {"counts as for a short message": always(2), "thinks that a server masks": always(8)},
        needs=("frame",),
        evidence=("frame",),
        knobs={"size": "1000"},
    ),
    Question(
        "stages",
        "channel",
        "order",
        stages,
        {"encrypts before anybody has been found": always("abcde"), "opens the channel before there is anything to open it on": always("badce")},
        needs=tuple(STAGES.values()),
        evidence=("offer", "dtls-hello", "associate", "channel-open"),
    ),
    Question(
        "who-says-loose",
        "channel",
        "observe",
        packets_of("channel-open"),
        {"looks in the signalling": packets_of("offer"), "looks in the messages": packets_of("datum")},
        needs=("offer", "channel-open", "datum"),
        knobs={"how": "loose"},
    ),
    Question(
        "who-kept-it",
        "buffered",
        "explain",
        seen("kept", "b", "a"),
        choices("a", "c"),
        needs=("pushed", "passed-on", "kept"),
        evidence=("pushed", "passed-on"),
    ),
    Question(
        "why-not-now",
        "buffered",
        "explain",
        seen("ends-behind", "c", "a"),
        choices("a", "b"),
        needs=("begins-behind", "ends-behind"),
        evidence=("subscribe-behind", "begins-behind"),
        knobs={"proxy": "chunks/events"},
    ),
    Question(
        "held-up",
        "lost",
        "work-out",
        held,
        {"thinks that messages do not wait for each other": always(0), "thinks that all wait": always(5)},
        needs=("lost-datum", "datum-again", "held-back"),
        evidence=("lost-datum", "gap", "datum-again"),
        knobs={"over": "ordered"},
        steady="SCTP sends again after the third report of the gap (RFC 9260 §7.2.4), and 0.15 seconds lie between two messages",
    ),
)  # fmt: skip
