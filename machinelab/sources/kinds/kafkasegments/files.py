"""What the files of a partition hold: batches, entries of the two indexes, the epochs of its leaders."""

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from ....dissect.budget import Budget
from ....dissect.core import Frame, PacketInfo, Raw, Short, Source, View
from ....dissect.protocols.kafka.batch import PREFIX
from ....dissect.protocols.kafka.batch import batches as read_batches
from ....dissect.protocols.kafka.reader import Cut, Reader
from ....model import Event, Field, Value
from ...record import Record, record

MOST = 100_000  # pieces of one file: more than anybody looks at
INDEX, TIMEINDEX = struct.Struct(">ii"), struct.Struct(">qi")
NOBODY = PacketInfo(0, Frame(0, b"", 0, Source(0, 1)), 0, 0)
GROUP = "segment"


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of bytes of a file: `values` by their names, each with where in the piece it stands; `read` what else was read of it."""

    partition: str
    file: str
    position: int
    data: bytes
    summary: str
    values: tuple[tuple[str, Value, int, int], ...] = ()
    read: tuple[Raw, ...] = ()
    buffers: dict[str, bytes] = field(default_factory=dict)

    def event(self, number: int, node: str, kind: str) -> Event:
        """The event of it."""
        made: list[tuple[str, Value]] = [
            ("partition", self.partition),
            ("file", self.file),
            ("position", self.position),
            ("size", len(self.data)),
        ]
        if kind.endswith("kept"):
            made.append(("kept", True))
        fields = [
            Field("segment", "", 0, len(self.data), "segment", 0, GROUP),
            *(Field(f"segment.{name}", value, 0, 0, "segment", 0, GROUP) for name, value in made),
            *(Field(f"segment.{name}", value, start, stop, "segment", 0, GROUP) for name, value, start, stop in self.values),
            *(Field._make(item) for item in self.read),
        ]  # fmt: skip
        content = record(fields, {"segment": self.data, **self.buffers}, f"{self.partition}  {self.summary}")
        return Event(number, 0, kind, content, "segment", node=node, lane=node)


def sent_in(event: Event, packet: int) -> Record:
    """The content of a batch's event, with the packet that brought it."""
    content = event.content
    assert isinstance(content, Record)
    tie = Field("segment.sent_in", packet, 0, 0, "segment", 0, GROUP)
    return Record({**content.held, tie.name: (tie,)}, content.parts, content.line)


def batches_of(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Where each batch begins, and its bytes; the last may be cut short."""
    at = 0
    for _ in range(MOST):
        if at >= len(data):
            return
        size = int.from_bytes(data[at + 8 : at + PREFIX], "big", signed=True) + PREFIX
        stop = at + size if size > PREFIX and at + PREFIX <= len(data) else len(data)
        yield at, data[at:stop]
        at = stop


def batches(partition: str, name: str, data: bytes) -> Iterator[Piece]:
    """A segment: batch after batch, of which no more is unpacked than of one packet."""
    room = Budget()
    for at, piece in batches_of(data):
        if not any(piece):
            return  # room that was taken before there was anything to write
        out: list[Raw] = []
        view = View(NOBODY, piece, "segment", out)
        view.budget = room  # of the whole file
        try:
            read_batches(Reader(view, 0, len(piece)), 0, len(piece))
        except (Short, Cut):
            out.append(("_ws.malformed", "segment", 0, 0, "segment", 0, GROUP))
        buffers = {name: data for name, data in view.buffers.items() if name != "segment"}
        yield Piece(partition, name, at, piece, _said(out, at), _base(name), tuple(out), buffers)


def _base(name: str) -> tuple[tuple[str, Value, int, int], ...]:
    return (("base_offset", _begins(name), 0, 0),)


def _begins(name: str) -> int:
    """The offset that a segment begins with: its file's name."""
    digits = re.match(r"\d+", name)
    return int(digits[0]) if digits else 0


def _said(out: list[Raw], at: int) -> str:
    known: dict[str, Value] = {}
    for item in out:
        known.setdefault(item[0], item[1])
    if "kafka.truncated_content" in known:
        return f"a batch cut short at byte {at}"
    first, last = known.get("kafka.base_offset", 0), known.get("kafka.last_offset", 0)
    offsets = f"offset {first!s}" if first == last else f"offsets {first!s} to {last!s}"
    left = [item[1] for item in out if item[0] == "kafka.record.offset"]
    here = (
        ""
        if isinstance(first, int) and isinstance(last, int) and len(left) == last - first + 1
        else f", {len(left)} left"
    )
    return f"{offsets}{here}  epoch {known.get('kafka.leader_epoch')!s}  at byte {at}"


def index(partition: str, name: str, data: bytes) -> Iterator[Piece]:
    """An offset index: relative offset and position, four bytes each."""
    for at in _entries(data, INDEX.size):
        offset, position = INDEX.unpack_from(data, at)
        base = _begins(name)
        values = (
            *_base(name),
            ("index.relative_offset", offset, 0, 4),
            ("index.offset", base + offset, 0, 4),
            ("index.position", position, 4, 8),
        )
        yield Piece(
            partition, name, at, data[at : at + 8], f"offset {base + offset} is at byte {position}", values
        )


def timeindex(partition: str, name: str, data: bytes) -> Iterator[Piece]:
    """A time index: a time in milliseconds, eight bytes, and a relative offset, four."""
    for at in _entries(data, TIMEINDEX.size):
        time, offset = TIMEINDEX.unpack_from(data, at)
        base = _begins(name)
        values = (
            *_base(name),
            ("timeindex.timestamp", time * 10**6, 0, 8),
            ("timeindex.relative_offset", offset, 8, 12),
            ("timeindex.offset", base + offset, 8, 12),
        )
        said = f"the newest record up to here is offset {base + offset}"
        yield Piece(partition, name, at, data[at : at + 12], said, values)


def _entries(data: bytes, size: int) -> Iterator[int]:
    """Where entries begin. A file that is written to is longer than its entries: the rest is zeros."""
    used = len(data.rstrip(b"\0"))
    count = min(-(-used // size), len(data) // size, MOST)
    if count == 0 and len(data) == size:
        count = 1  # one entry of zeros is an entry
    return (number * size for number in range(count))


def epochs(partition: str, name: str, data: bytes) -> Iterator[Piece]:
    """Which leader's epoch began where: two numbers a line, after a version and a count."""
    at = 0
    for number, line in enumerate(data.splitlines(keepends=True)[:MOST]):
        found = re.fullmatch(rb"(\d{1,18}) (\d{1,18})\s*", line)
        if number >= 2 and found:
            epoch, start = int(found[1]), int(found[2])
            values = (("epoch", epoch, *found.span(1)), ("epoch.start", start, *found.span(2)))
            yield Piece(partition, name, at, line, f"epoch {epoch} begins at offset {start}", values)
        at += len(line)
