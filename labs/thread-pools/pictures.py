"""Threads as lanes, with the queue above them; and what a pool's users feel when it has more to do than it can."""

from collections.abc import Sequence

from machinelab.authoring import Event, Picture, Plot, Run, Series, Span, Timeline

from .headlines import number, recorded, times, utilisation, word

MOST = 12  # spans in one lane
ROWS = 9


def lanes(run: Run) -> Timeline | None:
    """What each thread runs when; what waits in the queue; what is refused."""
    tasks = recorded(run, "Task")
    if not tasks:
        return None
    began = min(event.time for event in (*tasks, *recorded(run, "Wait"), *recorded(run, "Started")))
    rows: dict[str, list[Span]] = {}
    for event in recorded(run, "Wait"):
        rows.setdefault("queue", []).append(_span(event, began))
    # A task that splits itself is shown by its parts.
    split = any(word(event, "jfr.task") == "part" for event in tasks)
    for event in tasks:
        if not split or word(event, "jfr.task") == "part":
            rows.setdefault(word(event, "jfr.thread"), []).append(_span(event, began, "here"))
    for event in recorded(run, "Refused"):
        rows.setdefault("refused", []).append(_span(event, began, "bad"))
    shown = sorted(
        rows.items(), key=lambda row: (row[0] == "refused", row[0] != "queue", len(row[0]), row[0])
    )
    return Timeline(tuple((name, tuple(spans[:MOST])) for name, spans in shown[:ROWS]))


def _span(event: Event, began: int, mark: str = "") -> Span:
    start = (event.time - began) / 1e6
    return Span(start, start + number(event, "jfr.duration") / 1e6, word(event, "jfr.task"), mark)


def _by_load(runs: Sequence[Run]) -> dict[tuple[str, str], Run]:
    """The newest run for each queue and each load."""
    return {(run.knobs["queue"], run.knobs["each"]): run for run in runs}


def latency(runs: Sequence[Run]) -> list[Series]:
    """The median time of those that were served, over utilisation; a line for each queue."""
    found: dict[str, list[tuple[float, float]]] = {}
    for (queue, _), run in _by_load(runs).items():
        took = sorted(times(run))
        if took:
            name = "a queue without an end" if queue == "none" else f"a queue of {queue}"
            found.setdefault(name, []).append((100 * utilisation(run), took[len(took) // 2]))
    return [Series(name, tuple(sorted(points))) for name, points in sorted(found.items())]


PICTURES = (
    Picture(
        "lanes",
        "Threads as lanes",
        "Each thread's lane shows what it runs when; above them the tasks that wait in the queue, below them those refused.",
        lanes,
        ("grow", "queue", "refuse", "stuck", "steal", "virtual", "overload"),
    ),
)
PLOTS = (
    Plot("latency", "What waiting costs", "overload", "offered load in % of what two threads can do", "median ms", latency, over="each",
        by="queue"),
)  # fmt: skip
