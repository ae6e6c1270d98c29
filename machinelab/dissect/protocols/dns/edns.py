"""EDNS options: RFC 6891 §6.1.2, and the RFC of each option."""

from _socket import inet_ntoa
from collections.abc import Callable
from ipaddress import IPv6Address

from ...core import Short
from .names import Rdata, Reader

Option = Callable[[Reader, int, int, str], None]


def options(rdata: Rdata) -> None:
    """Each option: its code, length, data as it stands, and the data's meaning where it is known."""
    reader, at, end, group = rdata
    number = 0
    while at < end:
        number += 1
        if end - at < 4:
            raise Short
        data, buffer, inner = reader.data, reader.buffer, f"{group}/Option {number}"
        code, size = data[at] << 8 | data[at + 1], data[at + 2] << 8 | data[at + 3]
        start, stop = at + 4, at + 4 + size
        reader.view.out += (
            ("dns.opt", "", at, min(stop, end), buffer, 0, inner),
            ("dns.opt.code", code, at, at + 2, buffer, 0, inner),
            ("dns.opt.len", size, at + 2, start, buffer, 0, inner),
        )
        if stop > end:
            raise Short
        reader.octets("dns.opt.data", start, stop, inner)
        if code in OPTIONS:
            OPTIONS[code](reader, start, stop, inner)
        at = stop


def _subnet(reader: Reader, at: int, stop: int, group: str) -> None:
    """RFC 7871 §6: only as many bytes of the address as the mask needs; the rest are zeros."""
    family = reader.uint("dns.opt.client.family", at, 2, stop, group)
    reader.uint("dns.opt.client.netmask", at + 2, 1, stop, group)
    reader.uint("dns.opt.client.scope", at + 3, 1, stop, group)
    octets, add = reader.data[at + 4 : stop], reader.add
    if family == 1 and len(octets) <= 4:
        text = inet_ntoa(octets.ljust(4, b"\0"))
        add(("dns.opt.client.addr4", text, at + 4, stop, reader.buffer, 0, group))
    elif family == 2 and len(octets) <= 16:
        text = str(IPv6Address(octets.ljust(16, b"\0")))
        add(("dns.opt.client.addr6", text, at + 4, stop, reader.buffer, 0, group))
    else:
        reader.octets("dns.opt.client.addr", at + 4, stop, group)


def _cookie(reader: Reader, at: int, stop: int, group: str) -> None:
    """RFC 7873 §4: eight bytes of the client's, then up to 32 of the server's."""
    middle = min(at + 8, stop)
    reader.octets("dns.opt.cookie.client", at, middle, group)
    reader.octets("dns.opt.cookie.server", middle, stop, group)


def _keepalive(reader: Reader, at: int, stop: int, group: str) -> None:
    if stop - at == 2:
        reader.uint("dns.opt.edns_tcp_keepalive.timeout", at, 2, stop, group)


def _padding(reader: Reader, at: int, stop: int, group: str) -> None:
    reader.octets("dns.opt.padding", at, stop, group)


def _error(reader: Reader, at: int, stop: int, group: str) -> None:
    reader.uint("dns.opt.ext_error.info_code", at, 2, stop, group)
    if stop > at + 2:
        reader.text("dns.opt.ext_error.extra_text", at + 2, stop, group)


def _name(field: str) -> Option:
    def dissect(reader: Reader, at: int, stop: int, group: str) -> None:
        reader.put_name(field, at, stop, group)

    return dissect


def _list(field: str) -> Option:
    def dissect(reader: Reader, at: int, stop: int, group: str) -> None:
        for place in range(at, stop):
            reader.uint(field, place, 1, stop, group)

    return dissect


OPTIONS: dict[int, Option] = {
    5: _list("dns.opt.dau"),
    6: _list("dns.opt.dhu"),
    7: _list("dns.opt.n3u"),
    8: _subnet,
    10: _cookie,
    11: _keepalive,
    12: _padding,
    13: _name("dns.opt.chain.fqdn"),
    15: _error,
    18: _name("dns.opt.agent_domain"),
}
