"""An HTTP/3 connection: where frames end on each stream, requests and their replies: RFC 9114 §4, §6."""

from dataclasses import dataclass, field

from ....model import Exchange
from ...core import Contents, Inner, PacketInfo, Short, Stream
from ...varint import varint
from . import frames
from .instructions import instructions
from .qpack import Block, Blocks

LONGEST = 1 << 20  # bytes of a frame that are kept to be shown whole
STREAMS = 1 << 16  # that are remembered


@dataclass(slots=True)
class Transaction:
    """A request and its final reply. Frame numbers of the capture; 0: none. `time` of the request in nanoseconds."""

    key: tuple[object, ...]
    request: int = 0
    time: int = 0
    block: Block = field(default_factory=Block)
    reply: int = 0


@dataclass(slots=True)
class Message(Inner):
    """A frame that ends in a packet: at `start`:`stop` of what the packet brings, or all of `data` if it spans packets.

    `pieces` are the packets that brought it, with the bytes of each; `size` is what a frame too long to be kept has in all.
    """

    start: int = 0
    stop: int = 0
    data: bytes | None = None
    pieces: tuple[tuple[int, int], ...] = ()
    block: Block | None = None
    transaction: Transaction | None = None
    reply: bool = False
    size: int = 0


@dataclass(slots=True)
class Brought(Contents):
    """What a STREAM frame brings: the frames of HTTP/3 that end in it; of a unidirectional stream its `kind`, −1 of others.

    `typed`: the stream's type stands at its beginning, `start` bytes long. `stream` is its id.
    """

    stream: int = 0
    kind: int = -1
    typed: int = 0
    inserted: int = 0  # entries of the dynamic table that were inserted so far, of an encoder stream
    messages: list[Message] = field(default_factory=list)
    finished: int = 0  # the packet that ends the frame which begins or goes on here


@dataclass(slots=True)
class Half:
    """One direction of a stream: what is unfinished, and which packets brought how much of it.

    `kind` of a unidirectional stream, −1: not known yet. `passed` bytes are to come of a frame that is too long to be kept.
    """

    kind: int = -1
    rest: bytearray = field(default_factory=bytearray)
    pieces: list[tuple[int, int]] = field(default_factory=list)
    parts: tuple[Brought, ...] = ()
    passed: int = 0
    opened: bool = False
    inserted: int = 0


class Connection:
    """All streams of one connection."""

    def __init__(self, stream: Stream) -> None:
        self._number = stream.number
        self._halves: dict[tuple[int, bool], Half] = {}
        self._blocks = {True: Blocks(), False: Blocks()}
        self._transactions: dict[int, Transaction] = {}

    def take(self, stream: int, run: bytes, info: PacketInfo, to_server: bool) -> Brought:
        """The next bytes of a stream, of one direction."""
        brought = Brought(stream=stream)
        half = self._halves.get((stream, to_server))
        if half is None:
            if len(self._halves) >= STREAMS:
                return brought
            half = self._halves[stream, to_server] = Half()
        brought.frames = (info.number,)
        at = 0
        if stream & frames.UNIDIRECTIONAL and not half.opened:
            # No stream's type that is known takes more than one byte.
            half.opened, half.kind, brought.typed = True, run[0] if run[0] < 0x40 else 0x40, 1
            at = 1
        brought.kind = half.kind
        if half.kind == frames.ENCODER:
            self._blocks[to_server].instruct(run[at:])
            half.inserted += sum(each.inserts for each in instructions(run, at, len(run)))
            brought.inserted = half.inserted
        elif half.kind in (-1, frames.CONTROL):
            self._frames(brought, half, run, at, info, to_server)
        brought.inner = list(brought.messages)
        return brought

    def _frames(
        self, brought: Brought, half: Half, run: bytes, at: int, info: PacketInfo, to_server: bool
    ) -> None:
        """Cut frames out: a type, a length, so many bytes (RFC 9114 §7.1)."""
        skipped = min(half.passed, len(run) - at)
        half.passed -= skipped
        at += skipped
        before = len(half.rest) - at
        half.rest += run[at:]
        start, size = 0, len(half.rest)
        while start < size:
            try:
                kind, inside = varint(half.rest, start, size)
                length, inside = varint(half.rest, inside, size)
            except Short:
                break
            stop = inside + length
            if length > LONGEST:
                # Its head is shown, and its content passed over.
                half.passed = max(0, stop - size)
                stop = min(stop, size)
            elif stop > size:
                break
            message = self._cut(half, start, stop, before, info)
            message.size = length
            self._learn(brought, message, kind, bytes(half.rest[inside:stop]), info, to_server)
            brought.messages.append(message)
            start = stop
        del half.rest[:start]
        if start:
            half.pieces, half.parts = [], ()
        if half.rest:
            half.pieces.append((info.number, len(half.rest) - sum(length for _, length in half.pieces)))
            half.parts = (*half.parts, brought)

    def _cut(self, half: Half, start: int, stop: int, before: int, info: PacketInfo) -> Message:
        """A frame at `start`:`stop` of what there is; `before` of that are from earlier packets."""
        if start >= before:
            return Message(start=start - before, stop=stop - before)
        data = bytes(half.rest[start:stop])
        for each in half.parts:
            each.finished = info.number
        earlier = sum(length for _, length in half.pieces)
        pieces = (*half.pieces, (info.number, len(data) - earlier))
        return Message(before=half.parts, stop=len(data), data=data, pieces=pieces)

    def _learn(
        self, brought: Brought, message: Message, kind: int, content: bytes, info: PacketInfo, to_server: bool
    ) -> None:
        if kind == frames.SETTINGS and brought.kind == frames.CONTROL:
            told = frames.settings(content, 0, len(content))
            self._blocks[not to_server].allow(told.get(frames.MAX_TABLE_CAPACITY, 0))
        elif kind == frames.HEADERS and brought.kind < 0:
            message.block = self._blocks[to_server].read(brought.stream, content)
            message.exchange = self._message(brought.stream, message, info, to_server)

    def _message(self, stream: int, message: Message, info: PacketInfo, to_server: bool) -> Exchange | None:
        """Whose headers these are: a request's, a reply's, or trailers, which belong to neither alone (RFC 9114 §4.1)."""
        assert message.block is not None
        block = message.block
        if to_server:
            if not block.get(b":method"):
                return None
            key = ("http3", info.frame.source.index, self._number, stream)
            known = self._transactions[stream] = Transaction(key, info.number, info.time, block)
            message.transaction = known
            return Exchange(key, False, f"{block.get(b':method')} {block.get(b':path')}")
        status, found = block.get(b":status"), self._transactions.get(stream)
        message.transaction, message.reply = found, True
        if found is None or not status or status.startswith("1"):
            return None
        found.reply = info.number
        return Exchange(found.key, True)
