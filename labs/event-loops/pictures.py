"""The loop and the threads behind it, side by side over time; and who waited how long for a page."""

from collections.abc import Iterator, Sequence

from machinelab.authoring import Event, Picture, Plot, Run, Series, Slot, SlotRow, Slots, Span, Timeline

from .headlines import QUEUES

LONG = 5_000_000  # ns; a call that takes no longer has not waited
PHASES = (
    ("at once", ("sync",)),
    ("nextTick queue", ("nextTick",)),
    ("microtask queue", ("promise",)),
    ("check", ("immediate",)),
    ("timers", ("timeout",)),
    ("poll", ("stat",)),
)


def _number(event: Event, name: str) -> int:
    value = next(iter(event.values(name)), 0)
    return int(value) if isinstance(value, int) else 0


def queues(run: Run) -> Slots | None:
    """Each callback in the row of its queue, in the column of its turn."""
    ran = sorted(
        (run.first(step).time, run.text(step, "nodetrace.name")) for step in QUEUES if run.claims(step)
    )
    if not ran:
        return None
    names = [name for _, name in ran]
    rows = tuple(
        SlotRow(phase, tuple(Slot(name, "here") if name in known else Slot("") for name in names))
        for phase, known in PHASES
        if any(name in known for name in names)
    )
    return Slots(rows, tuple(str(number) for number in range(1, len(names) + 1)))


def timeline(run: Run) -> Timeline | None:
    """Requests from the client's side, the loop's own work, and what its threads waited for."""
    began = next((event.time for event in run.trace.events if "http.request.method" in event), None)
    if began is None:
        return None
    loop = tuple(span for event in run.trace.events for span in _span(event, began, _works(event)))
    rows = (*_requests(run, began), *((("the loop", loop),) if loop else ()), *_beside(run, began))
    return Timeline(rows) if len(rows) > 1 else None


def _requests(run: Run, began: int) -> Iterator[tuple[str, tuple[Span, ...]]]:
    """A row for each page: from the request to its reply."""
    asked = {
        str(event["tcp.stream"]): event
        for event in run.trace.events
        if "http.request.uri" in event and "http.response.code" not in event and not event.again
    }
    for event in run.trace.events:
        request = asked.get(str(event["tcp.stream"])) if "http.response.code" in event else None
        if request is not None:
            path = str(request["http.request.uri"]).partition("?")[0]
            took = (event.time - request.time) / 1e6
            mark = "bad" if path == "/quick" and took > 100 else ""
            yield (
                path,
                (Span((request.time - began) / 1e6, (event.time - began) / 1e6, f"{took:.0f} ms", mark),),
            )


def _works(event: Event) -> str:
    """What the loop's own thread does: the stretches of the program that do not only wait."""
    name = str(event["nodetrace.name"]) if "nodetrace.name" in event else ""
    return name if name in ("work", "quick", "turns") else ""


def _beside(run: Run, began: int) -> Iterator[tuple[str, tuple[Span, ...]]]:
    """A row for each call that waits behind the loop for its thread, or for what the thread waits for; and for a worker."""
    for event in run.trace.events:
        if "nodetrace.category" not in event:
            continue
        name, what = str(event["nodetrace.name"]), next(iter(event.values("nodetrace.what")), "")
        if name == "beside":
            yield "a worker", _span(event, began, "work")
        elif what and _number(event, "nodetrace.duration") > LONG:
            yield str(what).rpartition("/")[2], _span(event, began, name)


def _span(event: Event, began: int, text: str) -> tuple[Span, ...]:
    """The stretch that an event lasts, in milliseconds since the first request; nothing without a text."""
    start = max(0.0, (event.time - began) / 1e6)
    return (Span(start, start + _number(event, "nodetrace.duration") / 1e6, text),) if text else ()


def waits(runs: Sequence[Run]) -> list[Series]:
    """How long the quick page took, by what the other one did: the newest run of each."""
    points = []
    for how, run in {run.knobs["how"]: run for run in runs}.items():
        reply = next((step for step in ("quick-late", "quick-done") if run.claims(step)), None)
        if reply:
            points.append((how, (run.first(reply).time - run.first("ask-quick").time) / 1e6))
    return [Series("the quick page", tuple(points))]


PICTURES = (
    Picture("queues", "Which queue, in which turn", "Each callback stands in the row of its queue, in the order in which they ran.", queues, ("order",)),
    Picture(
        "timeline",
        "Who waits for whom",
        "Each page from its request to its reply, what the loop worked at, and what its threads waited for.",
        timeline,
        ("blocked", "starve", "pool", "worker", "lookups", "asyncio"),
    ),
)  # fmt: skip
PLOTS = (
    Plot("starved", "How long a page without work takes", "starve", "what the other page does", "ms", waits, over="how"),
)  # fmt: skip
