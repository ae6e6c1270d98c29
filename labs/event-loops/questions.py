"""The worksheet's answers, each worked out from the learner's own run. The prose is in worksheet.md."""

from machinelab.authoring import Question, Run, always, choices, packets_of, seen

from .headlines import QUEUES, order_of, tallied

LETTERS = {"promise": "a", "immediate": "b", "nextTick": "c", "sync": "d", "timeout": "e"}
EARLY = 500_000_000  # ns; before the first names are given up


def in_order(run: Run) -> str:
    """The five callbacks whose order is guaranteed, as letters."""
    for step in QUEUES[:-1]:
        run.first(step)
    return "".join(LETTERS[name] for name in order_of(run) if name in LETTERS)


def calls_again(run: Run) -> int:
    """Calls on the connection's socket between the second request and its reply, both ends included."""
    asked = sorted(event.time for event in run.claims("ask"))[1]
    calls = (*run.claims("read"), *run.claims("write"), *run.claims("accept"))
    return sum(event.time >= asked for event in calls)


def received(run: Run) -> frozenset[str]:
    """The packets that acknowledge the quick page's request before it is answered."""
    request, reply = run.first("ask-quick"), run.first("quick-late")
    return frozenset(
        event.id
        for event in run.trace.events
        if event.source == "packets"
        and request.time <= event.time < reply.time
        and run.node(event.src) == "server"
        and event["tcp.stream"] == request["tcp.stream"]
        and event["tcp.ack"] != 1
    )


def threads_left(run: Run) -> int:
    """Threads that wait for no pipe."""
    return int(run.knobs["threads"]) - len(run.claims("open-pipe"))


def asked_early(run: Run) -> int:
    """Names that were asked for before any was given up."""
    first = run.first("ask-name").time
    return sum(event.time < first + EARLY for event in run.claims("ask-name"))


def timer_first(run: Run) -> int:
    """How often the timer was first."""
    return tallied(run)["timeout"]


QUESTIONS = (
    Question(
        "in-order",
        "order",
        "order",
        in_order,
        {
            "goes by the order in which they were left": always("debac"),
            "takes a promise for the next thing": always("dacbe"),
            "takes no time for at once": always("dcaeb"),
        },
        needs=QUEUES,
        evidence=QUEUES[:-1],
    ),
    Question(
        "calls-again",
        "cycle",
        "predict",
        calls_again,
        {"has the connection accepted again": lambda run: calls_again(run) + 1, "counts the reply alone": always(1)},
        needs=("accept", "read", "write"),
        evidence=("read", "write"),
        steady="a request of one segment is read by one call, and a short reply written by one",
    ),
    Question(
        "who-had-it",
        "blocked",
        "observe",
        received,
        {"takes the request itself": packets_of("ask-quick"), "takes the late reply": packets_of("quick-late")},
        needs=("ask-quick", "quick-late"),
        evidence=("ask-quick", "quick-late"),
    ),
    Question(
        "why-first",
        "blocked",
        "explain",
        seen("work-done-later", "c", "a"),
        choices("a", "b"),
        needs=("work-done-later", "quick-done"),
        evidence=("work-done-later", "quick-done"),
        knobs={"how": "await"},
    ),
    Question(
        "gives-way",
        "starve",
        "explain",
        seen("quick-late", "b", "c"),
        choices("a", "c"),
        needs=("turns", "quick-late"),
        evidence=("turns", "quick-late"),
        knobs={"how": "promise"},
    ),
    Question(
        "threads-left",
        "pool",
        "work-out",
        threads_left,
        {
            "thinks that none is left": always(0),
            "has the loop's own thread among them": lambda run: threads_left(run) - 1,
            "forgets those that wait": lambda run: int(run.knobs["threads"]),
        },
        needs=("open-pipe", "file-at-once"),
        evidence=("open-pipe", "open-at-once"),
        knobs={"threads": "8"},
    ),
    Question(
        "needs-none",
        "pool",
        "explain",
        seen("file-late", "a", "b"),
        choices("b", "c"),
        needs=("file-late", "quick-done"),
        evidence=("open-pipe", "quick-done"),
    ),
    Question(
        "asked-early",
        "lookups",
        "predict",
        asked_early,
        {"gives each thread a name": always(4), "has one asked after the other": always(1)},
        needs=("ask-name", "gives-up"),
        evidence=("ask-name",),
    ),
    Question(
        "timer-first",
        "race",
        "work-out",
        timer_first,
        {"thinks of a coin": lambda run: int(run.knobs["times"]) // 2, "takes no time for at once": lambda run: int(run.knobs["times"])},
        needs=("tally",),
        evidence=("tally",),
        knobs={"from": "io"},
    ),
    Question(
        "whose-thread",
        "asyncio",
        "explain",
        seen("work-done-later", "b", "a"),
        choices("a", "c"),
        needs=("work-done-later", "quick-done"),
        evidence=("work-done-later", "quick-done"),
        knobs={"how": "thread"},
    ),
)  # fmt: skip
