"""Makes `crafted.pcapng`: frames that do not come off a healthy wire on demand. Scapy's, and plainly not recorded."""

import random
import struct
from collections.abc import Iterator, Sequence

from scapy.layers.inet import ICMP, IP, TCP, UDP, fragment
from scapy.layers.inet6 import (
    ICMPv6DestUnreach,
    ICMPv6ND_NA,
    ICMPv6PacketTooBig,
    ICMPv6TimeExceeded,
    IPv6,
    IPv6ExtHdrDestOpt,
    IPv6ExtHdrFragment,
    IPv6ExtHdrHopByHop,
    fragment6,
)
from scapy.layers.l2 import ARP, Dot1Q, Ether
from scapy.packet import Packet as Layer

from tests.captures.containers import CRAFTED, Packet, pcapng

A, B = "10.0.0.1", "10.0.0.2"
A6, B6 = "fd00::1", "fd00::2"
THERE = Ether(src="02:00:00:00:00:01", dst="02:00:00:00:00:02")
BACK = Ether(src="02:00:00:00:00:02", dst="02:00:00:00:00:01")
Pieces = Sequence[tuple[int, bytes]]


def query(ident: int, kind: int = 1) -> bytes:
    name = b"".join(bytes([len(part)]) + part for part in (b"www", b"example", b"test"))
    return struct.pack("!HHHHHH", ident, 0x100, 1, 0, 0, 0) + name + struct.pack("!xHH", kind, 1)


def reply(ident: int, count: int = 40) -> bytes:
    """A reply with that many TXT records of 101 bytes."""
    head = struct.pack("!HHHHHH", ident, 0x8180, 1, count, 0, 0) + query(ident)[12:]
    record = b"\xc0\x0c" + struct.pack("!HHIH", 16, 1, 60, 101)
    return head + b"".join(record + b"\x64" + b"%100d" % number for number in range(count))


def framed(message: bytes) -> bytes:
    return struct.pack("!H", len(message)) + message


def cut(data: bytes, size: int) -> list[tuple[int, bytes]]:
    return [(at, data[at : at + size]) for at in range(0, len(data), size)]


def fragments() -> Iterator[Layer]:
    """A reply in IPv4 and IPv6 fragments: in order, reversed, one twice, one missing."""
    for how in ("", "reversed", "twice", "missing"):
        ident, port = random.randrange(65536), random.randrange(2000, 60000)
        yield THERE / IP(src=A, dst=B, id=7) / UDP(sport=port, dport=53) / query(ident)
        whole = BACK / IP(src=B, dst=A, id=ident) / UDP(sport=53, dport=port) / reply(ident)
        pieces = fragment(whole, fragsize=1400)
        yield from {
            "": pieces,
            "reversed": pieces[::-1],
            "twice": [pieces[0], *pieces],
            "missing": [pieces[0], *pieces[2:]],
        }[how]
    for step in (1, -1):
        ident, port = random.randrange(65536), random.randrange(2000, 60000)
        head = BACK / IPv6(src=B6, dst=A6) / IPv6ExtHdrFragment(id=ident)
        yield from fragment6(head / UDP(sport=53, dport=port) / reply(ident), 1280)[::step]


