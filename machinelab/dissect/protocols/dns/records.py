"""What the common record types hold: RFC 1035 §3.3, and the RFC of each that came later."""

from _socket import inet_ntoa
from collections.abc import Callable
from ipaddress import IPv6Address

from ...core import Short
from .edns import options
from .names import Rdata
from .security import SECURITY
from .service import SERVICE

Dissector = Callable[[Rdata], None]


def _address(rdata: Rdata) -> None:
    reader, at, stop, group = rdata
    if stop - at < 4:
        raise Short
    reader.add(("dns.a", inet_ntoa(reader.data[at : at + 4]), at, at + 4, reader.buffer, 0, group))


def _address6(rdata: Rdata) -> None:
    reader, at, stop, group = rdata
    if stop - at < 16:
        raise Short
    text = str(IPv6Address(reader.data[at : at + 16]))
    reader.add(("dns.aaaa", text, at, at + 16, reader.buffer, 0, group))


def _one_name(field: str) -> Dissector:
    def dissect(rdata: Rdata) -> None:
        rdata.reader.put_name(field, rdata.at, rdata.stop, rdata.group)

    return dissect


def _soa(rdata: Rdata) -> None:
    reader, at, stop, group = rdata
    at = reader.put_name("dns.soa.mname", at, stop, group)
    at = reader.put_name("dns.soa.rname", at, stop, group)
    for name in ("serial_number", "refresh_interval", "retry_interval", "expire_limit", "minimum_ttl"):
        reader.uint(f"dns.soa.{name}", at, 4, stop, group)
        at += 4


def _mx(rdata: Rdata) -> None:
    reader, at, stop, group = rdata
    reader.uint("dns.mx.preference", at, 2, stop, group)
    reader.put_name("dns.mx.mail_exchange", at + 2, stop, group)


def _strings(field: str) -> Dissector:
    def dissect(rdata: Rdata) -> None:
        reader, at, stop, group = rdata
        while at < stop:
            at = reader.string(field, f"{field}.length", at, stop, group)

    return dissect


def _host(rdata: Rdata) -> None:
    reader, at, stop, group = rdata
    at = reader.string("dns.hinfo.cpu", "dns.hinfo.cpu_length", at, stop, group)
    reader.string("dns.hinfo.os", "dns.hinfo.os_length", at, stop, group)


def _rewrite(rdata: Rdata) -> None:
    """NAPTR: RFC 3403 §4.1."""
    reader, at, stop, group = rdata
    reader.uint("dns.naptr.order", at, 2, stop, group)
    reader.uint("dns.naptr.preference", at + 2, 2, stop, group)
    at += 4
    for name in ("flags", "service", "regex"):
        at = reader.string(f"dns.naptr.{name}", f"dns.naptr.{name}_length", at, stop, group)
    text, after, _, _ = reader.name(at, stop)
    reader.add(("dns.naptr.replacement_length", len(text), at, at, reader.buffer, 0, group))
    reader.add(("dns.naptr.replacement", text, at, after, reader.buffer, 0, group))


def _ssh(rdata: Rdata) -> None:
    """SSHFP: RFC 4255 §3.1."""
    reader, at, stop, group = rdata
    reader.uint("dns.sshfp.algorithm", at, 1, stop, group)
    reader.uint("dns.sshfp.fingerprint.type", at + 1, 1, stop, group)
    reader.octets("dns.sshfp.fingerprint", at + 2, stop, group)


RECORDS: dict[int, Dissector] = {
    1: _address,
    2: _one_name("dns.ns"),
    5: _one_name("dns.cname"),
    6: _soa,
    12: _one_name("dns.ptr.domain_name"),
    13: _host,
    15: _mx,
    16: _strings("dns.txt"),
    28: _address6,
    35: _rewrite,
    39: _one_name("dns.dname"),
    41: options,
    44: _ssh,
    99: _strings("dns.spf"),
    **SECURITY,
    **SERVICE,
}
