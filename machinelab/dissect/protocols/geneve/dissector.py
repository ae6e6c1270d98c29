"""Geneve: a packet of any kind in a UDP datagram. RFC 8926 §3.4, §3.5."""

from ....model import Field
from ...bits import bits
from ...core import Layer, Short, View
from ...layers import by_ethertype

FLAGS = (("oam", 0x80, bool), ("critical", 0x40, bool), ("reserved", 0x3F, bool))
SIZE = 8


def dissect(view: View, start: int, stop: int) -> None:
    """Version, flags, the type of what is inside, network, options; then what is inside."""
    view.protocols.append("geneve")
    if stop - start < SIZE:
        raise Short
    data, buffer, at, group = view.data, view.buffer, start, "geneve"
    length, kind = (data[at] & 0x3F) * 4, data[at + 2] << 8 | data[at + 3]
    end = at + SIZE + length
    view.out += (
        Field("geneve", "", at, min(end, stop), buffer, 0, group),
        Field("geneve.version", data[at] >> 6, at, at + 1, buffer, 0, group),
        Field("geneve.option.length", length, at, at + 1, buffer, 0, group),
        Field("geneve.flags", data[at + 1], at + 1, at + 2, buffer, 0, f"{group}/Flags"),
        *bits("geneve.flags", data[at + 1], FLAGS, at + 1, at + 2, buffer, f"{group}/Flags"),
        Field("geneve.proto_type", kind, at + 2, at + 4, buffer, 0, group),
        Field("geneve.vni", int.from_bytes(data[at + 4 : at + 7], "big"), at + 4, at + 7, buffer, 0, group),
        Field("geneve.reserved", data[at + 7], at + 7, at + 8, buffer, 0, group),
    )
    if end > stop:
        raise Short
    if length:
        view.add(
            Field("geneve.options", data[at + SIZE : end], at + SIZE, end, buffer, 0, f"{group}/Options")
        )
        _options(view, at + SIZE, end)
    by_ethertype(view, kind, end, stop)


def _options(view: View, at: int, stop: int) -> None:
    data, buffer, number = view.data, view.buffer, 0
    while stop - at >= 4:
        number += 1
        size = 4 + (data[at + 3] & 0x1F) * 4
        if at + size > stop:
            raise Short
        group = f"geneve/Options/{number}"
        flags, kind = data[at + 3], data[at + 2]
        view.out += (
            Field("geneve.option", data[at : at + size], at, at + size, buffer, 0, group),
            Field("geneve.option.class", data[at] << 8 | data[at + 1], at, at + 2, buffer, 0, group),
            Field("geneve.option.type", kind, at + 2, at + 3, buffer, 0, group),
            Field("geneve.option.type.critical", bool(kind & 0x80), at + 2, at + 3, buffer, 0x80, group),
            Field("geneve.option.flags", flags & 0xE0, at + 3, at + 4, buffer, 0, group),
            Field("geneve.option.flags.reserved", bool(flags & 0xE0), at + 3, at + 4, buffer, 0xE0, group),
            Field("geneve.option.length", size, at + 3, at + 4, buffer, 0, group),
        )
        if size > 4:
            view.add(
                Field(
                    "geneve.option.unknown.data",
                    data[at + 4 : at + size],
                    at + 4,
                    at + size,
                    buffer,
                    0,
                    group,
                )
            )
        at += size


def carries(data: bytes, start: int, stop: int) -> tuple[int, int]:
    """What the header's type says, behind the options."""
    if stop - start < SIZE:
        return -1, stop
    return data[start + 2] << 8 | data[start + 3], min(stop, start + SIZE + (data[start] & 0x3F) * 4)


LAYERS = (Layer("geneve", dissect, udp=(6081,), carries=carries),)
