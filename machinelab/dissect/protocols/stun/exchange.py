"""Which STUN answer belongs to which request: by the transaction's 96 random bits. RFC 8489 §2, §6.3."""

from dataclasses import dataclass

from ....model import Exchange
from ...core import PacketInfo, Raw, Stream

MESSAGE = 20
MANY = 4096  # transactions remembered for one stream; the oldest is forgotten first


@dataclass(slots=True)
class Transaction:
    """Frame numbers of request and answer (0: none so far), and the time of whichever came first."""

    request: int = 0
    reply: int = 0
    time: int = 0


@dataclass(slots=True)
class MessageState:
    """What the first pass knows of a message: its transaction, and its class."""

    transaction: Transaction
    kind: int

    def fields(self, info: PacketInfo, at: int, buffer: str) -> list[Raw]:
        """The generated fields, as Wireshark has them."""
        known = self.transaction
        if self.kind == 0:
            found: list[Raw] = []
            if known.request != info.number:
                found.append(("stun.reqduplicate", known.request, at, at, buffer, 0, "stun"))
            if known.reply:
                found.append(("stun.response-in", known.reply, at, at, buffer, 0, "stun"))
            return found
        if self.kind & 0x10 and known.request:
            return [
                ("stun.response-to", known.request, at, at, buffer, 0, "stun"),
                ("stun.time", info.time - known.time, at, at, buffer, 0, "stun"),
            ]
        return []


class Transactions:
    """The transactions of one stream."""

    __slots__ = ("_known",)

    def __init__(self, stream: Stream) -> None:
        self._known: dict[bytes, Transaction] = {}

    def size(self, data: bytes | bytearray, start: int, to_server: bool) -> int:
        """Over TCP it is not read here."""
        return -1

    def known(self, payload: bytes) -> MessageState | None:
        """What is known of a message that was noted before."""
        transaction = self._known.get(payload[8:20])
        return MessageState(transaction, _kind(payload)) if transaction else None

    def observe(self, payload: bytes, info: PacketInfo, to_server: bool) -> tuple[Exchange | None, object]:
        """The exchange's key is the transaction's id alone: an answer may come from another address (RFC 5780 §7.2)."""
        if len(payload) < MESSAGE or payload[0] >= 0x40:
            return None, None
        kind = _kind(payload)
        ident = payload[8:20]
        known = self._known.get(ident)
        if known is None:
            if len(self._known) >= MANY:
                del self._known[next(iter(self._known))]
            known = self._known[ident] = Transaction(time=info.time)
        if kind == 0:
            known.request = known.request or info.number
        elif kind & 0x10:
            known.reply = known.reply or info.number
        exchange = None if kind == 1 else Exchange(("stun", ident), kind != 0)
        return exchange, MessageState(known, kind)


def _kind(payload: bytes) -> int:
    """The class: two bits that stand apart in the type (RFC 8489 §5)."""
    return ((payload[0] & 1) << 8 | payload[1] & 0x10) >> 4
