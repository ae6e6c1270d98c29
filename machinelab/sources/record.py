"""The content of an event that is no packet: a log line, a system call, a record of a file."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from ..model import Field, Fields


@dataclass(frozen=True, slots=True)
class Record:
    """Fields that are there from the start, the buffers that their spans index, and the line that sums them up.

    The first buffer is what the record stands in, as the node gave it (a line, a piece of a file).
    """

    held: Mapping[str, tuple[Field, ...]]
    parts: Mapping[str, bytes]
    line: str = field(default="")

    def fields(self) -> Fields:
        """All fields."""
        return self.held

    def message_fields(self, index: int) -> Fields:
        """The same: a record is one message."""
        return self.held

    def buffers(self) -> Mapping[str, bytes]:
        """What the spans index."""
        return self.parts

    def summary(self) -> str:
        """One line for the list."""
        return self.line


def record(fields: "list[Field] | tuple[Field, ...]", buffers: Mapping[str, bytes], summary: str) -> Record:
    """A record of these fields, in the order they stand in."""
    held: dict[str, tuple[Field, ...]] = {}
    for item in fields:
        held[item.name] = (*held.get(item.name, ()), item)
    return Record(held, buffers, summary)
