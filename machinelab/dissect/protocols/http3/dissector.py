"""HTTP/3: requests and replies on streams of a QUIC connection: RFC 9114, RFC 9204."""

from collections.abc import Callable

from ....fields.http2 import NUMBERS
from ....fields.http3 import FIELDS, STREAM_TYPES, TYPES, name_of
from ...core import Short, View
from ...subdissector import Subdissector
from ...varint import varint
from . import frames
from .instructions import CAPACITY, Instruction, instructions
from .qpack import Block
from .session import Brought, Connection, Message

GROUP = "http3"
ENCODER = "http3.qpack.encoder"
SETTINGS = {
    0x01: "qpack.max_table_capacity", 0x06: "max_field_section_size", 0x07: "qpack.blocked_streams",
    0x08: "extended_connect", 0x2B603742: "webtransport", 0x33: "h3_datagram", 0xFFD277: "h3_datagram_draft04",
}  # fmt: skip
NUMERIC = {name_of(each) for each in (*NUMBERS, ":status")}


def dissect(view: View, start: int, stop: int, known: object) -> None:
    """What a STREAM frame brings: the type of its stream, the frames of HTTP/3 that end in it."""
    if not isinstance(known, Brought):
        return
    if known.finished:
        view.add(("quic.reassembled_in", known.finished, start, start, view.buffer, 0, GROUP))
    if known.kind >= frames.PUSH or known.typed or (known.messages and known.messages[0].data is None):
        _opened(view, start, stop, known)
    if known.typed:
        kind = view.data[start]
        view.add(("http3.stream_uni_type", kind, start, start + known.typed, view.buffer, 0, GROUP))
    if known.kind == frames.ENCODER:
        _instructions(view, start + known.typed, stop, known)
    _messages(view, start, stop, known)


def _opened(view: View, start: int, stop: int, known: Brought) -> None:
    """A label over so many bytes of a stream, and one that says which kind it is."""
    if not view.deep:
        view.protocols.append(GROUP)
    view.add((GROUP, "", start, stop, view.buffer, 0, GROUP))
    name = "http3.stream.uni" if known.kind >= 0 else "http3.stream"
    view.add((name, "", start, stop, view.buffer, 0, GROUP))


def _messages(view: View, start: int, stop: int, known: Brought) -> None:
    """The frames; the first may have begun in earlier packets."""
    for number, message in enumerate(known.messages):
        if number:
            view.marks.append(len(view.out))
        if message.data is not None:
            whole = view.enter(message.data, "Reassembled QUIC")
            _opened(whole, 0, len(message.data), known)
            _fragments(whole, message)
            _frame(whole, 0, len(message.data), message)
            continue
        if number == 1 and known.messages[0].data is not None:
            _opened(view, start + message.start, stop, known)
        _frame(view, start + message.start, start + message.stop, message)


def _instructions(view: View, start: int, stop: int, known: Brought) -> None:
    """What the other side's dynamic table is told: RFC 9204 §4.3."""
    view.add(("http3.qpack.encoder", view.data[start:stop], start, stop, view.buffer, 0, GROUP))
    found = list(instructions(view.data, start, stop))
    for each in found:
        _instruction(view, each)
    if found:
        count = sum(each.inserts for each in found)
        view.add((f"{ENCODER}.icnt", known.inserted, start, start, view.buffer, 0, GROUP))
        view.add((f"{ENCODER}.icnt.inc", count, start, start, view.buffer, 0, GROUP))


def _instruction(view: View, each: Instruction) -> None:
    name, buffer, data = f"{ENCODER}.opcode.{each.kind}", view.buffer, view.data
    view.add((name, data[each.start : each.stop], each.start, each.stop, buffer, 0, GROUP))
    if each.kind == CAPACITY:
        view.add((f"{name}.val", each.number, each.start, each.stop, buffer, 0, GROUP))
    if each.reference:
        reference = data[each.start : each.reference]
        view.add((f"{name}.ref", reference, each.start, each.reference, buffer, 0, GROUP))
    for what, text in (("name", each.name), ("val", each.value)):
        if text is None:
            continue
        if text.huffman:
            raw = data[text.start : text.stop]
            view.add((f"{name}.h{what}", raw, text.start, text.stop, buffer, 0, GROUP))
        view.add((f"{name}.{what}", text.value, text.start, text.stop, buffer, 0, GROUP))


