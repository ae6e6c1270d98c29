"""What of a packet survives the way through a router and a translator, and what they may change."""

from typing import Literal, NamedTuple

from ..dissect.core import PacketInfo
from ..dissect.links import IPV4, IPV6, LINKS
from ..dissect.network import upper
from ..dissect.tcp_header import SYN, mss_at

ICMP, TCP, UDP, ICMPV6 = 1, 6, 17, 58
ECHO = {ICMP: (0, 8), ICMPV6: (128, 129)}
ERRORS = {ICMP: (3, 4, 5, 11, 12), ICMPV6: (1, 2, 3, 4)}
WORDS = 0xFFFF  # the ones' complement sum counts modulo this: RFC 1071


class Fingerprint(NamedTuple):
    """A packet as one network saw it.

    `core` is a digest of all that stays. `src` and `dst` are address and port as bytes (an echo's identifier stands for
    both ports; a later fragment has none). `balance` is the transport checksum less addresses, ports and segment size, modulo
    65,535: whoever changes those and corrects the checksum for it (RFC 1624) leaves it as it is; −1 where there is no checksum.
    `mss` is the largest segment that a SYN asks for (0: it does not say), which routers before a narrow link lower.
    """

    number: int
    time: int
    uncertainty: int
    source: int
    link: tuple[str, str]
    ttl: int
    proto: int
    core: int
    src: bytes
    dst: bytes
    balance: int
    mss: int = 0

    @property
    def flow(self) -> tuple[int, int, bytes, bytes]:
        """Its conversation, one way, on its network."""
        return self.source, self.proto, self.src, self.dst

    @property
    def back(self) -> tuple[int, int, bytes, bytes]:
        """The same conversation's other way."""
        return self.source, self.proto, self.dst, self.src


def fingerprint(info: PacketInfo, uncertainty: int = 0) -> Fingerprint | None:
    """The fingerprint of a frame; None if it is no whole IP header."""
    link = LINKS.get(info.frame.source.link)
    if link is None:
        return None
    data = info.data
    ethertype, at = link(data)
    if ethertype == IPV4:
        return _ipv4(info, data, at, uncertainty)
    return _ipv6(info, data, at, uncertainty) if ethertype == IPV6 else None


def _ipv4(info: PacketInfo, data: bytes, at: int, uncertainty: int) -> Fingerprint | None:
    if len(data) - at < 20 or (data[at] & 15) < 5:
        return None
    length = int.from_bytes(data[at + 2 : at + 4], "big")
    start, stop = at + (data[at] & 15) * 4, min(len(data), at + length) if length else len(data)
    if start > stop:
        return None
    proto, offset = data[at + 9], int.from_bytes(data[at + 6 : at + 8], "big")
    # Length, identification, flags and offset; type of service is left out: routers may set it (RFC 2474 §2).
    fixed = data[at + 2 : at + 8] + data[at + 20 : start]
    first = not offset & 0x1FFF
    inner = _transport(data, start, stop, proto) if first else _Transport(data[start:stop])
    return _fingerprint(
        info, uncertainty, data[at + 8], proto, fixed, data[at + 12 : at + 16], data[at + 16 : at + 20], inner
    )


def _ipv6(info: PacketInfo, data: bytes, at: int, uncertainty: int) -> Fingerprint | None:
    if len(data) - at < 40:
        return None
    length = int.from_bytes(data[at + 4 : at + 6], "big")
    addresses = data[at + 8 : at + 40]
    packet = upper(data, data[at + 6], at + 40, min(len(data), at + 40 + length), addresses)
    fixed = data[at + 4 : at + 7] + data[at + 40 : packet.start]
    whole = packet.ident < 0 or packet.offset == 0
    inner = (
        _transport(data, packet.start, packet.stop, packet.proto)
        if whole
        else _Transport(data[packet.start : packet.stop])
    )
    return _fingerprint(
        info, uncertainty, data[at + 7], packet.proto, fixed, addresses[:16], addresses[16:], inner
    )


class _Transport(NamedTuple):
    """Above IP: what stays, both ports as bytes, the checksum (0: none), and a SYN's segment size, by itself and in the sum."""

    rest: bytes
    source: bytes = b""
    target: bytes = b""
    checksum: int = 0
    mss: int = 0
    weight: int = 0


def _transport(data: bytes, start: int, stop: int, proto: int) -> _Transport:
    size = stop - start
    if proto == UDP and size >= 8:
        checksum = int.from_bytes(data[start + 6 : start + 8], "big")
        rest = data[start + 4 : start + 6] + data[start + 8 : stop]
        return _Transport(rest, data[start : start + 2], data[start + 2 : start + 4], checksum)
    if proto == TCP and size >= 20:
        checksum = int.from_bytes(data[start + 16 : start + 18], "big")
        ports = data[start : start + 2], data[start + 2 : start + 4]
        at = mss_at(data, start, (data[start + 12] >> 4) * 4) if data[start + 13] & SYN else 0
        if not at or at + 2 > stop:
            return _Transport(data[start + 4 : start + 16] + data[start + 18 : stop], *ports, checksum)
        rest = data[start + 4 : start + 16] + data[start + 18 : at] + data[at + 2 : stop]
        # At an odd place its two bytes are halves of two words: RFC 1071 §2 (B).
        order: Literal["big", "little"] = "little" if (at - start) % 2 else "big"
        mss, weight = int.from_bytes(data[at : at + 2], "big"), int.from_bytes(data[at : at + 2], order)
        return _Transport(rest, *ports, checksum, mss, weight)
    if proto in ECHO and size >= 8:
        if data[start] in ECHO[proto]:
            ident = data[start + 4 : start + 6]
            return _Transport(data[start : start + 2] + data[start + 6 : stop], ident, ident)
        if data[start] in ERRORS[proto]:
            return _Transport(
                data[start : start + 2] + data[start + 4 : start + 8] + _quoted(data, start + 8, stop, proto)
            )
    return _Transport(data[start:stop])


def _quoted(data: bytes, at: int, stop: int, proto: int) -> bytes:
    """Of the packet that an error quotes, what a translator leaves alone (RFC 5508 §4.2): not addresses, ports, checksums."""
    if proto != ICMP or stop - at < 20:
        return data[at + 4 : at + 7]
    start = at + (data[at] & 15) * 4
    return data[at : at + 8] + data[at + 9 : at + 10] + data[start + 4 : min(stop, start + 6)]


def _fingerprint(
    info: PacketInfo,
    uncertainty: int,
    ttl: int,
    proto: int,
    fixed: bytes,
    src: bytes,
    dst: bytes,
    inner: _Transport,
) -> Fingerprint:
    src, dst = src + inner.source, dst + inner.target
    balance = -1
    if inner.checksum:
        # 2¹⁶ is 1 modulo 65,535, so a number's remainder is the sum of its 16-bit words with the carries put back.
        balance = (~inner.checksum - inner.weight - int.from_bytes(src + dst, "big")) % WORDS
    return Fingerprint(
        info.number,
        info.time,
        uncertainty,
        info.frame.source.index,
        info.hardware,
        ttl,
        proto,
        hash((proto, fixed, inner.rest)),
        src,
        dst,
        balance,
        inner.mss,
    )
