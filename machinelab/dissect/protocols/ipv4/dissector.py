"""IPv4: RFC 791 §3.1, RFC 2474 (DS field), RFC 3168 (ECN)."""

import struct
from _socket import inet_ntoa
from functools import lru_cache

from ...core import Layer, Raw, Short, View, whole
from ...data import dissect as rest
from ...fragments import show
from ...layers import by_protocol
from ...trailer import dissect as trailer
from .options import dissect as options

HEADER = struct.Struct("!BBHHHBBH")


def dissect(view: View, start: int, stop: int) -> None:
    """The header and its options, then the payload, whole if this frame completes it."""
    data, buffer = view.data, view.buffer
    view.protocols.append("ip")
    if stop - start < 20:
        _cut(view, start, stop)
        raise Short
    first, tos, length, ident, fragment, ttl, proto, checksum = HEADER.unpack_from(data, start)
    size, at = (first & 15) * 4, start
    view.out += (
        *_first(first, tos, start, min(start + max(size, 20), stop), buffer),
        *_middle(length, ident, at, buffer),
        *_flags(fragment, start, buffer),
        ("ip.ttl", ttl, at + 8, at + 9, buffer, 0, "ip"),
        ("ip.proto", proto, at + 9, at + 10, buffer, 0, "ip"),
        ("ip.checksum", checksum, at + 10, at + 12, buffer, 0, "ip"),
        ("ip.checksum.status", 2, at + 10, at + 10, buffer, 0, "ip"),
        *_addresses(data[at + 12 : at + 20], start, buffer),
    )
    if view.depth < len(view.info.streams):
        view.add(("ip.stream", view.info.streams[view.depth], at + size, at + size, buffer, 0, "ip"))
    view.depth += 1
    if size < 20 or size > stop - start:
        raise Short
    if size > 20:
        options(view, at + 20, at + size)
    end = min(stop, start + max(length, size)) if length else stop
    view.missing = view.cut(start + length - stop)
    cut_first = not fragment & 0x1FFF and start + length > stop
    if fragment & 0x3FFF and not cut_first:
        _fragment(view, proto, start + size, end)
    else:
        by_protocol(view, proto, start + size, end)
    trailer(view, end, stop)


def _cut(view: View, start: int, stop: int) -> None:
    """Of a header that is cut short, the fields that are there."""
    if stop <= start:
        return
    octets, buffer = view.data[start:stop].ljust(20, b"\0"), view.buffer
    first, tos, length, ident, fragment, ttl, proto, _ = HEADER.unpack_from(octets)
    fields: tuple[Raw, ...] = (
        *_first(first, tos, start, stop, buffer),
        *_middle(length, ident, start, buffer),
        *_flags(fragment, start, buffer),
        ("ip.ttl", ttl, start + 8, start + 9, buffer, 0, "ip"),
        ("ip.proto", proto, start + 9, start + 10, buffer, 0, "ip"),
    )
    view.out += whole(fields, stop)


def _middle(length: int, ident: int, at: int, buffer: str) -> tuple[Raw, ...]:
    return (
        ("ip.len", length, at + 2, at + 4, buffer, 0, "ip"),
        ("ip.id", ident, at + 4, at + 6, buffer, 0, "ip"),
    )


def _fragment(view: View, proto: int, start: int, stop: int) -> None:
    inner = None if view.quoted else show(view, "ip", start)
    if inner is None:
        rest(view, start, stop)
    else:
        by_protocol(inner, proto, 0, len(inner.data))


@lru_cache(1024)
def _first(first: int, tos: int, start: int, end: int, buffer: str) -> tuple[Raw, ...]:
    size, one, group = (first & 15) * 4, start + 1, "ip/Differentiated Services"
    return (
        ("ip", "", start, end, buffer, 0, "ip"),
        ("ip.version", first >> 4, start, one, buffer, 0xF0, "ip"),
        ("ip.hdr_len", size, start, one, buffer, 0x0F, "ip"),
        ("ip.dsfield", tos, one, start + 2, buffer, 0, group),
        ("ip.dsfield.dscp", tos >> 2, one, start + 2, buffer, 0xFC, group),
        ("ip.dsfield.ecn", tos & 3, one, start + 2, buffer, 0x03, group),
    )


@lru_cache(1024)
def _flags(fragment: int, start: int, buffer: str) -> tuple[Raw, ...]:
    at, stop, group = start + 6, start + 7, "ip/Flags"
    return (
        ("ip.flags", fragment >> 13, at, stop, buffer, 0xE0, group),
        ("ip.flags.rb", bool(fragment & 0x8000), at, stop, buffer, 0x80, group),
        ("ip.flags.df", bool(fragment & 0x4000), at, stop, buffer, 0x40, group),
        ("ip.flags.mf", bool(fragment & 0x2000), at, stop, buffer, 0x20, group),
        ("ip.frag_offset", fragment & 0x1FFF, at, start + 8, buffer, 0x1FFF, "ip"),
    )


@lru_cache(4096)
def _addresses(octets: bytes, start: int, buffer: str) -> tuple[Raw, ...]:
    src, dst = inet_ntoa(octets[:4]), inet_ntoa(octets[4:])
    at = start + 12
    return (
        ("ip.src", src, at, at + 4, buffer, 0, "ip"),
        ("ip.addr", src, at, at + 4, buffer, 0, "ip"),
        ("ip.dst", dst, at + 4, at + 8, buffer, 0, "ip"),
        ("ip.addr", dst, at + 4, at + 8, buffer, 0, "ip"),
    )


LAYERS = (Layer("ip", dissect, ethertypes=(0x0800,), protocols=(4,)),)
