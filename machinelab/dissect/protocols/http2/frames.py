"""Frames of HTTP/2: RFC 9113 §4.1, §6."""

from typing import NamedTuple

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"  # RFC 9113 §3.4
HEADER = 9  # bytes
LONGEST = 1 << 24  # a length of 24 bits
DATA, HEADERS, PRIORITY, RST_STREAM, SETTINGS, PUSH_PROMISE, PING, GOAWAY, WINDOW_UPDATE, CONTINUATION = (
    range(10)
)
ALTSVC, ORIGIN, PRIORITY_UPDATE = 10, 12, 16  # RFC 7838, RFC 8336, RFC 9218
END_STREAM, ACK, END_HEADERS, PADDED, HAS_PRIORITY = 0x01, 0x01, 0x04, 0x08, 0x20
PADDABLE = (DATA, HEADERS, PUSH_PROMISE)
SMALLEST_MAXIMUM = 16_384  # bytes of a frame that every receiver takes: RFC 9113 §4.2
INITIAL_WINDOW = 65_535  # bytes: RFC 9113 §6.9.2
INITIAL_WINDOW_SIZE, EXTENDED_CONNECT = 4, 8  # settings: RFC 9113 §6.5.2, RFC 8441 §3
# Lengths that a frame of a type has to have: RFC 9113 §6.3, §6.4, §6.7, §6.9.
FIXED = {PRIORITY: 5, RST_STREAM: 4, PING: 8, WINDOW_UPDATE: 4}


class Header(NamedTuple):
    """A frame's header. `length` of the payload in bytes."""

    length: int
    type: int
    flags: int
    stream: int


def header(data: bytes | bytearray, start: int = 0) -> Header | None:
    """The header at `start`; None while it is not complete."""
    if len(data) - start < HEADER:
        return None
    length = int.from_bytes(data[start : start + 3], "big")
    stream = int.from_bytes(data[start + 5 : start + 9], "big") & 0x7FFFFFFF
    return Header(length, data[start + 3], data[start + 4], stream)


def first(found: Header) -> bool:
    """Whether the first frame that is seen of a direction may be this one: of a type that RFC 9113 has, and no longer than all must take (§4.2).

    A connection's own first frame is SETTINGS (§3.4); a capture may begin later.
    """
    return found.type <= CONTINUATION and found.length <= SMALLEST_MAXIMUM and possible(found)


def possible(found: Header) -> bool:
    """Whether a frame of this type may have this length and stream: RFC 9113 §6. Unknown types are allowed: §4.1."""
    if found.type in FIXED and found.length != FIXED[found.type]:
        return False
    if found.type == SETTINGS:
        return found.stream == 0 and found.length % 6 == 0
    if found.type in (PING, GOAWAY):
        return found.stream == 0
    if found.type in (DATA, HEADERS, PRIORITY, RST_STREAM, PUSH_PROMISE, CONTINUATION):
        return found.stream != 0
    return True


def inside(payload: bytes, found: Header) -> tuple[int, int]:
    """Where, in a whole frame, what it carries begins and ends, without padding, priority or a promised stream's number."""
    at = HEADER
    stop = ends = min(len(payload), HEADER + found.length)
    if found.type in PADDABLE and found.flags & PADDED and at < stop:
        stop -= payload[at]
        at += 1
    if found.type == HEADERS and found.flags & HAS_PRIORITY:
        at += 5
    if found.type == PUSH_PROMISE:
        at += 4
    at = min(at, ends)
    return at, max(at, stop)
