"""What one SCTP association is found out to be: where its numbers begin, which chunks make a message, what answers what.

RFC 9260 §5.1, §6.9.
"""

from dataclasses import dataclass, field
from typing import NamedTuple

from ....model import Exchange
from ...core import PacketInfo, Stream
from .packet import (
    BEGIN,
    COOKIE_ACK,
    COOKIE_ECHO,
    DATA,
    DATA_HEADER,
    END,
    HEADER,
    HEARTBEAT,
    HEARTBEAT_ACK,
    INIT,
    INIT_ACK,
    SHUTDOWN,
    SHUTDOWN_ACK,
    Chunk,
    checksum,
    chunks,
    is_packet,
    number,
)

DCEP, OPEN, ACK = 50, 3, 2
NUMBERS = 1 << 32
LONGEST = 1 << 20  # bytes of a message that came in several chunks
KEPT = 1 << 12  # chunks that wait for the others of their message
REPLIES = {INIT_ACK: INIT, COOKIE_ACK: COOKIE_ECHO, HEARTBEAT_ACK: HEARTBEAT, SHUTDOWN_ACK: SHUTDOWN}


@dataclass(slots=True)
class PacketState:
    """What a packet's bytes do not tell. `bases` are the first numbers of the sender and of the receiver, −1 where they are not known.

    `joined`: by the place of a chunk in the packet, the message that is whole with it, and the packets that it came in, each with its size;
    `within`: the packet with which the message of a chunk is whole. `before`: the packet that the chunk came in first, and when; `again`: those that it
    came in once more.
    """

    bases: tuple[int, int] = (-1, -1)
    joined: dict[int, tuple[bytes, tuple[tuple[int, int], ...]]] = field(default_factory=dict)
    within: dict[int, int] = field(default_factory=dict)
    before: dict[int, tuple[int, int]] = field(default_factory=dict)
    again: dict[int, list[int]] = field(default_factory=dict)


class Part(NamedTuple):
    """A chunk of a message that has several: the packet that it came in, its place there, its flags and its bytes."""

    frame: int
    state: PacketState
    start: int
    flags: int
    content: bytes


class Association:
    """A `core.Session`. One in a stream, which is what DTLS's is."""

    def __init__(self, stream: Stream) -> None:
        self._stream = stream
        self._known = False
        self._bases = {True: -1, False: -1}
        self._parts: dict[bool, dict[int, Part]] = {True: {}, False: {}}
        self._sent: dict[bool, dict[int, tuple[int, int, list[int]]]] = {True: {}, False: {}}

    def size(self, data: "bytes | bytearray", start: int, to_server: bool) -> int:
        """All that there is, if it is a packet: there are no others beside it in DTLS. The first one's checksum has to be right."""
        if not is_packet(data, start, len(data)):
            return -1
        if not self._known and checksum(data[start:]) != number(data, start + 8):
            return -1
        self._known = True
        return len(data) - start

    def observe(self, payload: bytes, info: PacketInfo, to_server: bool) -> tuple[Exchange | None, object]:
        """Take note of each chunk; the exchange is the first one's that belongs to any."""
        state, exchange = PacketState(), None
        for chunk in chunks(payload, 0, len(payload)):
            if chunk.kind in (INIT, INIT_ACK) and chunk.stop - chunk.start >= 20:
                self._bases[to_server] = number(payload, chunk.start + 16)
            elif chunk.kind == DATA and chunk.stop - chunk.start >= DATA_HEADER:
                self._data(payload, chunk, info, to_server, state)
            exchange = exchange or self._exchange(payload, chunk, info, to_server)
        state.bases = self._bases[to_server], self._bases[not to_server]
        return exchange, state

    def _data(
        self, payload: bytes, chunk: Chunk, info: PacketInfo, to_server: bool, state: PacketState
    ) -> None:
        """A chunk of a message that has several; they have numbers in a row."""
        tsn = number(payload, chunk.start + 4)
        if self._bases[to_server] < 0:
            self._bases[to_server] = tsn
        sent = self._sent[to_server]
        if tsn in sent:
            frame, time, again = sent[tsn]
            again.append(info.number)
            state.before[chunk.start] = frame, time
            return
        if len(sent) >= KEPT:
            del sent[next(iter(sent))]
        state.again[chunk.start] = again = []
        sent[tsn] = info.number, info.time, again
        if chunk.flags & (BEGIN | END) == BEGIN | END:
            return
        parts = self._parts[to_server]
        if len(parts) >= KEPT:
            del parts[next(iter(parts))]
        content = payload[chunk.start + DATA_HEADER : chunk.stop]
        parts[tsn] = Part(info.number, state, chunk.start, chunk.flags, content)
        found = _row(parts, tsn)
        if found:
            whole = b"".join(each.content for each in found)[:LONGEST]
            state.joined[chunk.start] = whole, tuple((each.frame, len(each.content)) for each in found)
            for each in found:
                each.state.within[each.start] = info.number

    def _exchange(self, payload: bytes, chunk: Chunk, info: PacketInfo, to_server: bool) -> Exchange | None:
        """Which answer belongs to which request: by their kinds, of heartbeats and channels by what they say."""
        kind = chunk.kind
        if kind in REPLIES.values():
            what = payload[chunk.start + HEADER : chunk.stop] if kind == HEARTBEAT else b""
            return Exchange(self._key(info, kind, to_server, what), False)
        if kind in REPLIES:
            what = payload[chunk.start + HEADER : chunk.stop] if kind == HEARTBEAT_ACK else b""
            return Exchange(self._key(info, REPLIES[kind], not to_server, what), True)
        data = chunk.start + DATA_HEADER
        if kind == DATA and data < chunk.stop and number(payload, chunk.start + 12) == DCEP:
            channel = payload[chunk.start + 8 : chunk.start + 10]
            if payload[data] == OPEN:
                return Exchange(self._key(info, DATA, to_server, channel), False)
            if payload[data] == ACK:
                return Exchange(self._key(info, DATA, not to_server, channel), True)
        return None

    def _key(self, info: PacketInfo, kind: int, to_server: bool, what: bytes) -> tuple[object, ...]:
        return ("sctp", info.frame.source.index, self._stream.number, kind, to_server, what)


def _row(parts: dict[int, Part], tsn: int) -> list[Part]:
    """The parts of the message that the chunk of that number belongs to, taken out of `parts`; none while one is missing."""
    first, last = tsn, tsn
    while not parts[first].flags & BEGIN:
        first = (first - 1) % NUMBERS
        if first not in parts or parts[first].flags & END:
            return []
    while not parts[last].flags & END:
        last = (last + 1) % NUMBERS
        if last not in parts or parts[last].flags & BEGIN:
            return []
    return [parts.pop((first + step) % NUMBERS) for step in range((last - first) % NUMBERS + 1)]
