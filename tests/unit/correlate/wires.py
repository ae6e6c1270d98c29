"""Packets on several wires, made byte by byte: what a router or a translator would have made of them."""

import struct
from dataclasses import dataclass, field, replace
from ipaddress import IPv4Address

from machinelab.correlate import correlate
from machinelab.dissect.core import Frame, Source
from machinelab.dissect.packet import Cache, event
from machinelab.dissect.walk import Walker
from machinelab.model import Interface, Trace

HOME, PUBLIC = Source(0, 1, "home"), Source(1, 1, "public")
MACS = {name: bytes([2, 0, 0, 0, 0, n]) for n, name in enumerate(("host", "in", "out", "server"), 1)}
NODES = {
    "host": (Interface("home", "10.0.1.7", MACS["host"].hex(":")),),
    "nat": (
        Interface("home", "10.0.1.1", MACS["in"].hex(":")),
        Interface("public", "198.18.0.2", MACS["out"].hex(":")),
    ),
    "server": (Interface("public", "198.19.0.9", MACS["server"].hex(":")),),
}
UDP, TCP = 17, 6


def total(data: bytes) -> int:
    """The Internet checksum of bytes (RFC 1071)."""
    if len(data) % 2:
        data += b"\0"
    return ~(sum(struct.unpack(f"!{len(data) // 2}H", data)) % 0xFFFF) & 0xFFFF


@dataclass(frozen=True)
class Wire:
    """One packet as one wire has it."""

    src: tuple[str, int] = ("10.0.1.7", 40001)
    dst: tuple[str, int] = ("198.19.0.9", 3478)
    payload: bytes = b"hello"
    ident: int = 7
    ttl: int = 64
    proto: int = UDP
    seq: int = 1000
    fragment: int = 0
    source: Source = field(default_factory=lambda: HOME)
    link: tuple[str, str] = ("host", "in")
    time: int = 0
    checksum: int = -1
    options: bytes = b""
    flags: int = 0x10

    def frame(self) -> Frame:
        """The whole frame, with right checksums unless one is given."""
        src, dst = (IPv4Address(a).packed for a in (self.src[0], self.dst[0]))
        body = self.payload if self.fragment & 0x1FFF else self._transport(src, dst)
        head = struct.pack(
            "!BBHHHBBH4s4s",
            0x45,
            0,
            20 + len(body),
            self.ident,
            self.fragment,
            self.ttl,
            self.proto,
            0,
            src,
            dst,
        )
        head = head[:10] + struct.pack("!H", total(head)) + head[12:]
        data = MACS[self.link[1]] + MACS[self.link[0]] + b"\x08\x00" + head + body
        return Frame(self.time, data, len(data), self.source)

    def _transport(self, src: bytes, dst: bytes) -> bytes:
        ports = struct.pack("!HH", self.src[1], self.dst[1])
        if self.proto == UDP:
            rest, at = struct.pack("!HH", 8 + len(self.payload), 0), 6
        else:
            rest, at = (
                struct.pack("!IIBBHHH", self.seq, 0, 0x50 + (len(self.options) << 2), self.flags, 500, 0, 0),
                16,
            )
            rest += self.options
        body = ports + rest + self.payload
        pseudo = src + dst + struct.pack("!BBH", 0, self.proto, len(body))
        value = self.checksum if self.checksum >= 0 else total(pseudo + body) or 0xFFFF
        return body[:at] + struct.pack("!H", value) + body[at + 2 :]


def outside(packet: Wire, port: int, after: int = 50_000) -> Wire:
    """The same packet on the public wire, its source replaced."""
    return replace(
        packet,
        src=("198.18.0.2", port),
        ttl=packet.ttl - 1,
        source=PUBLIC,
        link=("out", "server"),
        time=packet.time + after,
    )


def answer(packet: Wire, payload: bytes, ident: int, after: int = 100_000) -> Wire:
    """What the server sends back to a packet as it saw it."""
    return Wire(
        packet.dst, packet.src, payload, ident, 64, UDP, 0, 0, PUBLIC, ("server", "out"), packet.time + after
    )


def inside(packet: Wire, to: tuple[str, int], after: int = 50_000) -> Wire:
    """An answer on the home's wire, its destination replaced."""
    return replace(
        packet, dst=to, ttl=packet.ttl - 1, source=HOME, link=("in", "host"), time=packet.time + after
    )


def trace(*packets: Wire, nodes: bool = True) -> Trace:
    """A capture of these packets, in the order of their times."""
    walker, cache = Walker(), Cache()
    ordered = sorted(packets, key=lambda packet: packet.time)
    return Trace(
        tuple(event(walker.frame(packet.frame()), cache) for packet in ordered), NODES if nodes else {}
    )


def ties(*packets: Wire, nodes: bool = True) -> list[tuple[int, ...]]:
    """The numbers of each packet's sightings, for those that were seen several times."""
    found = correlate(trace(*packets, nodes=nodes))
    return [tuple(s.number for s in e.sightings) for e in found.events if e.sightings and not e.again]
