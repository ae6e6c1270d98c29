"""A PostgreSQL session: where its messages end, and which answer belongs to which statement.

PostgreSQL's documentation, "Frontend/Backend Protocol", sections "Message Flow" and "Message Formats".
"""

from collections import deque
from dataclasses import dataclass

from ....model import Exchange
from ...core import PacketInfo, Stream
from ...handover import Handover

SSL, GSS = 80877103, 80877104
ASKS_TO_ENCRYPT = {SSL: "SSL response", GSS: "GSS encrypt response"}
ANSWERS = b"SNG"
LEAST = 4  # the length counts itself


@dataclass(frozen=True, slots=True)
class MessageState:
    """What the bytes of a message alone do not tell: which question a lone byte answers, how a client proves itself."""

    lone: str = ""
    proof: int = 0


PLAIN = MessageState()


class Conversation:
    """One connection, from its first packet on."""

    __slots__ = ("_asked", "_lone", "_proof", "_serial", "_stream", "handover")

    def __init__(self, stream: Stream) -> None:
        self._stream = stream
        self.handover: Handover | None = None
        self._serial = 0
        self._asked: deque[tuple[str, tuple[object, ...]]] = deque()
        self._lone = ""  # the server will say one byte, without type or length
        self._proof = 0  # the last kind of proof that the server asked for

    def size(self, data: bytes | bytearray, start: int, to_server: bool) -> int:
        """A type and a length; the first words of a client have no type; an answer about encryption is one byte."""
        if self._lone and not to_server and data[start] in ANSWERS:
            return 1
        at = start if data[start] == 0 else start + 1
        if len(data) - at < 4:
            return 0
        length = int.from_bytes(data[at : at + 4], "big")
        return length + at - start if length >= LEAST else -1

    def observe(self, payload: bytes, info: PacketInfo, to_server: bool) -> tuple[Exchange | None, object]:
        """The exchange of a message: a statement is answered by what completes it, a greeting by the first ReadyForQuery."""
        kind = chr(payload[0])
        if to_server:
            return self._from_client(kind, payload, info)
        if self._lone and len(payload) == 1:
            state, self._lone = MessageState(lone=self._lone), ""
            if kind == "S" and state.lone == ASKS_TO_ENCRYPT[SSL]:
                self.handover = Handover("tls/1.0", replaces=True)
            return None, state
        if kind == "R" and len(payload) >= 9:
            self._proof = int.from_bytes(payload[5:9], "big")
        return self._from_server(kind), PLAIN

    def _from_client(self, kind: str, payload: bytes, info: PacketInfo) -> tuple[Exchange | None, object]:
        code = int.from_bytes(payload[4:8], "big") if kind == "\0" else 0
        if code in ASKS_TO_ENCRYPT:
            self._lone = ASKS_TO_ENCRYPT[code]
        if kind == "S":
            self._asked.append(("S", ()))
        if kind in "QE" or code >> 16 == 3:
            key = self._key(info)
            self._asked.append((kind, key))
            return Exchange(key, False, _topic(kind, payload)), PLAIN
        return None, MessageState(proof=self._proof)

    def _from_server(self, kind: str) -> Exchange | None:
        if kind == "Z":
            return self._ready()
        if kind not in "CIsE" or not self._asked:
            return None
        asked, key = self._asked[0]
        if not key:
            return None
        if asked == "E" or (asked == "\0" and kind == "E"):
            self._asked.popleft()
        return Exchange(key, True)

    def _ready(self) -> Exchange | None:
        """The server waits: what was asked before the last Sync, or by one simple query, is over."""
        while self._asked:
            asked, key = self._asked.popleft()
            if asked == "\0":
                return Exchange(key, True)
            if asked in "QS":
                return None
        return None

    def _key(self, info: PacketInfo) -> tuple[object, ...]:
        self._serial += 1
        return "pgsql", info.frame.source.index, self._stream.number, self._serial


def _topic(kind: str, payload: bytes) -> str:
    return payload[5:].split(b"\0", 1)[0].decode("utf-8", "replace") if kind == "Q" else ""
