"""Where the chunks of an SCTP packet are, and whether it is one: RFC 9260 §3, §6.8."""

from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from ...core import Short
from ...cursor import Cursor

HEADER, CHUNK, DATA_HEADER = 12, 4, 16  # bytes: of the packet, of a chunk, of a DATA chunk
(
    DATA,
    INIT,
    INIT_ACK,
    SACK,
    HEARTBEAT,
    HEARTBEAT_ACK,
    ABORT,
    SHUTDOWN,
    SHUTDOWN_ACK,
    ERROR,
    COOKIE_ECHO,
    COOKIE_ACK,
) = range(12)
SHUTDOWN_COMPLETE, RE_CONFIG, FORWARD_TSN = 14, 130, 192
BEGIN, END = 2, 1  # flags of a DATA chunk
POLYNOMIAL = 0x82F63B78  # Castagnoli's, its bits turned round


class Chunk(NamedTuple):
    """A chunk at `start`; `stop` is where it ends, without what fills it up to a multiple of four."""

    kind: int
    flags: int
    start: int
    stop: int

    @property
    def following(self) -> int:
        """Where the next one begins, from its own start on."""
        return self.start + (self.stop - self.start + 3 & ~3)


def chunks(data: bytes | bytearray, start: int, stop: int) -> Iterator[Chunk]:
    """The chunks of a packet, as far as they are whole."""
    at = start + HEADER
    while at + CHUNK <= stop:
        end = at + (data[at + 2] << 8 | data[at + 3])
        if not at + CHUNK <= end <= stop:
            return
        found = Chunk(data[at], data[at + 1], at, end)
        yield found
        at = found.following


def is_packet(data: bytes | bytearray, start: int, stop: int) -> bool:
    """Whether chunks fill the bytes up to their end (the last one's filling may be missing)."""
    if stop - start < HEADER + CHUNK:
        return False
    found = list(chunks(data, start, stop))
    return bool(found) and found[-1].stop <= stop <= found[-1].following


def checksum(packet: bytes | bytearray) -> int:
    """What stands for a packet's checksum in it: RFC 9260 §6.8. It is sent with its last byte first."""
    whole = crc32c(bytes(packet[:8]) + bytes(4) + bytes(packet[HEADER:]))
    return int.from_bytes(whole.to_bytes(4, "little"), "big")


def crc32c(data: bytes) -> int:
    """The cyclic redundancy check with Castagnoli's polynomial: RFC 9260 appendix A."""
    table, crc = _table(), 0xFFFFFFFF
    for byte in data:
        crc = crc >> 8 ^ table[(crc ^ byte) & 0xFF]
    return crc ^ 0xFFFFFFFF


@cache
def _table() -> tuple[int, ...]:
    found = list(range(256))
    for _ in range(8):
        found = [value >> 1 ^ (POLYNOMIAL if value & 1 else 0) for value in found]
    return tuple(found)


def ahead(cursor: Cursor, size: int) -> int:
    """The number that comes next, without going past it. Raises Short where it is not whole."""
    if cursor.left < size:
        raise Short
    return number(cursor.data, cursor.at, size)


def number(data: bytes | bytearray, at: int, size: int = 4) -> int:
    """A number as it stands in a chunk."""
    return int.from_bytes(data[at : at + size], "big")
