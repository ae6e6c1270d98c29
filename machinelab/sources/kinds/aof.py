"""Redis's append-only file: every write as the request that made it, one after another. Redis's documentation, "Redis persistence".

A record is an array of strings, as on the wire. `#TS:1796098769` before one is an annotation (aof-timestamp-enabled). The file may end
in the middle of a record, where the server was killed: that one does not count. Records carry no time of their own: `place` gives
each that of the system call that wrote it.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from ...model import Event, Field
from ..lines import text
from ..record import record

KIND = "aof"
SYSCALLS = "strace"
ENDING = ".incr.aof"
MOST = 100_000  # records; more than anybody looks at
WORDS = 64  # words of a record that become fields
SHOWN = 100  # characters of a record in a list

_COUNT = re.compile(rb"\*(\d{1,9})\r\n")
_LENGTH = re.compile(rb"\$(\d{1,12})\r\n")
_NOTE = re.compile(rb"#[^\r\n]*\r\n")


@dataclass(frozen=True, slots=True)
class Record:
    """A request in the file: where it begins and ends, and each word's place; `whole` unless the file ends inside it."""

    start: int
    stop: int
    words: tuple[tuple[int, int], ...]
    whole: bool


def load(data: bytes, node: str) -> list[Event]:
    """The records of one file, in its order. None has a time until `place` gives it one; what is no record ends the reading."""
    return [_event(number, found, data, node) for number, found in enumerate(_records(data), start=1)]


def place(
    events: Sequence[Event], others: Mapping[str, Sequence[Event]], names: Mapping[str, str] | None = None
) -> list[Event]:
    """Each record at the system call that wrote its first byte; where none was seen, with the record before it."""
    writes = [call for call in others.get(SYSCALLS, ()) if _appends(call)]
    ends = list(accumulate(_size(call) for call in writes))
    first = min((rows[0].time for rows in others.values() if rows), default=0)
    placed: list[Event] = []
    at = 0
    for event in events:
        offset = int(str(event["aof.offset"]))
        while at < len(ends) and ends[at] <= offset:
            at += 1
        before = placed[-1].time if placed else first
        call = writes[at] if at < len(writes) and writes[at].node == event.node else None
        placed.append(
            replace(
                event,
                time=max(call.time, before) if call else before,
                uncertainty=call.uncertainty if call else 0,
            )
        )
    return placed


def _appends(call: Event) -> bool:
    return call.values("syscall.name") == ["write"] and str(call.values("syscall.path")[:1]).endswith(
        f"{ENDING}']"
    )


def _size(call: Event) -> int:
    said = call.values("syscall.return") or call.values("syscall.length")
    return max(0, int(str(said[0]))) if said else 0


def _records(data: bytes) -> Iterator[Record]:
    at = 0
    for _ in range(MOST):
        while note := _NOTE.match(data, at):
            at = note.end()
        if at >= len(data):
            return
        found = _record(data, at)
        if found is None:
            return
        yield found
        if not found.whole:
            return
        at = found.stop


def _record(data: bytes, start: int) -> Record | None:
    head = _COUNT.match(data, start)
    if head is None:
        return Record(start, len(data), (), False) if data[start : start + 1] == b"*" else None
    at, words = head.end(), list[tuple[int, int]]()
    for _ in range(int(head[1])):
        size = _LENGTH.match(data, at)
        stop = size.end() + int(size[1]) if size else len(data)
        if size is None or stop + 2 > len(data):
            return Record(start, len(data), tuple(words), False)
        words.append((size.end(), stop))
        at = stop + 2
    return Record(start, at, tuple(words), True)


def _event(number: int, found: Record, data: bytes, node: str) -> Event:
    piece, start = data[found.start : found.stop], found.start
    said = [text(data[begin:stop]) for begin, stop in found.words[:WORDS]]
    fields = [
        Field("aof", "", 0, len(piece), "aof", 0, "aof"),
        Field("aof.offset", start, 0, 0, "aof", 0, "aof"),
        Field("aof.whole", found.whole, 0, 0, "aof", 0, "aof"),
        *(
            Field(
                "aof.argument" if at else "aof.command",
                word if at else word.upper(),
                begin - start,
                stop - start,
                "aof",
                0,
                "aof",
            )
            for at, (word, (begin, stop)) in enumerate(zip(said, found.words, strict=False))
        ),
    ]
    shown = " ".join(said)[:SHOWN] + ("" if found.whole else "  cut short: it does not count")
    return Event(number, 0, KIND, record(fields, {"aof": piece}, shown), "AOF", node=node, lane=node)
