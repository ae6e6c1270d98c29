"""Capture files as they grow: pcapng (draft-ietf-opsawg-pcapng) and pcap (draft-ietf-opsawg-pcap), bytes in, frames out."""

import mmap
import struct
from collections.abc import Iterator

from ..dissect.core import Frame, Source

LARGEST = 262_144  # bytes of a frame: what libpcap and Wireshark take for the most there can be
LARGEST_BLOCK = 16 << 20  # a block of more than that is not one; secrets and name lists stay far below
SECTION, INTERFACE, OLD_PACKET, SIMPLE, PACKET, SECRETS = 0x0A0D0D0A, 1, 2, 3, 6, 10
MAGICS = {
    b"\xa1\xb2\xc3\xd4": (">", 1000), b"\xd4\xc3\xb2\xa1": ("<", 1000),
    b"\xa1\xb2\x3c\x4d": (">", 1), b"\x4d\x3c\xb2\xa1": ("<", 1),
}  # fmt: skip

# Captures of other kinds, refused by their names (wiretap/*.c of Wireshark). tcpdump of old patched Linux kernels wrote the first two.
OTHERS = {
    b"\xa1\xb2\xcd\x34": "a modified pcap (magic 0xa1b2cd34)", b"\x34\xcd\xb2\xa1": "a modified pcap (magic 0xa1b2cd34)",
    b"snoo": "a snoop capture", b"RTSS": "a Network Monitor capture", b"GMBU": "a Network Monitor capture",
    b"XCP\0": "a Sniffer capture", b"\x28\xb5\x2f\xfd": "packed with zstd", b"\x04\x22\x4d\x18": "packed with LZ4",
}  # fmt: skip


class Unreadable(Exception):
    """The bytes are no capture file, or stop being one; says at which offset."""


