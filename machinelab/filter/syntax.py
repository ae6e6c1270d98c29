"""The syntax tree of a filter, before names are resolved to fields."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Word:
    """A field's name or a literal, told apart by position when names are resolved. `kind`: word, string or char."""

    text: str
    kind: str
    start: int
    stop: int


@dataclass(frozen=True, slots=True)
class Slice:
    """Some bytes of a value: (first, how many), None for up to the end."""

    of: "Operand"
    ranges: tuple[tuple[int, int | None], ...]
    start: int
    stop: int


@dataclass(frozen=True, slots=True)
class Call:
    """A function of a value."""

    function: str
    of: "Operand"
    start: int
    stop: int


@dataclass(frozen=True, slots=True)
class Bits:
    """A value with a bit mask applied."""

    of: "Operand"
    mask: Word
    start: int
    stop: int


Operand = Word | Slice | Call | Bits


@dataclass(frozen=True, slots=True)
class Exists:
    """A field is present."""

    operand: Operand


@dataclass(frozen=True, slots=True)
class Compare:
    """Two values stand in a relation. `every`: whether all values must, as said by `any` or `all` (None: as is usual)."""

    left: Operand
    relation: str
    right: Operand
    every: bool | None


@dataclass(frozen=True, slots=True)
class Inside:
    """A value is one of a set: single ones, and ranges with both ends in."""

    operand: Operand
    members: tuple[tuple[Word, Word | None], ...]
    negated: bool
    every: bool | None


@dataclass(frozen=True, slots=True)
class Not:
    """Negation."""

    of: "Test"


@dataclass(frozen=True, slots=True)
class Join:
    """Tests joined by `and`, `or` or `xor`."""

    how: str
    parts: tuple["Test", ...]


Test = Exists | Compare | Inside | Not | Join
