"""Logs that are read by pattern: entries of one line or several, and fields at the bytes they stand in.

A source of this sort is a pattern with named groups, and a function from an `Entry` to an event:

    for number, entry in enumerate(entries(data, PATTERN), start=1):
        fields = [entry.label("log"), entry.field("log.severity", text(entry["severity"]), "severity")]
        event(number, time, KIND, entry, fields, "what the list shows", node=node, uncertainty=HALF)
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from ..model import Event, Field, Value
from .record import record

LONGEST = 1 << 20  # bytes of a line; patterns are asked of no longer one
BUFFER = "line"


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of a log: all its bytes, and what the pattern found in its first line."""

    data: bytes
    found: re.Match[bytes]

    def __getitem__(self, group: str) -> bytes:
        """What a named group of the pattern matched; empty if it took no part."""
        return self.found[group] or b""

    def label(self, layer: str) -> Field:
        """The whole entry, as the heading of its fields."""
        return Field(layer, "", 0, len(self.data), BUFFER, 0, layer)

    def field(self, name: str, value: Value, group: str) -> Field:
        """A field at the bytes that a group of the pattern matched; its layer is the first word of its name."""
        return self.part(name, value, *self.found.span(group))

    def part(self, name: str, value: Value, start: int, stop: int) -> Field:
        """A field at any bytes of the entry."""
        return Field(name, value, start, stop, BUFFER, 0, name.partition(".")[0])

    def many(self, name: str, pattern: re.Pattern[bytes], start: int = 0) -> list[Field]:
        """A field for each place, from `start` on, at which a pattern's first group stands."""
        return [self.part(name, text(each[1]), *each.span(1)) for each in pattern.finditer(self.data, start)]


def entries(
    data: bytes,
    pattern: re.Pattern[bytes],
    *,
    longest: int = LONGEST,
    continued: bool = False,
    accept: Callable[[re.Match[bytes]], bool] = lambda found: True,
) -> Iterator[Entry]:
    """The lines that match a pattern from end to end, in order.

    Others are passed over or, with `continued`, are part of the entry before them (a stack trace, a long statement). A match
    that `accept` refuses is none: a date that there is not.
    """
    open_entry: tuple[list[bytes], re.Match[bytes]] | None = None
    for line in data.splitlines():
        found = pattern.fullmatch(line) if len(line) <= longest else None
        if found is not None and accept(found):
            if open_entry:
                yield Entry(b"\n".join(open_entry[0]), open_entry[1])
            open_entry = [line], found
        elif open_entry and continued:
            open_entry[0].append(line)
    if open_entry:
        yield Entry(b"\n".join(open_entry[0]), open_entry[1])


def event(
    number: int,
    time: int,
    kind: str,
    entry: Entry,
    fields: Sequence[Field],
    summary: str,
    *,
    node: str,
    uncertainty: int,
    protocol: str = "log",
    lane: str = "",
) -> Event:
    """The event of an entry. `time` and `uncertainty` in nanoseconds; entries of one `lane` are in the order they stand in."""
    content = record(list(fields), {BUFFER: entry.data}, summary)
    return Event(number, time, kind, content, protocol, node=node, uncertainty=uncertainty, lane=lane)


def text(data: bytes) -> str:
    """Bytes as characters; what is no UTF-8 is shown as the replacement character."""
    return data.decode("utf-8", "replace")
