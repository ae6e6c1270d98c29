"""ICMP: RFC 792; RFC 1191 (path MTU), RFC 4884 (quoted packet's length)."""

from ....model import Field
from ... import checksum
from ...bits import bits
from ...core import Layer, Short, View
from ...data import dissect as rest
from ...echo import sent, show
from ...layers import quoted
from .extensions import dissect as extensions

REPLY, UNREACHABLE, QUENCH, REDIRECT, REQUEST, EXCEEDED, PROBLEM = 0, 3, 4, 5, 8, 11, 12
ERRORS = (UNREACHABLE, QUENCH, REDIRECT, EXCEEDED, PROBLEM)
TOO_BIG = 4
ADVERTISEMENT, PROBE, PROBED = 9, 42, 43  # RFC 1256 §3, RFC 8335 §2, §3
NUMBERED = {
    13: 20,
    14: 20,
    15: 8,
    16: 8,
    17: 12,
    18: 12,
}  # timestamps, information, address masks, each with its size
EXTENDED = (UNREACHABLE, EXCEEDED, PROBLEM)  # RFC 4884 §4
QUOTED = 128  # bytes that are quoted before an extension, where the message does not say: RFC 4884 §5.5


def dissect(view: View, start: int, stop: int) -> None:
    """Type, code, checksum; then a ping's numbers, or the packet that an error quotes."""
    view.protocols.append("icmp")
    if stop - start < 8:
        raise Short
    data, buffer, at = view.data, view.buffer, start
    kind, code, total = data[at], data[at + 1], data[at + 2] << 8 | data[at + 3]
    view.out += (
        Field("icmp", "", at, stop, buffer, 0, "icmp"),
        Field("icmp.type", kind, at, at + 1, buffer, 0, "icmp"),
        Field("icmp.code", code, at + 1, at + 2, buffer, 0, "icmp"),
        Field("icmp.checksum", total, at + 2, at + 4, buffer, 0, "icmp"),
        Field("icmp.checksum.status", _status(view, at, stop), at + 2, at + 2, buffer, 0, "icmp"),
    )
    if kind in (REPLY, REQUEST):
        _echo(view, at, stop)
    elif kind in ERRORS:
        _error(view, kind, code, at, stop)
    elif kind in NUMBERED and stop - at >= NUMBERED[kind]:
        _numbered(view, kind, at)
    elif kind in (PROBE, PROBED):
        _probe(view, kind, at, stop)
    elif kind == ADVERTISEMENT:
        _routers(view, at, stop)


def _status(view: View, start: int, stop: int) -> int:
    if view.quoted or view.info.frame.length > len(view.info.data):
        return checksum.UNVERIFIED
    return checksum.GOOD if checksum.whole(view.data[start:stop]) else checksum.BAD


def _identity(view: View, at: int, names: tuple[str, ...]) -> None:
    """A ping's numbers, read with either byte first."""
    data, buffer, group = view.data, view.buffer, "icmp"
    for name, place in zip(names, (at + 4, at + 6), strict=False):
        high, low = data[place], data[place + 1]
        view.add(Field(f"icmp.{name}", high << 8 | low, place, place + 2, buffer, 0, group))
        view.add(Field(f"icmp.{name}_le", low << 8 | high, place, place + 2, buffer, 0, group))


def _echo(view: View, at: int, stop: int) -> None:
    _identity(view, at, ("ident", "seq"))
    show(view, "icmp", at)
    rest(view, sent(view, "icmp", at + 8, stop), stop)