def _fragments(view: View, message: Message) -> None:
    """Which packet brought which part: QUIC's own names."""
    buffer, size, at, group = view.buffer, len(view.data), 0, f"{GROUP}/Fragments"
    view.add(("quic.fragments", "", 0, size, buffer, 0, group))
    for number, length in message.pieces:
        view.add(("quic.fragment", number, at, at + length, buffer, 0, group))
        at += length
    view.add(("quic.fragment.count", len(message.pieces), 0, 0, buffer, 0, group))
    view.add(("quic.reassembled.length", size, 0, 0, buffer, 0, group))
    view.add(("quic.reassembled.data", view.data, 0, size, buffer, 0, group))


def _frame(view: View, start: int, stop: int, message: Message) -> None:
    """RFC 9114 §7.1."""
    view.add(("http3.frame", "", start, stop, view.buffer, 0, GROUP))
    try:
        kind, at = varint(view.data, start, stop)
        view.add(("http3.frame_type", kind, start, at, view.buffer, 0, GROUP))
        length, inside = varint(view.data, at, stop)
        view.add(("http3.frame_length", length, at, inside, view.buffer, 0, GROUP))
        if inside < stop:
            view.add(("http3.frame_payload", view.data[inside:stop], inside, stop, view.buffer, 0, GROUP))
        READERS.get(kind, _unknown)(view, inside, stop, message)
    except Short:
        view.add(view.broken(GROUP, start))


Reader = Callable[[View, int, int, Message], None]


def _unknown(view: View, start: int, stop: int, message: Message) -> None:
    """Types that are reserved, so that receivers learn to pass over what they do not know: RFC 9114 §7.2.8."""


def _data(view: View, start: int, stop: int, message: Message) -> None:
    if stop - start < message.size:
        view.add(("http3.cut", True, start, stop, view.buffer, 0, GROUP))
    if start < stop:
        view.add(("http3.data", view.data[start:stop], start, stop, view.buffer, 0, GROUP))


def _headers(view: View, start: int, stop: int, message: Message) -> None:
    """The headers from the decompressed bytes: pylsqpack does not tell where each stands in the block."""
    block = message.block
    if block is None:
        return
    if block.blocked:
        view.add(("http3.header.qpack.blocked", True, start, stop, view.buffer, 0, GROUP))
    if block.headers is None:
        view.add(("http3.expert.header_decoding.failed", "", start, stop, view.buffer, 0, GROUP))
        return
    plain = view.enter(b"".join(map(_plain, block.headers)), "Decompressed Header")
    view.add(("http3.headers.header.length", len(plain.data), start, stop, view.buffer, 0, GROUP))
    view.add(("http3.headers.count", len(block.headers), start, stop, view.buffer, 0, GROUP))
    at = 0
    for name, value in block.headers:
        _line(plain, at, name, value)
        at += len(name) + len(value) + 8
    host, path = block.get(b":authority"), block.get(b":path")
    if host and path:
        address = f"{block.get(b':scheme')}://{host}{path}"
        view.add(("http3.request.full_uri", address, start, start, view.buffer, 0, GROUP))
    _exchange(view, start, message)


def _plain(line: tuple[bytes, bytes]) -> bytes:
    """Length and bytes of name and value, as the buffer beside the packet shows them."""
    return b"".join(len(each).to_bytes(4, "big") + each for each in line)


