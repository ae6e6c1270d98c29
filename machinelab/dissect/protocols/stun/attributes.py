"""The attributes of a STUN message: RFC 8489 §14, RFC 8656 §18, RFC 8445 §16.1, RFC 5780 §7."""

import zlib
from _socket import AF_INET, AF_INET6, inet_ntop
from collections.abc import Callable

from ...core import Short, View

ADDRESSES = (0x0001, 0x8023, 0x802B, 0x802C)
XORED = (0x0012, 0x0016, 0x0020)
TEXTS = {0x0006: "username", 0x0014: "realm", 0x0015: "nonce", 0x8022: "software"}
MOST = 512  # attributes of one message that are looked at

# What a checksum of a STUN message is turned with, so that it differs from one of the data: RFC 8489 §14.7.
FINGERPRINT = 0x5354554E


class _Attribute:
    """One attribute being read: its bytes at `at`:`stop` of the view, in its group; `start` is where the message begins."""

    def __init__(self, view: View, start: int, at: int, stop: int, group: str) -> None:
        self.view, self.start, self.at, self.stop, self.group = view, start, at, stop, group
        self.data = view.data

    def add(self, name: str, value: "bool | int | str | bytes", at: int, stop: int, mask: int = 0) -> None:
        self.view.add((f"stun.{name}", value, at, stop, self.view.buffer, mask, self.group))

    def number(self, name: str, at: int, size: int) -> int:
        self.need(at + size)
        value = int.from_bytes(self.data[at : at + size], "big")
        self.add(name, value, at, at + size)
        return value

    def octets(self, name: str, at: int, stop: int) -> None:
        self.need(stop)
        if stop > at:
            self.add(name, self.data[at:stop], at, stop)

    def text(self, name: str, at: int, stop: int) -> None:
        self.add(name, self.data[at:stop].decode("utf-8", "replace").partition("\0")[0], at, stop)

    def need(self, stop: int) -> None:
        """Raise Short if the attribute ends before `stop`."""
        if stop > self.stop:
            raise Short


def attributes(view: View, start: int, at: int, end: int) -> None:
    """Each attribute in turn. Raises Short where one does not fit."""
    for number in range(1, MOST + 1):
        if at + 4 > end:
            if at < end:
                raise Short
            return
        kind, length = view.data[at] << 8 | view.data[at + 1], view.data[at + 2] << 8 | view.data[at + 3]
        stop = at + 4 + length
        filled = stop + -length % 4
        if filled > end:
            raise Short
        group = f"stun/Attributes/{number}"
        _head(view, kind, length, at, filled, group)
        attribute = _Attribute(view, start, at + 4, stop, group)
        READERS.get(kind, _unread)(attribute)
        if filled > stop:
            attribute.add("att.padding", filled - stop, stop, filled)
        at = filled


def _head(view: View, kind: int, length: int, at: int, filled: int, group: str) -> None:
    buffer = view.buffer
    view.out += (
        ("stun.attribute", kind, at, filled, buffer, 0, group),
        ("stun.att.type", kind, at, at + 2, buffer, 0, group),
        ("stun.att.type.comprehension", kind >> 15, at, at + 2, buffer, 0x8000, group),
        ("stun.att.type.assignment", kind >> 14 & 1, at, at + 2, buffer, 0x4000, group),
        ("stun.att.length", length, at + 2, at + 4, buffer, 0, group),
    )


def _address(a: _Attribute) -> None:
    at, size = _family(a)
    a.number("att.port", at + 2, 2)
    a.need(at + 4 + size)
    a.add(f"att.{_name(size)}", _text(a.data[at + 4 : at + 4 + size]), at + 4, at + 4 + size)


def _xored(a: _Attribute) -> None:
    """Port and address are XORed with the magic cookie, an IPv6 address with the transaction id too: RFC 8489 §14.2."""
    at, size = _family(a)
    a.need(at + 4 + size)
    key = a.data[a.start + 4 : a.start + 4 + size]
    port = int.from_bytes(a.data[at + 2 : at + 4], "big") ^ int.from_bytes(key[:2], "big")
    octets = bytes(one ^ other for one, other in zip(a.data[at + 4 : at + 4 + size], key, strict=True))
    a.octets("att.port-xord", at + 2, at + 4)
    a.add("att.port", port, at + 2, at + 4)
    a.octets(f"att.{_name(size)}-xord", at + 4, at + 4 + size)
    a.add(f"att.{_name(size)}", _text(octets), at + 4, at + 4 + size)


