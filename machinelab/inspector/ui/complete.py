"""What a filter line may go on with: field names that are there, and the values they have."""

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from ... import fields
from ...model import Value

MOST = 40
_WORD = re.compile(r"[A-Za-z0-9_.:-]*$")
_ASKED = re.compile(
    r"([a-z_][A-Za-z0-9_.-]*)\s*(?:==|!=|>=|<=|>|<|\beq\b|\bne\b|\bge\b|\ble\b|\bgt\b|\blt\b|\bcontains\b|\bin\s*\{(?:[^}]*,)?)\s*(\"?[^\"\s{},]*)$"
)


class Offer(NamedTuple):
    """What may stand from `start` to the cursor."""

    start: int
    words: tuple[str, ...]


def offer(text: str, cursor: int, names: Sequence[str], values: Callable[[str], Sequence[Value]]) -> Offer:
    """Values after a relation, else names: those that begin so, then those that hold what was typed."""
    before = text[:cursor]
    if asked := _ASKED.search(before):
        known = list(dict.fromkeys(literal(asked[1], value) for value in values(asked[1])))
        return Offer(asked.start(2), tuple(_fitting(known, asked[2]))[:MOST])
    word = _WORD.search(before)
    typed = word[0] if word else ""
    return Offer(
        cursor - len(typed), tuple(_fitting(names, typed))[:MOST] if typed or not before.strip() else ()
    )


def _fitting(words: Sequence[str], typed: str) -> list[str]:
    small = typed.casefold()
    first = [word for word in words if word.casefold().startswith(small)]
    return first + [word for word in words if small.strip('"') in word.casefold() and word not in first]


def literal(name: str, value: Value) -> str:
    """A value as it is written in a filter."""
    if isinstance(value, bytes):
        return value[:32].hex(":")
    kind = fields.registry().get(name)
    if isinstance(value, str) and (kind is None or kind.kind == "string"):
        escaped = value.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{escaped}"'
    return fields.show(name, value)


def condition(name: str, value: Value) -> str:
    """The filter that asks for a field's value; for a heading, that it is there."""
    kind = fields.registry().get(name)
    return name if kind is not None and kind.kind == "none" else f"{name} == {literal(name, value)}"
