"""Fields and bytes of packets as compact JSON: texts, field names and equal layers once, numbers in their place.

    strings   texts, by their number
    kinds     [name, meaning]: a field's name and what it means there, both numbers of texts
    layers    [name, open, row, …]: a row is [title], or [kind, value, start, length, buffer, about]; zeros at its end left out
    packets   number of an event → {"f": [layer, …], "b": [[name, size, offset, length, …], …]}
    bytes     all bytes in base64; a buffer is made of the stretches that its offsets and lengths name

The script (assets/page.js) builds the fields and the dump of the packet that the reader is at from this.
"""

import json
from collections.abc import Iterable, Sequence
from typing import TypeVar

from ...analysis.records import zone_lines
from ...analysis.view import EventRow, View
from ...analysis.words import meaning_of
from ...model import Field
from ..detail import concerned, distinct, grouped, value_text
from ..escape import terminal
from .pool import Pool

BYTES = 2048  # of one buffer; more is for the inspector
VALUE = 300  # characters

Key = TypeVar("Key")
Row = list[int]
"""A field: the number of its name and meaning, of its value, the bytes it stands in, whether its step is about it."""

Layer = list[int | Row]


class Packets:
    """Packets of one view, encoded one after another. `size` is about how many characters of JSON they take so far."""

    def __init__(self, view: View) -> None:
        self.view = view
        self.size = 0
        self._strings: dict[str, int] = {}
        self._kinds: dict[tuple[int, int], int] = {}
        self._layers: dict[str, int] = {}
        self._meanings: dict[tuple[tuple[str, ...], str], tuple[str, bool, bool]] = {}
        self._fields: dict[tuple[object, ...], Row] = {}
        self._pool = Pool()
        self._packets: dict[str, object] = {}

    def add(self, row: EventRow) -> None:
        """One packet's fields and bytes."""
        buffers, before = row.event.content.buffers(), len(self._pool)
        places = {name: place for place, name in enumerate(buffers)}
        layers = [self._layer(layer) for layer in self._tree(row, places)]
        cuts = [
            [self._text(name), len(data), *self._pool.put(bytes(data[:BYTES]))]
            for name, data in buffers.items()
        ]
        self._packets[row.event.id] = {"f": layers, "b": cuts}
        self.size += 40 + 5 * len(layers) + 20 * len(cuts) + 4 * (len(self._pool) - before) // 3

    def about(self, row: EventRow, *, told: bool) -> list[tuple[Field, str]]:
        """The fields that its steps are about, each with its meaning there. `told`: leaves out what the guide's section says already."""
        found = [item for same in row.event.fields.values() for item in same]
        steps = _steps(row)
        known = [
            (item, *self._meaning(row, steps, item.name))
            for item in distinct(found)
            if item.name != item.group
        ]
        return [(item, "" if told and own else said) for item, said, own, about in known if about]

    def encoded(self) -> dict[str, object]:
        """All of it, as the page's data holds it."""
        return {
            "strings": list(self._strings),
            "kinds": list(self._kinds),
            "layers": [json.loads(layer) for layer in self._layers],
            "packets": self._packets,
            "bytes": self._pool.encoded(),
        }

    def __contains__(self, id: str) -> bool:
        return id in self._packets

    def _tree(self, row: EventRow, places: dict[str, int]) -> Iterable[Layer]:
        found = [item for same in row.event.fields.values() for item in same]
        groups = grouped(distinct(found))
        lines = zone_lines(row.event)
        tops = list(dict.fromkeys(path.partition("/")[0] for path in groups))
        for top in tops:
            rows: list[Row] = []
            for path, members in groups.items():
                if path.partition("/")[0] == top:
                    rows += self._group(row, path, members, lines.get(path, ""), places)
            about = bool(row.steps) and any(len(each) == 6 for each in rows)
            yield [self._text(top), int(about or top == tops[-1]), *rows]

    def _group(
        self, row: EventRow, path: str, members: Sequence[Field], line: str, places: dict[str, int]
    ) -> list[Row]:
        """A group's fields under its name; `line` is a DNS record as a zone file has it."""
        title = "  ".join(filter(None, (path.partition("/")[2], line)))
        rows = [[self._text(title)]] if title else []
        return rows + [self._field(row, item, places) for item in members if item.name != item.group]

    def _field(self, row: EventRow, item: Field, places: dict[str, int]) -> Row:
        """A field's row. Most of a packet's fields are those of the packets before it, at the same place."""
        steps, place = _steps(row), places.get(item.buffer, 0)
        key = (steps, item, type(item.value), place)
        if key not in self._fields:
            self._fields[key] = self._made(row, steps, item, place)
        return self._fields[key]

    def _made(self, row: EventRow, steps: tuple[str, ...], item: Field, place: int) -> Row:
        meaning, _, about = self._meaning(row, steps, item.name)
        kind = self._kind(self._text(item.name), self._text(meaning))
        value = self._text(value_text(item))
        where = [0, 0, 0] if item.generated else [item.start, item.stop - item.start, place]
        made = [kind, value, *where, int(about)]
        while made[-1] == 0 and len(made) > 2:
            made.pop()
        return made

    def _meaning(self, row: EventRow, steps: tuple[str, ...], name: str) -> tuple[str, bool, bool]:
        """What a field means in the packet's steps, whether the steps' own section says so, and whether they are about it."""
        if (steps, name) not in self._meanings:
            said, own = meaning_of(self.view.words, steps, name)
            general = self.view.words.meaning("", name)
            about = bool(steps) and concerned(self.view, row, name)
            self._meanings[steps, name] = said, own and said != general, about
        return self._meanings[steps, name]

    def _text(self, text: str) -> int:
        return self._number(self._strings, terminal(text, VALUE), len(text) + 3)

    def _kind(self, name: int, meaning: int) -> int:
        return self._number(self._kinds, (name, meaning), 12)

    def _layer(self, layer: Layer) -> int:
        text = json.dumps(layer, separators=(",", ":"))
        return self._number(self._layers, text, len(text))

    def _number(self, known: dict[Key, int], value: Key, size: int) -> int:
        """The value's number: a new one the first time."""
        if value not in known:
            known[value] = len(known)
            self.size += size
        return known[value]


def _steps(row: EventRow) -> tuple[str, ...]:
    return tuple(step.id for step, _ in row.steps)
