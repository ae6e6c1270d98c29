"""An HTTP/2 connection: where frames end, header blocks, requests and their replies, bodies, windows: RFC 9113."""

from collections import deque
from dataclasses import dataclass

from ....model import Exchange
from ...core import PacketInfo, Stream
from . import frames
from .frames import Header, first, header, inside, possible
from .hpack import Block, Decoder
from .streams import Body, Opened, Transaction, Windows

KEPT = 1 << 20  # bytes of one body that are kept to be shown whole
BLOCK = 1 << 18  # bytes of a header block in several frames; more is given up
STREAMS = 1 << 16  # that are remembered
WAITING = 64  # SETTINGS or PINGs of one side that may wait for their acknowledgment


@dataclass(frozen=True, slots=True)
class Change:
    """A window before and after a frame, in bytes."""

    before: int
    after: int


@dataclass(slots=True)
class FrameState:
    """What a frame's bytes alone do not tell.

    `block` of the frame that ends a header block, `fragment` the whole block where it spans frames; `transaction` of that of a request or a
    reply; `connection` and `stream` what it does to the windows; `body` is what a DATA frame is a part of.
    """

    block: Block | None = None
    fragment: bytes = b""
    transaction: Transaction | None = None
    reply: bool = False
    connection: Change | None = None
    stream: Change | None = None
    body: Body | None = None


@dataclass(slots=True)
class Gathering:
    """A header block that is not complete: RFC 9113 §6.10. `stream` it is about, whether it is a promise's."""

    stream: int
    promise: bool
    data: bytearray


