"""When a record of the write-ahead log was made, and which system calls wrote and flushed it.

Only commits and aborts carry a time. What the others have is their place in the log, and the log reaches its file by
`pwrite` of whole pages, in order. So for the records between two that have a time, and the writes that covered them:

- nothing is written before it is made, and the server writes a page again only if something was added to it;
- so after the n-th such write at least n records were on file: the n-th record was in it, if not before.

A checkpoint's own records are also bound by the server's log, whose lines name them: it says that a checkpoint starts when
the first is made, and that it is complete when the last is.

A record without a time is therefore shown at the latest moment at which it can have been made: when that write began, or
when the next record with a time was made. Its uncertainty reaches back to the last moment at which it cannot have been there.
"""

import re
from bisect import bisect_left
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, replace
from heapq import merge

from ....model import Event, Field
from ...record import record

SEGMENT = 16 << 20  # bytes of a file of the log, as initdb makes them
SYSCALLS = "strace"
LINES = "pglog"
NEXT = "the next commit's clock"
WRITES = frozenset({"pwrite64", "pwritev", "write"})
FLUSHES = frozenset({"fdatasync", "fsync"})
_COMPLETE = re.compile(
    r"checkpoint complete.* lsn=(?P<lsn>[0-9A-F]+/[0-9A-F]+), redo lsn=(?P<redo>[0-9A-F]+/[0-9A-F]+)"
)


@dataclass(frozen=True, slots=True)
class Call:
    """A write or flush of a file of the log. Times in nanoseconds; a flush covers all of its file."""

    number: int
    file: str
    start: int
    stop: int
    began: int
    ended: int
    flush: bool

    def covers(self, file: str, at: int) -> bool:
        """Whether it wrote the byte at `at` of a file."""
        return self.file == file and self.start <= at < self.stop


def place(events: Sequence[Event], others: Mapping[str, Sequence[Event]]) -> list[Event]:
    """The same records, each with a time, its write and its flush; of several nodes, in the order of their times."""
    nodes = dict.fromkeys(event.node for event in events)
    earliest = min((rows[0].time for rows in others.values() if rows), default=0)
    placed = [
        list(
            _node([e for e in events if e.node == node], _calls(others, node), _said(others, node), earliest)
        )
        for node in nodes
    ]
    calls = {event.number: event for event in others.get(SYSCALLS, ())}
    ordered = merge(*_arrived(placed, calls), key=lambda event: event.time)
    return [replace(event, number=number) for number, event in enumerate(ordered, start=1)]


def _arrived(placed: Sequence[Sequence[Event]], calls: Mapping[int, Event]) -> list[list[Event]]:
    """A record that several nodes hold was made on the one that wrote it first; on the others it is there when they write it."""
    began = [[_began(event, calls) for event in row] for row in placed]
    first: dict[str, tuple[int, int]] = {}
    for node, row in enumerate(placed):
        for event, when in zip(row, began[node], strict=True):
            if when is not None:
                lsn = str(event["wal.lsn"])
                first[lsn] = min(first.get(lsn, (when, node)), (when, node))
    return [
        [
            _copied(event, when) if when is not None and first[str(event["wal.lsn"])][1] != node else event
            for event, when in zip(row, began[node], strict=True)
        ]
        for node, row in enumerate(placed)
    ]


def _began(event: Event, calls: Mapping[int, Event]) -> int | None:
    """When the system call that wrote a record began, if it is known."""
    written = [calls[int(number)] for number in event.values("wal.write")]
    return int(written[0]["syscall.started"]) if written else None


def _copied(event: Event, when: int) -> Event:
    known = [field for name, fields in event.fields.items() if name != "wal.placed" for field in fields]
    told = Field("wal.placed", "the system call that wrote it", 0, 0, "line", 0, "wal")
    content = record([*known, told], event.content.buffers(), event.content.summary())
    return replace(event, time=when, uncertainty=max(when - event.time, event.uncertainty), content=content)


def position(lsn: str) -> int:
    """`0/153E438` as a number of bytes."""
    high, _, low = lsn.partition("/")
    return int(high, 16) << 32 | int(low, 16)


