"""A Kafka connection: where its messages end, and which reply belongs to which request.

A reply says neither its API nor its version: only the correlation id of the request (kafka.apache.org/protocol, "Headers").
"""

from ....model import Exchange
from ...core import PacketInfo, Stream
from .request import MessageState
from .topics import TELL, learn, topics_of

LEAST_REQUEST, LEAST_REPLY = 10, 4  # API, version, correlation id, the client's length; a correlation id
LONGEST = 1 << 24
KEPT = 4096  # requests that wait for their reply; a client has five at a time, as a rule
PRODUCE = 0


class Conversation:
    """One connection between a client, or a broker, and a broker."""

    __slots__ = ("_asked", "_serial", "_stream", "_topics")

    def __init__(self, stream: Stream) -> None:
        self._stream = stream
        self._serial = 0
        self._topics = topics_of(stream)
        self._asked: dict[int, tuple[MessageState, tuple[object, ...]]] = {}

    def size(self, data: bytes | bytearray, start: int, to_server: bool) -> int:
        """A length of four bytes, then as much."""
        if len(data) - start < 4:
            return 0
        length = int.from_bytes(data[start : start + 4], "big")
        return length + 4 if (LEAST_REQUEST if to_server else LEAST_REPLY) <= length < LONGEST - 4 else -1

    def observe(self, payload: bytes, info: PacketInfo, to_server: bool) -> tuple[Exchange | None, object]:
        """Tied by correlation id. A produce request with acks=0 gets no reply."""
        if not to_server:
            return self._reply(payload, info)
        api, version, correlation = (
            int.from_bytes(payload[at:stop], "big", signed=True) for at, stop in ((4, 6), (6, 8), (8, 12))
        )
        state = MessageState(api, version, info.number, info.time, topics=self._topics)
        if api == PRODUCE and acks(payload, version) == 0:
            return None, state
        self._serial += 1
        key = "kafka", info.frame.source.index, self._stream.number, self._serial
        if len(self._asked) >= KEPT:
            del self._asked[next(iter(self._asked))]
        self._asked[correlation] = state, key
        return Exchange(key, False), state

    def _reply(self, payload: bytes, info: PacketInfo) -> tuple[Exchange | None, object]:
        state, key = self._asked.pop(int.from_bytes(payload[4:8], "big", signed=True), (MessageState(), ()))
        state.reply = info.number
        if state.api in TELL:
            learn(payload, state, self._topics)
        return (Exchange(key, True) if key else None), state


def acks(payload: bytes, version: int) -> int | None:
    """How many replicas a produce request waits for: after the client's id and the transaction's."""
    at = _after(payload, 12, compact=False)
    if version >= 9:
        at += 1  # no tagged field has been thought of for this header
    if version >= 3:
        at = _after(payload, at, compact=version >= 9)
    return int.from_bytes(payload[at : at + 2], "big", signed=True) if len(payload) >= at + 2 else None


def _after(payload: bytes, at: int, *, compact: bool) -> int:
    """Where a string ends. (One of more than 126 bytes is not looked for where its length is compact.)"""
    if compact:
        return at + max(payload[at] if at < len(payload) else 0, 1)
    return at + 2 + max(int.from_bytes(payload[at : at + 2], "big", signed=True), 0)
