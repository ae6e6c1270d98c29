"""WebSocket: messages both ways over the connection that an HTTP request opened: RFC 6455, compressed by RFC 7692."""

from ...core import Application, Part, View
from ...data import dissect as rest
from .frame import BINARY, CLOSE, CONTINUATION, FIN, MASKED, PING, PONG, TEXT, Header, header, unmasked
from .session import Conversation, MessageState

GROUP = "websocket"
NAMES = {
    CONTINUATION: "Continuation",
    TEXT: "Text",
    BINARY: "Binary",
    CLOSE: "Close",
    PING: "Ping",
    PONG: "Pong",
}
WORDS = 30  # characters of a text in the packet list


def dissect(view: View, part: Part) -> None:
    """Header, masking key, payload; with the last frame of a message the message."""
    start, stop, data = part.start, min(part.stop, len(view.data)), view.data
    found = header(data[:stop], start)
    view.add((GROUP, "", start, min(start + (found.size if found else 2), stop), view.buffer, 0, GROUP))
    if stop - start >= 2:
        state = part.state if isinstance(part.state, MessageState) else MessageState()
        _header(view, start, state)
    if found is None:
        if not view.quoted:
            view.add(view.broken(GROUP, start))
        return
    _lengths(view, start, found)
    _payload(view, start + found.size, min(start + found.size + found.length, stop), found, state)
    if start + found.size + found.length > stop and not view.quoted:
        view.add(view.broken(GROUP, start))


def _header(view: View, start: int, state: MessageState) -> None:
    first, second, buffer = view.data[start], view.data[start + 1], view.buffer
    view.out += (
        ("websocket.fin", first & FIN != 0, start, start + 1, buffer, 0x80, GROUP),
        ("websocket.rsv", first >> 4 & 7, start, start + 1, buffer, 0x70, GROUP),
        ("websocket.opcode", first & 0x0F, start, start + 1, buffer, 0x0F, GROUP),
        ("websocket.mask", second & MASKED != 0, start + 1, start + 2, buffer, 0x80, GROUP),
        ("websocket.payload_length", second & 0x7F, start + 1, start + 2, buffer, 0x7F, GROUP),
    )
    if state.agreed:
        view.add(("websocket.pmc", first & 0x40 != 0, start, start + 1, buffer, 0x40, GROUP))


def _lengths(view: View, start: int, found: Header) -> None:
    """The longer lengths, and the key."""
    at = start + 2
    wide = found.size - 2 - len(found.key)
    if wide:
        name = f"websocket.payload_length_ext_{8 * wide}"
        view.add((name, found.length, at, at + wide, view.buffer, 0, GROUP))
    if found.key:
        view.add(("websocket.masking_key", found.key, at + wide, at + wide + 4, view.buffer, 0, GROUP))


def _payload(view: View, start: int, stop: int, found: Header, state: MessageState) -> None:
    if start >= stop and not state.content:
        return
    inner = view
    if found.key and start < stop:
        view.add(("websocket.masked_payload", "", start, stop, view.buffer, 0, GROUP))
        inner = view.enter(unmasked(view.data[start:stop], found.key), "Unmasked data")
        start, stop = 0, len(inner.data)
    if start < stop:
        inner.add(("websocket.payload", "", start, stop, inner.buffer, 0, GROUP))
    if found.control:
        _control(inner, start, stop, found.opcode)
    elif state.ends:
        _message(inner, start, stop, state)
    elif found.opcode == CONTINUATION and start < stop:
        inner.add(("websocket.payload.continue", inner.data[start:stop], start, stop, inner.buffer, 0, GROUP))


def _control(view: View, start: int, stop: int, opcode: int) -> None:
    buffer = view.buffer
    if opcode != CLOSE:
        name = {PING: "ping", PONG: "pong"}.get(opcode, "unknown")
        view.add((f"websocket.payload.{name}", view.data[start:stop], start, stop, buffer, 0, GROUP))
        return
    view.add(("websocket.payload.close", "", start, stop, buffer, 0, GROUP))
    if stop - start < 2:
        view.add(view.broken(GROUP, start))
        return
    code = int.from_bytes(view.data[start : start + 2], "big")
    view.add(("websocket.payload.close.status_code", code, start, start + 2, buffer, 0, GROUP))
    if stop > start + 2:
        reason = view.data[start + 2 : stop].decode("utf-8", "replace")
        view.add(("websocket.payload.close.reason", reason, start + 2, stop, buffer, 0, GROUP))


def _message(view: View, start: int, stop: int, state: MessageState) -> None:
    """The whole message, from the buffer that has it whole."""
    if state.fragments:
        view = view.enter(state.joined, "Reassembled WebSocket")
        start, stop = 0, len(state.joined)
        _fragments(view, state)
    if state.cut:
        view.add(("websocket.cut", True, start, stop, view.buffer, 0, GROUP))
    content = state.content
    if content is None:
        return
    if content != view.data[start:stop]:
        view = view.enter(content, "Decompressed data")
        start, stop = 0, len(content)
    if state.kind == TEXT:
        said = content.decode("utf-8", "replace")
        view.add(("websocket.payload.text", said, start, stop, view.buffer, 0, GROUP))
    else:
        rest(view, start, stop)


def _fragments(view: View, state: MessageState) -> None:
    """Which packet brought which part."""
    buffer, size, at = view.buffer, len(state.joined), 0
    view.add(("websocket.fragments", "", 0, size, buffer, 0, GROUP))
    for frame, length in state.fragments:
        view.add(("websocket.fragment", frame, at, at + length, buffer, 0, GROUP))
        at += length
    view.add(("websocket.fragment.count", len(state.fragments), 0, 0, buffer, 0, GROUP))
    view.add(("websocket.reassembled.length", size, 0, 0, buffer, 0, GROUP))


def summary(payload: bytes, part: Part) -> str:
    """`Text [FIN] [MASKED]  hello`."""
    found = header(payload, 0)
    if found is None:
        return "cut short"
    state = part.state if isinstance(part.state, MessageState) else MessageState()
    marks = " [FIN]" * found.final + " [MASKED]" * bool(found.key)
    name = NAMES.get(found.opcode, f"opcode {found.opcode}")
    return "  ".join(filter(None, (name + marks, _said(payload[found.size :], found, state))))


def _said(payload: bytes, found: Header, state: MessageState) -> str:
    plain = unmasked(payload, found.key)
    if found.opcode == CLOSE and len(plain) >= 2:
        return f"{int.from_bytes(plain[:2], 'big')} {plain[2:].decode('utf-8', 'replace')}".strip()
    if state.ends and state.content is not None:
        if state.kind != TEXT:
            return f"{len(state.content)} bytes"
        said = state.content.decode("utf-8", "replace")
        return said if len(said) <= WORDS else f"{said[:WORDS]}…  {len(state.content)} bytes"
    return f"{found.length} bytes" if found.length else ""


APPLICATIONS = (
    Application(
        "WebSocket",
        "websocket",
        Conversation,
        dissect,
        summary,
        upgrades=("websocket",),
    ),
)
