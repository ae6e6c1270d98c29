"""IPv4: RFC 791 §3.1, RFC 2474 (DS field), RFC 3168 (ECN)."""

import struct
from functools import lru_cache
from socket import inet_ntoa

from ..model import Field
from .core import Layer, Short, View
from .data import dissect as rest
from .registry import tables

HEADER = struct.Struct("!BBHHHBBH4s4s")


def dissect(view: View, start: int, stop: int) -> None:
    """The header and its options, then the payload, whole if this frame completes it."""
    data, buffer = view.data, view.buffer
    if stop - start < 20:
        raise Short
    first, tos, length, ident, fragment, ttl, proto, checksum, _, _ = HEADER.unpack_from(data, start)
    size = (first & 15) * 4
    view.protocols.append("ip")
    new = Field
    view.out.extend(_first(first, tos, start, buffer))
    at = start
    offset = (fragment & 0x1FFF) * 8
    view.out.extend(
        (
            new("ip.len", length, at + 2, at + 4, buffer, 0, "ip"),
            new("ip.id", ident, at + 4, at + 6, buffer, 0, "ip"),
            *_flags(fragment, start, buffer),
            new("ip.ttl", ttl, at + 8, at + 9, buffer, 0, "ip"),
            new("ip.proto", proto, at + 9, at + 10, buffer, 0, "ip"),
            new("ip.checksum", checksum, at + 10, at + 12, buffer, 0, "ip"),
            new("ip.checksum.status", 2, at + 10, at + 10, buffer, 0, "ip"),
            *_addresses(data[at + 12 : at + 20], start, buffer),
        )
    )
    if size < 20 or stop - start < size:
        raise Short
    if view.depth < len(view.note.streams):
        view.add(new("ip.stream", view.note.streams[view.depth], group="ip"))
    view.depth += 1
    end = min(stop, start + max(length, size)) if length else stop
    if fragment & 0x3FFF:
        from .fragments import show

        inner = show(view, "ip")
        if inner is None:
            rest(view, start + size, end)
            return
        view, at, end = inner, 0, len(inner.data)
        payload(view, proto, 0, end)
        return
    payload(view, proto, start + size, end)
    del offset


def payload(view: View, proto: int, start: int, stop: int) -> None:
    """Hand on by protocol number."""
    layer = tables().protocols.get(proto)
    (layer.dissect if layer else rest)(view, start, stop)


@lru_cache(1024)
def _first(first: int, tos: int, start: int, buffer: str) -> tuple[Field, ...]:
    size = (first & 15) * 4
    return (
        Field("ip", "", start, start + max(size, 20), buffer, 0, "ip"),
        Field("ip.version", first >> 4, start, start + 1, buffer, 0xF0, "ip"),
        Field("ip.hdr_len", size, start, start + 1, buffer, 0x0F, "ip"),
        Field("ip.dsfield", tos, start + 1, start + 2, buffer, 0, "ip/Differentiated Services"),
        Field("ip.dsfield.dscp", tos >> 2, start + 1, start + 2, buffer, 0xFC, "ip/Differentiated Services"),
        Field("ip.dsfield.ecn", tos & 3, start + 1, start + 2, buffer, 0x03, "ip/Differentiated Services"),
    )


@lru_cache(1024)
def _flags(fragment: int, start: int, buffer: str) -> tuple[Field, ...]:
    at, stop, group = start + 6, start + 7, "ip/Flags"
    return (
        Field("ip.flags", fragment >> 13, at, stop, buffer, 0xE0, group),
        Field("ip.flags.rb", bool(fragment & 0x8000), at, stop, buffer, 0x80, group),
        Field("ip.flags.df", bool(fragment & 0x4000), at, stop, buffer, 0x40, group),
        Field("ip.flags.mf", bool(fragment & 0x2000), at, stop, buffer, 0x20, group),
        Field("ip.frag_offset", (fragment & 0x1FFF) * 8, at, start + 8, buffer, 0x1FFF, "ip"),
    )


@lru_cache(4096)
def _addresses(octets: bytes, start: int, buffer: str) -> tuple[Field, ...]:
    src, dst = inet_ntoa(octets[:4]), inet_ntoa(octets[4:])
    at = start + 12
    return (
        Field("ip.src", src, at, at + 4, buffer, 0, "ip"),
        Field("ip.addr", src, at, at + 4, buffer, 0, "ip"),
        Field("ip.dst", dst, at + 4, at + 8, buffer, 0, "ip"),
        Field("ip.addr", dst, at + 4, at + 8, buffer, 0, "ip"),
    )


LAYERS = (Layer("ip", dissect, ethertypes=(0x0800,), protocols=(4,)),)