def _line(plain: View, at: int, name: bytes, value: bytes) -> None:
    """One header."""
    named, valued = at + 4, at + 8 + len(name)
    end, buffer = valued + len(value), plain.buffer
    said, told = name.decode("utf-8", "replace"), value.decode("utf-8", "replace")
    plain.out += (
        ("http3.headers.header", "", at, end, buffer, 0, GROUP),
        ("http3.headers.header.name.length", len(name), at, named, buffer, 0, GROUP),
        ("http3.header.header.name", said, named, named + len(name), buffer, 0, GROUP),
        ("http3.headers.header.value.length", len(value), valued - 4, valued, buffer, 0, GROUP),
        ("http3.headers.header.value", told, valued, end, buffer, 0, GROUP),
    )
    known = name_of(said)
    if known not in FIELDS or known == "http3.headers.":
        return
    if known not in NUMERIC:
        plain.add((known, told, valued, end, buffer, 0, GROUP))
    elif told.isascii() and told.isdigit():
        plain.add((known, int(told), valued, end, buffer, 0, GROUP))


def _exchange(view: View, at: int, message: Message) -> None:
    """The other half, and the time it took."""
    known, info = message.transaction, view.info
    if known is None:
        return
    if message.reply:
        view.add(("http3.time", info.time - known.time, at, at, view.buffer, 0, GROUP))
        view.add(("http3.request_in", known.request, at, at, view.buffer, 0, GROUP))
    elif known.reply:
        view.add(("http3.response_in", known.reply, at, at, view.buffer, 0, GROUP))


def _settings(view: View, start: int, stop: int, message: Message) -> None:
    """RFC 9114 §7.2.4."""
    at = start
    while at < stop:
        which, middle = varint(view.data, at, stop)
        value, end = varint(view.data, middle, stop)
        view.out += (
            ("http3.settings", "", at, end, view.buffer, 0, GROUP),
            ("http3.settings.id", which, at, middle, view.buffer, 0, GROUP),
            ("http3.settings.value", value, middle, end, view.buffer, 0, GROUP),
        )
        if which in SETTINGS:
            view.add((f"http3.settings.{SETTINGS[which]}", value, middle, end, view.buffer, 0, GROUP))
        at = end


def _push(view: View, start: int, stop: int, message: Message) -> None:
    """CANCEL_PUSH and MAX_PUSH_ID: RFC 9114 §7.2.3, §7.2.7."""
    value, at = varint(view.data, start, stop)
    view.add(("http3.push_id", value, start, at, view.buffer, 0, GROUP))


def _priority(view: View, start: int, stop: int, message: Message) -> None:
    """RFC 9218 §7.2."""
    value, at = varint(view.data, start, stop)
    view.add(("http3.priority_update_element_id", value, start, at, view.buffer, 0, GROUP))
    said = view.data[at:stop].decode("utf-8", "replace")
    if said:
        view.add(("http3.priority_update_field_value", said, at, stop, view.buffer, 0, GROUP))


READERS: dict[int, Reader] = {
    frames.DATA: _data,
    frames.HEADERS: _headers,
    frames.SETTINGS: _settings,
    frames.CANCEL_PUSH: _push,
    frames.MAX_PUSH_ID: _push,
    frames.PRIORITY_UPDATE_REQUEST: _priority,
    frames.PRIORITY_UPDATE_PUSH: _priority,
}


def said(run: bytes, brought: Brought) -> str:
    """`HEADERS GET /index.html, DATA 30 bytes`; of a unidirectional stream what it is for."""
    out = [STREAM_TYPES.get(brought.kind, "stream").lower()] if brought.typed else []
    for message in brought.messages:
        data = message.data if message.data is not None else run[message.start : message.stop]
        try:
            kind, _ = varint(data, 0, len(data))
        except Short:
            continue
        name = TYPES.get(kind, f"type {kind}")
        detail = f"{message.size} bytes" if kind == frames.DATA else _told(message.block)
        out.append(f"{name} {detail}".rstrip())
    return ", ".join(out)


def _told(block: Block | None) -> str:
    if block is None:
        return ""
    if block.get(b":method"):
        return f"{block.get(b':method')} {block.get(b':path')}"
    return block.get(b":status")


SUBDISSECTORS = (Subdissector("quic.stream", dissect, ("h3",), ("http3",), Connection, said),)
