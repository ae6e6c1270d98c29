"""PPP (RFC 1661 §2, RFC 1662 §3.1) and PPP over Ethernet (RFC 2516 §4, §5)."""

from ....model import Field
from ...bits import bits
from ...core import Layer, Short, View
from ...data import dissect as rest
from ...layers import by_ethertype
from ...links import IPV4, IPV6, PPP

INSIDE = {0x0021: IPV4, 0x0057: IPV6, 0x0281: 0x8847}
VERSION = (("version", 0xF0, int), ("type", 0x0F, int))
DISCOVERY, SESSION = 0x8863, 0x8864


def dissect(view: View, start: int, stop: int) -> None:
    """Address and control, if present; the protocol number; the payload."""
    view.protocols.append("ppp")
    data, buffer, at = view.data, view.buffer, start
    head, end, number = _header(data, start, stop)
    if end > stop:
        raise Short
    view.add(Field("ppp", "", at, end, buffer, 0, "ppp"))
    if head > at:
        view.add(Field("ppp.address", data[at], at, at + 1, buffer, 0, "ppp"))
        view.add(Field("ppp.control", data[at + 1], at + 1, at + 2, buffer, 0, "ppp"))
    view.add(Field("ppp.protocol", number, head, end, buffer, 0, "ppp"))
    if number in INSIDE:
        by_ethertype(view, INSIDE[number], end, stop)
    else:
        rest(view, end, stop)


def _header(data: bytes, start: int, stop: int) -> tuple[int, int, int]:
    """Where the protocol's number begins and ends, and the number: one byte of it where that is odd (RFC 1661 §2)."""
    head = start + 2 if data[start : start + 2] == b"\xff\x03" else start
    if head < stop and data[head] & 1:
        return head, head + 1, data[head]
    return head, head + 2, int.from_bytes(data[head : head + 2], "big")


def carries(data: bytes, start: int, stop: int) -> tuple[int, int]:
    """The Ethernet type that stands for the protocol's number."""
    _, end, number = _header(data, start, stop)
    return INSIDE.get(number, -1), min(end, stop)


def over_ethernet(view: View, start: int, stop: int) -> None:
    """Version, type, code, session, length; then PPP."""
    end = _session(view, "pppoes", start, stop)
    by_ethertype(view, PPP, start + 6, end)


def discovery(view: View, start: int, stop: int) -> None:
    """The same with tags instead (which are not read here)."""
    end = _session(view, "pppoed", start, stop)
    if end > start + 6:
        view.add(Field("pppoed.tags", "", start + 6, end, view.buffer, 0, "pppoed"))


def _session(view: View, name: str, at: int, stop: int) -> int:
    view.protocols.append(name)
    if stop - at < 6:
        raise Short
    data, buffer = view.data, view.buffer
    length = data[at + 4] << 8 | data[at + 5]
    end = min(stop, at + 6 + length)
    view.out += (
        Field(name, "", at, at + 6 if name == "pppoes" else end, buffer, 0, name),
        *bits("pppoe", data[at], VERSION, at, at + 1, buffer, name),
        Field("pppoe.code", data[at + 1], at + 1, at + 2, buffer, 0, name),
        Field("pppoe.session_id", data[at + 2] << 8 | data[at + 3], at + 2, at + 4, buffer, 0, name),
        Field("pppoe.payload_length", length, at + 4, at + 6, buffer, 0, name),
    )
    return end


def session_carries(data: bytes, start: int, stop: int) -> tuple[int, int]:
    """PPP, behind six bytes."""
    return (PPP, start + 6) if stop - start >= 6 else (-1, stop)


LAYERS = (
    Layer("ppp", dissect, links=(9, 50), ethertypes=(PPP,), carries=carries),
    Layer("pppoes", over_ethernet, links=(51,), ethertypes=(SESSION,), carries=session_carries),
    Layer("pppoed", discovery, ethertypes=(DISCOVERY,)),
)
