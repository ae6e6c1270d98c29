"""DTLS records: where they end in a datagram, and what the first pass leaves of each: RFC 6347 §4.1, RFC 9147 §4."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from ...core import Application, Contents, Inner
from ...tls.crypto import Keys
from ...tls.message import TLS_1_2, TLS_1_3

CHANGE, ALERT, HANDSHAKE, DATA, LAST = 20, 21, 22, 23, 26
HEADER, MESSAGE = 13, 12  # bytes of a record's header, and of a handshake message's
VERSIONS = {0xFEFF: 0x0302, 0xFEFD: TLS_1_2, 0xFEFC: TLS_1_3}  # DTLS's number for a version, and TLS's
FIXED, CONNECTION_ID, LONG_NUMBER, LENGTH = 0x20, 0x10, 0x08, 0x04  # of the short header: RFC 9147 §4


class Header(NamedTuple):
    """The header of a record; `size` in bytes, `length` of what follows. A `short` one has neither kind nor version."""

    kind: int
    version: int
    epoch: int
    sequence: int
    length: int
    size: int = HEADER
    short: bool = False


def header(data: bytes, at: int) -> Header | None:
    """The header at `at`; None if none stands there, or what it announces does not."""
    left = len(data) - at
    if left < 2:
        return None
    if data[at] & 0xE0 == FIXED:
        return _short(data, at)
    if left < HEADER or not CHANGE <= data[at] <= LAST:
        return None
    version = data[at + 1] << 8 | data[at + 2]
    length = data[at + 11] << 8 | data[at + 12]
    if version not in VERSIONS or not 0 < length <= left - HEADER:
        return None
    return Header(
        data[at],
        version,
        data[at + 3] << 8 | data[at + 4],
        int.from_bytes(data[at + 5 : at + 11], "big"),
        length,
    )


def _short(data: bytes, at: int) -> Header | None:
    """One of DTLS 1.3's encrypted records; how long a connection id is, only the handshake says: such a record is not read."""
    first = data[at]
    if first & CONNECTION_ID:
        return None
    number = 2 if first & LONG_NUMBER else 1
    size = 1 + number + (2 if first & LENGTH else 0)
    if len(data) - at <= size:
        return None
    length = (
        int.from_bytes(data[at + 1 + number : at + size], "big") if first & LENGTH else len(data) - at - size
    )
    sequence = int.from_bytes(data[at + 1 : at + 1 + number], "big")
    return (
        Header(0, 0, first & 3, sequence, length, size, True) if 0 < length <= len(data) - at - size else None
    )


def sizes(payload: bytes) -> Iterator[int]:
    """How long each record of a datagram is."""
    at = 0
    while (found := header(payload, at)) is not None:
        yield found.size + found.length
        at += found.size + found.length


def is_datagram(payload: bytes, known: bool) -> bool:
    """Whether a datagram begins with a record; on any port with one of the long header, for a short one is two bits and a guess."""
    found = header(payload, 0)
    return found is not None and (known or not found.short)


@dataclass(slots=True)
class HandshakeMessage(Inner):
    """A whole handshake message: at `start`:`stop` of what its record holds, header included, or all of `data` where it spans records.

    `parts` are those: the record, where in the message its part begins, and how long that is. `transcript` is the hash over all messages before it,
    `key` and `verify` are what Finished is made with and should hold.
    """

    start: int = 0
    stop: int = 0
    data: bytes | None = None
    parts: "tuple[tuple[Record, int, int], ...]" = ()
    transcript: bytes = b""
    verify: bytes = b""


class Chosen(NamedTuple):
    """What the server chose, in TLS's numbers; 0 until then."""

    version: int
    suite: int


NOTHING = Chosen(0, 0)


@dataclass(slots=True)
class Record(Contents):
    """A record: `keys` are what decrypted it, under `sequence`, epoch and number together.

    `plain` is its decrypted content, kept for all but application data; `messages` are the handshake messages that end in it; `application` reads the
    data that it holds, `state` is what that one's own first pass noted.
    """

    kind: int = 0
    sealed: bool = False
    plain: bytes | None = None
    keys: Keys | None = None
    sequence: int = 0
    to_server: bool = True
    chosen: Chosen = NOTHING
    messages: list[HandshakeMessage] = field(default_factory=list)
    application: Application | None = None
    state: object = None

    def opened(self, whole: bytes) -> bytes | None:
        """The decrypted content of the record, given whole; None if it was not encrypted, or its keys are not known."""
        if self.plain is not None or self.keys is None:
            return self.plain
        return self.keys.read(as_tls(whole), self.sequence)


def as_tls(record: bytes) -> bytes:
    """The record as TLS would have it, without epoch and number: what the cipher is told of both is the same (RFC 6347 §4.1.2.1)."""
    return record[:3] + record[11:]
