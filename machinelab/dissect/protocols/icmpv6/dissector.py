"""ICMPv6: RFC 4443; neighbour discovery RFC 4861."""

from ipaddress import IPv6Address

from ....model import Field
from ... import checksum
from ...core import Layer, Short, View
from ...data import dissect as rest
from ...echo import sent, show
from ...layers import quoted

UNREACHABLE, TOO_BIG, EXCEEDED, PROBLEM, REQUEST, REPLY, SOLICIT, ADVERTISE = 1, 2, 3, 4, 128, 129, 135, 136
ROUTERS, LISTENERS = 133, 143
PSEUDO = b"\0\0\0\x3a"


def dissect(view: View, start: int, stop: int) -> None:
    """Type, code, checksum; then what the type has."""
    view.protocols.append("icmpv6")
    if stop - start < 4:
        raise Short
    data, buffer, at = view.data, view.buffer, start
    kind = data[at]
    view.out += (
        Field("icmpv6", "", at, stop, buffer, 0, "icmpv6"),
        Field("icmpv6.type", kind, at, at + 1, buffer, 0, "icmpv6"),
        Field("icmpv6.code", data[at + 1], at + 1, at + 2, buffer, 0, "icmpv6"),
        Field("icmpv6.checksum", data[at + 2] << 8 | data[at + 3], at + 2, at + 4, buffer, 0, "icmpv6"),
        Field("icmpv6.checksum.status", _status(view, at, stop), at + 2, at + 2, buffer, 0, "icmpv6"),
    )
    if kind in (REQUEST, REPLY):
        _echo(view, at, stop)
    elif kind in (UNREACHABLE, TOO_BIG, EXCEEDED, PROBLEM):
        _error(view, kind, at, stop)
    elif kind in (SOLICIT, ADVERTISE):
        _neighbour(view, kind, at, stop)
    elif kind == ROUTERS and stop - at >= 8:
        view.add(Field("icmpv6.reserved", data[at + 4 : at + 8], at + 4, at + 8, buffer, 0, "icmpv6"))
        _options(view, at + 8, stop)
    elif kind == LISTENERS and stop - at >= 8:
        _listeners(view, at, stop)
    elif at + 4 < stop:
        view.add(Field("icmpv6.data", data[at + 4 : stop], at + 4, stop, buffer, 0, "icmpv6"))


def _status(view: View, start: int, stop: int) -> int:
    """The sum covers the addresses too: RFC 4443 §2.3, RFC 8200 §8.1."""
    info = view.info
    if view.quoted or info.frame.length > len(info.data) or info.addresses == b"":
        return checksum.UNVERIFIED
    pseudo = info.addresses + (stop - start).to_bytes(4, "big") + PSEUDO
    return checksum.GOOD if checksum.whole(pseudo + view.data[start:stop]) else checksum.BAD


def _echo(view: View, at: int, stop: int) -> None:
    data, buffer, group = view.data, view.buffer, "icmpv6"
    if stop - at < 8:
        raise Short
    view.add(
        Field("icmpv6.echo.identifier", data[at + 4] << 8 | data[at + 5], at + 4, at + 6, buffer, 0, group)
    )
    view.add(
        Field(
            "icmpv6.echo.sequence_number", data[at + 6] << 8 | data[at + 7], at + 6, at + 8, buffer, 0, group
        )
    )
    show(view, "icmpv6", at)
    rest(view, sent(view, "icmpv6", at + 8, stop), stop)


def _error(view: View, kind: int, at: int, stop: int) -> None:
    data, buffer = view.data, view.buffer
    if stop - at < 8:
        raise Short
    word = data[at + 4 : at + 8]
    if kind == TOO_BIG:
        view.add(Field("icmpv6.mtu", int.from_bytes(word, "big"), at + 4, at + 8, buffer, 0, "icmpv6"))
    elif kind == PROBLEM:
        view.add(Field("icmpv6.pointer", int.from_bytes(word, "big"), at + 4, at + 8, buffer, 0, "icmpv6"))
    else:
        view.add(Field("icmpv6.reserved", word, at + 4, at + 8, buffer, 0, "icmpv6"))
    quoted(view, 0x86DD, at + 8, stop)


