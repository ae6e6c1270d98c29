"""HTTP/2: requests and replies as frames of many streams on one connection: RFC 9113."""

from collections.abc import Callable

from ....fields.http2 import ERRORS, TYPES
from ...core import Application, Part, Sender, View
from . import body, frames, headers
from .frames import Header, header, inside
from .session import Change, Conversation, FrameState

GROUP = "http2"
# What each type's flags are: the field of those it does not have, with its mask, and the others.
FLAGS: dict[int, tuple[tuple[str, int], ...]] = {
    frames.DATA: (("unused_data", 0xF6), ("padded", 0x08), ("end_stream", 0x01)),
    frames.HEADERS: (
        ("unused_headers", 0xD2), ("priority", 0x20), ("padded", 0x08), ("eh", 0x04), ("end_stream", 0x01),
    ),
    frames.SETTINGS: (("unused_settings", 0xFE), ("ack.settings", 0x01)),
    frames.PUSH_PROMISE: (("unused_push_promise", 0xF3), ("padded", 0x08), ("eh", 0x04)),
    frames.PING: (("unused_ping", 0xFE), ("ack.ping", 0x01)),
    frames.CONTINUATION: (("unused_continuation", 0xFB), ("eh", 0x04)),
}  # fmt: skip
SETTINGS = {
    1: "header_table_size", 2: "enable_push", 3: "max_concurrent_streams", 4: "initial_window_size",
    5: "max_frame_size", 6: "max_header_list_size", 8: "extended_connect", 9: "no_rfc7540_priorities",
}  # fmt: skip
FEW = 120  # bytes of the settings that a server begins with; more are taken for something else


def dissect(view: View, part: Part) -> None:
    """The preface, or one frame: its header, its flags, and the payload of its type."""
    start, stop, data = part.start, min(part.stop, len(view.data)), view.data
    view.add((GROUP, "", start, stop, view.buffer, 0, GROUP))
    view.add(("http2.stream", "", start, stop, view.buffer, 0, GROUP))
    if data.startswith(frames.PREFACE, start):
        view.add(
            (
                "http2.magic",
                frames.PREFACE.decode(),
                start,
                start + len(frames.PREFACE),
                view.buffer,
                0,
                GROUP,
            )
        )
        return
    found = header(data[:stop], start)
    if found is None:
        if not view.quoted:
            view.add(view.broken(GROUP, start))
        return
    _header(view, start, found)
    state = part.state if isinstance(part.state, FrameState) else FrameState()
    inner, ends = inside(data[start:stop], found)
    READERS.get(found.type, _unknown)(view, start, start + inner, start + ends, found, state)
    _windows(view, start, state)
    if start + frames.HEADER + found.length > stop and not view.quoted:
        view.add(view.broken(GROUP, start))


def _header(view: View, start: int, found: Header) -> None:
    buffer = view.buffer
    view.out += (
        ("http2.length", found.length, start, start + 3, buffer, 0, GROUP),
        ("http2.type", found.type, start + 3, start + 4, buffer, 0, GROUP),
        ("http2.flags", found.flags, start + 4, start + 5, buffer, 0, GROUP),
    )
    for name, mask in FLAGS.get(found.type, (("unused", 0xFF),)):
        value = found.flags & mask
        said = value >> (mask & -mask).bit_length() - 1 if name.startswith("unused") else value != 0
        view.add((f"http2.flags.{name}", said, start + 4, start + 5, buffer, mask, GROUP))
    reserved = view.data[start + 5] >> 7
    view.out += (
        ("http2.r", reserved, start + 5, start + 9, buffer, 0x80000000, GROUP),
        ("http2.streamid", found.stream, start + 5, start + 9, buffer, 0x7FFFFFFF, GROUP),
    )


Reader = Callable[[View, int, int, int, Header, FrameState], None]
"""Adds what a frame carries: where the frame starts, where what it carries starts and stops."""


def _number(view: View, name: str, at: int, size: int, *, mask: int = 0) -> int:
    """A number, of which the mask's bits count; none where the bytes end before."""
    if at + size > len(view.data):
        return 0
    value = int.from_bytes(view.data[at : at + size], "big")
    if mask:
        value = (value & mask) >> (mask & -mask).bit_length() - 1
    view.add((f"http2.{name}", value, at, at + size, view.buffer, mask, GROUP))
    return value


def _octets(view: View, name: str, start: int, stop: int) -> None:
    if start < stop:
        view.add((f"http2.{name}", view.data[start:stop], start, stop, view.buffer, 0, GROUP))


