"""PostgreSQL's write-ahead log, record by record, from `pg_waldump`'s lines; in time by `place`."""

import re
from collections.abc import Mapping, Sequence

from ....model import Event, Field, Value
from ...clock import date
from ...lines import text
from ...record import record
from .place import place as placed

KIND = "pgwal"
MICROSECOND = 1_000  # ns; the commit's clock

_LINE = re.compile(
    rb"rmgr: (?P<rmgr>\w+) +len \(rec/tot\): +(?P<part>\d+)/ *(?P<length>\d+), tx: +(?P<xid>\d+), "
    rb"lsn: (?P<lsn>[0-9A-F]+/[0-9A-F]+), prev (?P<prev>[0-9A-F]+/[0-9A-F]+), desc: (?P<info>.*)"
)
_RECORD = re.compile(rb"(?P<record>[A-Z][A-Z0-9_+]*)")
_BLOCK = re.compile(
    rb"blkref #\d+: rel (?P<rel>\d+/\d+/\d+)(?: fork (?P<fork>\w+))? blk (?P<blk>\d+)(?P<fpw> FPW)?"
)
_TIME = re.compile(rb"(?P<time>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{1,6})?) (?:UTC|GMT)")
_TIMED = (b"COMMIT", b"ABORT", b"COMMIT_PREPARED", b"ABORT_PREPARED")


def load(data: bytes, node: str) -> list[Event]:
    """The records in the order of the log. Commits and aborts have their time; the rest have that of the next that has one."""
    return [_event(number, line, found, node) for number, (line, found) in enumerate(_lines(data), start=1)]


def place(
    events: Sequence[Event], others: Mapping[str, Sequence[Event]], names: Mapping[str, str] | None = None
) -> list[Event]:
    """Times for all: see `place`."""
    return placed(events, others)


def _lines(data: bytes) -> list[tuple[bytes, re.Match[bytes]]]:
    return [(line, found) for line in data.splitlines() if (found := _LINE.fullmatch(line))]


def _event(number: int, line: bytes, found: re.Match[bytes], node: str) -> Event:
    fields = [Field("wal", "", 0, len(line), "line", 0, "wal"), *_header(found), *_blocks(line, found)]
    kind = _RECORD.match(line, found.start("info"))
    if kind:
        fields.append(Field("wal.record", text(kind["record"]), *kind.span("record"), "line", 0, "wal"))
    time = _clock(line, found, kind["record"] if kind else b"")
    if time is not None:
        fields.append(time)
    content = record(fields, {"line": line}, _summary(found, kind["record"] if kind else b"", line))
    when = int(time.value) if time is not None else 0
    return Event(number, when, KIND, content, "wal", node=node, uncertainty=MICROSECOND, lane=node)


def _header(found: re.Match[bytes]) -> list[Field]:
    def field(name: str, group: str, value: Value) -> Field:
        return Field(name, value, *found.span(group), "line", 0, "wal")

    return [
        field("wal.rmgr", "rmgr", text(found["rmgr"])),
        field("wal.length.record", "part", int(found["part"])),
        field("wal.length", "length", int(found["length"])),
        field("wal.xid", "xid", int(found["xid"])),
        field("wal.lsn", "lsn", text(found["lsn"])),
        field("wal.prev", "prev", text(found["prev"])),
        field("wal.info", "info", text(found["info"])),
    ]


def _blocks(line: bytes, found: re.Match[bytes]) -> list[Field]:
    """The pages it changes, and how many of them it carries whole."""
    fields, copies = [], 0
    for number, block in enumerate(_BLOCK.finditer(line, found.start("info")), start=1):
        group = f"wal/Blocks/{number}"
        fields.append(Field("wal.rel", text(block["rel"]), *block.span("rel"), "line", 0, group))
        fields.append(Field("wal.blk", int(block["blk"]), *block.span("blk"), "line", 0, group))
        copies += block["fpw"] is not None
    size = int(found["length"]) - int(found["part"])
    return [
        *fields,
        Field("wal.fpi", copies, 0, 0, "line", 0, "wal"),
        Field("wal.fpi.length", size, 0, 0, "line", 0, "wal"),
    ]


def _clock(line: bytes, found: re.Match[bytes], kind: bytes) -> Field | None:
    time = _TIME.search(line, found.start("info")) if kind in _TIMED else None
    if time is None:
        return None
    value = date(time["time"])
    return None if value is None else Field("wal.time", value, *time.span("time"), "line", 0, "wal")


def _summary(found: re.Match[bytes], kind: bytes, line: bytes) -> str:
    """`Transaction COMMIT  34 bytes`, `Heap HOT_UPDATE  8,220 bytes, 1 page whole`."""
    copies = sum(block["fpw"] is not None for block in _BLOCK.finditer(line, found.start("info")))
    whole = f", {copies} page{'s' if copies > 1 else ''} whole" if copies else ""
    return f"{text(found['rmgr'])} {text(kind)}  {int(found['length'])} bytes{whole}"
