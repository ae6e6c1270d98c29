"""DNS messages: RFC 1035 §4; the header's later bits RFC 4035 §3.2; resource records in the `dns_…` files beside this."""

import struct
from functools import lru_cache

from ...core import Application, Part, Raw, Short, View
from ...subdissector import Subdissector
from .exchange import Exchanges, MessageState
from .names import Rdata, Reader
from .recognition import DATAGRAM, is_datagram, is_stream
from .records import RECORDS
from .variants import LINK_LOCAL, MULTICAST, UNICAST, VARIANTS

HEADER = struct.Struct("!HHHHHH")
RECORD = struct.Struct("!HHIH")
OPT = 41
SRV = 33
SECTIONS = ("Answers", "Authority", "Additional")
COUNTS = ("dns.count.queries", "dns.count.answers", "dns.count.auth_rr", "dns.count.add_rr")
# RFC 2136 §2.2: an update's sections have other names.
UPDATE = ("dns.count.zones", "dns.count.prerequisites", "dns.count.updates", "dns.count.add_rr")
UPDATE_OPCODE = 5 << 11


def dissect(view: View, part: Part) -> None:
    """Header, question, records; then what only the capture as a whole can tell: the reply, the query, the time."""
    start, end = part.start, part.stop
    if part.announced >= 0 and end - start < part.framing + 4:  # nothing that Wireshark reads
        view.add(view.broken("dns", end))
        return
    if part.framing:
        view.add(
            ("dns.length", max(end - start, part.announced) - 2, start, start + 2, view.buffer, 0, "dns")
        )
        start += 2
    variant = VARIANTS[part.protocol.layer]
    view.add((variant.layer, "", part.start, end, view.buffer, 0, "dns"))
    try:
        _message(Reader(view, start, end, variant), start, end)
    except Short:
        if not view.quoted:  # an ICMP error quotes no more than it needs
            view.add(view.broken("dns", start))
        return
    if view.quoted and view.data[start + 2] & 0x80:
        view.add(("dns.unsolicited", True, start, start, view.buffer, 0, "dns"))
    if isinstance(part.state, MessageState):
        view.out += part.state.fields(view.info, start, view.buffer)


def _message(reader: Reader, start: int, end: int) -> None:
    if end - start < 12:
        _part_of_header(reader, start, end)
        raise Short
    buffer = reader.buffer
    ident, flags, *counts = HEADER.unpack_from(reader.data, start)
    names = UPDATE if flags & 0x7800 == UPDATE_OPCODE else COUNTS
    reader.view.out += (
        ("dns.id", ident, start, start + 2, buffer, 0, "dns"),
        *_flags(flags, start + 2, buffer, reader.variant.layer),
    )
    at = start + 4
    for name, count in zip(names, counts, strict=True):
        reader.add((name, count, at, at + 2, buffer, 0, "dns"))
        at += 2
    at = start + 12
    for number in range(1, counts[0] + 1):
        at = _question(reader, at, f"dns/Queries/{number}")
    if reader.view.brief:
        return
    for section, count in zip(SECTIONS, counts[1:], strict=True):
        for number in range(1, count + 1):
            at = _record(reader, at, f"dns/{section}/{number}")
    if at < end:
        reader.octets("dns.extraneous.data", at, end, "dns")
        reader.add(("dns.extraneous.length", end - at, at, at, buffer, 0, "dns"))


def _part_of_header(reader: Reader, start: int, end: int) -> None:
    """Of a message shorter than a header, as much as there is."""
    for number, at in enumerate(range(start, end - 1, 2)):
        value = reader.data[at] << 8 | reader.data[at + 1]
        if number == 1:
            reader.view.out += _flags(value, at, reader.buffer, reader.variant.layer)
        else:
            name = "dns.id" if number == 0 else COUNTS[number - 2]
            reader.add((name, value, at, at + 2, reader.buffer, 0, "dns"))


@lru_cache(1024)
def _flags(flags: int, at: int, buffer: str, layer: str) -> tuple[Raw, ...]:
    stop, group, reply = at + 2, "dns/Flags", bool(flags & 0x8000)
    fields: list[Raw] = [
        ("dns.flags", flags, at, stop, buffer, 0, group),
        ("dns.flags.response", reply, at, stop, buffer, 0x8000, group),
        ("dns.flags.opcode", flags >> 11 & 15, at, stop, buffer, 0x7800, group),
    ]
    fields += [
        (f"dns.flags.{name}", bool(flags & mask), at, stop, buffer, mask, group)
        for name, mask in VARIANTS[layer].bits(flags)
    ]
    if reply:
        fields.append(("dns.flags.rcode", flags & 15, at, stop, buffer, 0x000F, group))
    return tuple(fields)


def _question(reader: Reader, at: int, group: str) -> int:
    name, after, size, labels = reader.name(at, reader.end)
    buffer = reader.buffer
    stop = after + 4
    if stop > reader.end:
        raise Short
    data = reader.data
    kind, cls = data[after] << 8 | data[after + 1], data[after + 2] << 8 | data[after + 3]
    reader.view.out += (
        ("dns.qry.name", name, at, after, buffer, 0, group),
        ("dns.qry.name.len", size, at, after, buffer, 0, group),
        ("dns.count.labels", labels, at, after, buffer, 0, group),
        ("dns.qry.type", kind, after, after + 2, buffer, 0, group),
    )
    _class(reader, "dns.qry", "qu", cls, after + 2, group)
    return stop


