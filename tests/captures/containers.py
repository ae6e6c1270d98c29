"""Writes frames into every kind of capture file that we read. The frames are real; only what is around them is rewritten."""

import struct
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

from machinelab.sources.container import Reader

HERE = Path(__file__).parent
RECORDS = HERE / "records.pcapng"
CRAFTED = HERE / "crafted.pcapng"
HTTP = HERE / "http.pcapng"
KAFKA = HERE / "kafka.pcapng"
SEGMENTS = HERE / "kafka-segments.tar"
# Recorded from the TLS lab: messages over several records, and suites that no experiment has by default; and Go's Encrypted
# ClientHellos. Keys beside them.
TLS = tuple(sorted(HERE.glob("tls-*.pcapng")))
# Recorded with the realtime lab's programs, but for the one with a cookie, which is OpenSSL's. Keys beside them.
DTLS = tuple(sorted(HERE.glob("dtls-*.pcapng")))
# The same lab: server-sent events, as aiohttp sends them.
EVENTS = HERE / "http-events.pcapng"
HTTP2 = tuple(sorted(HERE.glob("http2*.pcapng")))
HTTP3 = tuple(sorted(HERE.glob("http3*.pcapng")))
NEGOTIATION = HERE / "quic-negotiation.pcapng"
WEBSOCKET = tuple(sorted(HERE.glob("websocket*.pcapng")))


class Packet(NamedTuple):
    """Time in nanoseconds, bytes, the interface's number."""

    time: int
    data: bytes
    interface: int = 0


@cache
def packets(path: Path = RECORDS) -> tuple[Packet, ...]:
    """The frames of a capture."""
    return tuple(Packet(frame.time, frame.data) for frame in Reader().feed(path.read_bytes()))


def pcap(
    frames: Iterable[Packet],
    *,
    order: str = "<",
    nanoseconds: bool = False,
    link: int = 1,
    snap: int = 262_144,
) -> bytes:
    """A pcap file (draft-ietf-opsawg-pcap)."""
    magic, unit = (0xA1B23C4D, 1) if nanoseconds else (0xA1B2C3D4, 1000)
    out = [struct.pack(order + "IHHiIII", magic, 2, 4, 0, 0, snap, link)]
    for frame in frames:
        seconds, rest = divmod(frame.time, 1_000_000_000)
        data = frame.data[:snap]
        out += (struct.pack(order + "IIII", seconds, rest // unit, len(data), len(frame.data)), data)
    return b"".join(out)


def option(order: str, code: int, value: bytes) -> bytes:
    return struct.pack(order + "HH", code, len(value)) + value + bytes(-len(value) % 4)


def block(order: str, kind: int, body: bytes) -> bytes:
    body += bytes(-len(body) % 4)
    size = struct.pack(order + "I", len(body) + 12)
    return struct.pack(order + "I", kind) + size + body + size


def section(order: str = "<") -> bytes:
    return block(order, 0x0A0D0D0A, struct.pack(order + "IHHq", 0x1A2B3C4D, 1, 0, -1))


def interface(
    order: str = "<", *, link: int = 1, name: str = "", resolution: int | None = 9, offset: int = 0
) -> bytes:
    options = option(order, 2, name.encode()) if name else b""
    options += option(order, 9, bytes([resolution])) if resolution is not None else b""
    options += option(order, 14, struct.pack(order + "q", offset)) if offset else b""
    return block(order, 1, struct.pack(order + "HHI", link, 0, 0) + options + bytes(4))


def packet(order: str, ticks: int, data: bytes, number: int = 0, comments: Sequence[str] = ()) -> bytes:
    head = struct.pack(order + "IIIII", number, ticks >> 32, ticks & 0xFFFFFFFF, len(data), len(data))
    options = b"".join(option(order, 1, text.encode()) for text in comments)
    return block(order, 6, head + data + bytes(-len(data) % 4) + (options + bytes(4) if options else b""))


def pcapng(
    frames: Iterable[Packet], *, order: str = "<", link: int = 1, names: Sequence[str] = ("lab",)
) -> bytes:
    """A pcapng file (draft-ietf-opsawg-pcapng) with nanosecond times."""
    return b"".join(
        (
            section(order),
            *(interface(order, link=link, name=name) for name in names),
            *(packet(order, frame.time, frame.data, frame.interface) for frame in frames),
        )
    )


def _bare(frames: Iterable[Packet]) -> Iterator[tuple[Packet, int, bytes]]:
    """IP packets without their Ethernet header: the frame, its Ethernet type, the packet."""
    for frame in frames:
        ethertype = int.from_bytes(frame.data[12:14], "big")
        if ethertype in (0x0800, 0x86DD):
            yield frame, ethertype, frame.data[14:]


def cooked(frames: Iterable[Packet]) -> list[Packet]:
    """Linux cooked (113)."""
    return [
        Packet(frame.time, struct.pack("!HHH8sH", 4, 1, 6, frame.data[6:12] + b"\0\0", ethertype) + data)
        for frame, ethertype, data in _bare(frames)
    ]


def cooked2(frames: Iterable[Packet]) -> list[Packet]:
    """Linux cooked, version 2 (276)."""
    return [
        Packet(
            frame.time, struct.pack("!HHIHBB8s", ethertype, 0, 3, 1, 0, 6, frame.data[6:12] + b"\0\0") + data
        )
        for frame, ethertype, data in _bare(frames)
    ]


def raw(frames: Iterable[Packet], ethertype: int | None = None) -> list[Packet]:
    """No link header (101), or one version of IP alone (228, 229)."""
    return [Packet(frame.time, data) for frame, kind, data in _bare(frames) if ethertype in (None, kind)]


def loopback(frames: Iterable[Packet], order: str = "<") -> list[Packet]:
    """BSD loopback (0), in either byte order (108 is always the network's)."""
    return [
        Packet(frame.time, struct.pack(order + "I", 2 if ethertype == 0x0800 else 30) + data)
        for frame, ethertype, data in _bare(frames)
    ]


def tagged(frames: Iterable[Packet]) -> list[Packet]:
    """802.1Q."""
    return [Packet(f.time, f.data[:12] + b"\x81\x00\x60\x05" + f.data[12:]) for f in frames]
