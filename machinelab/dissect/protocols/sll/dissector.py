"""Linux's cooked capture (LINUX_SLL, LINUX_SLL2), BSD's loopback header, and none at all (raw IP)."""

import struct

from ....model import Field
from ...core import Layer, Short, View
from ...data import dissect as rest
from ...layers import by_ethertype
from ...links import FAMILIES, LEAST_TYPE, family

SLL = struct.Struct("!HHH8sH")
SLL2 = struct.Struct("!HHIHBB8s")


def dissect(view: View, start: int, stop: int) -> None:
    """16 bytes: which way, from whom, and the Ethernet type."""
    view.protocols.append("sll")
    if stop - start < 16:
        raise Short
    kind, hardware, size, address, ethertype = SLL.unpack_from(view.data, start)
    buffer, at = view.buffer, start
    view.out += (
        Field("sll", "", at, at + 16, buffer, 0, "sll"),
        Field("sll.pkttype", kind, at, at + 2, buffer, 0, "sll"),
        Field("sll.hatype", hardware, at + 2, at + 4, buffer, 0, "sll"),
        Field("sll.halen", size, at + 4, at + 6, buffer, 0, "sll"),
    )
    _address(view, address, size, at + 6)
    _type(view, ethertype, at + 14)
    by_ethertype(view, ethertype, at + 16, stop)


def second(view: View, start: int, stop: int) -> None:
    """Version 2, 20 bytes: the type first, and the interface's index."""
    view.protocols.append("sll")
    if stop - start < 20:
        raise Short
    ethertype, _, interface, hardware, kind, size, address = SLL2.unpack_from(view.data, start)
    buffer, at = view.buffer, start
    view.add(Field("sll", "", at, at + 20, buffer, 0, "sll"))
    _type(view, ethertype, at)
    view.out += (
        Field("sll.ifindex", interface, at + 4, at + 8, buffer, 0, "sll"),
        Field("sll.hatype", hardware, at + 8, at + 10, buffer, 0, "sll"),
        Field("sll.pkttype", kind, at + 10, at + 11, buffer, 0, "sll"),
        Field("sll.halen", size, at + 11, at + 12, buffer, 0, "sll"),
    )
    _address(view, address, size, at + 12)
    by_ethertype(view, ethertype, at + 20, stop)


def _address(view: View, address: bytes, size: int, at: int) -> None:
    used = min(size, 8)
    if used == 6:
        view.add(Field("sll.src.eth", address[:6].hex(":"), at, at + 6, view.buffer, 0, "sll"))
    elif used:
        view.add(Field("sll.src.other", address[:used], at, at + used, view.buffer, 0, "sll"))
    if used < 8:
        view.add(Field("sll.unused", address[used:], at + used, at + 8, view.buffer, 0, "sll"))


def _type(view: View, ethertype: int, at: int) -> None:
    if ethertype < LEAST_TYPE:  # one of Linux's own numbers
        view.add(Field("sll.ltype", ethertype, at, at + 2, view.buffer, 0, "sll"))
        return
    view.protocols.append("ethertype")
    view.add(Field("sll.etype", ethertype, at, at + 2, view.buffer, 0, "sll"))


def loopback(view: View, start: int, stop: int) -> None:
    """Four bytes of address family."""
    view.protocols.append("null")
    if stop - start < 4:
        raise Short
    number = family(view.data)
    view.add(Field("null", "", start, start + 4, view.buffer, 0, "null"))
    view.add(Field("null.family", number, start, start + 4, view.buffer, 0, "null"))
    if number in FAMILIES:
        by_ethertype(view, FAMILIES[number], start + 4, stop)
    else:
        rest(view, start + 4, stop)


def raw(view: View, start: int, stop: int) -> None:
    """No link header: the version in the first four bits selects IPv4 or IPv6."""
    view.protocols.append("raw")
    view.add(Field("raw", "", start, stop, view.buffer, 0, "raw"))
    either(view, start, stop)


def either(view: View, start: int, stop: int) -> None:
    """IP at once, of one version or the other."""
    version = view.data[start] >> 4 if stop > start else 0
    if version in (4, 6):
        by_ethertype(view, 0x0800 if version == 4 else 0x86DD, start, stop)
    else:
        rest(view, start, stop)


LAYERS = (
    Layer("sll", dissect, links=(113,)),
    Layer("sll", second, links=(276,)),
    Layer("null", loopback, links=(0, 108)),
    Layer("raw", raw, links=(12, 14, 101)),
    Layer("ip", either, links=(228, 229)),
)
