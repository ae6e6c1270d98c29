"""Fields as columns: for every packet the number that stands in its header, and whether the packet has the field at all."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from ..dissect.frame import ENCAPSULATIONS
from ..model import Value
from .container import Index
from .conversions import Conversion, ether, flag, ipv4, ipv6, none, number
from .headers import ARP, IPV4, IPV6, TCP, UDP, Headers, Mask, Numbers

HIGH, LOW = 0, 1
UPDATE = 5


@dataclass(frozen=True, slots=True)
class Column:
    """A field of every packet. `present`: who has it; `values` of all packets (whatever, where it is not present).

    `also` is the second value of those fields that stand for either end. `convert` makes a number the value that the
    dissector gives. `sure`: True where it holds for slow-path packets too (what the capture file itself says).
    """

    present: Mask
    values: Numbers
    convert: Conversion
    also: Numbers | None = None
    sure: bool = False


Maker = Callable[[Headers], Column]


def _fill(headers: Headers, present: Mask, read: Callable[[Numbers], Numbers], kind: str) -> Numbers:
    """A column of `kind`, read at the rows that have the field."""
    values = np.zeros(headers.count, kind)
    rows = np.nonzero(present)[0]
    values[rows] = read(rows)
    return values


def _frame(read: Callable[[Index], Numbers], convert: Conversion = number) -> Maker:
    """What the file says of every packet, slow-path or not."""

    def make(headers: Headers) -> Column:
        return Column(np.ones(headers.count, np.bool_), read(headers.index), convert, sure=True)

    return make


def _interface(name: str) -> Maker:
    """What the file says of the interface that a packet was seen on."""

    def make(headers: Headers) -> Column:
        sources = headers.index.sources
        told: list[Value | None] = [
            {
                "frame.section_number": source.section if source.described else None,
                "frame.interface_id": source.index if source.described else None,
                "frame.interface_name": (source.name or None) if source.described else None,
                "frame.encap_type": ENCAPSULATIONS.get(source.link, 0),
            }[name]
            for source in sources
        ]
        present = np.asarray([value is not None for value in told] or [False])[headers.index.source]
        return Column(present, headers.index.source, lambda number: told[int(number)] or 0, sure=True)

    return make


def _label(network: tuple[int, ...] = (), proto: int = 0, tags: bool = False) -> Maker:
    def make(headers: Headers) -> Column:
        present = headers.rows_of(network, proto)
        if tags:
            present = present & (headers.shape.tags > 0)
        return Column(present, np.zeros(headers.count, np.uint8), none)

    return make


def _number(
    where: str,
    at: int,
    size: int,
    mask: int = 0,
    shift: int = 0,
    convert: Conversion = number,
    pair: int | None = None,
) -> Maker:
    """A number of `size` bytes at `at` of a header: eth, vlan, ip, ipv6, udp or tcp. `pair`: where the other end's stands."""
    kind = {1: "u1", 2: "u2", 4: "u4"}[size]

    def make(headers: Headers) -> Column:
        present, start = _place(headers, where)
        source = {1: headers.data, 2: headers.two, 4: headers.four}[size]

        def read(rows: Numbers, offset: int = at) -> Numbers:
            found: Numbers = source[start(rows) + offset]
            return (found & mask) >> shift if mask else found

        also = _fill(headers, present, lambda rows: read(rows, pair), kind) if pair is not None else None
        return Column(present, _fill(headers, present, read, kind), convert, also)

    return make


def _place(headers: Headers, where: str) -> tuple[Mask, Callable[[Numbers], Numbers]]:
    """Who has a header, and where it begins in the file."""
    shape, offset = headers.shape, headers.index.offset
    if where in ("eth", "vlan"):
        present = ~headers.slow if where == "eth" else shape.tags > 0
        present = present & ~headers.slow
        return present, lambda rows: offset[rows] + (14 if where == "vlan" else 0)
    if where in ("ip", "ipv6", "any"):
        kinds = {"ip": (IPV4,), "ipv6": (IPV6,), "any": (IPV4, IPV6)}[where]
        return headers.rows_of(kinds), lambda rows: offset[rows] + shape.at[rows]
    if where == "dns":
        return headers.dns, lambda rows: offset[rows] + shape.payload[rows]
    return headers.rows_of(
        (), {"udp": UDP, "tcp": TCP}[where]
    ), lambda rows: offset[rows] + shape.transport[rows]


