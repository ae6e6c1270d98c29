"""Extensions after the packet that an error message quotes: RFC 4884 §7; labels RFC 4950 §3, interfaces RFC 5837 §4, RFC 8335 §2.1."""

from ....model import Field
from ... import checksum
from ...bits import bits
from ...core import View

LABELS, INTERFACE, IDENTIFIED = 1, 2, 3
ROLE = (
    ("role", 0xC0, int), ("reserved", 0x30, int), ("ifindex", 0x08, bool), ("ipaddr", 0x04, bool), ("name_present", 0x02, bool),
    ("mtu_present", 0x01, bool),
)  # fmt: skip
GROUP = "icmp/Extension"


def dissect(view: View, start: int, stop: int) -> None:
    """Version, checksum, then the objects."""
    data, buffer = view.data, view.buffer
    if stop - start < 4 or data[start] >> 4 != 2:
        return
    total = data[start + 2] << 8 | data[start + 3]
    right = checksum.whole(data[start:stop])
    status = checksum.ABSENT if not total else checksum.GOOD if right else checksum.BAD
    place = start + 2
    view.out += (
        Field("icmp.ext", "", start, stop, buffer, 0, GROUP),
        Field("icmp.ext.version", data[start] >> 4, start, start + 1, buffer, 0, GROUP),
        *bits(
            "icmp.ext",
            data[start] << 8 | data[start + 1],
            (("res", 0x0FFF, int),),
            start,
            place,
            buffer,
            GROUP,
        ),
        Field("icmp.ext.checksum", total, place, place + 2, buffer, 0, GROUP),
        Field("icmp.ext.checksum.status", status, place, place + (2 if not total else 0), buffer, 0, GROUP),
    )
    at, number = start + 4, 0
    while stop - at >= 4:
        number += 1
        size = data[at] << 8 | data[at + 1]
        if size < 4 or at + size > stop:
            return
        _object(view, at, at + size, f"{GROUP}/{number}")
        at += size


def _object(view: View, at: int, stop: int, group: str) -> None:
    data, buffer = view.data, view.buffer
    kind, subtype = data[at + 2], data[at + 3]
    view.out += (
        Field("icmp.ext.length", stop - at, at, at + 2, buffer, 0, group),
        Field("icmp.ext.class", kind, at + 2, at + 3, buffer, 0, group),
        Field("icmp.ext.ctype", subtype, at + 3, at + 4, buffer, 0, group),
    )
    at += 4
    if kind == LABELS and subtype == 1:
        for place in range(at, stop - 3, 4):
            _label(view, place, group)
    elif kind == INTERFACE:
        view.out += bits("icmp.int_info", subtype, ROLE, at - 1, at, buffer, group)
        if subtype & 0x08 and stop - at >= 4:
            view.add(
                Field(
                    "icmp.int_info.index",
                    int.from_bytes(data[at : at + 4], "big"),
                    at,
                    at + 4,
                    buffer,
                    0,
                    group,
                )
            )
    elif kind == IDENTIFIED and subtype == 2 and stop - at == 4:
        view.add(
            Field("icmp.int_ident.index", int.from_bytes(data[at:stop], "big"), at, stop, buffer, 0, group)
        )
    elif kind not in (LABELS, IDENTIFIED) and stop > at:
        view.add(Field("icmp.ext.data", data[at:stop], at, stop, buffer, 0, group))


def _label(view: View, at: int, group: str) -> None:
    """An entry of the label stack that the lost packet had: RFC 3032 §2.1."""
    data, buffer = view.data, view.buffer
    label, last = int.from_bytes(data[at : at + 3], "big"), data[at + 2]
    view.out += (
        Field("icmp.mpls.label", label >> 4, at, at + 3, buffer, 0xFFFFF0, group),
        Field("icmp.mpls.exp", last >> 1 & 7, at + 2, at + 3, buffer, 0x0E, group),
        Field("icmp.mpls.s", bool(last & 1), at + 2, at + 3, buffer, 0x01, group),
        Field("icmp.mpls.ttl", data[at + 3], at + 3, at + 4, buffer, 0, group),
    )