class Reader:
    """Takes a capture file in pieces of any size. `secrets` are its key logs, by type (0x544c534b: TLS)."""

    def __init__(self) -> None:
        self.sources: list[Source] = []
        self.secrets: list[tuple[int, bytes]] = []
        self._rest = b""
        self._offset = 0
        self._kind = ""
        self._order = "<"
        self._scale = 1
        self._section = 0
        self._resolutions: list[tuple[int, int]] = []
        self._snap: list[int] = []
        self._last = 0

    def feed(self, data: bytes) -> Iterator[Frame]:
        """The frames that are complete now. Raises Unreadable, after the last good frame, where the file is broken."""
        rest = self._rest + data if self._rest else data
        self._rest = rest
        if not self._kind and not self._begin():
            return
        at = 0
        try:
            while True:
                frame, size = self._next(rest, at)
                if not size:
                    break
                at += size
                if frame is not None:
                    yield frame
        finally:
            self._rest = rest[at:]
            self._offset += at

    def block(self, data: bytes | mmap.mmap, at: int) -> tuple[Frame | None, int]:
        """The pcapng block at an offset: a frame, if it holds one, and its size; 0 if it is not complete. Raises Unreadable."""
        self._offset = 0
        return self._block(data, at)

    @property
    def resolutions(self) -> tuple[tuple[int, int], ...]:
        """How each interface of the section counts time: ns a tick (negative: ticks a second), and ns to add."""
        return tuple(self._resolutions)

    def leftover(self) -> int:
        """How many bytes at the end belong to nothing that is complete."""
        return len(self._rest)

    @property
    def known(self) -> bool:
        """Whether enough has come to tell that this is a capture file."""
        return bool(self._kind)

    def _begin(self) -> bool:
        """Tell the two formats apart by their first four bytes, and read pcap's header."""
        rest = self._rest
        if len(rest) < 4:
            return False
        if rest[:4] == b"\n\r\r\n":
            self._kind = "pcapng"
            return True
        if rest[:4] not in MAGICS:
            kind = OTHERS.get(rest[:4])
            raise Unreadable(
                f"it is {kind}, which is not read here"
                if kind
                else "its first bytes are neither pcap's nor pcapng's"
            )
        if len(rest) < 24:
            return False
        self._order, self._scale = MAGICS[rest[:4]]
        link = struct.unpack_from(self._order + "I", rest, 20)[0] & 0x0FFFFFFF
        self.sources.append(Source(0, link))
        self._kind = "header"
        return True

    def _next(self, rest: bytes, at: int) -> tuple[Frame | None, int]:
        """What stands at `at`: a frame, if it is one, and its size; 0 if it is not complete."""
        if self._kind == "pcapng":
            return self._block(rest, at)
        if self._kind == "header":
            self._kind = "pcap"
            return None, 24
        return self._record(rest, at)

    def _record(self, rest: bytes, at: int) -> tuple[Frame | None, int]:
        if len(rest) - at < 16:
            return None, 0
        seconds, fraction, captured, length = struct.unpack_from(self._order + "IIII", rest, at)
        if captured > LARGEST:
            raise Unreadable(f"at byte {self._offset + at} a packet claims {captured} bytes")
        if len(rest) - at - 16 < captured:
            return None, 0
        time = seconds * 1_000_000_000 + fraction * self._scale
        return Frame(time, rest[at + 16 : at + 16 + captured], length, self.sources[0]), 16 + captured

    def _block(self, rest: bytes | mmap.mmap, at: int) -> tuple[Frame | None, int]:
        if len(rest) - at < 12:
            return None, 0
        if rest[at : at + 4] == b"\n\r\r\n":
            self._order = {b"\x1a\x2b\x3c\x4d": ">", b"\x4d\x3c\x2b\x1a": "<"}.get(rest[at + 8 : at + 12], "")
            if not self._order:
                raise Unreadable(f"at byte {self._offset + at} a section begins in no known byte order")
        kind, size = struct.unpack_from(self._order + "II", rest, at)
        if size < 12 or size % 4 or size > LARGEST_BLOCK:
            raise Unreadable(f"at byte {self._offset + at} a block claims {size} bytes")
        if len(rest) - at < size:
            return None, 0
        if struct.unpack_from(self._order + "I", rest, at + size - 4)[0] != size:
            raise Unreadable(f"at byte {self._offset + at} a block's two lengths differ")
        try:
            return self._content(kind, rest, at + 8, at + size - 4), size
        except (struct.error, IndexError) as error:
            raise Unreadable(f"at byte {self._offset + at} a block contradicts itself") from error

    def _content(self, kind: int, rest: bytes | mmap.mmap, at: int, stop: int) -> Frame | None:
        if kind == PACKET:
            return self._packet(rest, at, stop)
        if kind == SECTION:
            self._section += 1
            self.sources, self._resolutions, self._snap = [], [], []
        elif kind == INTERFACE:
            self._interface(rest, at, stop)
        elif kind == SIMPLE:
            return self._simple(rest, at, stop)
        elif kind == OLD_PACKET:
            return self._old(rest, at, stop)
        elif kind == SECRETS:
            secret, size = struct.unpack_from(self._order + "II", rest, at)
            self.secrets.append((secret, rest[at + 8 : min(stop, at + 8 + size)]))
        return None

    def _interface(self, rest: bytes | mmap.mmap, at: int, stop: int) -> None:
        link, _, snap = struct.unpack_from(self._order + "HHI", rest, at)
        source = Source(len(self.sources), link, "", self._section, True)
        resolution, offset = 1000, 0
        for code, value in self._options(rest, at + 8, stop):
            if code == 2:
                source.name = value.split(b"\0")[0].decode("utf-8", "replace")
            elif code == 9 and value:
                # The top bit tells a power of two from one of ten; negative: ticks a second, not nanoseconds a tick.
                power = value[0] & 0x7F
                resolution = (
                    -(1 << power) if value[0] & 0x80 else 10 ** (9 - power) if power <= 9 else -(10**power)
                )
            elif code == 14 and len(value) == 8:
                offset = struct.unpack(self._order + "q", value)[0]
        self.sources.append(source)
        self._resolutions.append((resolution, offset * 1_000_000_000))
        self._snap.append(snap)

    def timed(self, index: int, high: int, low: int) -> int:
        """The time of a packet in ns since the epoch, from its block; one without a time is given that of the one before."""
        resolution, offset = self._resolutions[index]
        ticks = high << 32 | low
        self._last = (ticks * resolution if resolution > 0 else ticks * 10**9 // -resolution) + offset
        return self._last

    def _packet(self, rest: bytes | mmap.mmap, at: int, stop: int) -> Frame:
        index, high, low, captured, length = struct.unpack_from(self._order + "IIIII", rest, at)
        start = at + 20
        if captured > stop - start or captured > LARGEST:
            raise IndexError
        comments: tuple[str, ...] = ()
        options = start + (captured + 3 & ~3)
        if options < stop:
            found = self._options(rest, options, stop)
            comments = tuple(value.decode("utf-8", "replace") for code, value in found if code == 1)
        return Frame(
            self.timed(index, high, low), rest[start : start + captured], length, self.sources[index], comments
        )  # fmt: skip

    def _old(self, rest: bytes | mmap.mmap, at: int, stop: int) -> Frame:
        index, _, high, low, captured, length = struct.unpack_from(self._order + "HHIIII", rest, at)
        start = at + 20
        if captured > stop - start:
            raise IndexError
        return Frame(
            self.timed(index, high, low), rest[start : start + captured], length, self.sources[index]
        )

    def _simple(self, rest: bytes | mmap.mmap, at: int, stop: int) -> Frame:
        """A packet without a time of its own: it is given that of the one before."""
        (length,) = struct.unpack_from(self._order + "I", rest, at)
        captured = min(length, self._snap[0] or length, stop - at - 4)
        return Frame(self._last, rest[at + 4 : at + 4 + captured], length, self.sources[0])

    def _options(self, rest: bytes | mmap.mmap, at: int, stop: int) -> Iterator[tuple[int, bytes]]:
        return options(rest, at, stop, self._order)


def options(data: bytes | mmap.mmap, at: int, stop: int, order: str) -> Iterator[tuple[int, bytes]]:
    """A pcapng block's options: code and value of each."""
    while at + 4 <= stop:
        code, size = struct.unpack_from(order + "HH", data, at)
        if code == 0 or at + 4 + size > stop:
            return
        yield code, data[at + 4 : at + 4 + size]
        at += 4 + (size + 3 & ~3)
