"""Handshake messages put together from their parts, in whatever order those come: RFC 6347 §4.2.2, §4.2.3, §4.2.6."""

from dataclasses import dataclass, field
from typing import NamedTuple

from .records import MESSAGE, HandshakeMessage, Record

LONGEST = 1 << 16  # bytes of a message; a chain of certificates has some thousands
OPEN = 16  # messages of one side that may be incomplete; a flight has six
CLIENT_HELLO = 1


class Part(NamedTuple):
    """The header of a part of a message: RFC 6347 §4.2.2."""

    kind: int
    length: int
    sequence: int
    offset: int
    size: int

    @property
    def whole(self) -> bool:
        """Whether this part is all of the message."""
        return self.offset == 0 and self.size == self.length


def part(data: bytes, at: int) -> Part | None:
    """The part at `at`; None if its header, or what that announces, is not there."""
    if len(data) - at < MESSAGE:
        return None
    length, offset, size = (int.from_bytes(data[at + place : at + place + 3], "big") for place in (1, 6, 9))
    if offset + size > length or size > len(data) - at - MESSAGE or length > LONGEST:
        return None
    return Part(data[at], length, data[at + 4] << 8 | data[at + 5], offset, size)


@dataclass(slots=True)
class Assembly:
    """A message that came in several parts, so far."""

    kind: int
    length: int
    pieces: list[tuple[Record, int, bytes]] = field(default_factory=list)

    def joined(self) -> bytes | None:
        """The whole message; None while bytes of it are missing."""
        whole = b""
        for _, offset, piece in sorted(self.pieces, key=lambda each: each[1]):
            if offset > len(whole):
                return None
            whole += piece[len(whole) - offset :]
        return whole if len(whole) == self.length else None


class Assemblies:
    """Those of one side."""

    def __init__(self) -> None:
        self._open: dict[int, Assembly] = {}

    def add(self, record: Record, found: Part, content: bytes) -> HandshakeMessage | None:
        """Take a part; give the message if it is whole now, its bytes in `data`, as if it had come in one."""
        known = self._open.get(found.sequence)
        if known is None or (known.kind, known.length) != (found.kind, found.length):
            if len(self._open) >= OPEN:
                del self._open[next(iter(self._open))]
            known = self._open[found.sequence] = Assembly(found.kind, found.length)
        known.pieces.append((record, found.offset, content))
        whole = known.joined()
        if whole is None:
            return None
        del self._open[found.sequence]
        before = tuple(dict.fromkeys(id(each) for each, _, _ in known.pieces if each is not record))
        records = {id(each): each for each, _, _ in known.pieces}
        return HandshakeMessage(
            before=tuple(records[each] for each in before), stop=len(whole), data=whole,
            parts=tuple((each, offset, len(piece)) for each, offset, piece in known.pieces),
        )  # fmt: skip


def in_one(found: Part, body: bytes) -> bytes:
    """The message with its header as it would be in one part: what the transcript is made of (RFC 6347 §4.2.6)."""
    length = found.length.to_bytes(3, "big")
    return bytes([found.kind]) + length + found.sequence.to_bytes(2, "big") + bytes(3) + length + body


def as_tls(message: bytes) -> bytes:
    """A message, in one part, as TLS would have it: the header without number and part, a ClientHello without its cookie."""
    body = message[MESSAGE:]
    if message[:1] == bytes([CLIENT_HELLO]) and len(body) > 34:
        at = 35 + body[34]
        body = body[:at] + body[at + 1 + (body[at] if at < len(body) else 0) :]
    return message[:1] + len(body).to_bytes(3, "big") + body
