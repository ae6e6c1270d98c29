"""A header block's fields: each header where its representation stands, name and value as decompressed: RFC 7541 §6."""

import re
from urllib.parse import unquote_to_bytes

from ....fields.http2 import FIELDS, NUMBERS, SECRETS, name_of
from ...core import View
from .hpack import INDEXED, UPDATE, Block, Line
from .session import FrameState

GROUP = "http2"
PARAMETER = re.compile(rb"[^&]+")
NUMERIC = {name_of(each) for each in (*NUMBERS, "status")}


def dissect(view: View, start: int, at: int, stop: int, state: FrameState) -> None:
    """The headers of the block that ends in this frame. `start` is the frame's own beginning."""
    block = state.block
    if block is None:
        return
    if state.fragment:
        view = view.enter(state.fragment, "Reassembled Header Block")
        at, stop = 0, len(state.fragment)
    length = sum(
        len(line.name) + len(line.value) + 8 for line in block.lines if line.representation != UPDATE
    )
    view.add(("http2.header.length", length, at, at, view.buffer, 0, GROUP))
    view.add(("http2.header.count", len(block.lines), at, at, view.buffer, 0, GROUP))
    plain = view.enter(b"".join(map(_plain, block.lines)), "Decompressed Header")
    offset = 0
    for line in block.lines:
        if line.representation == UPDATE:
            _update(view, at, line)
        else:
            _line(view, plain, at, offset, line)
        offset += len(_plain(line))
    _asked(view, at, block)
    if block.exceeded:
        view.add(("http2.header_size_exceeded", "", at + block.ended, stop, view.buffer, 0, GROUP))
    elif block.ended < stop - at and not view.quoted:
        view.add(view.broken(GROUP, at + block.ended))
    _exchange(view, at, state)


def _plain(line: Line) -> bytes:
    """Length and bytes of name and value, as the buffer beside the packet shows them."""
    if line.representation == UPDATE:
        return b""
    return b"".join(len(each).to_bytes(4, "big") + each for each in (line.name, line.value))


def _update(view: View, at: int, line: Line) -> None:
    start, stop = at + line.start, at + line.stop
    view.add(("http2.header_table_size_update", "", start, stop, view.buffer, 0, GROUP))
    name = "http2.header_table_size_update.header_table_size"
    view.add((name, line.number, start, stop, view.buffer, 0, GROUP))


def _line(view: View, plain: View, at: int, offset: int, line: Line) -> None:
    """One header: name and value from the decompressed bytes, the rest from the wire."""
    start, stop = at + line.start, at + line.stop
    name, value = line.name.decode("utf-8", "replace"), line.value.decode("utf-8", "replace")
    view.add(("http2.header", "", start, stop, view.buffer, 0, GROUP))
    named = offset + 4
    valued = named + len(line.name) + 4
    end = valued + len(line.value)
    plain.out += (
        ("http2.header.name.length", len(line.name), offset, named, plain.buffer, 0, GROUP),
        ("http2.header.name", name, named, named + len(line.name), plain.buffer, 0, GROUP),
        ("http2.header.value.length", len(line.value), valued - 4, valued, plain.buffer, 0, GROUP),
        ("http2.header.value", value, valued, end, plain.buffer, 0, GROUP),
    )
    known = name_of(name)
    if known in FIELDS and known != "http2.headers.":
        _known(plain, known, value, valued, end)
    if line.name == b":path" and b"?" in line.value:
        _target(plain, line.value, valued)
    unescaped = unquote_to_bytes(line.value).decode("utf-8", "replace")
    plain.add(("http2.header.unescaped", unescaped, valued, end, plain.buffer, 0, GROUP))
    if line.representation != INDEXED and name in SECRETS:
        view.add(("http2.header.encoded", view.data[start:stop], start, stop, view.buffer, 0, GROUP))
    first = start + 1
    view.add(("http2.header.repr", line.representation, start, first, view.buffer, 0, GROUP))
    if line.number:
        ends = stop if line.representation == INDEXED else first
        view.add(("http2.header.index", line.number, start, ends, view.buffer, 0, GROUP))


def _known(plain: View, name: str, value: str, start: int, stop: int) -> None:
    """A header that has a field of its own."""
    if name not in NUMERIC:
        plain.add((name, value, start, stop, plain.buffer, 0, GROUP))
    elif value.isascii() and value.isdigit():
        plain.add((name, int(value), start, stop, plain.buffer, 0, GROUP))


def _target(plain: View, value: bytes, at: int) -> None:
    """Path and query of a request's target, under the names that HTTP/1.1's have."""
    question, buffer = value.index(b"?"), plain.buffer

    def said(name: str, start: int, stop: int) -> None:
        plain.add(
            (name, value[start:stop].decode("utf-8", "replace"), at + start, at + stop, buffer, 0, GROUP)
        )

    said("http.request.uri.path", 0, question)
    said("http.request.uri.query", question + 1, len(value))
    for found in PARAMETER.finditer(value, question + 1):
        said("http.request.uri.query.parameter", *found.span())


def _asked(view: View, at: int, block: Block) -> None:
    """The address that a request asks for."""
    host, path = block.get(b":authority"), block.get(b":path")
    if host and path:
        address = f"{block.get(b':scheme')}://{host}{path}"
        view.add(("http2.request.full_uri", address, at, at, view.buffer, 0, GROUP))


def _exchange(view: View, at: int, state: FrameState) -> None:
    """The other half, and the time it took."""
    known, info = state.transaction, view.info
    if known is None:
        return
    if state.reply:
        view.add(("http2.time", info.time - known.time, at, at, view.buffer, 0, GROUP))
        view.add(("http2.request_in", known.request, at, at, view.buffer, 0, GROUP))
    elif known.reply:
        view.add(("http2.response_in", known.reply, at, at, view.buffer, 0, GROUP))


def summary(block: Block) -> str:
    """`GET /index.html`, `200  text/html  12 bytes`."""
    if block.get(b":method"):
        return f"{block.get(b':method')} {block.get(b':path')}".rstrip()
    size = block.get(b"content-length")
    return "  ".join(
        filter(None, (block.get(b":status"), block.get(b"content-type"), size and f"{size} bytes"))
    )
