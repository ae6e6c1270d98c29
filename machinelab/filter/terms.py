"""The two sides of a comparison: where a value comes from, and of what type it is."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

from .. import fields as known
from ..errors import nearest
from ..fields import FieldType
from ..model import Fields
from .errors import FilterError
from .literals import ADDRESSES, NUMBERS, OCTETS, InvalidLiteral, comparable, described, integer
from .syntax import Bits, Call, Operand, Slice, Word

Getter = Callable[[Fields], Sequence[Any]]
COUNTED = FieldType("uint", "a count")


@dataclass(frozen=True, slots=True)
class Term:
    """A value as it is got from an event. `name` is the field, `text` what was written, `get` gives comparable values.

    `plain`: the field's values are comparable as they stand.
    """

    name: str
    text: str
    type: FieldType
    get: Getter
    plain: bool = False

    def found(self, fields: Fields) -> str:
        """What an event has here, for people."""
        if self.type.kind == "none":
            return "present" if self.name in fields else "absent"
        if self.text == self.name:
            return shown(self.name, [item.value for item in fields.get(self.name, ())])
        return shown(self.text, self.get(fields))


def shown(name: str, values: Sequence[Any]) -> str:
    """The values of a field as a message to people has them: the first four, or `absent`."""
    texts = [described(name, value) for value in values[:4]]
    return ", ".join(texts) + (" …" if len(values) > 4 else "") if texts else "absent"


class Vocabulary(Protocol):
    """The names a filter may use. `literal_right`: what stands right of a relation is never a name."""

    literal_right: bool

    def type_of(self, name: str) -> FieldType | None:
        """The type of a name, None if there is no such name."""
        ...

    def unknown(self, name: str, text: str, position: int) -> FilterError:
        """The complaint about a name that is not there."""
        ...


class FieldVocabulary:
    """The field registry's names."""

    literal_right = False

    def type_of(self, name: str) -> FieldType | None:
        """The type of a field."""
        return known.registry().get(name)

    def unknown(self, name: str, text: str, position: int) -> FilterError:
        """`There is no field …`, with the nearest spelling."""
        if "#" in name or "@" in name:
            return FilterError(
                "Layers (#) and raw bytes (@) are not understood.", text, position, "Name the field alone."
            )
        names = list(known.registry())
        lower = name.lower()
        hint = f"Write {lower}: case counts." if lower in names else nearest(name, names)
        return FilterError(f"There is no field {name!r}.", text, position, hint)


class KnobVocabulary:
    """An experiment's knobs; None: whatever stands left of a relation."""

    literal_right = True

    def __init__(self, known: Collection[str] | None) -> None:
        self.known = known

    def type_of(self, name: str) -> FieldType | None:
        """Every knob is a word."""
        return FieldType("knob", "") if self.known is None or name in self.known else None

    def unknown(self, name: str, text: str, position: int) -> FilterError:
        """`There is no knob …`, with the nearest spelling or all there are."""
        known = list(self.known or ())
        hint = nearest(name, known) or (f"Choose one of: {', '.join(known)}." if known else "")
        return FilterError(f"There is no knob {name!r}.", text, position, hint)


def term(operand: Operand, names: Vocabulary, text: str) -> Term | None:
    """Where an operand's value comes from; None if it is a literal. Raises FilterError."""
    if isinstance(operand, Word):
        return _field(operand, names)
    of = term(operand.of, names, text)
    if of is None:
        raise _not_a_name(operand.of, names, text)
    match operand:
        case Slice():
            made = _slice(operand, of, text)
        case Call():
            made = _call(operand, of, text)
        case Bits():
            made = _bits(operand, of, text)
    return replace(made, name=of.name, text=text[operand.start : operand.stop])


def wanted_term(operand: Operand, names: Vocabulary, text: str) -> Term:
    """The same where only a name will do."""
    found = term(operand, names, text)
    if found is None:
        raise _not_a_name(operand, names, text)
    return found


def _not_a_name(operand: Operand, names: Vocabulary, text: str) -> FilterError:
    word = operand.text if isinstance(operand, Word) else text[operand.start : operand.stop]
    if isinstance(operand, Word) and operand.kind != "word":
        return FilterError(
            f'"{word}" is no field.', text, operand.start, "Name a field, and compare it with the text."
        )
    return names.unknown(word, text, operand.start)