def connection(
    port: int, asked: Pieces, answered: Pieces, *, server: int = 53, syn: bool = True, options: bool = True
) -> Iterator[Layer]:
    """A connection whose two sides send these pieces, each at its place in the stream."""
    client, other = random.randrange(2**32), random.randrange(2**32)

    def ours(flags: str, seq: int, ack: int, data: bytes = b"", extra: Sequence[object] = ()) -> Layer:
        header = TCP(sport=port, dport=server, flags=flags, seq=seq % 2**32, ack=ack % 2**32, window=501)
        header.options = list(extra)
        return THERE / IP(src=A, dst=B) / header / data

    def theirs(flags: str, seq: int, ack: int, data: bytes = b"", extra: Sequence[object] = ()) -> Layer:
        header = TCP(sport=server, dport=port, flags=flags, seq=seq % 2**32, ack=ack % 2**32, window=502)
        header.options = list(extra)
        return BACK / IP(src=B, dst=A) / header / data

    usual = (
        [("MSS", 1460), ("SAckOK", b""), ("Timestamp", (1, 0)), ("NOP", None), ("WScale", 7)]
        if options
        else []
    )
    up = max((at + len(data) for at, data in asked), default=0)
    down = max((at + len(data) for at, data in answered), default=0)
    if syn:
        yield ours("S", client, 0, extra=usual)
        yield theirs("SA", other, client + 1, extra=usual)
        yield ours("A", client + 1, other + 1)
    for at, data in asked:
        yield ours("PA", client + 1 + at, other + 1, data)
    yield theirs("A", other + 1, client + 1 + up)
    for at, data in answered:
        yield theirs("PA", other + 1 + at, client + 1 + up, data)
    sack = [("NOP", None), ("NOP", None), ("SAck", (other + 5001 & 0xFFFFFFFF, other + 6001 & 0xFFFFFFFF))]
    yield ours("A", client + 1 + up, other + 1 + down, extra=sack if options else [])
    yield ours("FA", client + 1 + up, other + 1 + down)
    yield theirs("FA", other + 1 + down, client + 2 + up)
    yield ours("A", client + 2 + up, other + 2 + down)


def connections() -> Iterator[Layer]:
    """Whole, without its SYN, a segment twice, two messages across segments, a port used again, not DNS, not ours."""
    long = framed(reply(5, 30))
    pieces, first = cut(long, 1000), framed(query(5))
    yield from connection(40001, [(0, first)], pieces)
    yield from connection(40002, [(0, first)], pieces, syn=False)
    yield from connection(40003, [(0, first)], [*pieces[:2], *pieces[1:]])
    both = [(0, first), (len(first), framed(query(6)))]
    yield from connection(40004, both, cut(long + framed(reply(6, 2)), 700), options=False)
    yield from connection(40001, [(0, framed(query(9)))], [(0, framed(reply(9, 1)))])
    yield from connection(40005, [(0, b"GET / HTTP/1.0\r\n\r\n")], [])
    yield from connection(40006, [(0, b"hello")], [(0, b"world")], server=7777)


def options() -> Iterator[Layer]:
    """Segments with rare and with broken options."""
    rare = [("MSS", 1400), (34, b""), (253, b"\0\1abc"), (5, b"\0" * 8)]
    yield THERE / IP(src=A, dst=B, tos=3) / TCP(sport=1, dport=2, flags="SEC", options=rare)
    yield BACK / IP(src=B, dst=A) / TCP(sport=2, dport=1, flags="RA", seq=0, ack=1)
    yield (
        THERE
        / IP(src=A, dst=B)
        / TCP(sport=3, dport=2, flags="S", options=[(34, b"12345678"), ("EOL", None)])
    )
    yield THERE / IP(src=A, dst=B) / TCP(sport=3, dport=2, flags="A", options=[(2, b"\1")])


def links() -> Iterator[Layer]:
    """Tags, padding, trailers; ARP that probes, announces, answers unasked."""
    yield THERE / Dot1Q(vlan=5, prio=3) / IP(src=A, dst=B) / UDP(sport=5000, dport=53) / query(1)
    yield THERE / Dot1Q(vlan=5) / Dot1Q(vlan=9) / IP(src=A, dst=B) / UDP(sport=5001, dport=53) / query(1)
    mac, nobody = "02:00:00:00:00:01", "00:00:00:00:00:00"
    yield THERE / ARP(op=1, hwsrc=mac, psrc=A, hwdst=nobody, pdst=A) / (b"\0" * 18)
    yield THERE / ARP(op=1, hwsrc=mac, psrc="0.0.0.0", hwdst=nobody, pdst=A)
    yield THERE / ARP(op=2, hwsrc=mac, psrc=A, hwdst=mac, pdst=A)
    small = THERE / IP(src=A, dst=B, len=30) / UDP(sport=9001, dport=9002, len=10)
    yield small / (b"hi" + b"\0" * 16)
    yield small / b"hitrailer"
    yield THERE / IP(src=A, dst=B) / UDP(sport=9001, dport=9002, chksum=0) / b"hi"


