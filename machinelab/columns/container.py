"""Where each packet of a capture file stands: the file is mapped, and only its record headers are walked through.

What is no packet (sections, interfaces, secrets) is read by `sources.container.Reader`, so both speeds know the same.
"""

import gzip
import mmap
import os
import shutil
import stat
import struct
import tempfile
import zlib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

import numpy as np
import numpy.typing as npt

from ..dissect.core import Source
from ..errors import LabError, UsageError
from ..sources.container import LARGEST, LARGEST_BLOCK, MAGICS, PACKET, SIMPLE, Reader, Unreadable, options
from ..sources.pcap import HINT, TLS_KEYS
from .guard import cut, guard
from .records import FURTHEST, Longs, Run, Single

Buffer = mmap.mmap | bytes
TRIES = 3  # to index a file that shrinks meanwhile: what was lost would be read as a mass of empty packets


@dataclass(frozen=True, slots=True)
class Index:
    """Every packet's place and size in `data`, its length on the wire, its time (ns since the epoch) and its interface.

    `source` indexes `sources`. `warnings` say what was wrong with the file after the last packet that is listed. `secrets`
    are the TLS key logs that the file holds.
    """

    mapped: Buffer
    offset: Longs
    captured: npt.NDArray[np.int32]
    length: Longs
    time: Longs
    source: npt.NDArray[np.int32]
    sources: tuple[Source, ...]
    warnings: tuple[str, ...]
    secrets: tuple[bytes, ...] = ()
    far: Mapping[int, int] = field(default_factory=dict)

    @property
    def data(self) -> Buffer:
        """The file's bytes. Raises LabError where the file is shorter by now."""
        if isinstance(self.mapped, mmap.mmap) and cut(self.mapped):
            raise LabError(
                f"The capture has become shorter since it was opened: {self.mapped.size():,} of {len(self.mapped):,} bytes are left.",
                "Copy a capture that something still writes, and open the copy.",
            )
        return self.mapped

    def moment(self, row: int) -> int:
        """When a packet was seen, in ns since the epoch, be it too far away for `time`, which then holds the furthest that it can."""
        return self.far.get(row) or int(self.time[row])

    def comments(self, row: int) -> tuple[str, ...]:
        """What the capture itself says about a packet: the options of its block, if it is a pcapng's."""
        at = int(self.offset[row]) - 28
        if self.data[:4] in MAGICS or at < 0:
            return ()
        order = next((o for o in "<>" if struct.unpack_from(o + "I", self.data, at)[0] == PACKET), "")
        if not order:
            return ()
        size: int = struct.unpack_from(order + "I", self.data, at + 4)[0]
        start = at + 28 + (int(self.captured[row]) + 3 & ~3)
        found = options(self.data, start, at + size - 4, order)
        return tuple(value.decode("utf-8", "replace") for code, value in found if code == 1)


def _far(data: Buffer, time: Longs) -> dict[int, int]:
    """The exact times that do not fit, by row: read one packet after the other, for hardly any file has one."""
    rows = set(np.nonzero(np.abs(time) >= FURTHEST)[0].tolist())
    found: dict[int, int] = {}
    if rows:
        with suppress(Unreadable):  # said already, when the file was indexed
            for row, frame in enumerate(Reader().feed(bytes(data))):
                if row in rows:
                    found[row] = frame.time
    return found


def open_index(path: Path) -> Index:
    """Map a file (unpacking it first, if it is packed) and index it. Raises UsageError if it is no capture at all."""
    for _ in range(TRIES):
        found = _open_index(path)
        if not cut(found.mapped):
            break
    return found


def _open_index(path: Path) -> Index:
    warnings: list[str] = []
    try:
        with path.open("rb") as file:
            data = _mapped(file, path.name, warnings)
    except Unreadable as error:
        raise UsageError(f"{path} is no capture: {error}.", HINT) from error
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror or error}.", HINT) from error
    walk = _Walk(data)
    try:
        walk.through()
    except Unreadable as error:
        if not walk.reader.known:
            raise UsageError(f"{path} is no capture: {error}.", HINT) from error
        warnings.append(f"{path.name} is damaged: {error}. What stands before that was read.")
    if not walk.reader.known:
        raise UsageError(f"{path} is no capture: it is {'empty' if not len(data) else 'too short'}.", HINT)
    if walk.at < len(data) and not warnings:
        warnings.append(f"{path.name} breaks off in the middle of a packet.")
    return walk.index(tuple(warnings))


def _mapped(file: BinaryIO, name: str, warnings: list[str]) -> Buffer:
    if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        with tempfile.TemporaryFile() as copy:  # a pipe cannot be mapped
            shutil.copyfileobj(file, copy, 1 << 20)
            copy.seek(0)
            return _mapped(copy, name, warnings)
    packed = file.read(2) == b"\x1f\x8b"
    file.seek(0)
    if packed:
        with tempfile.TemporaryFile() as plain:
            try:
                with gzip.open(file) as unpacked:
                    begin = unpacked.read(4)
                    # Refuses what is no capture, however much it would come to.
                    list(Reader().feed(begin))
                    plain.write(begin)
                    shutil.copyfileobj(unpacked, plain, 1 << 20)
            except (EOFError, zlib.error, gzip.BadGzipFile) as error:
                warnings.append(f"{name} is damaged: its gzip packing breaks off ({error}).")
            plain.flush()
            return _map(plain)
    return _map(file)