def _family(a: _Attribute) -> tuple[int, int]:
    at = a.at
    a.octets("att.reserved", at, at + 1)
    family = a.number("att.family", at + 1, 1)
    size = {1: 4, 2: 16}.get(family, 0)
    if not size:
        raise Short
    return at, size


def _name(size: int) -> str:
    return "ipv4" if size == 4 else "ipv6"


def _text(octets: bytes) -> str:
    return inet_ntop(AF_INET if len(octets) == 4 else AF_INET6, octets)


def _change(a: _Attribute) -> None:
    a.need(a.at + 4)
    bits = a.data[a.at + 3]
    a.add("att.change-ip", bool(bits & 4), a.at, a.at + 4, 4)
    a.add("att.change-port", bool(bits & 2), a.at, a.at + 4, 2)


def _error(a: _Attribute) -> None:
    a.octets("att.reserved", a.at, a.at + 2)
    a.need(a.at + 4)
    a.add("att.error.class", a.data[a.at + 2] & 7, a.at + 2, a.at + 3, 7)
    a.number("att.error", a.at + 3, 1)
    if a.stop > a.at + 4:
        a.text("att.error.reason", a.at + 4, a.stop)


def _unknown(a: _Attribute) -> None:
    for at in range(a.at, a.stop - 1, 2):
        a.number("att.unknown", at, 2)


def _then_reserved(name: str, size: int, reserved: int) -> "Callable[[_Attribute], None]":
    def read(a: _Attribute) -> None:
        a.number(name, a.at, size)
        a.octets("att.reserved", a.at + size, a.at + size + reserved)

    return read


def _octets(name: str, size: int) -> "Callable[[_Attribute], None]":
    return lambda a: a.octets(name, a.at, a.at + size)


def _numbers(name: str, size: int) -> "Callable[[_Attribute], None]":
    def read(a: _Attribute) -> None:
        a.number(name, a.at, size)

    return read


def _texts(name: str) -> "Callable[[_Attribute], None]":
    return lambda a: a.text(name, a.at, a.stop)


def _even_port(a: _Attribute) -> None:
    a.need(a.at + 1)
    a.add("att.even-port.reserve-next", a.data[a.at] >> 7, a.at, a.at + 1, 0x80)


def _data(a: _Attribute) -> None:
    if a.stop == a.at:
        return
    buffer, group = a.view.buffer, a.group
    a.view.protocols.append("data")
    a.add("value", a.data[a.at : a.stop], a.at, a.stop)
    a.view.out += (
        ("data", "", a.at, a.stop, buffer, 0, group),
        ("data.data", a.data[a.at : a.stop], a.at, a.stop, buffer, 0, group),
        ("data.len", a.stop - a.at, 0, 0, buffer, 0, group),
    )


def _fingerprint(a: _Attribute) -> None:
    """A CRC-32 over all that stands before the attribute, turned by a constant: RFC 8489 §14.7."""
    value = a.number("att.crc32", a.at, 4)
    right = zlib.crc32(a.data[a.start : a.at - 4]) ^ FINGERPRINT == value
    a.add("att.crc32.status", int(right), a.at, a.at)


def _unread(a: _Attribute) -> None:
    if a.stop > a.at:
        a.add("value", a.data[a.at : a.stop], a.at, a.stop)


def _nothing(a: _Attribute) -> None:
    pass


READERS: dict[int, Callable[[_Attribute], None]] = {
    **dict.fromkeys(ADDRESSES, _address),
    **dict.fromkeys(XORED, _xored),
    **{kind: _texts(f"att.{name}") for kind, name in TEXTS.items()},
    0x0003: _change,
    0x0008: _octets("att.hmac", 20),
    0x0009: _error,
    0x000A: _unknown,
    0x000C: _then_reserved("att.channelnum", 2, 2),
    0x000D: _numbers("att.lifetime", 4),
    0x0013: _data,
    0x0018: _even_port,
    0x0019: _then_reserved("att.transp", 1, 3),
    0x0022: _octets("att.token", 8),
    0x0024: _numbers("att.priority", 4),
    0x0025: _nothing,
    0x001A: _nothing,
    0x8028: _fingerprint,
    0x8029: _octets("att.tie-breaker", 8),
    0x802A: _octets("att.tie-breaker", 8),
}
