"""Headers of QUIC packets, as far as they can be read before protection is removed: RFC 9000 §17, RFC 9369 §3."""

from collections.abc import Iterator
from typing import NamedTuple

from ...core import Short
from ...varint import varint

INITIAL, ZERO_RTT, HANDSHAKE, RETRY, ONE_RTT, NEGOTIATION = range(6)
LONG, FIXED = 0x80, 0x40
V1, V2 = 0x00000001, 0x6B3343CF
V2_TYPES = (RETRY, INITIAL, ZERO_RTT, HANDSHAKE)  # RFC 9369 §3.2
LONGEST_ID = 20  # bytes of a connection id: RFC 9000 §17.2
TAG = 16  # bytes of Retry's integrity tag
SAMPLE = 4 + 16  # bytes behind the place of the packet number that header protection needs: RFC 9001 §5.4.2


class Header(NamedTuple):
    """A packet's header. Places are in the datagram's bytes; `number_at` is where the protected packet number begins, `stop` where the packet ends.

    Of a short header `dcid` is empty until the connection tells how long it is. `token` is Retry's, or an Initial's.
    """

    kind: int
    version: int
    dcid: bytes
    scid: bytes
    start: int
    stop: int
    number_at: int
    token: tuple[int, int] = (0, 0)
    length_at: int = 0


def header(data: bytes, start: int = 0) -> Header | None:
    """The header at `start`; None where there is none, or its bytes end too early."""
    if start >= len(data) or not data[start] & (LONG | FIXED):
        return None
    if not data[start] & LONG:
        return Header(ONE_RTT, 0, b"", b"", start, len(data), start + 1)
    try:
        return _long(data, start)
    except Short:
        return None


def _long(data: bytes, start: int) -> Header:
    version = int.from_bytes(data[start + 1 : start + 5], "big")
    dcid, at = _id(data, start + 5)
    scid, at = _id(data, at)
    if version == 0:
        return Header(NEGOTIATION, version, dcid, scid, start, len(data), at)
    kind = data[start] >> 4 & 3
    if version == V2:
        kind = V2_TYPES[kind]
    if kind == RETRY:
        if len(data) - at < TAG:
            raise Short
        return Header(RETRY, version, dcid, scid, start, len(data), at, (at, len(data) - TAG))
    token = (0, 0)
    if kind == INITIAL:
        size, at = varint(data, at, len(data))
        token = (at, at + size)
        at += size
    length_at = at
    length, at = varint(data, at, len(data))
    if at + length > len(data):
        raise Short
    return Header(kind, version, dcid, scid, start, at + length, at, token, length_at)


def _id(data: bytes, at: int) -> tuple[bytes, int]:
    """A connection id with its length in front: RFC 9000 §17.2."""
    if at >= len(data) or data[at] > LONGEST_ID or at + 1 + data[at] > len(data):
        raise Short
    return data[at + 1 : at + 1 + data[at]], at + 1 + data[at]


def sizes(data: bytes) -> Iterator[int]:
    """The packets of a datagram, each by its size: RFC 9000 §12.2. What is left is none."""
    at = 0
    while found := header(data, at):
        yield found.stop - at
        at = found.stop


def is_datagram(data: bytes, known: bool) -> bool:
    """Whether a datagram begins with a packet of QUIC; where the stream is not known to be QUIC's, only a long header of a known version tells."""
    found = header(data)
    if found is None:
        return False
    if known:
        return found.kind == NEGOTIATION or bool(data[0] & FIXED)
    return found.version in (V1, V2) and bool(data[0] & FIXED) and found.kind != ONE_RTT
