"""The field values of packets that were dissected whole, cached for the next filter: without byte spans, equal values stored once."""

from collections.abc import Iterable
from typing import Any

from ..model import Field, Fields, Value

MOST = 10_000  # packets kept: some 25 MB


class FieldCache:
    """Values by packet and field name."""

    def __init__(self) -> None:
        self._rows: dict[int, dict[str, tuple[Value, ...]]] = {}
        self._same: dict[tuple[object, ...], tuple[Value, ...]] = {}

    def __contains__(self, row: int) -> bool:
        return row in self._rows

    def keep(self, row: int, found: Iterable[tuple[Any, ...]]) -> None:
        """Cache a packet's fields (name, value, …), up to `MOST` packets."""
        if len(self._rows) < MOST:
            values: dict[str, list[Value]] = {}
            for name, value, *_ in found:
                values.setdefault(name, []).append(value)
            self._rows[row] = {name: self._one(each) for name, each in values.items()}

    def _one(self, values: list[Value]) -> tuple[Value, ...]:
        # True equals 1, and is not the same value.
        key = (*values, *map(type, values))
        return self._same.setdefault(key, tuple(values))

    def fields(self, row: int, names: frozenset[str]) -> Fields:
        """Those of its fields that are asked for, as a filter wants them."""
        kept = self._rows[row]
        return {name: tuple(Field(name, value) for value in kept[name]) for name in names if name in kept}
