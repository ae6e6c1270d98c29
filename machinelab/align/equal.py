"""Steps whose message must be to another step's as they say: `Step.same`, `Step.differs`, `Step.less`, `Step.more`, `Step.after`.

Two messages are equal in a field where both have it, with the same values in the same order, and differ where both have it and they are not equal; one is less where both have
as many numbers, and each of its own is the smaller one; one is after the other by their times. What another step claimed in
an earlier track, or before in the same one, is known; within the track that is being aligned it depends on the path, which
therefore remembers the values that later steps ask for (`Memory`).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from .. import filter as display
from ..model import Condition, Equality, Step
from .matches import Matches, Values

Claimed = Mapping[str, Sequence[int]]
"""Step id → the indices of the items it claimed."""

Remembered = frozenset[tuple[Equality, Values]]
"""For each equality the values of the messages that the steps of a path claimed."""

NOTHING: Remembered = frozenset()


def met(matches: Matches, index: int, step: Step, claimed: Claimed) -> bool:
    """Whether an item is equal, wherever its step says so, to a message that the other step claimed."""
    return not step.related or all(
        _partner(matches, index, step, equal, claimed) is not None
        for equal in active(matches, step.equalities)
    )


def unmet(matches: Matches, index: int, step: Step, claimed: Claimed) -> tuple[Condition, ...]:
    """The equalities that an item does not meet, as conditions: `icmp.seq was 3, wanted 2 as in packet 5`."""
    return tuple(
        Condition(
            equal.field,
            display.shown(equal.field, matches.values(index, equal.field)),
            _wanted(matches, index, step, equal, claimed),
        )
        for equal in active(matches, step.equalities)
        if _partner(matches, index, step, equal, claimed) is None
    )


def active(matches: Matches, equalities: Iterable[Equality]) -> list[Equality]:
    """The equalities whose other step these knobs include; one that they leave out is nothing to be equal to."""
    return [equal for equal in equalities if equal.step in matches.patterns]


def _others(matches: Matches, index: int, step: Step, equal: Equality, claimed: Claimed) -> Sequence[int]:
    """The items that the other step claimed; of a reply's own request only those that it answers."""
    others = claimed.get(equal.step, ())
    if equal.step != step.reply_to:
        return others
    return [other for other in others if matches.links.reply.get(other) == index]


def _partner(matches: Matches, index: int, step: Step, equal: Equality, claimed: Claimed) -> int | None:
    values = matches.values(index, equal.field)
    others = _others(matches, index, step, equal, claimed) if values else ()
    return next((other for other in others if equal.holds(values, matches.values(other, equal.other))), None)


def _wanted(matches: Matches, index: int, step: Step, equal: Equality, claimed: Claimed) -> str:
    """`2 as in packet 5`, of the last message before it that it could have been equal to."""
    others = _others(matches, index, step, equal, claimed)
    name = f"{equal.other} of " if equal.other != equal.field else ""
    if not others:
        return f"the {name or 'one of '}{equal.step}, which was not seen"
    other = max((each for each in others if each < index), default=others[0])
    event = matches.items[other].event
    place = f"packet {event.id}" if event.source == "packets" else f"event {event.id}"
    value = display.shown(equal.other, matches.values(other, equal.other))
    if equal.relation == "after":
        return f"{equal.wait / 1e9:g} s or more after {place}"
    if equal.relation == "same":
        return f"{value} as in {name}{place}"
    if equal.relation == "differs":
        return f"another than the {value} of {name}{place}"
    return f"{equal.relation} than the {value} of {name}{place}"


@dataclass(frozen=True, slots=True)
class Memory:
    """What a path through the steps of one track has to remember, and to ask of what it remembers.

    `asks` are the equalities of each step with another one of the track (or with a reply to one); `keeps` what to remember
    of each step's items for later ones, and whether of the reply. `claimed` is what the tracks before have claimed.
    """

    matches: Matches
    steps: Sequence[Step]
    asks: Sequence[Sequence[Equality]]
    keeps: Sequence[Sequence[tuple[Equality, bool]]]
    claimed: Claimed

    @classmethod
    def of(
        cls, matches: Matches, steps: Sequence[Step], replies: Sequence[Sequence[Step]], claimed: Claimed
    ) -> "Memory | None":
        """The memory that these steps need; None if none of them is held against another."""
        if not any(step.related for step in steps):
            return None
        inside = {
            step.id: {step.id, *(reply.id for reply in answers)}
            for step, answers in zip(steps, replies, strict=True)
        }
        known = set().union(*inside.values())
        asks = [[e for e in active(matches, step.equalities) if e.step in known] for step in steps]
        wanted = list(dict.fromkeys(equal for each in asks for equal in each))
        keeps = [
            [(equal, equal.step != step.id) for equal in wanted if equal.step in inside[step.id]]
            for step in steps
        ]
        return cls(matches, steps, asks, keeps, claimed)

    def allows(self, index: int, place: int, remembered: Remembered) -> bool:
        """Whether an item may be the step at a place of the track, after a path that remembers these values."""
        for equal in self.asks[place]:
            values = self.matches.values(index, equal.field)
            if not any(one == equal and equal.holds(values, others) for one, others in remembered):
                return False
        step = self.steps[place]
        return len(self.asks[place]) == len(step.equalities) or all(
            _partner(self.matches, index, step, equal, self.claimed) is not None
            for equal in active(self.matches, step.equalities)
            if equal not in self.asks[place]
        )

    def more(self, index: int, place: int) -> Remembered:
        """What an item adds that is taken for the step at a place."""
        return frozenset(
            (equal, self.matches.values(source, equal.other))
            for equal, of_reply in self.keeps[place]
            if (source := self.matches.links.reply.get(index) if of_reply else index) is not None
        )