def where(at: int, timeline: int = 1) -> tuple[str, int]:
    """The file of the log that holds a byte, and the byte's place in it."""
    segment, offset = divmod(at, SEGMENT)
    high, low = divmod(segment, (1 << 32) // SEGMENT)
    return f"{timeline:08X}{high:08X}{low:08X}", offset


def _said(others: Mapping[str, Sequence[Event]], node: str) -> dict[int, int]:
    """Place in the log → the time of the server's own line that says that the record there was made."""
    said: dict[int, int] = {}
    began = 0
    for event in others.get(LINES, ()):
        message = str(event["log.message"]) if event.node == node else ""
        if message.startswith("checkpoint starting"):
            began = event.time
        elif found := _COMPLETE.search(message):
            said[position(found["lsn"])] = event.time
            said[position(found["redo"])] = began or event.time
    return said


def _calls(others: Mapping[str, Sequence[Event]], node: str) -> list[Call]:
    calls = [
        _call(event) for event in others.get(SYSCALLS, ())
        if event.node == node and "syscall.path" in event and "/pg_wal/" in str(event["syscall.path"])
    ]  # fmt: skip
    return sorted((call for call in calls if call is not None), key=lambda call: call.began)


def _call(event: Event) -> Call | None:
    name, file = str(event["syscall.name"]), str(event["syscall.path"]).rsplit("/", 1)[-1]
    began = int(event["syscall.started"])
    ended = began + int(event["syscall.duration"]) if "syscall.duration" in event else began
    if name in FLUSHES and event.values("syscall.return") == [0]:
        return Call(event.number, file, 0, SEGMENT, began, ended, True)
    if name in WRITES and "syscall.offset" in event:
        start = int(event["syscall.offset"])
        return Call(event.number, file, start, start + int(event["syscall.length"]), began, ended, False)
    return None


def _node(
    events: Sequence[Event], calls: Sequence[Call], said: Mapping[int, int], earliest: int
) -> Generator[Event, None, None]:
    """One node's records, run by run: those without a time, up to the next that has one."""
    run: list[Event] = []
    known = earliest
    done = -1  # the last write that the records before are known to have needed
    for event in events:
        run.append(event)
        if "wal.time" in event:
            done = yield from _run(run, calls, said, done, known)
            known = event.time
            run = []
    if run:
        yield from _run(run, calls, said, done, known)


def _run(
    run: Sequence[Event], calls: Sequence[Call], said: Mapping[int, int], done: int, known: int
) -> Generator[Event, None, int]:
    """Records of which only the last may have a time; gives the write that the last of them needed."""
    writes = [call for call in calls if not call.flush]
    last = run[-1]
    clock = last.time if "wal.time" in last else None
    until = _until(writes, done, _end(last), clock)
    # The record before may share its write with these; if not, each write that follows brought one of them at least.
    between = [n for n in range(done + 1, until + 1) if _has_any(writes[n], run)] or [until]
    found = []
    for index, event in enumerate(run):
        write = _written(writes, between[min(index, len(between) - 1)], _end(event))
        line = said.get(position(str(event["wal.lsn"])))
        found.append((*_latest(write, clock, line, known), write))
    if clock is not None:
        found[-1] = clock, "", _written(writes, until, _end(last))
    # What stands before another in the log was made before it.
    for index in reversed(range(len(run) - 1)):
        if found[index][0] > found[index + 1][0]:
            found[index] = (*found[index + 1][:1], found[index + 1][1] or NEXT, found[index][2])
    for event, (when, by, write) in zip(run, found, strict=True):
        yield _told(
            event, when, max(when - known, event.uncertainty) if by else event.uncertainty, by, write, calls
        )
    return until


def _until(writes: Sequence[Call], done: int, end: int, clock: int | None) -> int:
    """The write that the last record of a run needed: with a time, the first that began after it; without, the last there is."""
    having = [n for n in range(max(done, 0), len(writes)) if _has(writes[n], end)]
    if clock is None:
        return max((n for n in having if n > done), default=done)
    return next((n for n in having if writes[n].began >= clock), done)


def _latest(write: Call | None, clock: int | None, line: int | None, known: int) -> tuple[int, str]:
    """The earliest of the moments by which a record was there, and what tells so."""
    bounds = [
        (write.began if write else None, "the system call that wrote it"),
        (clock, NEXT),
        (line, "the server's own word"),
    ]
    told = [(moment, by) for moment, by in bounds if moment is not None]
    return min(told) if told else (known, "what came before it")


def _end(event: Event) -> int:
    """The place of a record's last byte, or a little before where page headers lie in between."""
    return position(str(event["wal.lsn"])) + int(event["wal.length"]) - 1


def _has(write: Call, at: int) -> bool:
    return write.covers(*where(at))


def _has_any(write: Call, run: Sequence[Event]) -> bool:
    return any(_has(write, _end(event)) for event in run)


def _written(writes: Sequence[Call], index: int, end: int) -> Call | None:
    """The write at an index if it has the byte, else the next that has."""
    return next((call for call in writes[index:] if _has(call, end)), None) if index >= 0 else None


def _told(
    event: Event, when: int, uncertainty: int, said: str, write: Call | None, calls: Sequence[Call]
) -> Event:
    """The record with its time, and with what was found out about it as fields without bytes of their own."""
    extra = []
    if said:
        extra.append(Field("wal.placed", said, 0, 0, "line", 0, "wal"))
    if write is not None:
        extra.append(Field("wal.write", write.number, 0, 0, "line", 0, "wal"))
        flush = next(
            (
                c
                for c in calls[bisect_left(calls, write.ended, key=lambda c: c.began) :]
                if c.flush and c.file == write.file
            ),
            None,
        )
        if flush is not None:
            extra.append(Field("wal.flush", flush.number, 0, 0, "line", 0, "wal"))
    known = [field for fields in event.fields.values() for field in fields]
    content = record([*known, *extra], event.content.buffers(), event.content.summary())
    return replace(event, time=when, uncertainty=uncertainty, content=content)
