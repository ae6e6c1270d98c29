"""IPv6 and its extension headers: RFC 8200 §3, §4."""

from collections.abc import Callable
from functools import lru_cache
from ipaddress import IPv6Address

from ....model import Field
from ...core import Layer, Raw, Short, View
from ...data import dissect as rest
from ...fragments import show
from ...layers import by_protocol
from ...trailer import dissect as trailer
from .options import dissect as options

HOP, ROUTING, FRAGMENT, DESTINATION, NOTHING = 0, 43, 44, 60, 59


def dissect(view: View, start: int, stop: int) -> None:
    """The fixed header, the extensions in their order, then the payload."""
    view.protocols.append("ipv6")
    if stop - start < 40:
        raise Short
    data, buffer, at = view.data, view.buffer, start
    length, following = data[at + 4] << 8 | data[at + 5], data[at + 6]
    end = min(stop, at + 40 + length) if length else stop
    place = len(view.out)
    view.out += (
        Field("ipv6", "", at, at + 40, buffer, 0, "ipv6"),
        *_first(data[at : at + 4], at, buffer),
        Field("ipv6.plen", length, at + 4, at + 6, buffer, 0, "ipv6"),
        Field("ipv6.nxt", following, at + 6, at + 7, buffer, 0, "ipv6"),
        Field("ipv6.hlim", data[at + 7], at + 7, at + 8, buffer, 0, "ipv6"),
        *_addresses(data[at + 8 : at + 40], at, buffer),
    )
    if view.depth < len(view.info.streams):
        view.add(Field("ipv6.stream", view.info.streams[view.depth], at, at, buffer, 0, "ipv6"))
    view.depth += 1
    view.missing = view.cut(at + 40 + length - stop)
    _upper(view, following, at + 40, end, place)
    trailer(view, end, stop)


def _upper(view: View, following: int, at: int, stop: int, place: int = -1) -> None:
    """Extension headers, as long as there are any; then what they announce. The header at `place` takes them in."""
    while following in EXTENSIONS:
        if stop - at < 8 or view.deep:
            raise Short
        if following == FRAGMENT:
            _extend(view, place, at + 8)
            _fragment(view, at, stop)
            return
        size = 8 + view.data[at + 1] * 8
        if at + size > stop:
            raise Short
        EXTENSIONS[following](view, at, at + size)
        _extend(view, place, at + size)
        following, at = view.data[at], at + size
    if following == NOTHING:
        rest(view, at, stop)
    else:
        by_protocol(view, following, at, stop)


def _extend(view: View, place: int, stop: int) -> None:
    if place >= 0:
        view.out[place] = Field._make(view.out[place])._replace(stop=stop)


@lru_cache(1024)
def _first(octets: bytes, at: int, buffer: str) -> tuple[Raw, ...]:
    word = int.from_bytes(octets, "big")
    traffic, group = word >> 20 & 255, "ipv6/Traffic Class"
    return (
        Field("ipv6.version", word >> 28, at, at + 1, buffer, 0xF0, "ipv6"),
        Field("ip.version", word >> 28, at, at + 1, buffer, 0xF0, "ipv6"),
        Field("ipv6.tclass", traffic, at, at + 4, buffer, 0x0FF00000, group),
        Field("ipv6.tclass.dscp", traffic >> 2, at, at + 4, buffer, 0x0FC00000, group),
        Field("ipv6.tclass.ecn", traffic & 3, at, at + 4, buffer, 0x00300000, group),
        Field("ipv6.flow", word & 0xFFFFF, at + 1, at + 4, buffer, 0x0FFFFF, "ipv6"),
    )


@lru_cache(4096)
def _addresses(octets: bytes, at: int, buffer: str) -> tuple[Raw, ...]:
    src, dst = str(IPv6Address(octets[:16])), str(IPv6Address(octets[16:]))
    first, second, stop = at + 8, at + 24, at + 40
    return (
        Field("ipv6.src", src, first, second, buffer, 0, "ipv6"),
        Field("ipv6.addr", src, first, second, buffer, 0, "ipv6"),
        *_hardware("src", octets[8:16], first + 8, buffer),
        Field("ipv6.dst", dst, second, stop, buffer, 0, "ipv6"),
        Field("ipv6.addr", dst, second, stop, buffer, 0, "ipv6"),
        *_hardware("dst", octets[24:], second + 8, buffer),
    )


