"""What the common record types hold: RFC 1035 §3.3, and the RFC of each that came later."""

from collections.abc import Callable
from ipaddress import IPv6Address
from socket import inet_ntoa
from typing import NamedTuple

from ..model import Field
from .core import Short
from .dns_names import Reader


class Rdata(NamedTuple):
    """A record's own data, at `at`:`stop`, and the group that its fields go to."""

    reader: Reader
    at: int
    stop: int
    group: str


def _address(rdata: Rdata) -> None:
    reader, at, stop, group = rdata
    if stop - at < 4:
        raise Short
    reader.add(Field("dns.a", inet_ntoa(reader.data[at : at + 4]), at, at + 4, reader.buffer, 0, group))


def _address6(rdata: Rdata) -> None:
    reader, at, stop, group = rdata
    if stop - at < 16:
        raise Short
    reader.add(
        Field("dns.aaaa", str(IPv6Address(reader.data[at : at + 16])), at, at + 16, reader.buffer, 0, group)
    )


def _one_name(field: str) -> "Dissector":
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


def _strings(field: str) -> "Dissector":
    def dissect(rdata: Rdata) -> None:
        reader, at, stop, group = rdata
        while at < stop:
            size = reader.uint(f"{field}.length", at, 1, stop, group)
            if at + 1 + size > stop:
                raise Short
            reader.text(field, at + 1, at + 1 + size, group)
            at += 1 + size

    return dissect


Dissector = Callable[[Rdata], None]

RECORDS: dict[int, Dissector] = {
    1: _address,
    2: _one_name("dns.ns"),
    5: _one_name("dns.cname"),
    6: _soa,
    12: _one_name("dns.ptr.domain_name"),
    15: _mx,
    16: _strings("dns.txt"),
    28: _address6,
}
