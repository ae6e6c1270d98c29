"""SQLite's write-ahead log, byte for byte: its header and its frames, and which of them a reader takes.

https://sqlite.org/fileformat2.html, section 4: a frame counts if its salts are the header's, if the checksum is right, which
goes on from frame to frame, and if a frame at or after it, just as good, commits (4.1 to 4.3).
"""

import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from operator import attrgetter

from ...model import Event, Field, Value
from ..record import record

KIND = "sqlitewal"
SYSCALLS = "strace"
ENDING = "-wal"
HEADER, FRAME = 32, 24
MAGIC = 0x377F0682  # or one more: then checksums read big-endian words
MOST = 100_000  # frames; more than anybody looks at

_HEAD = ("magic", "version", "pagesize", "sequence", "salt1", "salt2", "checksum1", "checksum2")
_FRAME = ("page", "commit", "salt1", "salt2", "checksum1", "checksum2")


@dataclass(frozen=True, slots=True)
class Frame:
    """A frame as it lies in the file; `why` it cannot be used, empty if it can."""

    number: int
    offset: int
    data: bytes
    missing: int
    why: str

    @property
    def commit(self) -> int:
        """The database's size in pages, if the frame ends a transaction."""
        return int.from_bytes(self.data[4:8], "big") if len(self.data) >= 8 else 0


def load(data: bytes, node: str) -> list[Event]:
    """The header, then each frame, as they lie in the file. None has a time until `place` gives it one."""
    if not data:
        return []
    frames = list(_frames(data))
    good = max((frame.number for frame in frames if not frame.why and frame.commit), default=0)
    events = [_header(data, node)]
    return [*events, *(_frame(frame, frame.number <= good, node) for frame in frames)]


def place(
    events: Sequence[Event], others: Mapping[str, Sequence[Event]], names: Mapping[str, str] | None = None
) -> list[Event]:
    """Each piece at the system call that wrote its first byte; where none was seen, with the piece before it."""
    placed: list[Event] = []
    first = min((rows[0].time for rows in others.values() if rows), default=0)
    for event in events:
        write = next((call for call in others.get(SYSCALLS, ()) if _wrote(call, event)), None)
        before = placed[-1].time if placed else first
        when = max(write.time, before) if write else before
        placed.append(replace(event, time=when, uncertainty=write.uncertainty if write else 0))
    ordered = sorted(placed, key=attrgetter("time"))
    return [replace(event, number=number) for number, event in enumerate(ordered, start=1)]


def _wrote(call: Event, event: Event) -> bool:
    return (
        call.node == event.node
        and call.values("syscall.name") == ["pwrite64"]
        and str(call["syscall.path"]).endswith(ENDING)
        and call.values("syscall.offset") == [event["sqlitewal.offset"]]
    )


def _frames(data: bytes) -> Iterator[Frame]:
    """Frame after frame; once one is not valid, none after it is: the checksum goes on from frame to frame."""
    if len(data) < HEADER:
        return
    magic, _, size, _, *salts, first, second = struct.unpack_from(">8I", data)
    order = ">" if magic & 1 else "<"
    sums = checksum(data[:24], (0, 0), order)
    why = "" if sums == (first, second) and magic & ~1 == MAGIC else "the header's checksum is wrong"
    if not 512 <= size <= 65536 or size & (size - 1):
        return
    step, broken = FRAME + size, ""
    for number, offset in enumerate(range(HEADER, len(data), step), start=1):
        if number > MOST:
            return
        piece = data[offset : offset + step]
        if not why and len(piece) < step:
            why = "the file ends inside it"
        elif not why:
            sums = checksum(piece[FRAME:], checksum(piece[:8], sums, order), order)
            why = _wrong(piece, salts, sums)
        yield Frame(number, offset, piece, step - len(piece), why)
        if why and not broken:
            broken = why = f"frame {number}, before it, is not good"


def _wrong(piece: bytes, salts: Sequence[int], sums: tuple[int, int]) -> str:
    said = struct.unpack_from(">4I", piece, 8)
    if list(said[:2]) != list(salts):
        return "its salts are of an older log"
    return "" if said[2:] == sums else "its checksum is wrong"


def checksum(data: bytes, sums: tuple[int, int], order: str) -> tuple[int, int]:
    """Section 4.2: pairs of 32-bit words, added up so that their order matters."""
    first, second = sums
    words = struct.unpack(f"{order}{len(data) // 8 * 2}I", data[: len(data) // 8 * 8])
    for one, other in zip(words[::2], words[1::2], strict=True):
        first = (first + one + second) & 0xFFFFFFFF
        second = (second + other + first) & 0xFFFFFFFF
    return first, second


def _words(data: bytes, names: Sequence[str]) -> list[Field]:
    """The numbers that stand at the beginning of a piece, as far as they are there."""
    return [
        Field(
            f"sqlitewal.{name}", int.from_bytes(data[at : at + 4], "big"), at, at + 4, "wal", 0, "sqlitewal"
        )
        for at, name in zip(range(0, len(data) - 3, 4), names, strict=False)
    ]


def _made(name: str, value: Value) -> Field:
    return Field(f"sqlitewal.{name}", value, 0, 0, "wal", 0, "sqlitewal")


def _header(data: bytes, node: str) -> Event:
    piece = data[:HEADER]
    fields = [
        Field("sqlitewal", "", 0, len(piece), "wal", 0, "sqlitewal"),
        *_words(piece, _HEAD),
        _made("offset", 0),
    ]
    size = int.from_bytes(piece[8:12], "big")
    said = f"log header  pages of {size} bytes" if len(piece) == HEADER else "log header, cut short"
    return Event(1, 0, KIND, record(fields, {"wal": piece}, said), "sqlitewal", node=node, lane=node)


def _frame(frame: Frame, counts: bool, node: str) -> Event:
    data = frame.data
    fields = [
        Field("sqlitewal", "", 0, len(data), "wal", 0, "sqlitewal"),
        *_words(data[:FRAME], _FRAME),
        Field("sqlitewal.data", data[FRAME:], min(FRAME, len(data)), len(data), "wal", 0, "sqlitewal"),
        _made("frame", frame.number),
        _made("offset", frame.offset),
        _made("valid", not frame.why),
        _made("counts", counts and not frame.why),
    ]
    if frame.missing:
        fields.append(_made("missing", frame.missing))
    why = frame.why or ("" if counts else "no frame that commits comes after it")
    if why:
        fields.append(_made("why", why))
    return Event(
        frame.number + 1,
        0,
        KIND,
        record(fields, {"wal": data}, _summary(frame, why)),
        "sqlitewal",
        node=node,
        lane=node,
    )


def _summary(frame: Frame, why: str) -> str:
    """`frame 2  page 2, commits`, `frame 3  page 2  does not count: its checksum is wrong`."""
    page = int.from_bytes(frame.data[:4], "big")
    commits = ", commits" if frame.commit else ""
    return f"frame {frame.number}  page {page}{commits}" + (f"  does not count: {why}" if why else "")
