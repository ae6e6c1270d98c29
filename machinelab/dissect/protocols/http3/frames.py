"""Frames and streams of HTTP/3: RFC 9114 §6.2, §7; the settings of RFC 9204 §5, RFC 9220 §3, RFC 9297 §2.1.1; RFC 9218 §7.2."""

from ...core import Short
from ...varint import varint

DATA, HEADERS, CANCEL_PUSH, SETTINGS, PUSH_PROMISE, GOAWAY, MAX_PUSH_ID = 0, 1, 3, 4, 5, 7, 13
PRIORITY_UPDATE_REQUEST, PRIORITY_UPDATE_PUSH = 0xF0700, 0xF0701
CONTROL, PUSH, ENCODER, DECODER = range(4)  # unidirectional streams: RFC 9114 §6.2, RFC 9204 §4.2
MAX_TABLE_CAPACITY, BLOCKED_STREAMS = 1, 7  # settings of QPACK: RFC 9204 §5
UNIDIRECTIONAL = 2  # the bit of a stream's id: RFC 9000 §2.1


def settings(data: bytes, at: int, stop: int) -> dict[int, int]:
    """A SETTINGS frame's settings: RFC 9114 §7.2.4. Those before the bytes end too early."""
    found: dict[int, int] = {}
    try:
        while at < stop:
            which, at = varint(data, at, stop)
            found[which], at = varint(data, at, stop)
    except Short:
        pass
    return found
