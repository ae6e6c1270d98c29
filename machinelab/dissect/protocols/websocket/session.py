"""A WebSocket connection: where frames end, which fragments make a message, and what was compressed: RFC 6455 §5.4, RFC 7692 §7."""

import zlib
from collections import deque
from dataclasses import dataclass, field

from ....model import Exchange
from ...core import PacketInfo, Stream
from .frame import (
    BINARY,
    CLOSE,
    COMPRESSED,
    CONTINUATION,
    PING,
    PONG,
    TEXT,
    Header,
    header,
    possible,
    unmasked,
)

TAIL = b"\x00\x00\xff\xff"  # of each compressed message, left out by the sender: RFC 7692 §7.2.1
UNPACKED = 1 << 20  # bytes that one message is decompressed to
KEPT = 1 << 26  # bytes that all messages of a capture are decompressed to: they are kept
OPEN_PINGS = 64  # of one side that may wait for their Pongs


@dataclass(frozen=True, slots=True)
class MessageState:
    """What a frame's bytes alone do not tell. `kind` is the opcode of its message, `agreed` whether RSV1 means compressed.

    Of a frame that ends a data message: `content`, the whole message decompressed (None: it could not be), and
    `fragments`, frame number and length of each part where there are several; `joined` are those together.
    """

    agreed: bool = False
    kind: int = 0
    ends: bool = False
    content: bytes | None = None
    cut: bool = False
    fragments: tuple[tuple[int, int], ...] = ()
    joined: bytes = b""


@dataclass(slots=True)
class Sending:
    """One direction: the message that is under way, and the state of its decompression."""

    takeover: bool
    kind: int = 0
    compressed: bool = False
    pieces: list[tuple[int, bytes]] = field(default_factory=list)
    inflater: "zlib._Decompress | None" = None
    broken: bool = False


@dataclass(slots=True)
class Allowance:
    """Bytes that messages of the whole capture may still be decompressed to."""

    left: int = KEPT


class Conversation:
    """One connection after its Upgrade. `stream.handover` holds the headers of the reply that agreed to it."""

    __slots__ = ("_agreed", "_allowance", "_closing", "_pings", "_sending", "_serial", "_stream")

    def __init__(self, stream: Stream) -> None:
        agreed = stream.handover.headers.get("sec-websocket-extensions", "") if stream.handover else ""
        parameters = {each.strip().partition("=")[0].lower() for each in agreed.split(";")}
        self._stream = stream
        self._agreed = "permessage-deflate" in parameters
        self._sending = {
            True: Sending("client_no_context_takeover" not in parameters),
            False: Sending("server_no_context_takeover" not in parameters),
        }
        kept = stream.shared.setdefault("websocket", Allowance())
        assert isinstance(kept, Allowance)
        self._allowance = kept
        self._pings: dict[bool, deque[tuple[bytes, int]]] = {True: deque(), False: deque()}
        self._serial = 0
        self._closing: bool | None = None  # which side has sent a Close first

    def size(self, data: bytes | bytearray, start: int, to_server: bool) -> int:
        """Bytes of the next frame: 0 not known yet, −1 no frame."""
        if not possible(data, start):
            return -1
        found = header(data, start)
        return found.size + found.length if found else 0

    def observe(self, payload: bytes, info: PacketInfo, to_server: bool) -> tuple[Exchange | None, object]:
        """A Ping is answered by the Pong that repeats it, a Close by the other side's; the rest asks for no answer."""
        found = header(payload, 0)
        if found is None:
            return None, None
        plain = unmasked(payload[found.size :], found.key)
        if found.control:
            return self._control(found.opcode, plain, info, to_server), MessageState(
                self._agreed, found.opcode
            )
        return None, self._data(found, plain, info.number, self._sending[to_server])

    def _control(self, opcode: int, plain: bytes, info: PacketInfo, to_server: bool) -> Exchange | None:
        if opcode == CLOSE:
            reply = self._closing is not None and self._closing != to_server
            if self._closing is None:
                self._closing = to_server
            return Exchange(self._key(info, "close"), reply, "close")
        if opcode == PING:
            self._serial += 1
            waiting = self._pings[to_server]
            waiting.append((plain, self._serial))
            if len(waiting) > OPEN_PINGS:
                waiting.popleft()
            return Exchange(self._key(info, self._serial), False, "ping")
        return self._pong(plain, info, self._pings[not to_server]) if opcode == PONG else None

    def _pong(self, plain: bytes, info: PacketInfo, waiting: deque[tuple[bytes, int]]) -> Exchange | None:
        """It answers the newest Ping that said this, and those before it: RFC 6455 §5.5.3."""
        for at in range(len(waiting) - 1, -1, -1):
            if waiting[at][0] == plain:
                serial = waiting[at][1]
                for _ in range(at + 1):
                    waiting.popleft()
                return Exchange(self._key(info, serial), True)
        return None

    def _key(self, info: PacketInfo, which: object) -> tuple[object, ...]:
        return ("websocket", info.frame.source.index, self._stream.number, which)

    def _data(self, found: Header, plain: bytes, number: int, sending: Sending) -> MessageState:
        """Take note of a fragment; with the last one the message is whole."""
        if found.opcode in {TEXT, BINARY}:
            sending.kind, sending.compressed = found.opcode, self._agreed and found.first & COMPRESSED != 0
            sending.pieces.clear()
        sending.pieces.append((number, plain))
        kind = sending.kind
        if not found.final:
            return MessageState(self._agreed, kind)
        joined = b"".join(piece for _, piece in sending.pieces)
        content, cut = self._inflated(joined, sending) if sending.compressed else (joined, False)
        fragments = tuple((frame, len(piece)) for frame, piece in sending.pieces)
        sending.pieces.clear()
        sending.kind = CONTINUATION
        if len(fragments) == 1:
            return MessageState(self._agreed, kind, True, content, cut)
        return MessageState(self._agreed, kind, True, content, cut, fragments, joined)

    def _inflated(self, packed: bytes, sending: Sending) -> tuple[bytes | None, bool]:
        """A message decompressed, and whether something of it is missing; the window goes on to the next one: RFC 7692 §7.2.2."""
        most = min(UNPACKED, self._allowance.left)
        if sending.broken or most <= 0:
            return None, True
        if sending.inflater is None or not sending.takeover:
            sending.inflater = zlib.decompressobj(-15)
        try:
            plain = sending.inflater.decompress(packed + TAIL, most)
        except zlib.error:
            sending.broken = sending.takeover
            sending.inflater = None
            return None, True
        self._allowance.left -= len(plain)
        cut = bool(sending.inflater.unconsumed_tail)
        sending.broken = cut and sending.takeover
        return plain, cut