def _hardware(end: str, octets: bytes, at: int, buffer: str) -> tuple[Raw, ...]:
    """The hardware address that an interface identifier was made from, with ff:fe in its middle: RFC 4291, appendix A."""
    if (
        octets[3:5] != b"\xff\xfe" or not octets[0] & 2
    ):  # a locally chosen identifier names no hardware address
        return ()
    address = bytes([octets[0] ^ 2]) + octets[1:3] + octets[5:]
    return tuple(
        Field(f"ipv6.{name}slaac_mac", address.hex(":"), at, at + 8, buffer, 0, "ipv6")
        for name in ("", f"{end}_")
    )


def _options(name: str, title: str) -> Callable[[View, int, int], None]:
    """A header of options: what follows it, how long it is, the options."""

    def dissect(view: View, at: int, stop: int) -> None:
        data, buffer, group = view.data, view.buffer, f"ipv6/{title}"
        view.protocols.append(f"ipv6.{name}")
        view.out += (
            Field(f"ipv6.{name}", "", at, stop, buffer, 0, group),
            Field(f"ipv6.{name}.nxt", data[at], at, at + 1, buffer, 0, group),
            Field(f"ipv6.{name}.len", data[at + 1], at + 1, at + 2, buffer, 0, group),
            Field(f"ipv6.{name}.len_oct", stop - at, at + 1, at + 2, buffer, 0, group),
        )
        if name != "routing":
            options(view, at + 2, stop, group)

    return dissect


def _routing(view: View, at: int, stop: int) -> None:
    _options("routing", "Routing")(view, at, stop)
    data, buffer, group = view.data, view.buffer, "ipv6/Routing"
    view.add(Field("ipv6.routing.type", data[at + 2], at + 2, at + 3, buffer, 0, group))
    view.add(Field("ipv6.routing.segleft", data[at + 3], at + 3, at + 4, buffer, 0, group))


def _fragment(view: View, at: int, stop: int) -> None:
    data, buffer, group = view.data, view.buffer, "ipv6/Fragment"
    word, two, four = data[at + 2] << 8 | data[at + 3], at + 2, at + 4
    view.protocols.append("ipv6.fraghdr")
    view.out += (
        Field("ipv6.fraghdr", "", at, at + 8, buffer, 0, group),
        Field("ipv6.fraghdr.nxt", data[at], at, at + 1, buffer, 0, group),
        Field("ipv6.fraghdr.reserved_octet", data[at + 1], at + 1, two, buffer, 0, group),
        Field("ipv6.fraghdr.offset", word >> 3, two, four, buffer, 0xFFF8, group),
        Field("ipv6.fraghdr.reserved_bits", word >> 1 & 3, two, four, buffer, 0x0006, group),
        Field("ipv6.fraghdr.more", bool(word & 1), two, four, buffer, 0x0001, group),
        Field(
            "ipv6.fraghdr.ident", int.from_bytes(data[four : at + 8], "big"), four, at + 8, buffer, 0, group
        ),
    )
    if not word & 0xFFF9:  # "atomic": a fragment that is the whole (RFC 6946)
        _upper(view, data[at], at + 8, stop)
        return
    inner = None if view.quoted else show(view, "ipv6", at)
    if inner is None:
        rest(view, at + 8, stop)
    else:
        _upper(inner, data[at], 0, len(inner.data))


EXTENSIONS: dict[int, Callable[[View, int, int], None]] = {
    HOP: _options("hopopts", "Hop-by-Hop Options"),
    ROUTING: _routing,
    FRAGMENT: _fragment,
    DESTINATION: _options("dstopts", "Destination Options"),
}

LAYERS = (Layer("ipv6", dissect, ethertypes=(0x86DD,), protocols=(41,)),)
