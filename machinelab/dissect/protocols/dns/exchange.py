"""Which DNS reply answers which query, as Wireshark ties them: by stream and id, in the order of the capture."""

from dataclasses import dataclass

from ....fields.dns import TYPES
from ....model import Exchange
from ...core import PacketInfo, Raw, Short, Stream
from .names import walk_name

# Wireshark's preference dns.retransmission_timer: the same id in the same stream later than this is a new query.
RETRANSMISSION = 5_000_000_000


@dataclass(slots=True)
class Transaction:
    """A query and the reply that came first. Frame numbers; 0: none. `time` of the query in nanoseconds."""

    key: tuple[object, ...]
    query: int
    time: int
    reply: int = 0


@dataclass(slots=True)
class MessageState:
    """What the first pass knows of one message: its transaction, and whether it opened or closed it."""

    transaction: Transaction | None
    reply: bool
    repeated: bool = False

    def fields(self, info: PacketInfo, at: int, buffer: str) -> list[Raw]:
        """The generated fields: the other half's frame, the time it took, whether this is a repetition."""
        known = self.transaction
        if known is None:
            return [("dns.unsolicited", True, at, at, buffer, 0, "dns")] if self.reply else []
        if not self.reply:
            return _query(known, self.repeated, at, buffer)
        return _reply(known, info, self.repeated, at, buffer)


def _query(known: Transaction, repeated: bool, at: int, buffer: str) -> list[Raw]:
    if repeated:
        return [
            ("dns.retransmission", True, at, at, buffer, 0, "dns"),
            ("dns.retransmit_request", "", at, at, buffer, 0, "dns"),
            ("dns.retransmit_request_in", known.query, at, at, buffer, 0, "dns"),
        ]
    return [("dns.response_in", known.reply, at, at, buffer, 0, "dns")] if known.reply else []


def _reply(known: Transaction, info: PacketInfo, repeated: bool, at: int, buffer: str) -> list[Raw]:
    if repeated:
        return [
            ("dns.retransmission", True, at, at, buffer, 0, "dns"),
            ("dns.retransmit_response", "", at, at, buffer, 0, "dns"),
            ("dns.retransmit_response_in", known.reply, at, at, buffer, 0, "dns"),
        ]
    return [
        ("dns.response_to", known.query, at, at, buffer, 0, "dns"),
        ("dns.time", info.time - known.time, at, at, buffer, 0, "dns"),
    ]


_TOPICS: dict[bytes, str] = {}


def topic(payload: bytes) -> str:
    """What a query asks: its name, in small letters (0x20 changes their case from try to try), and its type."""
    stop = payload.find(b"\0", 12) + 3
    key = payload[12:stop]
    known = _TOPICS.get(key)
    if known is None:
        try:
            name, after, _, _ = walk_name(payload, 12, 0, len(payload))
        except Short:
            return ""
        kind = int.from_bytes(payload[after : after + 2], "big")
        known = f"{name.lower()} {TYPES.get(kind, f'TYPE{kind}')}"
        if after + 2 == stop and len(_TOPICS) < 10_000:
            _TOPICS[key] = known
    return known


class Exchanges:
    """The open and closed transactions of one stream."""

    __slots__ = ("_known", "_serial", "_stream")

    def __init__(self, stream: Stream) -> None:
        self._stream = stream
        self._known: dict[int, Transaction] = {}
        self._serial = 0

    def size(self, data: bytes | bytearray, start: int, to_server: bool) -> int:
        """Over TCP two bytes of length stand before each message: RFC 1035 §4.2.2."""
        if len(data) - start < 2:
            return 0
        length = data[start] << 8 | data[start + 1]
        return length + 2 if length >= 12 else -1

    def observe(self, payload: bytes, info: PacketInfo, to_server: bool) -> tuple[Exchange | None, object]:
        """The transaction of a message: a query opens one, or repeats the one that is still open."""
        if len(payload) < 4:
            return None, None
        ident, reply = payload[0] << 8 | payload[1], payload[2] >= 0x80
        known = self._known.get(ident)
        if reply:
            return self._answered(known, info, ident)
        tcp = self._stream.kind == "tcp"  # which repeats itself below, so every message is a new one
        if known is None or known.reply or tcp or info.time - known.time >= RETRANSMISSION:
            self._serial += 1
            key = self._key(info, ident, self._serial)
            known = self._known[ident] = Transaction(key, info.number, info.time)
        return Exchange(known.key, False, topic(payload)), MessageState(
            known, False, known.query != info.number
        )

    def _key(self, info: PacketInfo, ident: int, serial: int) -> tuple[object, ...]:
        """The same packet seen on two networks belongs to two exchanges, so the network is part of the key."""
        return "dns", info.frame.source.index, self._stream.kind, self._stream.number, ident, serial

    def _answered(self, known: Transaction | None, info: PacketInfo, ident: int) -> tuple[Exchange, object]:
        if known is None:
            known = self._elsewhere(ident)
        if known is None:
            return Exchange(self._key(info, ident, 0), True), MessageState(None, True)
        if not known.reply:
            known.reply = info.number
        repeated = known.reply != info.number and self._stream.kind == "udp"
        return Exchange(known.key, True), MessageState(known, True, repeated)

    def _elsewhere(self, ident: int) -> Transaction | None:
        """The query may have been captured on another interface than its reply: some links have an interface for each direction."""
        others = (
            session._known.get(ident) for session in self._stream.sessions if isinstance(session, Exchanges)
        )
        return next((known for known in others if known is not None and not known.reply), None)