def _map(file: BinaryIO) -> Buffer:
    try:
        data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    except ValueError:  # an empty file cannot be mapped
        return b""
    guard(data)
    return data


class _Walk:
    """One walk through a file, record by record. `at` is where it stands."""

    def __init__(self, data: Buffer) -> None:
        self.data = data
        self.at = 0
        self.reader = Reader()
        self.sources: list[Source] = []
        self._section: list[int] = []  # of the section being read: its interfaces' places in `sources`
        self._runs: list[Run | Single] = []
        self._order = "<"
        self._scale = 0

    def through(self) -> None:
        """Go to the end, or to where the file is broken. Raises Unreadable there."""
        list(self.reader.feed(bytes(self.data[:4])))  # which tells the kind of file, or that it is none
        if self.data[:4] in MAGICS:
            if len(self.data) >= 24:
                list(self.reader.feed(bytes(self.data[4:24])))
                self._pcap()
        elif len(self.data) >= 4:
            self._pcapng()

    def _pcap(self) -> None:
        order, scale = MAGICS[bytes(self.data[:4])]
        self.sources = list(self.reader.sources)
        run = Run(order, scale, ((1, 0),), (0,))
        self._runs.append(run)
        at, stop, data, add = 24, len(self.data) - 16, self.data, run.places.append
        size = struct.Struct(order + "I").unpack_from
        try:
            while at <= stop:
                captured = size(data, at + 8)[0]
                if captured > LARGEST:
                    raise Unreadable(f"at byte {at} a packet claims {captured} bytes")
                if at + 16 + captured > stop + 16:
                    return
                add(at)
                at += 16 + captured
        finally:
            self.at = at

    def _pcapng(self) -> None:
        """Block after block; a run of packets is as long as nothing else stands between them."""
        data, stop = self.data, len(self.data) - 12
        at = 0
        try:
            while at <= stop:
                if data[at : at + 4] == b"\n\r\r\n":
                    self._order = {b"\x1a\x2b\x3c\x4d": ">", b"\x4d\x3c\x2b\x1a": "<"}.get(
                        data[at + 8 : at + 12], ""
                    )
                    if not self._order:
                        raise Unreadable(f"at byte {at} a section begins in no known byte order")
                following = self._packets(at)
                if following == at:
                    following = self._other(at)
                if following == at:
                    return
                at = following
        finally:
            self.at = at

    def _packets(self, at: int) -> int:
        """Packet blocks from `at` on, as many as there are; gives where they end."""
        data, end = self.data, len(self.data)
        head, tail = struct.Struct(self._order + "IIIIII"), struct.Struct(self._order + "I")
        run = Run(self._order, 0, self.reader.resolutions, tuple(self._section))
        add, interfaces = run.places.append, len(run.resolutions)
        first = at
        try:
            while at + 32 <= end:
                kind, size, interface, _, _, captured = head.unpack_from(data, at)
                if (
                    kind != PACKET
                    or size % 4
                    or size > LARGEST_BLOCK
                    or size < captured + 32
                    or at + size > end
                ):
                    break
                if (
                    captured > LARGEST
                    or interface >= interfaces
                    or tail.unpack_from(data, at + size - 4)[0] != size
                ):
                    break
                add(at)
                at += size
        finally:
            if at > first:
                _, _, interface, high, low, _ = head.unpack_from(data, run.places[-1])
                self.reader.timed(interface, high, low)  # for a block after them that has none of its own
                self._runs.append(run)
        return at

    def _other(self, at: int) -> int:
        """A block that is no (good) packet block: as the other reader takes it. Gives `at` where it is not complete."""
        reader = self.reader
        begins = self.data[at : at + 4] == b"\n\r\r\n"
        frame, size = reader.block(self.data, at)
        if not size:
            return at
        if begins:
            self._section = []
        for source in reader.sources[len(self._section) :]:
            self._section.append(len(self.sources))
            self.sources.append(source)
        if frame is not None:
            start = at + (12 if struct.unpack_from(self._order + "I", self.data, at)[0] == SIMPLE else 28)
            self._runs.append(
                Single((start, len(frame.data), frame.length, frame.time, self._section[frame.source.index]))
            )
        return at + size

    def index(self, warnings: tuple[str, ...]) -> Index:
        """What was found, as columns."""
        data = np.frombuffer(self.data, np.uint8) if len(self.data) else np.zeros(0, np.uint8)
        parts = [run.columns(data) for run in self._runs]
        offset, captured, length, time, source = (
            np.concatenate([part[column] for part in parts]) if parts else np.zeros(0, np.int64)
            for column in range(5)
        )
        return Index(
            self.data,
            offset,
            captured.astype(np.int32),
            length,
            time,
            source.astype(np.int32),
            tuple(self.sources),
            warnings,
            tuple(text for kind, text in self.reader.secrets if kind == TLS_KEYS),
            _far(self.data, time),
        )