def _field(word: Word, names: Vocabulary) -> Term | None:
    kind = names.type_of(word.text) if word.kind == "word" else None
    if kind is None:
        return None
    name, turn = word.text, comparable(kind.kind)
    if turn is None:
        return Term(name, name, kind, lambda fields: [item[1] for item in fields.get(name, ())], plain=True)
    return Term(name, name, kind, lambda fields: [turn(item[1]) for item in fields.get(name, ())])


def _slice(operand: Slice, of: Term, text: str) -> Term:
    kind = of.type.kind
    if kind not in OCTETS | {"string"} | ADDRESSES.keys():
        hint = "Ask for one of its fields." if kind == "none" else "Test its bits with &."
        raise FilterError(f"{of.text} cannot be cut into bytes.", text, operand.start, hint)
    cut, inner = _cutter(operand.ranges, kind), of.get
    made = FieldType("string" if kind == "string" else "bytes", "")
    return Term(
        "", "", made, lambda fields: [part for value in inner(fields) if (part := cut(value)) is not None]
    )


def _cutter(ranges: Sequence[tuple[int, int | None]], kind: str) -> Callable[[Any], Any]:
    size = ADDRESSES.get(kind, 0) // 8

    def cut(value: Any) -> Any:
        whole = max(value, 0).to_bytes(size, "big") if size else value
        parts = [_part(whole, first, count) for first, count in ranges]
        return None if None in parts else whole[:0].join(parts)

    return cut


def _part(whole: Any, first: int, count: int | None) -> Any:
    """None where the range is not wholly there, as in Wireshark."""
    start = first if first >= 0 else len(whole) + first
    stop = len(whole) if count is None else start + count
    return whole[start:stop] if 0 <= start < stop <= len(whole) else None


def _call(operand: Call, of: Term, text: str) -> Term:
    maker = {"len": _len, "count": _count, "upper": _upper, "lower": _lower}.get(operand.function)
    if maker is None:
        raise FilterError(
            f"There is no function {operand.function}().",
            text,
            operand.start,
            "Use one of: len, count, upper, lower.",
        )
    return maker(operand, of, text)


def _len(operand: Call, of: Term, text: str) -> Term:
    inner, kind = of.get, of.type.kind
    if kind in ADDRESSES:
        return Term("", "", COUNTED, lambda fields: [ADDRESSES[kind] // 8 for _ in inner(fields)])
    if kind == "string":
        return Term(
            "",
            "",
            COUNTED,
            lambda fields: [len(value.encode("utf-8", "surrogatepass")) for value in inner(fields)],
        )
    if kind not in OCTETS:
        raise FilterError(
            f"{of.text} has no length of its own.", text, operand.start, "Ask len() of characters or bytes."
        )
    return Term("", "", COUNTED, lambda fields: [len(value) for value in inner(fields)])


def _count(operand: Call, of: Term, text: str) -> Term:
    if not isinstance(operand.of, Word):
        raise FilterError("count() counts a field's values.", text, operand.start, "Name the field alone.")
    name = of.name
    return Term("", "", COUNTED, lambda fields: [len(fields.get(name, ()))])


def _upper(operand: Call, of: Term, text: str) -> Term:
    return _cased(operand, of, text, bytes.upper)


def _lower(operand: Call, of: Term, text: str) -> Term:
    return _cased(operand, of, text, bytes.lower)


def _cased(operand: Call, of: Term, text: str, turn: Callable[[bytes], bytes]) -> Term:
    """ASCII alone changes case, as in Wireshark."""
    if of.type.kind != "string":
        raise FilterError(
            f"{of.text} is not characters.", text, operand.start, "Ask upper() and lower() of characters."
        )
    inner = of.get

    def get(fields: Fields) -> list[str]:
        return [
            turn(value.encode("utf-8", "surrogatepass")).decode("utf-8", "surrogatepass")
            for value in inner(fields)
        ]

    return Term("", "", FieldType("string", ""), get)


def _bits(operand: Bits, of: Term, text: str) -> Term:
    if of.type.kind not in NUMBERS:
        raise FilterError(
            f"{of.text} is not a number whose bits could be tested.",
            text,
            operand.start,
            "Use & with a number.",
        )
    try:
        mask, inner = integer(operand.mask.text), of.get
    except InvalidLiteral:
        raise FilterError(
            f"{operand.mask.text!r} is not a number.", text, operand.mask.start, "Write a mask: & 0x02."
        ) from None
    return Term("", "", COUNTED, lambda fields: [value & mask for value in inner(fields)])
