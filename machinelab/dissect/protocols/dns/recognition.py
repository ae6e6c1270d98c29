"""Recognizes DNS messages on any port: RFC 1035 §4.1, RFC 1996, RFC 2136; stricter than Wireshark's heuristic."""

from ...core import Sender, Short
from .names import walk_name

HEADER = 12
FRAMING = 2  # bytes of length before a message over TCP: RFC 1035 §4.2.2
# One question: what is asked of a server has one (RFC 9619).
DATAGRAM = ((4, b"\0"), (5, b"\1"))
QUERY, NOTIFY, UPDATE = 0, 4, 5
CLASSES = {1, 3, 4, 254, 255}
OPT = 41
ADDITIONAL = 2  # records of a query: EDNS and a signature (RFC 6891 §6.1.1, RFC 8945 §5.1)


def is_datagram(payload: bytes, known: bool) -> bool:
    """Whether all of a datagram is one message. On DNS's own ports everything is, be it malformed."""
    return known or is_message(payload, 0, len(payload))


def is_stream(payload: bytes) -> Sender | None:
    """Whether a whole message stands at the beginning, behind its length."""
    if len(payload) < FRAMING + HEADER:
        return None
    stop = FRAMING + (payload[0] << 8 | payload[1])
    if stop > len(payload) or not is_message(payload, FRAMING, stop):
        return None
    return Sender.SERVER if payload[FRAMING + 2] & 0x80 else Sender.CLIENT


def is_message(data: bytes, start: int, stop: int) -> bool:
    """One question, flags and counts that go together, and records that end where the bytes do."""
    if stop - start < HEADER + 5 or data[start + 4] or data[start + 5] != 1 or not _flags_fit(data, start):
        return False
    try:
        return _end(data, start, stop) == stop
    except Short:
        return False


def _flags_fit(data: bytes, start: int) -> bool:
    flags = data[start + 2] << 8 | data[start + 3]
    opcode = flags >> 11 & 15
    if opcode not in (QUERY, NOTIFY, UPDATE) or flags & 0x40:  # a bit that must be zero: RFC 1035 §4.1.1
        return False
    if flags & 0x8000:
        return True
    answers, authority, additional = (
        data[at] << 8 | data[at + 1] for at in range(start + 6, start + HEADER, 2)
    )
    asks = (
        answers == 0 and authority <= 1 and additional <= ADDITIONAL
    )  # one: an incremental transfer's, RFC 1995 §3
    return not flags & 15 and (asks or opcode != QUERY)


def _end(data: bytes, start: int, stop: int) -> int:
    """Where the last record ends. Raises Short where there is none."""
    at = walk_name(data, start + HEADER, start, stop).after + 4
    if at > stop or data[at - 2] << 8 | data[at - 1] not in CLASSES:
        raise Short
    records = sum(data[place] << 8 | data[place + 1] for place in range(start + 6, start + HEADER, 2))
    if records * 11 > stop - at:
        raise Short
    for _ in range(records):
        at = walk_name(data, at, start, stop).after + 10
        if at > stop:
            raise Short
        kind, cls = data[at - 10] << 8 | data[at - 9], data[at - 8] << 8 | data[at - 7]
        if cls not in CLASSES and kind != OPT:  # which has a size in its place: RFC 6891 §6.1.2
            raise Short
        at += data[at - 2] << 8 | data[at - 1]
    return at
