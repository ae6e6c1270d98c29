"""Records that say how to reach a service: SRV (RFC 2782), SVCB and HTTPS (RFC 9460), TLSA (RFC 6698), CAA (RFC 8659)."""

from _socket import inet_ntoa
from collections.abc import Callable
from ipaddress import IPv6Address

from ....model import Field
from ...core import Short
from ...registry import offer
from .names import Rdata, Reader, printable


def _server(rdata: Rdata) -> None:
    """SRV."""
    reader, at, stop, group = rdata
    for field, place in (("priority", at), ("weight", at + 2), ("port", at + 4)):
        reader.uint(f"dns.srv.{field}", place, 2, stop, group)
    reader.put_name("dns.srv.target", at + 6, stop, group)


def _certificate(rdata: Rdata) -> None:
    reader, at, stop, group = rdata
    for field, place in (("certificate_usage", at), ("selector", at + 1), ("matching_type", at + 2)):
        reader.uint(f"dns.tlsa.{field}", place, 1, stop, group)
    reader.octets("dns.tlsa.certificate_association_data", at + 3, stop, group)


def _authority(rdata: Rdata) -> None:
    """CAA: RFC 8659 §4.1."""
    reader, at, stop, group = rdata
    flags = reader.uint("dns.caa.flags", at, 1, stop, group)
    critical = bool(flags & 0x80)
    reader.add(
        Field("dns.caa.flags.issuer_critical", critical, at, at + 1, reader.buffer, 0x80, f"{group}/Flags")
    )
    if at + 2 > stop:
        raise Short
    size = reader.data[at + 1]
    value = at + 2 + size
    if value > stop:
        raise Short
    tag = reader.data[at + 2 : value].decode("ascii", "replace")
    kind = tag if tag in ("issue", "issuewild", "iodef") else "unknown"
    value_text = printable(reader.data[value : min(stop, reader.end)])
    reader.add(Field(f"dns.caa.{kind}", value_text, at + 1, stop, reader.buffer, 0, group))
    reader.uint("dns.caa.tag_length", at + 1, 1, stop, group)
    reader.text("dns.caa.tag", at + 2, value, group)
    reader.text("dns.caa.value", value, stop, group)


def _service(rdata: Rdata) -> None:
    """SVCB and HTTPS: RFC 9460 §2.2."""
    reader, at, stop, group = rdata
    reader.uint("dns.svcb.svcpriority", at, 2, stop, group)
    at = reader.put_name("dns.svcb.targetname", at + 2, stop, group)
    number = 0
    while at < stop:
        number += 1
        at = _parameter(reader, at, stop, f"{group}/Parameter {number}")


def _parameter(reader: Reader, at: int, stop: int, group: str) -> int:
    if stop - at < 4:
        raise Short
    key, size = (int.from_bytes(reader.data[place : place + 2], "big") for place in (at, at + 2))
    start, end = at + 4, at + 4 + size
    reader.add(Field("dns.svcb.svcparam", "", at, min(end, stop), reader.buffer, 0, group))
    reader.uint("dns.svcb.svcparam.key", at, 2, stop, group)
    reader.uint("dns.svcb.svcparam.value.length", at + 2, 2, stop, group)
    if end > stop:
        raise Short
    PARAMETERS.get(key, _opaque)(reader, start, end, group)
    return end


def _elsewhere(reader: Reader, at: int, stop: int, group: str) -> None:
    """Encrypted ClientHello's configurations (RFC 9848): TLS's."""
    offer(reader.view, "dns.svcparam", "5", at, min(stop, reader.end), group)


def _opaque(reader: Reader, at: int, stop: int, group: str) -> None:
    if stop > at:
        reader.octets("dns.svcb.svcparam.value", at, stop, group)


def _mandatory(reader: Reader, at: int, stop: int, group: str) -> None:
    for place in range(at, stop, 2):
        reader.uint("dns.svcb.svcparam.mandatory.key", place, 2, stop, group)


def _alpn(reader: Reader, at: int, stop: int, group: str) -> None:
    while at < stop:
        at = reader.string("dns.svcb.svcparam.alpn", "dns.svcb.svcparam.alpn.length", at, stop, group)


def _port(reader: Reader, at: int, stop: int, group: str) -> None:
    reader.uint("dns.svcb.svcparam.port", at, 2, stop, group)


def _hint(field: str, size: int, text: Callable[[bytes], str]) -> "Parameter":
    def dissect(reader: Reader, at: int, stop: int, group: str) -> None:
        for place in range(at, stop, size):
            if place + size > stop:
                raise Short
            value = text(reader.data[place : place + size])
            reader.add(Field(field, value, place, place + size, reader.buffer, 0, group))

    return dissect


def _path(reader: Reader, at: int, stop: int, group: str) -> None:
    reader.text("dns.svcb.svcparam.dohpath", at, stop, group)


Parameter = Callable[[Reader, int, int, str], None]

PARAMETERS: dict[int, Parameter] = {
    0: _mandatory,
    1: _alpn,
    3: _port,
    4: _hint("dns.svcb.svcparam.ipv4hint.ip", 4, inet_ntoa),
    5: _elsewhere,
    6: _hint("dns.svcb.svcparam.ipv6hint.ip", 16, lambda octets: str(IPv6Address(octets))),
    7: _path,
}

SERVICE: dict[int, Callable[[Rdata], None]] = {
    33: _server,
    52: _certificate,
    53: _certificate,
    64: _service,
    65: _service,
    257: _authority,
}
