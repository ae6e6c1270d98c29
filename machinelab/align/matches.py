"""The items of a trace, each with a bit mask of the steps and background entries whose hop and filter it meets."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from .. import filter as display
from .. import parallel
from ..model import TIME, Background, Event, Item, Step, Trace, Value
from . import hops
from .links import Links, link
from .looks import Looks

Values = tuple[Value, ...]
"""All values that a message has for one field."""

Groups = Mapping[str, Mapping[int, Sequence[int]]]
"""Step id → index of a message's first piece → those of its further pieces."""


@dataclass(frozen=True, slots=True)
class CompiledStep:
    """A step (or background entry) with its hop parsed and its filters compiled."""

    step: Step
    hop: hops.Hop
    sees: display.Filter
    pieces: display.Filter


def compile_step(step: Step) -> CompiledStep:
    """Parse a step's hop and compile its filters. Raises ValueError for the hop, FilterError for a filter."""
    return CompiledStep(step, hops.parse(step.hop), display.compile(step.sees), display.compile(step.pieces))


class Matches:
    """Which items of a trace meet which steps, and which reply answers which request.

    `names` are the nodes by address; while roles are still being inferred it is empty, and the steps have no hops.
    """

    def __init__(
        self,
        trace: Trace,
        steps: Sequence[Step],
        names: Mapping[str, str],
        background: Sequence[Background] = (),
        looks: Looks | None = None,
    ) -> None:
        """`looks`: the items, and which of the filters each meets, where that is known already."""
        self.looks = looks
        self.items: list[Item] = looks.items if looks else list(trace.items())
        self.links: Links = looks.links if looks else link(self.items)
        self.sightings = {
            event.id: tuple(str(sighting.number) for sighting in event.sightings)
            for event in trace.events
            if event.sightings
        }
        self.again = {event.id: event for event in trace.events if event.again}
        self.names = names
        self.patterns: dict[str, CompiledStep] = {step.id: compile_step(step) for step in steps}
        self.direct = [self.patterns[step.id] for step in steps if not step.reply_to]
        self._background = [compile_step(Step(entry.id, entry.hop, entry.sees)) for entry in background]
        self._all = [*self.direct, *self._background]
        self._bits = {id(pattern.step): bit for bit, pattern in enumerate(self.direct)}
        self._places = [looks.bit(pattern.sees.text) for pattern in self._all] if looks else []
        self._hops: dict[tuple[object, ...], int] = {}
        self._names: dict[int, frozenset[str]] = {}
        self._values: dict[tuple[int, str], Values] = {}
        self._met = {step.id: bytearray(len(self.items)) for step in steps if step.reply_to}
        self.masks: list[int] = []
        """The mask of each item, once `match_items` has been called."""
        self.groups: Groups | None = None
        """The messages in several pieces, once they were put together (`pieces.group`)."""

    def mask(self, item: Item) -> int:
        """One bit for each step without `reply_to`, then for each background entry, whose hop and pattern the item meets.

        The hop is cheap, so it comes first.
        """
        way = self._hop_mask(item.event)
        if not way:
            return 0
        fields = item.fast_fields(self._field_names(way))
        mask = 0
        for bit, pattern in enumerate(self._all):
            if way >> bit & 1 and pattern.sees.matches(fields):
                mask |= 1 << bit
        return mask

    def mask_by_looks(self, index: int) -> int:
        """The same mask of the item at an index, from what is known of the filters."""
        met = self.looks.masks[index] if self.looks else 0
        if not met or not (way := self._hop_mask(self.items[index].event)):
            return 0
        mask = 0
        for bit, place in enumerate(self._places):
            if met >> place & 1:
                mask |= 1 << bit
        return mask & way

    def _field_names(self, way: int) -> frozenset[str]:
        """The names of all fields that the steps of these bits speak of."""
        if way not in self._names:
            asked = (pattern.sees.names for bit, pattern in enumerate(self._all) if way >> bit & 1)
            self._names[way] = frozenset().union(*asked)
        return self._names[way]

    def _hop_mask(self, event: Event) -> int:
        key = (event.node, *((s.src, s.dst, *s.link) for s in event.way))
        if key not in self._hops:
            self._hops[key] = sum(
                1 << bit for bit, pattern in enumerate(self._all) if pattern.hop.matches(event, self.names)
            )
        return self._hops[key]

    def background(self, index: int) -> int:
        """The place of the first background entry that an item is; −1 if it is none."""
        bits = self.masks[index] >> len(self.direct)
        return (bits & -bits).bit_length() - 1

    def meets(self, index: int, step: Step) -> bool:
        """Whether an item meets a step wholly; a reply step's hop is given by the link, unless it says its own."""
        if step.reply_to:
            hop = self.patterns[step.id].hop
            if step.hop and not hop.matches(self.items[index].event, self.names):
                return False
            return self.looks_like(index, step)
        return bool(self.masks[index] >> self.bit(step) & 1)

    def looks_like(self, index: int, step: Step) -> bool:
        """Whether an item meets a reply step's pattern; found out once (0: not yet, 1: no, 2: yes)."""
        if self.looks:
            return bool(self.looks.masks[index] >> self.looks.bit(step.sees) & 1)
        met = self._met[step.id]
        if not met[index]:
            sees = self.patterns[step.id].sees
            met[index] = 1 + sees.matches(self.items[index].fast_fields(sees.names))
        return met[index] == 2

    def bit(self, step: Step) -> int:
        """The place of a step without `reply_to` in the masks."""
        return self._bits[id(step)]

    def reply_meets(self, index: int, replies: Sequence[Step]) -> bool:
        """Whether an item's reply is there and is one of the reply steps, and equal to the item where it has to be."""
        answer = self.links.reply.get(index)
        return answer is not None and any(
            self.meets(answer, step) and self._echoes(answer, index, step) for step in replies
        )

    def _echoes(self, answer: int, request: int, step: Step) -> bool:
        """Whether a reply's fields are to the request's as its step says."""
        return not step.related or all(
            equal.holds(self.values(answer, equal.field), self.values(request, equal.other))
            for equal in step.equalities
            if equal.step == step.reply_to
        )

    def values(self, index: int, name: str) -> Values:
        """The values of one field of an item, in wire order; empty if it has none."""
        if name == TIME:
            return (self.items[index].event.time,)
        key = index, name
        if key not in self._values:
            found = self.items[index].fast_fields(frozenset([name])).get(name, ())
            self._values[key] = tuple(field.value for field in found)
        return self._values[key]


def match_items(matches: Matches) -> None:
    """Work out the masks, item by item."""
    count = len(matches.items)
    if matches.looks:
        matches.masks = [matches.mask_by_looks(index) for index in range(count)]
        return

    def masks(start: int, stop: int) -> Iterator[int]:
        return (matches.mask(item) for item in matches.items[start:stop])

    def text(start: int, stop: int) -> str:
        return "".join(f"{mask:x} " for mask in masks(start, stop))

    if count < parallel.LEAST:
        matches.masks = list(masks(0, count))
    else:
        matches.masks = [int(mask, 16) for block in parallel.blocks(count, text) for mask in block.split()]


def first(predicate: Callable[[int], bool], indices: Sequence[int]) -> int | None:
    """The first index for which the predicate holds."""
    return next((index for index in indices if predicate(index)), None)
