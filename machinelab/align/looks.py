"""Which messages of a trace meet which filters, found out once for all experiments of a guide.

Each distinct filter is compiled once, each message is asked once: a guide of seventeen experiments has some eighty filters,
most of which ask for a field that the message does not have.
"""

from collections.abc import Iterable, Iterator, Sequence

from .. import filter as display
from .. import parallel
from ..model import Experiment, Item, Trace
from .links import Links, link

NOTHING: frozenset[str] = frozenset()


def filters_of(experiment: Experiment) -> Iterator[str]:
    """The filters of its steps, then those of its background."""
    yield from (step.sees for step in experiment.steps)
    yield from (entry.sees for entry in experiment.background)


class Looks:
    """A trace's items with a bit mask of the filters that each meets."""

    def __init__(self, trace: Trace, filters: Iterable[str]) -> None:
        """Raises FilterError for a filter with an error."""
        self.items: list[Item] = list(trace.items())
        self.links: Links = link(self.items)
        self._bits = {text: bit for bit, text in enumerate(dict.fromkeys(filters))}
        self._filters = [display.compile(text) for text in self._bits]
        self._asked: dict[frozenset[str], frozenset[str]] = {}
        self._needs = frozenset().union(*(each.needs for each in self._filters))
        self._could: dict[frozenset[str], list[tuple[int, display.Filter]]] = {}
        self.masks = self._look()
        self._seen = 0
        for mask in self.masks:
            self._seen |= mask

    def bit(self, text: str) -> int:
        """The place of a filter in the masks."""
        return self._bits[text]

    def seen(self, text: str) -> bool:
        """Whether any item meets a filter."""
        return bool(self._seen >> self._bits[text] & 1)

    def _look(self) -> Sequence[int]:
        count = len(self.items)

        def masks(start: int, stop: int) -> Iterator[int]:
            return (self._mask(item) for item in self.items[start:stop])

        def text(start: int, stop: int) -> str:
            return "".join(f"{mask:x} " for mask in masks(start, stop))

        if count < parallel.LEAST:
            return list(masks(0, count))
        return [int(mask, 16) for block in parallel.blocks(count, text) for mask in block.split()]

    def _mask(self, item: Item) -> int:
        absent: frozenset[str] = getattr(item.event.content, "absent_layers", NOTHING)
        fields = item.fast_fields(self._names_without(absent))
        mask = 0
        for bit, each in self._candidates(self._needs.intersection(fields)):
            if each.matches(fields):
                mask |= 1 << bit
        return mask

    def _names_without(self, absent: frozenset[str]) -> frozenset[str]:
        """The fields that filters ask for which a message without those layers could meet."""
        if absent not in self._asked:
            possible = (each for each in self._filters if not _layers(each.needs) & absent)
            self._asked[absent] = frozenset().union(*(each.names for each in possible))
        return self._asked[absent]

    def _candidates(self, present: frozenset[str]) -> list[tuple[int, display.Filter]]:
        """The filters that a message with these fields could meet."""
        if present not in self._could:
            self._could[present] = [
                (bit, each) for bit, each in enumerate(self._filters) if each.needs <= present
            ]
        return self._could[present]


def _layers(names: Iterable[str]) -> set[str]:
    return {name.partition(".")[0] for name in names}
