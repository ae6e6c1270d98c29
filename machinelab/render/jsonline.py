"""The JSON of an event's fields, written from templates: 100,000 packets have ten million values and a few hundred shapes.

Packets whose fields have the same names (and kinds of value) in the same order have the same line but for the values. So
the line is worked out once for each such shape, with places for the values; a packet then costs one `%`.
"""

from collections.abc import Callable, Mapping, Sequence
from itertools import chain
from json.encoder import encode_basestring_ascii as quoted
from operator import itemgetter
from typing import Any, NamedTuple, TypeVar

from .. import fields
from ..fields import FieldType

Conversion = Callable[[Any], str]
Placed = Sequence[tuple[Any, ...]]
"""Fields, or plain tuples that begin as one: name, value."""

SHAPES = 4096  # kept at a time; hostile traffic can make more
_NAME, _VALUE = itemgetter(0), itemgetter(1)
_PLACE, _CONSTANT = itemgetter(2, 3), itemgetter(4, 5, 6)  # start, stop; buffer, mask, group
_FLAGS = ("false", "true")


class LineTemplate(NamedTuple):
    """A line with places for values. `order`: which value goes where (None: as they come); `conversions`: of those that `%` cannot write."""

    text: str
    order: Callable[[Sequence[Any]], tuple[Any, ...]] | None
    conversions: tuple[tuple[int, Conversion], ...]

    def ordered(self, values: list[Any]) -> tuple[Any, ...]:
        """The values as they go into the text. (`values` is changed.)"""
        for place, convert in self.conversions:
            values[place] = convert(values[place])
        return self.order(values) if self.order else tuple(values)


class Flagged:
    """The lines of one shape: a line for each combination of its flags, which are a third of a packet's values and differ little."""

    __slots__ = ("_flags", "_lines", "_names", "_places", "_types")

    def __init__(self, names: tuple[str, ...], types: tuple[type, ...]) -> None:
        self._names, self._types = names, types
        self._places = [place for place, type_ in enumerate(types) if type_ is bool]
        self._flags = itemgetter(*self._places) if self._places else None
        self._lines: dict[object, LineTemplate] = {}

    def line(self, values: list[Any]) -> LineTemplate:
        """The line for these values' flags."""
        flags = self._flags(values) if self._flags else None
        found = self._lines.get(flags)
        if found is None:
            if len(self._lines) >= SHAPES:
                self._lines.clear()
            known = {place: _FLAGS[values[place]] for place in self._places}
            found = self._lines[flags] = _line(self._names, self._types, known)
        return found


class FieldsWriter:
    """Writes the fields of one event after another, and remembers the shapes it has met."""

    def __init__(self) -> None:
        self._shapes: dict[tuple[tuple[Any, ...], ...], Flagged] = {}
        self._placed: dict[tuple[tuple[Any, ...], ...], LineTemplate] = {}

    def write(self, found: Placed) -> str:
        """`{"name": ["value", …], …}`: each name where it first stands, its values in their order."""
        values = list(map(_VALUE, found))
        key = tuple(map(_NAME, found)), tuple(map(type, values))
        shape = self._shapes.get(key)
        if shape is None:
            shape = _kept(self._shapes, key, Flagged(*key))
        line = shape.line(values)
        return line.text % line.ordered(values)

    def write_placed(self, found: Placed) -> str:
        """The same with each value's place in the bytes: `{"name": [{"value": "…", "start": 0, …}, …], …}`."""
        values = list(map(_VALUE, found))
        key = tuple(map(_NAME, found)), tuple(map(type, values)), tuple(map(_CONSTANT, found))
        line = self._placed.get(key)
        if line is None:
            line = _kept(self._placed, key, _line(*key[:2], {}, key[2]))
        places = line.order(found) if line.order else found
        filled = zip(line.ordered(values), map(_PLACE, places), strict=True)
        return line.text % tuple(chain.from_iterable((value, *place) for value, place in filled))


Shape = TypeVar("Shape", Flagged, LineTemplate)


def _kept(
    known: dict[tuple[tuple[Any, ...], ...], Shape], key: tuple[tuple[Any, ...], ...], shape: Shape
) -> Shape:
    if len(known) >= SHAPES:
        known.clear()
    known[key] = shape
    return shape


def _line(
    names: Sequence[str],
    types: Sequence[type],
    written: Mapping[int, str],
    constants: Sequence[tuple[str, int, str]] = (),
) -> LineTemplate:
    """`written`: values that the line has already; `constants`: each field's buffer, mask and group, where its place is written too."""
    places: dict[str, list[int]] = {}
    for place, name in enumerate(names):
        places.setdefault(name, []).append(place)
    kinds = fields.registry()
    slots, conversions = list[str](), list[tuple[int, Conversion]]()
    for place, (name, type_) in enumerate(zip(names, types, strict=True)):
        slot, convert = (written[place], None) if place in written else _slot(kinds.get(name), type_)
        slots.append(slot)
        if convert is not None:
            conversions.append((place, convert))
    if constants:
        slots = [_placed(slot, *constant) for slot, constant in zip(slots, constants, strict=True)]
    entries = (
        f"{quoted(name).replace('%', '%%')}: [{', '.join(slots[place] for place in where)}]"
        for name, where in places.items()
    )
    order = [place for where in places.values() for place in where if place not in written]
    return LineTemplate("{" + ", ".join(entries) + "}", _moved(order, len(names)), tuple(conversions))


def _moved(order: Sequence[int], count: int) -> Callable[[Sequence[Any]], tuple[Any, ...]] | None:
    """What takes the values in this order out of so many; None where that is all of them, as they come."""
    if order == list(range(count)):
        return None
    if len(order) > 1:
        return itemgetter(*order)
    return lambda values: tuple(values[place] for place in order)


def _placed(slot: str, buffer: str, mask: int, group: str) -> str:
    last = f'"buffer": {quoted(buffer)}, "mask": {mask}, "group": {quoted(group)}'.replace("%", "%%")
    return f'{{"value": {slot}, "start": %d, "stop": %d, {last}}}'


def _slot(kind: FieldType | None, type_: type) -> tuple[str, Conversion | None]:
    """How a value is written: `fields.show`'s rules, by the field's kind and the value's own type."""
    if type_ is bool:
        return "%s", _FLAGS.__getitem__
    if type_ is bytes:
        return '"%s"', _colons if kind and kind.kind == "ether" else bytes.hex
    if type_ is int and (kind is None or kind.kind not in ("time", "date", "duration")):
        return (f'"0x%0{kind.digits}x"' if kind and kind.digits else '"%d"'), None
    if type_ is str:
        return "%s", quoted
    if type_ is int and kind and kind.kind in CLOCKS:
        return '"%s"', CLOCKS[kind.kind]
    known = kind or FieldType("string", "")
    return "%s", lambda value: quoted(fields.shown(known, value))


def _moment(value: int) -> str:
    return f"{value // 1_000_000_000}.{value % 1_000_000_000:09d}"


def _span(value: int) -> str:
    return _moment(value) if value >= 0 else f"-{_moment(-value)}"


CLOCKS: dict[str, Conversion] = {"time": _moment, "duration": _span}


def _colons(value: bytes) -> str:
    return value.hex(":")
