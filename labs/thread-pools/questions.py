"""The worksheet's answers, each worked out from the learner's own run. The prose is in worksheet.md."""

from machinelab.authoring import Event, Question, Run, always, choices, counted, seen

from .headlines import number, recorded, times, word


def task(event: Event) -> int:
    """The number in a task's name."""
    return int(word(event, "jfr.task").rpartition("-")[2])


def in_system(run: Run) -> float:
    """L = λW: the rate at which requests come, times how long each stays."""
    took = times(run)
    return round(1000 / float(run.knobs["each"]) * sum(took) / len(took) / 1000, 1)


def overtaken(run: Run) -> int:
    """Tasks that had to wait, and were begun after one that came later."""
    begun = {task(event): event.time for event in recorded(run, "Task")}
    return sum(
        any(later > own and begun[later] < begun[own] for later in begun)
        for own in (task(event) for event in recorded(run, "Wait"))
    )


def lost(run: Run) -> str:
    """Which two were thrown away, as a letter."""
    first, second = sorted(task(event) for event in recorded(run, "Refused"))
    return {(1, 2): "a", (3, 4): "b", (2, 3): "c"}[first, second]


def took(run: Run) -> int:
    """How many of the forty were run by the busiest thread."""
    threads = [word(event, "jfr.thread") for event in recorded(run, "Task")]
    return max(threads.count(name) for name in set(threads))


QUESTIONS = (
    Question(
        "how-many-threads",
        "grow",
        "predict",
        lambda run: max(number(event, "jfr.threads") for event in recorded(run, "Started")),
        {
            "lets it grow as soon as all are busy": always(4),
            "gives each task a thread": always(5),
        },
        needs=("core-thread", "waits"),
        evidence=("core-thread", "waits"),
        knobs={"tasks": "5"},
    ),
    Question(
        "overtaken",
        "grow",
        "work-out",
        overtaken,
        {"thinks that who comes first is served first": always(0), "has those refused among them": lambda run: overtaken(run) + 2},
        needs=("waits", "more-threads"),
        evidence=("waits", "runs"),
    ),
    Question(
        "never-read",
        "queue",
        "explain",
        seen("waits-long", "c", "a"),
        choices("a", "b"),
        needs=("waits-long", "core-thread"),
        evidence=("core-thread", "waits-long"),
    ),
    Question(
        "refused-without",
        "queue",
        "work-out",
        counted("refused"),
        {"gives the queue its three places": lambda run: len(run.claims("refused")) - 3, "refuses nothing": always(0)},
        needs=("refused", "more-threads"),
        evidence=("refused", "more-threads"),
        knobs={"queue": "0"},
    ),
    Question(
        "who-is-late",
        "refuse",
        "explain",
        seen("runs-itself", "b", "c"),
        choices("a", "c"),
        needs=("runs-itself", "all-done"),
        evidence=("runs-itself", "all-done"),
        knobs={"policy": "caller"},
    ),
    Question(
        "who-is-lost",
        "refuse",
        "explain",
        lost,
        choices("a", "b"),
        needs=("refused", "done"),
        evidence=("refused",),
        knobs={"policy": "oldest"},
    ),
    Question(
        "in-the-system",
        "overload",
        "work-out",
        in_system,
        {"leaves milliseconds as they are": lambda run: 1000 * in_system(run), "counts one second's requests": lambda run: 1000 / float(run.knobs["each"])},
        needs=("runs", "done"),
        evidence=("runs",),
        knobs={"each": "40"},
        within=0.3,
    ),
    Question(
        "same-work",
        "overload",
        "explain",
        seen("unavailable", "a", "b"),
        choices("b", "c"),
        needs=("runs", "unavailable"),
        evidence=("runs", "unavailable"),
        knobs={"queue": "4"},
    ),
    Question(
        "what-is-missing",
        "stuck",
        "explain",
        seen("failed", "b", "a"),
        choices("a", "c"),
        needs=("waits-for-itself", "failed"),
        evidence=("waits-for-itself",),
    ),
    Question(
        "busiest",
        "virtual",
        "work-out",
        took,
        {"shares a few threads": always(10), "has one thread do all": always(40)},
        needs=("runs", "done"),
        evidence=("runs",),
    ),
)  # fmt: skip
