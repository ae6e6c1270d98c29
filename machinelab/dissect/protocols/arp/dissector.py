"""ARP: RFC 826; probes and announcements RFC 5227."""

import struct

from ....model import Field
from ...core import Layer, Short, View
from ...trailer import dissect as trailer

HEADER = struct.Struct("!HHBBH")
ETHERNET, IPV4 = 1, 0x0800


def dissect(view: View, start: int, stop: int) -> None:
    """The operation, and the two pairs of addresses."""
    view.protocols.append("arp")
    if stop - start < 8:
        raise Short
    data, buffer, at = view.data, view.buffer, start
    hardware, protocol, hsize, psize, opcode = HEADER.unpack_from(data, start)
    end = start + 8 + 2 * (hsize + psize)
    view.out += (
        Field("arp", "", at, min(end, stop), buffer, 0, "arp"),
        Field("arp.hw.type", hardware, at, at + 2, buffer, 0, "arp"),
        Field("arp.proto.type", protocol, at + 2, at + 4, buffer, 0, "arp"),
        Field("arp.hw.size", hsize, at + 4, at + 5, buffer, 0, "arp"),
        Field("arp.proto.size", psize, at + 5, at + 6, buffer, 0, "arp"),
        Field("arp.opcode", opcode, at + 6, at + 8, buffer, 0, "arp"),
    )
    if end > stop:
        raise Short
    if (hardware, protocol, hsize, psize) == (ETHERNET, IPV4, 6, 4):
        _generated(
            view, data[at + 14 : at + 18], data[at + 18 : at + 24], data[at + 24 : at + 28], opcode, at
        )
    place = start + 8
    for end_name in ("src", "dst"):
        _address(view, end_name, "hw", place, hsize, hardware == ETHERNET and hsize == 6)
        _address(view, end_name, "proto", place + hsize, psize, protocol == IPV4 and psize == 4)
        place += hsize + psize
    trailer(view, end, stop)


def _address(view: View, end: str, kind: str, at: int, size: int, usual: bool) -> None:
    octets, name = view.data[at : at + size], f"arp.{end}.{kind}"
    if not usual:
        if size:
            view.add(Field(name, octets, at, at + size, view.buffer, 0, "arp"))
    elif kind == "hw":
        view.add(Field(f"{name}_mac", octets.hex(":"), at, at + size, view.buffer, 0, "arp"))
    else:
        view.add(Field(f"{name}_ipv4", ".".join(map(str, octets)), at, at + size, view.buffer, 0, "arp"))


def _generated(view: View, sender: bytes, hardware: bytes, target: bytes, opcode: int, at: int) -> None:
    """Whether it is gratuitous, an announcement (RFC 5227 §3) or a probe (§2.1.1), from the addresses together."""
    if sender == target:
        view.add(Field("arp.isgratuitous", True, at, at, view.buffer, 0, "arp"))
        if opcode == 1 and not any(hardware):
            view.add(Field("arp.isannouncement", True, at, at, view.buffer, 0, "arp"))
    elif not any(sender) and not any(hardware) and opcode == 1:
        view.add(Field("arp.isprobe", True, at, at, view.buffer, 0, "arp"))


LAYERS = (Layer("arp", dissect, ethertypes=(0x0806,)),)