def _neighbour(view: View, kind: int, at: int, stop: int) -> None:
    data, buffer = view.data, view.buffer
    if stop - at < 24:
        raise Short
    if kind == ADVERTISE:
        _advertised(view, at + 4)
    else:
        view.add(Field("icmpv6.reserved", data[at + 4 : at + 8], at + 4, at + 8, buffer, 0, "icmpv6"))
    name = "icmpv6.nd.na.target_address" if kind == ADVERTISE else "icmpv6.nd.ns.target_address"
    view.add(Field(name, str(IPv6Address(data[at + 8 : at + 24])), at + 8, at + 24, buffer, 0, "icmpv6"))
    _options(view, at + 24, stop)


def _advertised(view: View, at: int) -> None:
    word, group, stop, buffer = (
        int.from_bytes(view.data[at : at + 4], "big"),
        "icmpv6/Flags",
        at + 4,
        view.buffer,
    )
    view.out += (
        Field("icmpv6.nd.na.flag", word, at, stop, buffer, 0, group),
        Field("icmpv6.nd.na.flag.r", bool(word & 0x80000000), at, stop, buffer, 0x80000000, group),
        Field("icmpv6.nd.na.flag.s", bool(word & 0x40000000), at, stop, buffer, 0x40000000, group),
        Field("icmpv6.nd.na.flag.o", bool(word & 0x20000000), at, stop, buffer, 0x20000000, group),
        Field("icmpv6.nd.na.flag.rsv", word & 0x1FFFFFFF, at, stop, buffer, 0x1FFFFFFF, group),
    )


def _listeners(view: View, at: int, stop: int) -> None:
    """Multicast listener report, version 2: RFC 3810 §5.2."""
    data, buffer = view.data, view.buffer
    count = data[at + 6] << 8 | data[at + 7]
    view.add(Field("icmpv6.reserved", data[at + 4 : at + 6], at + 4, at + 6, buffer, 0, "icmpv6"))
    view.add(Field("icmpv6.mldr.nb_mcast_records", count, at + 6, at + 8, buffer, 0, "icmpv6"))
    at += 8
    for number in range(1, count + 1):
        if stop - at < 20:
            raise Short
        sources, group = data[at + 2] << 8 | data[at + 3], f"icmpv6/Record {number}"
        end = at + 20 + sources * 16 + data[at + 1] * 4
        if end > stop:
            raise Short
        address = str(IPv6Address(data[at + 4 : at + 20]))
        view.out += (
            Field("icmpv6.mldr.mar", "", at, end, buffer, 0, group),
            Field("icmpv6.mldr.mar.record_type", data[at], at, at + 1, buffer, 0, group),
            Field("icmpv6.mldr.mar.aux_data_len", data[at + 1], at + 1, at + 2, buffer, 0, group),
            Field("icmpv6.mldr.mar.nb_sources", sources, at + 2, at + 4, buffer, 0, group),
            Field("icmpv6.mldr.mar.multicast_address", address, at + 4, at + 20, buffer, 0, group),
        )
        at = end


def _options(view: View, at: int, stop: int) -> None:
    """RFC 4861 §4.6: kind, length in 8 bytes, value."""
    data, buffer, number = view.data, view.buffer, 0
    while at + 2 <= stop:
        number += 1
        kind, size, group = data[at], data[at + 1] * 8, f"icmpv6/Option {number}"
        if size == 0 or at + size > stop:
            raise Short
        view.out += (
            Field("icmpv6.opt", "", at, at + size, buffer, 0, group),
            Field("icmpv6.opt.type", kind, at, at + 1, buffer, 0, group),
            Field("icmpv6.opt.length", data[at + 1], at + 1, at + 2, buffer, 0, group),
        )
        if kind in (1, 2) and size == 8:
            address = data[at + 2 : at + 8].hex(":")
            which = "src" if kind == 1 else "target"
            view.add(Field("icmpv6.opt.linkaddr", address, at + 2, at + 8, buffer, 0, group))
            view.add(Field(f"icmpv6.opt.{which}_linkaddr", address, at + 2, at + 8, buffer, 0, group))
        elif kind == 14:
            view.add(Field("icmpv6.opt.nonce", data[at + 2 : at + size], at + 2, at + size, buffer, 0, group))
        at += size


LAYERS = (Layer("icmpv6", dissect, protocols=(58,)),)
