"""Generic routing encapsulation: RFC 2784, RFC 2890 (key and sequence number), RFC 1701 (what came before)."""

from ....model import Field
from ... import checksum
from ...bits import bits
from ...core import Layer, Short, View
from ...layers import by_ethertype

SUM, ROUTING, KEY, SEQUENCE, ACKNOWLEDGED = 0x8000, 0x4000, 0x2000, 0x1000, 0x0080
FLAGS = (
    ("checksum", SUM, bool), ("routing", ROUTING, bool), ("key", KEY, bool), ("sequence_number", SEQUENCE, bool),
    ("strict_source_route", 0x0800, bool), ("recursion_control", 0x0700, int),
)  # fmt: skip
PLAIN = (("reserved", 0x00F8, int), ("version", 0x0007, int))
ENHANCED = (("ack", ACKNOWLEDGED, bool), ("reserved", 0x0078, int), ("version", 0x0007, int))


def dissect(view: View, start: int, stop: int) -> None:
    """Flags, the type of what is inside, and what the flags say is there; then the packet inside."""
    view.protocols.append("gre")
    if stop - start < 4:
        raise Short
    data, buffer, at = view.data, view.buffer, start
    flags, kind = data[at] << 8 | data[at + 1], data[at + 2] << 8 | data[at + 3]
    end = at + _size(flags)
    group = "gre/Flags"
    view.out += (
        Field("gre", "", at, min(end, stop), buffer, 0, "gre"),
        Field("gre.flags_and_version", flags, at, at + 2, buffer, 0, group),
        *bits(
            "gre.flags", flags, (*FLAGS, *(ENHANCED if flags & 7 == 1 else PLAIN)), at, at + 2, buffer, group
        ),
        Field("gre.proto", kind, at + 2, at + 4, buffer, 0, "gre"),
    )
    if end > stop:
        raise Short
    _optional(view, flags, start, stop)
    by_ethertype(view, kind, end, stop)


def _optional(view: View, flags: int, start: int, stop: int) -> None:
    data, buffer, at = view.data, view.buffer, start + 4
    if flags & (SUM | ROUTING):
        right = checksum.GOOD if checksum.whole(data[start:stop]) else checksum.BAD
        if flags & SUM:
            value = data[at] << 8 | data[at + 1]
            view.add(Field("gre.checksum", value, at, at + 2, buffer, 0, "gre"))
            view.add(Field("gre.checksum.status", right, at, at, buffer, 0, "gre"))
        view.add(Field("gre.offset", data[at + 2] << 8 | data[at + 3], at + 2, at + 4, buffer, 0, "gre"))
        at += 4
    numbers = (
        (KEY, "key"),
        (SEQUENCE, "sequence_number"),
        (ACKNOWLEDGED if flags & 7 == 1 else 0, "ack_number"),
    )
    for mask, name in numbers:
        if flags & mask:
            value = int.from_bytes(data[at : at + 4], "big")
            view.add(Field(f"gre.{name}", value, at, at + 4, buffer, 0, "gre"))
            at += 4


def _size(flags: int) -> int:
    acknowledged = flags & 7 == 1 and flags & ACKNOWLEDGED
    return 4 + 4 * sum(map(bool, (flags & (SUM | ROUTING), flags & KEY, flags & SEQUENCE, acknowledged)))


def carries(data: bytes, start: int, stop: int) -> tuple[int, int]:
    """The type that the header gives (of RFC 1701's routing entries nothing is known here)."""
    if stop - start < 4:
        return -1, stop
    flags = data[start] << 8 | data[start + 1]
    return data[start + 2] << 8 | data[start + 3], min(stop, start + _size(flags))


LAYERS = (Layer("gre", dissect, protocols=(47,), carries=carries),)
