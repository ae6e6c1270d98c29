"""Recognizes TLS on any port: RFC 9846 §4, §5.1; RFC 5246 §6.2.1."""

from ...core import Sender
from .records import CHANGE, DATA, HANDSHAKE
from .session import CLIENT_HELLO, LARGEST, LONGEST, SERVER_HELLO

HEADER = 5  # of a record
HELLO = HEADER + 4 + 2  # up to the version that the hello speaks of
LEAST = 2 + 32  # bytes of a hello: a version and a random number
SENDERS = {CLIENT_HELLO: Sender.CLIENT, SERVER_HELLO: Sender.SERVER}


def is_stream(data: bytes) -> Sender | None:
    """A record that begins with a hello; or records that end where the bytes do, which either side may send."""
    if len(data) < HEADER or not _is_header(data, 0):
        return None
    sender = SENDERS.get(data[HEADER]) if data[0] == HANDSHAKE and len(data) >= HELLO else None
    if sender is not None and data[9] == 3 and LEAST <= int.from_bytes(data[6:9], "big") <= LONGEST:
        return sender
    return Sender.EITHER if _is_chain(data) else None


def _is_header(data: bytes, at: int) -> bool:
    """A content type, a version 3.0 to 3.4, a length that the protocol allows and that is not zero."""
    size = data[at + 3] << 8 | data[at + 4]
    return (
        CHANGE <= data[at] <= DATA + 1
        and data[at + 1] == 3
        and data[at + 2] <= 4
        and 0 < size <= LARGEST - HEADER
    )


def _is_chain(data: bytes) -> bool:
    at = 0
    while at + HEADER <= len(data) and _is_header(data, at):
        at += HEADER + (data[at + 3] << 8 | data[at + 4])
    return at == len(data)
