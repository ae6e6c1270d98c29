"""A capture file as it is written: pcapng of one interface, block by block (draft-ietf-opsawg-pcapng §4)."""

import struct
from collections.abc import Iterable
from typing import NamedTuple

SECTION, INTERFACE, STATISTICS, PACKET = 0x0A0D0D0A, 1, 5, 6
NAME, RESOLUTION, FILTER, SYSTEM = 2, 9, 11, 12  # if_name, if_tsresol, if_filter, if_os: §4.2
RECEIVED, DROPPED = 4, 5  # isb_ifrecv, isb_ifdrop: §4.6
APPLICATION = 4  # shb_userappl: §4.1
LONGEST_OPTION = 65_535  # bytes; its length is 16 bits
HEAD = struct.Struct("<IIIIIII")  # type, length, interface, time high, time low, captured, original
PADDING = (b"", b"\0\0\0", b"\0\0", b"\0")


class Frame(NamedTuple):
    """A frame as the system gave it: its bytes, when (ns since the epoch), and how long it was on the wire."""

    time: int
    data: bytes
    length: int


def opening(name: str, link: int, digits: int, filter: str = "", system: str = "") -> bytes:
    """What stands before the first packet: the section and its interface.

    `link`: LINKTYPE_…; `digits`: decimal places of a second that its times have (9: nanoseconds); `filter`: the BPF expression.
    """
    section = struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, -1) + _options({APPLICATION: b"machinelab capture"})
    options = {
        NAME: _text(name),
        RESOLUTION: bytes([digits]),
        FILTER: b"\0" + _text(filter) if filter else b"",  # code 0: a string in libpcap's grammar
        SYSTEM: _text(system),
    }
    return _block(SECTION, section) + _block(INTERFACE, struct.pack("<HHI", link, 0, 0) + _options(options))


def packets(frames: Iterable[Frame], digits: int) -> bytes:
    """The blocks of these frames, in their order; times are cut to `digits` decimal places of a second."""
    tick = 10 ** (9 - digits)
    parts: list[bytes] = []
    for time, data, length in frames:
        size, ticks = len(data), time // tick
        total = 32 + (size + 3 & ~3)
        head = HEAD.pack(PACKET, total, 0, ticks >> 32, ticks & 0xFFFFFFFF, size, max(length, size))
        parts += (head, data, PADDING[size & 3], total.to_bytes(4, "little"))
    return b"".join(parts)


def closing(time: int, digits: int, received: int, dropped: int | None) -> bytes:
    """The interface's statistics: frames received, and those lost for want of room (None: the system does not tell)."""
    ticks = time // 10 ** (9 - digits)
    counts = {RECEIVED: struct.pack("<Q", received)}
    if dropped is not None:
        counts[DROPPED] = struct.pack("<Q", dropped)
    return _block(STATISTICS, struct.pack("<III", 0, ticks >> 32, ticks & 0xFFFFFFFF) + _options(counts))


def _text(text: str) -> bytes:
    return text.encode("utf-8", "backslashreplace")[:LONGEST_OPTION]


def _block(kind: int, body: bytes) -> bytes:
    body += PADDING[len(body) & 3]
    size = 12 + len(body)
    return struct.pack("<II", kind, size) + body + struct.pack("<I", size)


def _options(values: dict[int, bytes]) -> bytes:
    """Options that are not empty, and the one that ends them."""
    made = (
        struct.pack("<HH", code, len(value)) + value + PADDING[len(value) & 3]
        for code, value in values.items()
        if value
    )
    return b"".join(made) + b"\0\0\0\0"
