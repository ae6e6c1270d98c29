"""TLS records as the first pass leaves them, with the messages that end in each: RFC 9846 §5.1, RFC 5246 §6.2."""

from dataclasses import dataclass, field
from typing import Protocol

from ...core import Application, Contents, Inner
from ...tls.crypto import Keys

CHANGE, ALERT, HANDSHAKE, DATA = 20, 21, 22, 23
MODERN = 0x0304  # TLS 1.3


@dataclass(slots=True)
class HandshakeMessage(Inner):
    """A whole handshake message: at `start`:`stop` of what its record holds, or all of `data` if it spans records.

    `begun` are the records that hold its beginning. `transcript` is the hash over all messages before it, `key` and `verify` what Finished is made with and should hold.
    `inner_hello` is the ClientHello that one of them holds encrypted, if it could be opened; `accepted` whether a ServerHello answers that one.
    """

    start: int = 0
    stop: int = 0
    data: bytes | None = None
    begun: "tuple[Record, ...]" = ()
    transcript: bytes = b""
    key: bytes = b""
    verify: bytes = b""
    inner_hello: bytes | None = None
    accepted: bool | None = None


@dataclass(slots=True)
class ApplicationMessage(Inner):
    """A whole message of the application: at `start`:`stop` of what its record holds, or all of `data` if it spans records.

    `begun` are the records that hold its beginning, `state` is what its own first pass noted.
    """

    application: Application | None = None
    start: int = 0
    stop: int = 0
    data: bytes | None = None
    begun: "tuple[Record, ...]" = ()
    state: object = None


class Chosen(Protocol):
    """What the server of a connection chose; 0 until then."""

    version: int
    suite: int
    inner_random: bytes


@dataclass(slots=True)
class Record(Contents):
    """A record: `kind` is its content type, as far as known, `keys` what decrypted it, under which `sequence` number.

    `plain` is its decrypted content, kept for all but application data.

    `handshake_messages` are the handshake messages that end in it, `application_messages` those of the application; `left` is where in its content one begins (or goes on) that
    `finisher` ends.
    """

    kind: int = 0
    to_server: bool = True
    sealed: bool = False
    plain: bytes | None = None
    keys: Keys | None = None
    sequence: int = 0
    handshake_messages: list[HandshakeMessage] = field(default_factory=list)
    application_messages: list[ApplicationMessage] = field(default_factory=list)
    left: tuple[int, int] = (0, 0)
    unread: int = -1  # where in its content messages begin that are too long or too many to read; −1: none
    finisher: "Record | None" = None
    session: Chosen | None = None

    def opened(self, whole: bytes) -> bytes | None:
        """The decrypted content of the record, given whole; None if it was not encrypted, or its keys are not known."""
        if self.plain is not None or self.keys is None:
            return self.plain
        found = self.keys.read(whole, self.sequence)
        return found[:-1] if found is not None and self.keys.modern else found