def _pad_length(view: View, start: int, found: Header) -> None:
    """How much padding there is: RFC 9113 §6.1. Where there is none, that is a value as well."""
    at = start + frames.HEADER
    if found.flags & frames.PADDED:
        _number(view, "padding", at, 1)
        _number(view, "pad_length", at, 1)
    else:
        view.add(("http2.pad_length", 0, at, at, view.buffer, 0, GROUP))


def _data(view: View, start: int, at: int, stop: int, found: Header, state: FrameState) -> None:
    _pad_length(view, start, found)
    body.dissect(view, at, stop, found, state.body)
    if found.flags & frames.PADDED:
        _octets(view, "data.padding", stop, min(start + frames.HEADER + found.length, len(view.data)))


def _headers(view: View, start: int, at: int, stop: int, found: Header, state: FrameState) -> None:
    _pad_length(view, start, found)
    if found.flags & frames.HAS_PRIORITY and at - start >= frames.HEADER + 5:
        _depends(view, at - 5)
    _octets(view, "headers", at, stop)
    headers.dissect(view, start, at, stop, state)
    if state.body is not None:  # trailers: the body is whole
        body.whole(view, stop, stop, state.body)
    if found.flags & frames.PADDED:
        _octets(view, "headers.padding", stop, min(start + frames.HEADER + found.length, len(view.data)))


def _depends(view: View, at: int) -> None:
    """RFC 7540 §6.3."""
    exclusive = view.data[at] >> 7 != 0
    view.add(("http2.exclusive", exclusive, at, at + 4, view.buffer, 0x80000000, GROUP))
    _number(view, "stream_dependency", at, 4, mask=0x7FFFFFFF)
    weight = _number(view, "headers.weight", at + 4, 1)
    view.add(("http2.headers.weight_real", weight + 1, at + 4, at + 5, view.buffer, 0, GROUP))


def _priority(view: View, start: int, at: int, stop: int, found: Header, state: FrameState) -> None:
    if stop - at >= 5:
        _depends(view, at)


def _reset(view: View, start: int, at: int, stop: int, found: Header, state: FrameState) -> None:
    _number(view, "rst_stream.error", at, 4)


def _settings(view: View, start: int, at: int, stop: int, found: Header, state: FrameState) -> None:
    while at + 6 <= stop:
        view.add(("http2.settings", "", at, at + 6, view.buffer, 0, GROUP))
        which = _number(view, "settings.id", at, 2)
        _number(view, f"settings.{SETTINGS.get(which, 'unknown')}", at + 2, 4)
        at += 6


def _promise(view: View, start: int, at: int, stop: int, found: Header, state: FrameState) -> None:
    _pad_length(view, start, found)
    _number(view, "push_promise.r", at - 4, 4, mask=0x80000000)
    _number(view, "push_promise.promised_stream_id", at - 4, 4, mask=0x7FFFFFFF)
    _octets(view, "push_promise.header", at, stop)
    headers.dissect(view, start, at, stop, state)
    if found.flags & frames.PADDED:
        _octets(view, "push_promise.padding", stop, min(start + frames.HEADER + found.length, len(view.data)))


def _ping(view: View, start: int, at: int, stop: int, found: Header, state: FrameState) -> None:
    _octets(view, "pong" if found.flags & frames.ACK else "ping", at, stop)


def _goaway(view: View, start: int, at: int, stop: int, found: Header, state: FrameState) -> None:
    _number(view, "goaway.r", at, 4, mask=0x80000000)
    _number(view, "goaway.last_stream_id", at, 4, mask=0x7FFFFFFF)
    _number(view, "goaway.error", at + 4, 4)
    _octets(view, "goaway.addata", at + 8, stop)


def _window_update(view: View, start: int, at: int, stop: int, found: Header, state: FrameState) -> None:
    _number(view, "window_update.r", at, 4, mask=0x80000000)
    _number(view, "window_update.window_size_increment", at, 4, mask=0x7FFFFFFF)


def _continuation(view: View, start: int, at: int, stop: int, found: Header, state: FrameState) -> None:
    _octets(view, "continuation.header", at, stop)
    headers.dissect(view, start, at, stop, state)


