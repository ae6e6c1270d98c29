"""UDP: RFC 768."""

import struct

from ...core import Layer, Outer, Raw, Short, View, whole
from ...message import dissect as messages

HEADER = struct.Struct("!HHHH")


def dissect(view: View, start: int, stop: int) -> None:
    """Ports, length, checksum, the stream's own numbers; then the payload, if a dissector reads it."""
    view.protocols.append("udp")
    if stop - start < 8:
        _cut(view, start, stop)
        raise Short
    data, buffer, info = view.data, view.buffer, view.info
    outer = None
    if not view.quoted and view.passed < len(info.outer):
        outer = info.outer[view.passed]
        view.passed += 1
    source, destination, length, checksum = HEADER.unpack_from(data, start)
    at = start
    end = min(stop, at + length) if length >= 8 else stop
    view.out += (
        ("udp", "", at, at + 8, buffer, 0, "udp"),
        ("udp.srcport", source, at, at + 2, buffer, 0, "udp"),
        ("udp.dstport", destination, at + 2, at + 4, buffer, 0, "udp"),
        ("udp.port", source, at, at + 2, buffer, 0, "udp"),
        ("udp.port", destination, at + 2, at + 4, buffer, 0, "udp"),
        ("udp.length", length, at + 4, at + 6, buffer, 0, "udp"),
        ("udp.checksum", checksum, at + 6, at + 8, buffer, 0, "udp"),
        ("udp.checksum.status", 2 if checksum else 3, at + 6, at + (6 if checksum else 8), buffer, 0, "udp"),
    )
    _stream(view, outer, at)
    if end > at + 8:
        view.add(("udp.payload", data[at + 8 : end], at + 8, end, buffer, 0, "udp"))
    if outer is not None and outer.flow.tunnel is not None:
        outer.flow.tunnel.dissect(view, at + 8, end)
    else:
        messages(view, at + 8, end)


def _stream(view: View, outer: Outer | None, at: int) -> None:
    """Which stream a datagram belongs to, and its place in it; `outer`: that of a tunnel around the packet's own."""
    info, buffer = view.info, view.buffer
    flow = info.quoted if view.quoted else outer.flow if outer else info.flow
    if flow is None:
        return
    view.add(("udp.stream", flow.stream.number, at + 8, at + 8, buffer, 0, "udp"))
    if view.quoted:
        return
    number, before = (outer.pnum, outer.before) if outer else (info.pnum, info.before)
    view.out += (
        ("udp.stream.pnum", number, at, at, buffer, 0, "udp"),
        ("udp.time_relative", info.time - flow.stream.first, at, at, buffer, 0, "udp/Timestamps"),
        ("udp.time_delta", info.time - before, at, at, buffer, 0, "udp/Timestamps"),
    )


def _cut(view: View, at: int, stop: int) -> None:
    """Of a header that is cut short, the ports and the length, if they are there."""
    octets, buffer = view.data[at:stop].ljust(8, b"\0"), view.buffer
    source, destination, length, _ = HEADER.unpack_from(octets)
    if stop - at >= 4:
        fields: tuple[Raw, ...] = (
            ("udp", "", at, stop, buffer, 0, "udp"),
            ("udp.srcport", source, at, at + 2, buffer, 0, "udp"),
            ("udp.dstport", destination, at + 2, at + 4, buffer, 0, "udp"),
            ("udp.port", source, at, at + 2, buffer, 0, "udp"),
            ("udp.port", destination, at + 2, at + 4, buffer, 0, "udp"),
            ("udp.length", length, at + 4, at + 6, buffer, 0, "udp"),
        )
        view.out += whole(fields, stop)


LAYERS = (Layer("udp", dissect, protocols=(17,)),)