def errors() -> Iterator[Layer]:
    """ICMP errors, each with the packet it is about; extension headers; a wrong checksum; a tunnel."""
    lost = IP(src=A, dst=B, id=3) / UDP(sport=6001, dport=53) / query(4)
    head = bytes(lost)[:28]
    yield THERE / lost
    yield BACK / IP(src=B, dst=A) / ICMP(type=3, code=3) / bytes(lost)
    yield BACK / IP(src=B, dst=A) / ICMP(type=3, code=4, nexthopmtu=1400) / head
    yield BACK / IP(src=B, dst=A) / ICMP(type=11, code=0) / head
    yield BACK / IP(src=B, dst=A) / ICMP(type=5, code=1, gw="10.0.0.9") / head
    syn = IP(src=A, dst=B) / TCP(sport=40001, dport=53, flags="S")
    yield BACK / IP(src=B, dst=A) / ICMP(type=3, code=1) / bytes(syn)[:28]
    lost6 = IPv6(src=A6, dst=B6) / UDP(sport=6002, dport=53) / query(4)
    yield THERE / lost6
    yield BACK / IPv6(src=B6, dst=A6) / ICMPv6DestUnreach(code=4) / bytes(lost6)
    yield BACK / IPv6(src=B6, dst=A6) / ICMPv6PacketTooBig(mtu=1280) / bytes(lost6)
    yield BACK / IPv6(src=B6, dst=A6) / ICMPv6TimeExceeded() / bytes(lost6)[:52]
    extended = THERE / IPv6(src=A6, dst=B6) / IPv6ExtHdrHopByHop() / IPv6ExtHdrDestOpt()
    yield extended / UDP(sport=6003, dport=53) / query(4)
    yield THERE / IPv6(src=A6, dst=B6, nh=59)
    yield (
        BACK
        / IPv6(src=B6, dst=A6, hlim=255)
        / ICMPv6ND_NA(tgt=B6, R=0, S=1, O=1)
        / b"\x02\x01\x02\0\0\0\0\x02"
    )
    yield THERE / IP(src=A, dst=B) / ICMP(type=8, id=1, seq=1, chksum=0x1234) / b"abc"
    yield THERE / IP(src="1.1.1.1", dst="2.2.2.2") / IP(src=A, dst=B) / UDP(sport=6004, dport=53) / query(4)


def messages() -> Iterator[Layer]:
    """DNS: bytes too many, an update, two questions, a reply to nothing, the same query and reply again and again."""

    def sent(message: bytes, port: int = 7001) -> Layer:
        return THERE / IP(src=A, dst=B) / UDP(sport=port, dport=53) / message

    def answered(message: bytes, port: int) -> Layer:
        return BACK / IP(src=B, dst=A) / UDP(sport=53, dport=port) / message

    yield sent(query(1) + b"extra")
    deletion = b"\xc0\x0c" + struct.pack("!HHIH", 1, 255, 0, 0)
    yield sent(struct.pack("!HHHHHH", 2, 0x2800, 1, 0, 1, 0) + query(2)[12:] + deletion)
    yield sent(query(3, 255))
    yield sent(struct.pack("!HHHHHH", 4, 0x100, 2, 0, 0, 0) + query(4)[12:] + b"\3abc\xc0\x10\0\1\0\1")
    yield answered(reply(99, 1), 7777)
    yield from (sent(query(77), 7002), sent(query(77), 7002))
    yield from (answered(reply(77, 1), 7002), answered(reply(77, 1), 7002))
    yield sent(query(77), 7002)


def main() -> None:
    """Write the capture; the same bytes each time."""
    random.seed(1)
    frames = [*fragments(), *connections(), *options(), *links(), *errors(), *messages()]
    start, step = 1_700_000_000_000_000_001, 1_000_007
    CRAFTED.write_bytes(
        pcapng(Packet(start + number * step, bytes(frame)) for number, frame in enumerate(frames))
    )


if __name__ == "__main__":
    main()