def _addresses(name: str) -> Maker:
    """Hardware addresses (48 bits) and IPv6's (16 bytes): too long for one number of the processor's."""
    where = name.split(".", maxsplit=1)[0]
    places = {"eth.dst": (0,), "eth.src": (6,), "eth.addr": (0, 6), "ipv6.src": (8,), "ipv6.dst": (24,), "ipv6.addr": (8, 24)}[name]  # fmt: skip

    def make(headers: Headers) -> Column:
        present, start = _place(headers, where)

        def read(at: int) -> Numbers:
            rows = np.nonzero(present)[0]
            here = start(rows) + at
            if where == "eth":
                values: Numbers = np.zeros(headers.count, np.uint64)
                values[rows] = headers.two[here].astype(np.uint64) << np.uint64(32) | headers.four[here + 2]
                return values
            values = np.zeros(headers.count, "V16")
            if len(rows):
                octets = headers.data[here[:, None] + np.arange(16)]
                values[rows] = np.ascontiguousarray(octets).view("V16").ravel()
            return values

        first, *rest = (read(at) for at in places)
        return Column(present, first, ether if where == "eth" else ipv6, rest[0] if rest else None)

    return make


def _tcp_length(headers: Headers) -> Column:
    present, shape = headers.rows_of((), TCP), headers.shape
    return Column(present, np.where(present, shape.stop - shape.payload, 0).astype(np.int32), number)


def _dns_label(headers: Headers) -> Column:
    return Column(headers.dns, np.zeros(headers.count, np.uint8), none)


def _tagged(headers: Headers) -> Column:
    """What a tagged frame carries; below 1,536 it is a length: IEEE 802.3 §3.2.6."""
    column = _number("vlan", 2, 2)(headers)
    return Column(column.present & (column.values >= 1536), column.values, column.convert)


def _checksum_status(headers: Headers) -> Column:
    """UDP's: 3 where there is none (RFC 768), else 2: not looked at."""
    sums = FIELDS["udp.checksum"](headers)
    return Column(sums.present, np.where(sums.values > 0, 2, 3).astype(np.uint8), number)


def _always(of: str, value: int) -> Maker:
    def make(headers: Headers) -> Column:
        present, _ = _place(headers, of)
        return Column(present, np.full(headers.count, value, np.uint8), number)

    return make


def _only(of: Maker, reply: bool | None = None, update: bool | None = None, set_only: bool = False) -> Maker:
    """A DNS field that only replies (or queries, or updates) have; `set_only`: told only where it is 1."""

    def make(headers: Headers) -> Column:
        column = of(headers)
        flags = FIELDS["dns.flags"](headers).values
        present = column.present
        if reply is not None:
            present = present & ((flags & 0x8000 > 0) == reply)
        if update is not None:
            present = present & ((flags >> 11 & 15 == UPDATE) == update)
        if set_only:
            present = present & (column.values > 0)
        return Column(present, column.values, column.convert)

    return make


def _dns_bit(mask: int, reply: bool | None = None, set_only: bool = False) -> Maker:
    shift = mask.bit_length() - 1
    return _only(_number("dns", 2, 2, mask, shift, flag), reply, None, set_only)


def _tcp_bits(names: Sequence[tuple[str, int]]) -> dict[str, Maker]:
    return {
        f"tcp.flags.{name}": _number("tcp", 12, 2, mask, mask.bit_length() - 1, flag) for name, mask in names
    }


