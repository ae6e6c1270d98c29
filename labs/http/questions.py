"""The worksheet's answers, each worked out from the learner's own run. The prose is in worksheet.md."""

from machinelab.authoring import Event, Question, Run, always, choices, packets_of, seen

from .marks import number


def connections_opened(run: Run) -> int:
    """Connections that three objects took."""
    return len(run.claims("connect-again"))


def asked_first(run: Run) -> int:
    """Requests that had left before the first byte of any answer was back."""
    back = run.first("answer").time
    return sum(event.time < back for event in requests(run))


def requests(run: Run) -> list[Event]:
    """Every request, one for each message: a packet may hold several."""
    return [item.event for step in ("ask", "ask-more") for item in run.items(step)]


def written_out(run: Run) -> int:
    """Headers of the last request that no table had whole."""
    count = int(str(run.values("ask-more", "http2.header.count")[-1]))
    return sum(
        not str(form).startswith("Indexed") for form in run.values("ask-more", "http2.header.repr")[-count:]
    )


def headers(run: Run) -> int:
    """All headers of the last request."""
    return int(str(run.values("ask-more", "http2.header.count")[-1]))


def stream_hit(run: Run) -> int:
    """The stream whose bytes were in the lost packet."""
    return number(run.first("datagram-lost"), "quic.stream.stream_id")


QUESTIONS = (
    Question(
        "how-many-connections",
        "connections",
        "predict",
        connections_opened,
        {
            "thinks that the connection stays": always(1),
            "counts both directions": lambda run: 2 * connections_opened(run),
        },
        needs=("connect-again",),
        evidence=("connect-again",),
        knobs={"version": "1.0"},
    ),
    Question(
        "what-held-it-up",
        "pipelining",
        "observe",
        packets_of("made"),
        {
            "blames the request": packets_of("ask-all"),
            "blames the edge": packets_of("pass-on"),
        },
        needs=("pass-on", "made", "answer-behind"),
        evidence=("made", "answer-behind"),
    ),
    Question(
        "why-in-order",
        "pipelining",
        "explain",
        seen("answer-behind", "b", "a"),
        choices("a", "c"),
        needs=("made", "answer-behind"),
        evidence=("first-answer", "answer-behind"),
    ),
    Question(
        "asked-before-answered",
        "streams",
        "work-out",
        asked_first,
        {"thinks of HTTP/1.1": always(1), "thinks of six connections": always(6)},
        needs=("ask", "ask-more", "answer"),
        evidence=("ask", "ask-more", "answer"),
    ),
    Question(
        "written-out",
        "streams",
        "work-out",
        written_out,
        {"counts all of them": headers, "thinks that the table has them all": always(0)},
        needs=("ask-more",),
        evidence=("ask-more",),
    ),
    Question(
        "earlier",
        "quic",
        "explain",
        seen("ask", "c", "a"),
        choices("a", "b"),
        needs=("ask",),
        evidence=("ask",),
    ),
    Question(
        "what-freed-them",
        "lost",
        "observe",
        packets_of("segment-again"),
        {
            "points at the loss": packets_of("segment-lost"),
            "points at the first answer": packets_of("h2-answer"),
        },
        needs=("segment-lost", "segment-again"),
        evidence=("segment-lost", "segment-again"),
    ),
    Question(
        "whose-bytes",
        "lost",
        "work-out",
        stream_hit,
        {
            "gives the packet's number": lambda run: number(run.first("datagram-lost"), "quic.packet_number"),
            "gives the place in the stream": lambda run: number(
                run.first("datagram-lost"), "quic.stream.offset"
            ),
        },
        needs=("datagram-lost",),
        evidence=("datagram-lost",),
        knobs={"protocol": "h3"},
    ),
    Question(
        "why-five-went-on",
        "lost",
        "explain",
        seen("one-lost", "a", "b"),
        choices("b", "c"),
        needs=("one-lost", "one-again"),
        evidence=("one-lost", "one-again"),
        knobs={"protocol": "h1"},
    ),
)
