"""The order of steps: tracks, and what the clocks cannot settle."""

from collections.abc import Mapping, Sequence

from ..model import Event, Step
from .matches import Matches


def tracks(steps: Sequence[Step]) -> list[list[Step]]:
    """The steps of each track without replies, in order; the first track first, but each after those that its steps must equal."""
    by_name: dict[str, list[Step]] = {}
    for step in steps:
        if not step.reply_to and not step.never:
            by_name.setdefault(step.track, []).append(step)
    if not any(step.related for step in steps):
        return list(by_name.values())
    home = {step.id: step.track for step in steps}
    ordered: list[list[Step]] = []
    while by_name:
        waits = {
            name: {home.get(equal.step, name) for step in row for equal in step.equalities} - {name}
            for name, row in by_name.items()
        }
        name = next((name for name in by_name if not waits[name] & by_name.keys()), next(iter(by_name)))
        ordered.append(by_name.pop(name))
    return ordered


def undecided(
    matches: Matches, steps: Sequence[Step], taken: Mapping[str, list[int]]
) -> list[tuple[str, str]]:
    """Neighbouring steps of a track whose times overlap within their clocks' uncertainty."""
    pairs: list[tuple[str, str]] = []
    last: dict[str, tuple[Step, int]] = {}
    for step in steps:
        if step.id not in taken:
            continue
        if step.track in last:
            before, index = last[step.track]
            one, other = matches.items[index].event, matches.items[taken[step.id][0]].event
            if one is not other and unsettled(one, other):
                pairs.append((before.id, step.id))
        last[step.track] = (step, taken[step.id][-1])
    return pairs


def unsettled(one: Event, other: Event) -> bool:
    """Whether neither their clocks nor their source can say which came first."""
    if one.lane and (one.source, one.lane) == (other.source, other.lane):
        return False
    return abs(other.time - one.time) < one.uncertainty + other.uncertainty
