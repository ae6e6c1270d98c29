"""The packets that a fence of a guide is about, out of a run."""

from collections.abc import Iterator

from ..guide import Fence
from ..model import Event, Run


def chosen(run: Run, fence: Fence) -> list[Event]:
    """The events of a fence's steps in the order of the run, each once; all, if it names no step.

    Of `first..last` those of any step from the first event of either to the last of either, without background; of one step
    its own alone. A step that did not happen gives none.
    """
    if not fence.steps:
        return list(run.trace.events)
    steps = {event: {step.id for step, _ in of} for event, of in run.alignment.steps_of().items()}
    places = {at for first, last in fence.steps for at in _places(run, first, last, steps)}
    return [run.trace.events[at] for at in sorted(places)]


def _places(run: Run, first: str, last: str, steps: dict[str, set[str]]) -> Iterator[int]:
    events = run.trace.events
    at = [place for place, event in enumerate(events) if {first, last} & steps.get(event.id, set())]
    if first == last:
        yield from at
    elif at:
        yield from (place for place in range(at[0], at[-1] + 1) if events[place].id in steps)