FIELDS: dict[str, Maker] = {
    "frame": _frame(lambda index: np.zeros(len(index.time), np.uint8), none),
    "frame.number": _frame(lambda index: np.arange(1, len(index.time) + 1, dtype=np.int32)),
    "frame.len": _frame(lambda index: index.length),
    "frame.cap_len": _frame(lambda index: index.captured),
    "frame.time_epoch": _frame(lambda index: index.time),
    "frame.time_relative": _frame(lambda index: index.time - index.time[:1]),
    "frame.time_delta": _frame(lambda index: np.diff(index.time, prepend=index.time[:1])),
    **{name: _interface(name) for name in (
        "frame.section_number", "frame.interface_id", "frame.interface_name", "frame.encap_type",
    )},
    "eth": _label(),
    **{name: _addresses(name) for name in ("eth.dst", "eth.src", "eth.addr", "ipv6.src", "ipv6.dst", "ipv6.addr")},
    "eth.type": _number("eth", 12, 2),
    "vlan": _label(tags=True),
    "vlan.priority": _number("vlan", 0, 2, 0xE000, 13),
    "vlan.dei": _number("vlan", 0, 2, 0x1000, 12, flag),
    "vlan.id": _number("vlan", 0, 2, 0x0FFF),
    "vlan.etype": _tagged,
    "arp": _label((ARP,)),
    "ip": _label((IPV4,)),
    "ip.version": _number("any", 0, 1, 0xF0, 4),
    "ip.hdr_len": _number("ip", 0, 1, 0x0F, 0, lambda value: int(value) * 4),
    "ip.dsfield": _number("ip", 1, 1),
    "ip.dsfield.dscp": _number("ip", 1, 1, 0xFC, 2),
    "ip.dsfield.ecn": _number("ip", 1, 1, 0x03),
    "ip.len": _number("ip", 2, 2),
    "ip.id": _number("ip", 4, 2),
    "ip.flags": _number("ip", 6, 1, 0xE0, 5),
    "ip.flags.rb": _number("ip", 6, 1, 0x80, 7, flag),
    "ip.flags.df": _number("ip", 6, 1, 0x40, 6, flag),
    "ip.flags.mf": _number("ip", 6, 1, 0x20, 5, flag),
    "ip.frag_offset": _number("ip", 6, 2, 0x1FFF),
    "ip.ttl": _number("ip", 8, 1),
    "ip.proto": _number("ip", 9, 1),
    "ip.checksum": _number("ip", 10, 2),
    "ip.checksum.status": _always("ip", 2),
    "ip.src": _number("ip", 12, 4, convert=ipv4),
    "ip.dst": _number("ip", 16, 4, convert=ipv4),
    "ip.addr": _number("ip", 12, 4, convert=ipv4, pair=16),
    "ipv6": _label((IPV6,)),
    "ipv6.version": _number("ipv6", 0, 1, 0xF0, 4),
    "ipv6.tclass": _number("ipv6", 0, 2, 0x0FF0, 4),
    "ipv6.tclass.dscp": _number("ipv6", 0, 2, 0x0FC0, 6),
    "ipv6.tclass.ecn": _number("ipv6", 0, 2, 0x0030, 4),
    "ipv6.flow": _number("ipv6", 0, 4, 0x000FFFFF),
    "ipv6.plen": _number("ipv6", 4, 2),
    "ipv6.nxt": _number("ipv6", 6, 1),
    "ipv6.hlim": _number("ipv6", 7, 1),
    "udp": _label(proto=UDP),
    "udp.srcport": _number("udp", 0, 2),
    "udp.dstport": _number("udp", 2, 2),
    "udp.port": _number("udp", 0, 2, pair=2),
    "udp.length": _number("udp", 4, 2),
    "udp.checksum": _number("udp", 6, 2),
    "udp.checksum.status": _checksum_status,
    "tcp": _label(proto=TCP),
    "tcp.srcport": _number("tcp", 0, 2),
    "tcp.dstport": _number("tcp", 2, 2),
    "tcp.port": _number("tcp", 0, 2, pair=2),
    "tcp.len": _tcp_length,
    "tcp.seq_raw": _number("tcp", 4, 4),
    "tcp.ack_raw": _number("tcp", 8, 4),
    "tcp.hdr_len": _number("tcp", 12, 1, 0xF0, 2),
    "tcp.flags": _number("tcp", 12, 2, 0x0FFF),
    **_tcp_bits((
        ("ae", 0x100), ("cwr", 0x80), ("ece", 0x40), ("urg", 0x20), ("ack", 0x10), ("push", 0x08), ("reset", 0x04),
        ("syn", 0x02), ("fin", 0x01),
    )),
    "tcp.window_size_value": _number("tcp", 14, 2),
    "tcp.checksum": _number("tcp", 16, 2),
    "tcp.checksum.status": _always("tcp", 2),
    "tcp.urgent_pointer": _number("tcp", 18, 2),
    "dns": _dns_label,
    "dns.id": _number("dns", 0, 2),
    "dns.flags": _number("dns", 2, 2),
    "dns.flags.response": _dns_bit(0x8000),
    "dns.flags.opcode": _number("dns", 2, 2, 0x7800, 11),
    "dns.flags.authoritative": _dns_bit(0x0400, True),
    "dns.flags.truncated": _dns_bit(0x0200),
    "dns.flags.recdesired": _dns_bit(0x0100),
    "dns.flags.recavail": _dns_bit(0x0080, True),
    "dns.flags.z": _dns_bit(0x0040),
    "dns.flags.authenticated": _dns_bit(0x0020, True),
    "dns.flags.ad": _dns_bit(0x0020, False, True),
    "dns.flags.checkdisable": _dns_bit(0x0010),
    "dns.flags.rcode": _only(_number("dns", 2, 2, 0x000F), True),
    "dns.count.queries": _only(_number("dns", 4, 2), update=False),
    "dns.count.answers": _only(_number("dns", 6, 2), update=False),
    "dns.count.auth_rr": _only(_number("dns", 8, 2), update=False),
    "dns.count.add_rr": _number("dns", 10, 2),
}  # fmt: skip
"""Every field that stands in a header at a fixed place, by its name in the registry."""