def _class(reader: Reader, prefix: str, top: str, cls: int, at: int, group: str) -> None:
    """A class; in multicast DNS its upper bit is a flag of its own: RFC 6762 §5.4 in questions, §10.2 in records."""
    buffer = reader.buffer
    if not reader.variant.split_class:
        reader.add((f"{prefix}.class", cls, at, at + 2, buffer, 0, group))
        return
    reader.view.out += (
        (f"{prefix}.class", cls & 0x7FFF, at, at + 2, buffer, 0x7FFF, group),
        (f"{prefix}.{top}", bool(cls & 0x8000), at, at + 2, buffer, 0x8000, group),
    )


def _record(reader: Reader, at: int, group: str) -> int:
    name, after, _, _ = reader.name(at, reader.end)
    buffer = reader.buffer
    if after + 10 > reader.end:
        raise Short
    kind, cls, ttl, length = RECORD.unpack_from(reader.data, after)
    start = after + 10
    out = reader.view.out
    if kind == SRV:
        _service_name(reader, name, at, after, group)
    else:
        out.append(("dns.resp.name", name, at, after, buffer, 0, group))
    out.append(("dns.resp.type", kind, after, after + 2, buffer, 0, group))
    if kind == OPT:
        _edns(reader, cls, ttl, after + 2, group)
    else:
        _class(reader, "dns.resp", "cache_flush", cls, after + 2, group)
        out.append(("dns.resp.ttl", ttl, after + 4, after + 8, buffer, 0, group))
    out.append(("dns.resp.len", length, after + 8, start, buffer, 0, group))
    stop: int = start + length
    reader.cut = stop > reader.end
    # An update that deletes names records of class ANY or NONE without data: RFC 2136 §2.5.
    if length or cls not in (254, 255):
        RECORDS.get(kind, _unknown)(Rdata(reader, start, min(stop, reader.end), group))
    if reader.cut:
        raise Short
    return stop


def _service_name(reader: Reader, name: str, at: int, stop: int, group: str) -> None:
    """SRV's owner says the service and the transport in its first labels (RFC 2782), behind an instance's (RFC 6763 §4.1)."""
    labels = name.split(".", 3)
    told = ["service", "proto", "name"]
    if len(labels) > 2 and labels[2].startswith("_"):
        told.insert(0, "instance")
    for field, part in zip(told, name.split(".", len(told) - 1), strict=False):
        reader.add((f"dns.srv.{field}", part, at, stop, reader.buffer, 0, group))


def _edns(reader: Reader, cls: int, ttl: int, at: int, group: str) -> None:
    """What an OPT record has in place of class and TTL: RFC 6891 §6.1.3."""
    buffer, z = reader.buffer, ttl & 0xFFFF
    if reader.variant.split_class:
        mask = 0x7FFF
        reader.add(("dns.resp.cache_flush", bool(cls & 0x8000), at, at + 2, buffer, 0x8000, group))
    else:
        mask = 0
    reader.view.out += (
        ("dns.rr.udp_payload_size", cls & (mask or 0xFFFF), at, at + 2, buffer, mask, group),
        ("dns.resp.ext_rcode", ttl >> 24, at + 2, at + 3, buffer, 0, group),
        ("dns.resp.edns0_version", ttl >> 16 & 255, at + 3, at + 4, buffer, 0, group),
        ("dns.resp.z", z, at + 4, at + 6, buffer, 0, group),
        ("dns.resp.z.do", bool(z & 0x8000), at + 4, at + 6, buffer, 0x8000, group),
        ("dns.resp.z.reserved", z & 0x7FFF, at + 4, at + 6, buffer, 0x7FFF, group),
    )


def _unknown(rdata: Rdata) -> None:
    if rdata.stop > rdata.at:
        rdata.reader.octets("dns.data", rdata.at, rdata.stop, rdata.group)


def summary(payload: bytes, part: Part) -> str:
    """`A? www.example.test  rd do`, `NOERROR  2 answers  aa`: from `dns_summary`, which only a reader's screen needs."""
    from .summary import summary as line

    return line(payload, part.protocol.layer)


HEAD = ("dns.id", "dns.flags", "dns.count", "dns.qry")
APPLICATIONS = (
    Application(
        UNICAST.label,
        UNICAST.layer,
        Exchanges,
        dissect,
        summary,
        udp=(53,),
        tcp=(53,),
        alpn=("dot",),  # RFC 7858; IANA's registry of ALPN names
        framing=2,
        head=HEAD,
        pairing=(slice(0, 2), slice(0, 2)),
        is_datagram=is_datagram,
        is_stream=is_stream,
        marks=DATAGRAM,
    ),
    *(
        Application(
            variant.label,
            variant.layer,
            Exchanges,
            dissect,
            summary,
            udp=(port,),
            head=HEAD,
            gives=("dns",),
            pairing=(slice(0, 2), slice(0, 2)),
        )
        for variant, port in ((MULTICAST, 5353), (LINK_LOCAL, 5355))
    ),
)


def _body(view: View, start: int, stop: int, known: object) -> None:
    """A message that HTTP carries: RFC 8484 §6, no length before it."""
    view.protocols.append("dns")
    dissect(view, Part(APPLICATIONS[0], start, stop))


SUBDISSECTORS = (Subdissector("media_type", _body, ("application/dns-message",), layers=("dns",)),)
