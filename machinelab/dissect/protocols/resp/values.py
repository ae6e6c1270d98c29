"""Where values of RESP end, versions 2 and 3.

Redis's documentation, "Redis serialization protocol specification"; RESP3's own: redis/redis-specifications, protocol/RESP3.md.
Streamed strings and aggregates (`$?`, `*?`) are in RESP3's specification, and no server sends them: they are none of ours.
"""

import re
from dataclasses import dataclass, field

CRLF = b"\r\n"
LINE = 1 << 16  # bytes of a line: Redis's PROTO_INLINE_MAX_SIZE, server.h
OPEN = 1 << 26  # values that one message may still promise; more is no message
STRINGS = {ord("$"): "bulk_string", ord("!"): "bulk_error", ord("="): "verbatim_string"}
AGGREGATES = {ord("*"): "array", ord("~"): "set", ord(">"): "push", ord("%"): "map", ord("|"): "attribute"}
PAIRS = {ord("%"), ord("|")}  # their length counts pairs
ATTRIBUTE, PUSH, ARRAY, BULK = ord("|"), ord(">"), ord("*"), ord("$")
LENGTH = re.compile(rb"-1|\d{1,18}")
SCALARS = {
    ord("+"): re.compile(rb"[^\r\n]*"),
    ord("-"): re.compile(rb"[^\r\n]*"),
    ord(":"): re.compile(rb"[+-]?\d{1,19}"),
    ord("_"): re.compile(rb""),
    ord("#"): re.compile(rb"[tf]"),
    ord(","): re.compile(rb"[+-]?(?:inf|nan|\d+(?:\.\d*)?(?:[eE][+-]?\d+)?)"),
    ord("("): re.compile(rb"[+-]?\d+"),
}
KINDS = frozenset({*STRINGS, *AGGREGATES, *SCALARS})


def line_end(data: bytes | bytearray, at: int) -> int:
    """Where the line that a value begins with ends, before its CR LF; 0: not there yet, −1: it never will be."""
    end = data.find(CRLF, at + 1, at + 1 + LINE)
    if end >= 0:
        return end
    return -1 if len(data) - at > LINE else 0


def length(data: bytes | bytearray, at: int, end: int) -> int | None:
    """The number in the line of a string or an aggregate; −1 is RESP2's null. None: it is none."""
    written = bytes(data[at + 1 : end])
    return int(written) if LENGTH.fullmatch(written) else None


@dataclass(slots=True)
class Scan:
    """How far into a message its values have been walked, so that no byte is looked at twice, however many segments it comes in.

    `at` counts from the message's start, `left` values are still to come; `head` is how it begins, by which it is known again.
    """

    at: int = 0
    left: int = 1
    head: bytes = field(default=b"")

    def size(self, data: bytes | bytearray, start: int) -> int:
        """Bytes of the message at `start`: 0 not known yet, −1 it is none."""
        if not self.head or not data.startswith(self.head, start):
            self.at, self.left = 0, 1
        self.head = bytes(data[start : start + 32])
        while self.left:
            found = self._value(data, start + self.at)
            if found <= 0:
                return found
            self.at = found - start
        size, self.head = self.at, b""
        return size

    def _value(self, data: bytes | bytearray, at: int) -> int:
        """Where the next value ends, of an aggregate its first line; 0 not known yet, −1 it is none."""
        if at >= len(data):
            return 0
        kind, end = data[at], line_end(data, at)
        if kind not in KINDS or end < 0:
            return -1
        if end == 0:
            return 0
        if kind in SCALARS:
            stop = end + 2 if SCALARS[kind].fullmatch(data, at + 1, end) else -1
        elif kind in STRINGS:
            stop = _string(data, at, end)
        else:
            stop = self._aggregate(data, at, end)
        if stop > 0:
            self.left -= 1
        return stop

    def _aggregate(self, data: bytes | bytearray, at: int, end: int) -> int:
        count = length(data, at, end)
        if count is None:
            return -1
        kind = data[at]
        self.left += max(count, 0) * (2 if kind in PAIRS else 1) + (kind == ATTRIBUTE)
        return end + 2 if self.left <= OPEN else -1


def _string(data: bytes | bytearray, at: int, end: int) -> int:
    count = length(data, at, end)
    if count is None:
        return -1
    if count < 0:
        return end + 2
    stop = end + 2 + count + 2
    if stop > len(data):
        return 0
    return stop if data.startswith(CRLF, stop - 2) else -1


def words(data: bytes | bytearray, start: int, most: int) -> list[bytes]:
    """The first bulk strings of an array or a push, `most` at the most; none of any other value."""
    end = line_end(data, start)
    if end <= 0 or data[start] not in (ARRAY, PUSH):
        return []
    found: list[bytes] = []
    for _ in range(min(length(data, start, end) or 0, most)):
        at = end + 2
        end = line_end(data, at) if at < len(data) and data[at] == BULK else 0
        count = length(data, at, end) if end > 0 else None
        if count is None or count < 0 or end + 2 + count > len(data):
            break
        found.append(bytes(data[end + 2 : end + 2 + count]))
        end += 2 + count
    return found


def many(data: bytes | bytearray, start: int) -> int:
    """How many elements the array at `start` has; 0 of anything else."""
    end = line_end(data, start)
    return (length(data, start, end) or 0) if end > 0 and data[start] == ARRAY else 0