class Conversation:
    """One connection from its first packet on. The client sends the preface first, and both sides begin with SETTINGS."""

    __slots__ = (
        "_begun",
        "_decoders",
        "_gathering",
        "_open",
        "_serial",
        "_streams",
        "_tcp",
        "_waiting",
        "_windows",
    )

    def __init__(self, stream: Stream) -> None:
        self._tcp = stream
        self._begun: set[bool] = set()  # which sides a frame was seen of
        self._decoders = {True: Decoder(), False: Decoder()}
        self._gathering: dict[bool, Gathering | None] = {True: None, False: None}
        self._streams: dict[int, Opened] = {}
        self._windows = Windows()
        self._waiting: dict[tuple[bool, int], deque[tuple[object, ...]]] = {}
        self._serial = 0

    def size(self, data: bytes | bytearray, start: int, to_server: bool) -> int:
        """The length of the next frame, or of the preface: 0 if not known yet, −1 if it is neither."""
        if to_server and data.startswith(frames.PREFACE[: len(data) - start], start):
            return len(frames.PREFACE)
        found = header(data, start)
        if found is None:
            return 0
        fits = possible(found) if to_server in self._begun else first(found)
        return frames.HEADER + found.length if fits else -1

    def observe(self, payload: bytes, info: PacketInfo, to_server: bool) -> tuple[Exchange | None, object]:
        """A request's headers are answered by the final reply's; SETTINGS and PING by their acknowledgment."""
        self._begun.add(to_server)
        found = header(payload)
        if found is None or payload.startswith(frames.PREFACE):
            return None, None
        state = FrameState()
        kind = found.type
        if kind in (frames.HEADERS, frames.PUSH_PROMISE, frames.CONTINUATION):
            return self._headers(payload, found, info, to_server, state), state
        if kind == frames.DATA:
            self._data(payload, found, info, to_server, state)
        elif kind == frames.WINDOW_UPDATE:
            self._window(payload, found, to_server, state)
        elif kind == frames.SETTINGS:
            self._settings(payload, found, to_server)
        asks = kind in (frames.SETTINGS, frames.PING)
        return self._acknowledged(found, payload, info, to_server) if asks else None, state

    def _stream(self, number: int) -> Opened:
        if len(self._streams) >= STREAMS and number not in self._streams:
            self._streams.pop(next(iter(self._streams)))
        return self._streams.setdefault(number, Opened())

    def _headers(
        self, payload: bytes, found: Header, info: PacketInfo, to_server: bool, state: FrameState
    ) -> Exchange | None:
        """A part of a block; with END_HEADERS the block is read, and belongs to a request or a reply."""
        at, stop = inside(payload, found)
        gathering = self._gathering[to_server]
        if found.type != frames.CONTINUATION:
            promise = found.type == frames.PUSH_PROMISE
            number = int.from_bytes(payload[at - 4 : at], "big") & 0x7FFFFFFF if promise else found.stream
            gathering = Gathering(number, promise, bytearray())
        if gathering is None:
            self._decoders[to_server].lost = True
            return None
        gathering.data += payload[at:stop]
        if not found.flags & frames.END_HEADERS:
            self._gathering[to_server] = gathering if len(gathering.data) < BLOCK else None
            return None
        self._gathering[to_server] = None
        block = self._decoders[to_server].read(bytes(gathering.data))
        state.block = block
        if found.type == frames.CONTINUATION:
            state.fragment = bytes(gathering.data)
        if found.flags & frames.END_STREAM:
            self._trailers(found, info, to_server, state)
        return self._message(gathering, block, info, to_server, state)

    def _trailers(self, found: Header, info: PacketInfo, to_server: bool, state: FrameState) -> None:
        """Headers that end a stream after content: with them the body is complete. RFC 9113 §8.1."""
        body = self._stream(found.stream).bodies[to_server]
        if body.pieces:
            body.ended, state.body = info.number, body

    def _message(
        self, gathering: Gathering, block: Block, info: PacketInfo, to_server: bool, state: FrameState
    ) -> Exchange | None:
        """Whose headers these are: a request's, a reply's, or trailers (RFC 9113 §8.1), which belong to neither alone."""
        stream = self._stream(gathering.stream)
        if to_server or gathering.promise:
            if not block.get(b":method"):
                return None
            stream.bodies[True].headers = block
            key = ("http2", info.frame.source.index, self._tcp.number, gathering.stream)
            stream.transaction = Transaction(key, info.number, info.time, block)
            state.transaction = stream.transaction
            return Exchange(key, False, f"{block.get(b':method')} {block.get(b':path')}")
        status, known = block.get(b":status"), stream.transaction
        if not status:
            return None
        stream.bodies[False].headers = block
        state.transaction, state.reply = known, True
        if known is None or status.startswith("1"):
            return None
        known.reply = info.number
        return Exchange(known.key, True)

    def _data(
        self, payload: bytes, found: Header, info: PacketInfo, to_server: bool, state: FrameState
    ) -> None:
        """Body bytes. The whole payload counts for flow control, padding too: RFC 9113 §6.9.1."""
        stream = self._stream(found.stream)
        at, stop = inside(payload, found)
        before, mine = self._windows.connection[to_server], self._windows.of(stream, to_server)
        self._windows.connection[to_server] -= found.length
        stream.windows[to_server] -= found.length
        state.connection = Change(before, before - found.length)
        state.stream = Change(mine, mine - found.length)
        body = stream.bodies[to_server]
        body.size += stop - at
        if body.size <= KEPT:
            body.pieces.append((info.number, payload[at:stop]))
        if found.flags & frames.END_STREAM:
            body.ended = info.number
        state.body = body

    def _window(self, payload: bytes, found: Header, to_server: bool, state: FrameState) -> None:
        """More may be sent by the other side: RFC 9113 §6.9."""
        by = int.from_bytes(payload[frames.HEADER : frames.HEADER + 4], "big") & 0x7FFFFFFF
        sender = not to_server
        if found.stream == 0:
            before = self._windows.connection[sender]
            self._windows.connection[sender] += by
            state.connection = Change(before, before + by)
            return
        stream = self._stream(found.stream)
        before = self._windows.of(stream, sender)
        stream.windows[sender] += by
        state.stream = Change(before, before + by)

    def _settings(self, payload: bytes, found: Header, to_server: bool) -> None:
        for at in range(frames.HEADER, len(payload) - 5, 6):
            if int.from_bytes(payload[at : at + 2], "big") == frames.INITIAL_WINDOW_SIZE:
                size = int.from_bytes(payload[at + 2 : at + 6], "big")
                self._windows.change(self._streams, not to_server, size)

    def _acknowledged(
        self, found: Header, payload: bytes, info: PacketInfo, to_server: bool
    ) -> Exchange | None:
        """Acknowledgments come in the order of what they acknowledge: RFC 9113 §6.5.3; a PING's repeats its eight bytes: §6.7."""
        if not found.flags & frames.ACK:
            self._serial += 1
            key = ("http2", info.frame.source.index, self._tcp.number, f"{found.type}/{self._serial}")
            waiting = self._waiting.setdefault((to_server, found.type), deque(maxlen=WAITING))
            waiting.append(key)
            return Exchange(key, False)
        waiting = self._waiting.get((not to_server, found.type), deque())
        return Exchange(waiting.popleft(), True) if waiting else None
