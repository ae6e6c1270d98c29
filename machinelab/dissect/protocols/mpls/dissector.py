"""Label stacks: RFC 3032 §2.1, and Ethernet behind them: RFC 4448 §4.6 (control word), RFC 4385 §3."""

from ....model import Field
from ...bits import bits
from ...core import Layer, Short, View
from ...layers import by_ethertype
from ...links import BRIDGED, IPV4, IPV6
from ...registry import tables

ENTRY = (("label", 0xFFFFF000, int), ("exp", 0x0E00, int), ("bottom", 0x0100, int), ("ttl", 0x00FF, int))
BOTTOM = 0x0100


def dissect(view: View, start: int, stop: int) -> None:
    """The labels down to the bottom; then what the first four bits behind them look like."""
    view.protocols.append("mpls")
    data, buffer, at, bottom = view.data, view.buffer, start, False
    while not bottom:
        if stop - at < 4:
            raise Short
        entry = int.from_bytes(data[at : at + 4], "big")
        view.add(Field("mpls", "", at, at + 4, buffer, 0, "mpls"))
        view.out += bits("mpls", entry, ENTRY, at, at + 4, buffer, "mpls")
        bottom, at = bool(entry & BOTTOM), at + 4
    kind, inner = _inside(data, at, stop)
    if kind in (IPV4, IPV6):
        # Wireshark calls the reader of IP by its name, and does not list it among the frame's protocols.
        place = len(view.protocols)
        try:
            tables().ethertypes[kind].dissect(view, at, stop)
        finally:
            del view.protocols[place : place + 1]
        return
    if kind == BRIDGED:
        _ethernet(view, at, inner)
    by_ethertype(view, kind, inner, stop)


def _ethernet(view: View, at: int, inner: int) -> None:
    buffer = view.buffer
    if inner == at:
        view.protocols.append("pwethnocw")
        view.add(Field("pweth", True, at, at, buffer, 0, "mpls"))
        return
    view.protocols.append("pwethcw")
    number = view.data[at + 2] << 8 | view.data[at + 3]
    view.out += (
        Field("pweth.cw", True, at, at, buffer, 0, "mpls"),
        Field("pwethcw", "", at, at + 4, buffer, 0, "mpls"),
        Field("pweth.cw.sequence_number", number, at + 2, at + 4, buffer, 0, "mpls"),
    )


def _inside(data: bytes, at: int, stop: int) -> tuple[int, int]:
    """IP by its version; Ethernet behind a control word (whose first four bits are 0), or without."""
    first = data[at] >> 4 if at < stop else 15
    if first in (4, 6):
        return (IPV4 if first == 4 else IPV6), at
    if first == 0 and stop - at >= 18:
        return BRIDGED, at + 4 if not any(data[at : at + 2]) else at
    return BRIDGED if stop - at >= 14 and first != 1 else -1, at


def carries(data: bytes, start: int, stop: int) -> tuple[int, int]:
    """What stands behind the bottom of the stack."""
    at = start
    while stop - at >= 4:
        at += 4
        if data[at - 2] & 1:
            return _inside(data, at, stop)
    return -1, stop


LAYERS = (Layer("mpls", dissect, ethertypes=(0x8847, 0x8848), carries=carries),)
