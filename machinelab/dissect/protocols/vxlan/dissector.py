"""VXLAN: an Ethernet frame in a UDP datagram. RFC 7348 §5; the group policy draft (draft-smith-vxlan-group-policy)."""

from ....model import Field
from ...bits import bits
from ...core import Layer, Short, View
from ...layers import by_ethertype
from ...links import BRIDGED

FLAGS = (
    ("flag_g", 0x8000, bool), ("flag_i", 0x0800, bool), ("flag_d", 0x0040, bool), ("flag_a", 0x0008, bool),
    ("flags_reserved", 0x77B7, int),
)  # fmt: skip
PORTS = (4789, 8472)  # IANA's, and Linux's before there was one
SIZE = 8


def dissect(view: View, start: int, stop: int) -> None:
    """Flags, group, network; then the frame inside."""
    view.protocols.append("vxlan")
    if stop - start < SIZE:
        raise Short
    data, buffer, at, group = view.data, view.buffer, start, "vxlan"
    flags = data[at] << 8 | data[at + 1]
    view.out += (
        Field("vxlan", "", at, at + SIZE, buffer, 0, group),
        Field("vxlan.flags", flags, at, at + 2, buffer, 0, group),
        *bits("vxlan", flags, FLAGS, at, at + 2, buffer, group),
        Field("vxlan.gbp", data[at + 2] << 8 | data[at + 3], at + 2, at + 4, buffer, 0, group),
        Field("vxlan.vni", int.from_bytes(data[at + 4 : at + 7], "big"), at + 4, at + 7, buffer, 0, group),
        Field("vxlan.reserved8", data[at + 7], at + 7, at + 8, buffer, 0, group),
    )
    by_ethertype(view, BRIDGED, at + SIZE, stop)


def carries(data: bytes, start: int, stop: int) -> tuple[int, int]:
    """An Ethernet frame, behind eight bytes."""
    return (BRIDGED, start + SIZE) if stop - start >= SIZE else (-1, stop)


LAYERS = (Layer("vxlan", dissect, udp=PORTS, carries=carries),)
