"""The JSON of an event's fields, written from templates: 100,000 packets have ten million values and a few hundred shapes.

Packets whose fields have the same names (and kinds of value) in the same order have the same line but for the values. So
the line is worked out once for each such shape, with places for the values; a packet then costs one `%`.
"""

from collections.abc import Callable, Sequence
from itertools import chain
from json.encoder import encode_basestring_ascii as quoted
from operator import itemgetter
from typing import Any, NamedTuple

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


class FieldsWriter:
    """Writes the fields of one event after another, and remembers the shapes it has met."""

    def __init__(self) -> None:
        self._shapes: dict[tuple[tuple[Any, ...], ...], LineTemplate] = {}

    def write(self, found: Placed) -> str:
        """`{"name": ["value", …], …}`: each name where it first stands, its values in their order."""
        values = list(map(_VALUE, found))
        shape = self._of(tuple(map(_NAME, found)), tuple(map(type, values)))
        return shape.text % shape.ordered(values)

    def write_placed(self, found: Placed) -> str:
        """The same with each value's place in the bytes: `{"name": [{"value": "…", "start": 0, …}, …], …}`."""
        values = list(map(_VALUE, found))
        shape = self._of(tuple(map(_NAME, found)), tuple(map(type, values)), tuple(map(_CONSTANT, found)))
        places = shape.order(found) if shape.order else found
        filled = zip(shape.ordered(values), map(_PLACE, places), strict=True)
        return shape.text % tuple(chain.from_iterable((value, *place) for value, place in filled))

    def _of(self, *key: tuple[Any, ...]) -> LineTemplate:
        shape = self._shapes.get(key)
        if shape is None:
            if len(self._shapes) >= SHAPES:
                self._shapes.clear()
            shape = self._shapes[key] = _shape(*key)
        return shape


def _shape(
    names: Sequence[str], types: Sequence[type], constants: Sequence[tuple[str, int, str]] = ()
) -> LineTemplate:
    """`constants`: each field's buffer, mask and group, where its place is written too."""
    places: dict[str, list[int]] = {}
    for place, name in enumerate(names):
        places.setdefault(name, []).append(place)
    kinds = fields.registry()
    slots, conversions = list[str](), list[tuple[int, Conversion]]()
    for place, (name, type_) in enumerate(zip(names, types, strict=True)):
        slot, convert = _slot(kinds.get(name), type_)
        slots.append(slot)
        if convert is not None:
            conversions.append((place, convert))
    if constants:
        slots = [_placed(slot, *constant) for slot, constant in zip(slots, constants, strict=True)]
    entries = (
        f"{quoted(name).replace('%', '%%')}: [{', '.join(slots[place] for place in where)}]"
        for name, where in places.items()
    )
    order = [place for where in places.values() for place in where]
    moved = order != list(range(len(order)))
    return LineTemplate(
        "{" + ", ".join(entries) + "}", itemgetter(*order) if moved else None, tuple(conversions)
    )


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