def _error(view: View, kind: int, code: int, at: int, stop: int) -> None:
    data, buffer, length = view.data, view.buffer, view.data[at + 5] if kind in EXTENDED else 0
    if kind == REDIRECT:
        gateway = ".".join(map(str, data[at + 4 : at + 8]))
        view.add(Field("icmp.redir_gw", gateway, at + 4, at + 8, buffer, 0, "icmp"))
    elif kind == PROBLEM:
        view.add(Field("icmp.pointer", data[at + 4], at + 4, at + 5, buffer, 0, "icmp"))
    first, last = at + (5 if kind == PROBLEM else 4), at + 8
    if kind == UNREACHABLE and code == TOO_BIG:
        last = at + 6
    if length:
        if kind != PROBLEM:
            _unused(view, at + 4, at + 5)
        view.add(Field("icmp.length", length, at + 5, at + 6, buffer, 0, "icmp"))
        view.add(Field("icmp.length.original_datagram", length * 4, at + 5, at + 6, buffer, 0, "icmp"))
        first = at + 6
    if kind not in (REDIRECT, QUENCH):
        _unused(view, first, last)
    if last < at + 8:
        view.add(Field("icmp.mtu", data[at + 6] << 8 | data[at + 7], at + 6, at + 8, buffer, 0, "icmp"))
    end = min(stop, at + 8 + (length * 4 or QUOTED)) if kind in EXTENDED else stop
    if not (length or _extended(data, end, stop)):
        end = stop
    quoted(view, 0x0800, at + 8, end)
    if end < stop and not view.quoted:
        extensions(view, end, stop)


def _extended(data: bytes, at: int, stop: int) -> bool:
    """Whether what stands there is an extension of a message that does not say so: version 2 and a right checksum (RFC 4884 §5.5)."""
    return stop - at >= 8 and data[at] == 0x20 and checksum.whole(data[at:stop])


def _unused(view: View, start: int, stop: int) -> None:
    if stop > start:
        view.add(Field("icmp.unused", view.data[start:stop], start, stop, view.buffer, 0, "icmp"))


def _numbered(view: View, kind: int, at: int) -> None:
    """Timestamp, information and address mask: RFC 792, RFC 950 appendix I."""
    _identity(view, at, ("ident", "seq"))
    data, buffer = view.data, view.buffer
    if kind in (13, 14):
        for place, name in ((at + 8, "originate"), (at + 12, "receive"), (at + 16, "transmit")):
            value = int.from_bytes(data[place : place + 4], "big")
            view.add(Field(f"icmp.{name}_timestamp", value, place, place + 4, buffer, 0, "icmp"))
    elif kind in (17, 18):
        mask = ".".join(map(str, data[at + 8 : at + 12]))
        view.add(Field("icmp.address_mask", mask, at + 8, at + 12, buffer, 0, "icmp"))


def _probe(view: View, kind: int, at: int, stop: int) -> None:
    """Extended Echo, a ping that asks for the state of an interface: RFC 8335 §2, §3."""
    _identity(view, at, ("ident",))
    data, buffer, last = view.data, view.buffer, at + 7
    view.add(Field("icmp.ext.echo.seq", data[at + 6], at + 6, last, buffer, 0, "icmp"))
    prefix, table = ("icmp.ext.echo.req", ASKED) if kind == PROBE else ("icmp.ext.echo.rsp", ANSWERED)
    view.out += bits(prefix, data[last], table, last, at + 8, buffer, "icmp")
    if kind == PROBE:
        extensions(view, at + 8, stop)


ASKED = (("res", 0xFE, int), ("local", 0x01, bool))
ANSWERED = (
    ("state", 0xE0, int),
    ("res", 0x18, int),
    ("active", 0x04, bool),
    ("ipv4", 0x02, bool),
    ("ipv6", 0x01, bool),
)


def _routers(view: View, at: int, stop: int) -> None:
    """Which routers there are, and how well each would like to be used: RFC 1256 §3."""
    data, buffer, count, size = view.data, view.buffer, view.data[at + 4], view.data[at + 5]
    view.out += (
        Field("icmp.num_addrs", count, at + 4, at + 5, buffer, 0, "icmp"),
        Field("icmp.addr_entry_size", size, at + 5, at + 6, buffer, 0, "icmp"),
        Field("icmp.lifetime", data[at + 6] << 8 | data[at + 7], at + 6, at + 8, buffer, 0, "icmp"),
    )
    place = at + 8
    while count and size == 2 and stop - place >= 8:
        router = ".".join(map(str, data[place : place + 4]))
        level = int.from_bytes(data[place + 4 : place + 8], "big", signed=True)
        view.add(Field("icmp.router_address", router, place, place + 4, buffer, 0, "icmp"))
        view.add(Field("icmp.pref_level", level, place + 4, place + 8, buffer, 0, "icmp"))
        place, count = place + 8, count - 1
    rest(view, place, stop)


LAYERS = (Layer("icmp", dissect, protocols=(1,)),)