def _origin(view: View, start: int, at: int, stop: int, found: Header, state: FrameState) -> None:
    """RFC 8336 §2.1."""
    while at + 2 <= stop:
        size = int.from_bytes(view.data[at : at + 2], "big")
        end = min(at + 2 + size, stop)
        view.add(("http2.origin", "", at, end, view.buffer, 0, GROUP))
        _number(view, "origin.origin_len", at, 2)
        name = view.data[at + 2 : end].decode("utf-8", "replace")
        view.add(("http2.origin.origin", name, at + 2, end, view.buffer, 0, GROUP))
        at = end


def _priority_update(view: View, start: int, at: int, stop: int, found: Header, state: FrameState) -> None:
    """RFC 9218 §7.1."""
    _number(view, "priority_update_stream_id", at, 4)
    if at + 4 < stop:
        value = view.data[at + 4 : stop].decode("utf-8", "replace")
        view.add(("http2.priority_update_field_value", value, at + 4, stop, view.buffer, 0, GROUP))


def _unknown(view: View, start: int, at: int, stop: int, found: Header, state: FrameState) -> None:
    _octets(view, "unknown", at, stop)


READERS: dict[int, Reader] = {
    frames.DATA: _data,
    frames.HEADERS: _headers,
    frames.PRIORITY: _priority,
    frames.RST_STREAM: _reset,
    frames.SETTINGS: _settings,
    frames.PUSH_PROMISE: _promise,
    frames.PING: _ping,
    frames.GOAWAY: _goaway,
    frames.WINDOW_UPDATE: _window_update,
    frames.CONTINUATION: _continuation,
    frames.ORIGIN: _origin,
    frames.PRIORITY_UPDATE: _priority_update,
}


def _windows(view: View, start: int, state: FrameState) -> None:
    """What may still be sent, before and after: reckoned from all frames seen on the connection."""
    for kind, change in (("connection", state.connection), ("stream", state.stream)):
        if isinstance(change, Change):
            name = f"http2.calculated.{kind}.window_size"
            view.add((f"{name}.before", change.before, start, start, view.buffer, 0, GROUP))
            view.add((f"{name}.after", change.after, start, start, view.buffer, 0, GROUP))


def summary(payload: bytes, part: Part) -> str:
    """`HEADERS[1]  GET /index.html`."""
    if payload.startswith(frames.PREFACE):
        return "Magic"
    found = header(payload)
    if found is None:
        return "cut short"
    state = part.state if isinstance(part.state, FrameState) else FrameState()
    name = f"{TYPES.get(found.type, f'type {found.type}')}[{found.stream}]"
    return "  ".join(filter(None, (name, _said(payload, found, state))))


def _said(payload: bytes, found: Header, state: FrameState) -> str:
    at = frames.HEADER
    if state.block is not None:
        return headers.summary(state.block)
    if found.type == frames.DATA:
        _, stop = inside(payload, found)
        return f"{stop - inside(payload, found)[0]} bytes" + " END_STREAM" * (found.flags & frames.END_STREAM)
    if found.type in (frames.SETTINGS, frames.PING) and found.flags & frames.ACK:
        return "ACK"
    if found.type == frames.WINDOW_UPDATE:
        return f"+{int.from_bytes(payload[at : at + 4], 'big') & 0x7FFFFFFF}"
    if found.type in (frames.RST_STREAM, frames.GOAWAY):
        at += 4 * (found.type == frames.GOAWAY)
        code = int.from_bytes(payload[at : at + 4], "big")
        return ERRORS.get(code, f"error {code}")
    return ""


def is_stream(data: bytes) -> Sender | None:
    """A client's connection preface, or a server's SETTINGS frame, complete and with known settings only: RFC 9113 §3.4."""
    if data.startswith(frames.PREFACE):
        return Sender.CLIENT
    found = header(data)
    if (
        found is None
        or found[1:] != (frames.SETTINGS, 0, 0)
        or not 0 < found.length <= FEW
        or found.length % 6
    ):
        return None
    stop = frames.HEADER + found.length
    ids = {int.from_bytes(data[at : at + 2], "big") for at in range(frames.HEADER, stop, 6)}
    return Sender.SERVER if len(data) >= stop and ids <= SETTINGS.keys() else None


# What the first bytes of either may be: a quick look at many packets.
BEGINS = (b"P\0", b"R\0", b"I" + bytes(range(6, FEW + 1, 6)), b" \x04")


APPLICATIONS = (
    Application(
        "HTTP2",
        "http2",
        Conversation,
        dissect,
        summary,
        is_stream=is_stream,
        alpn=("h2",),
        upgrades=("h2c",),
        marks=tuple(enumerate(BEGINS)),
    ),
)
