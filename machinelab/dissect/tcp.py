"""TCP: RFC 9293 §3.1."""

import struct
from functools import lru_cache

from ..model import Field
from .core import Layer, Short, View
from .message import dissect as messages

HEADER = struct.Struct("!HHIIHHHH")
FLAGS = (
    ("res", 0xE00), ("ae", 0x100), ("cwr", 0x080), ("ece", 0x040), ("urg", 0x020), ("ack", 0x010), ("push", 0x008),
    ("reset", 0x004), ("syn", 0x002), ("fin", 0x001),
)  # fmt: skip
LETTERS = "CEUAPRSF"


def dissect(view: View, start: int, stop: int) -> None:
    """Header, options, the stream's own numbers, then the messages that complete here."""
    if stop - start < 20:
        raise Short
    view.protocols.append("tcp")
    data, buffer = view.data, view.buffer
    source, destination, seq, ack, bits, window, checksum, urgent = HEADER.unpack_from(data, start)
    size = (bits >> 12) * 4
    at, out = start, view.out
    length = stop - start - size if size >= 20 else 0
    out += (
        Field("tcp", "", at, at + max(20, size), buffer, 0, "tcp"),
        Field("tcp.srcport", source, at, at + 2, buffer, 0, "tcp"),
        Field("tcp.dstport", destination, at + 2, at + 4, buffer, 0, "tcp"),
        Field("tcp.port", source, at, at + 2, buffer, 0, "tcp"),
        Field("tcp.port", destination, at + 2, at + 4, buffer, 0, "tcp"),
        Field("tcp.len", length, at + 12, at + 13, buffer, 0, "tcp"),
        Field("tcp.seq_raw", seq, at + 4, at + 8, buffer, 0, "tcp"),
        Field("tcp.ack_raw", ack, at + 8, at + 12, buffer, 0, "tcp"),
        *_flags(bits & 0xFFF, start, buffer),
        Field("tcp.window_size_value", window, at + 14, at + 16, buffer, 0, "tcp"),
        Field("tcp.checksum", checksum, at + 16, at + 18, buffer, 0, "tcp"),
        Field("tcp.urgent_pointer", urgent, at + 18, at + 20, buffer, 0, "tcp"),
    )
    if view.note.flow is not None:
        out.append(Field("tcp.stream", view.note.flow.stream.number, group="tcp"))
    if size < 20 or stop - start < size:
        raise Short
    if length:
        out.append(Field("tcp.payload", data[at + size : stop], at + size, stop, buffer, 0, "tcp"))
        messages(view, at + size, stop)


@lru_cache(1024)
def _flags(bits: int, start: int, buffer: str) -> tuple[Field, ...]:
    at, stop, group = start + 12, start + 14, "tcp/Flags"
    return (
        Field("tcp.flags", bits, at, stop, buffer, 0x0FFF, group),
        *(
            Field(f"tcp.flags.{name}", bool(bits & mask), at, stop, buffer, mask, group)
            for name, mask in FLAGS
        ),
    )


LAYERS = (Layer("tcp", dissect, protocols=(6,)),)
