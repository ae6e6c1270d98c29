"""What the first pass does with a TCP segment: where its stream begins, how complete it is, what it carries."""

from .core import Flow, Note, Part
from .reassembly import MASK, Segments

FIN, SYN, RST, PSH, ACK = 1, 2, 4, 8, 16


class Opening:
    """The numbers of a TCP header that decide about streams: RFC 9293 §3.1."""

    __slots__ = ("ack", "flags", "seq", "size")

    def __init__(self, data: bytes, at: int) -> None:
        self.seq = int.from_bytes(data[at + 4 : at + 8], "big")
        self.ack = int.from_bytes(data[at + 8 : at + 12], "big")
        self.size = (data[at + 12] >> 4) * 4
        self.flags = data[at + 13]


def starts_anew(flow: Flow, opening: Opening) -> bool:
    """Whether a SYN opens another conversation between the same ports, as Wireshark decides it: by its number."""
    base = flow.stream.bases.get(flow.name)
    return opening.flags & (SYN | ACK) == SYN and base is not None and base != opening.seq


def segment(
    note: Note, flow: Flow, opening: Opening, data: bytes, start: int, stop: int, missing: int = 0
) -> list[Part]:
    """Account for a segment; the messages that it completes, if somebody reads its stream."""
    stream, other = flow.stream, flow.other
    assert other is not None
    flags, size = opening.flags, opening.size
    at = start + size
    length = stop - at if 20 <= size <= stop - start else 0
    if flow.name not in stream.bases:
        # Without its SYN a stream counts from the first segment seen (which Wireshark calls 1).
        stream.bases[flow.name] = opening.seq if flags & SYN else (opening.seq - 1) & MASK
    if flags & ACK and other.name not in stream.bases:
        stream.bases[other.name] = (opening.ack - 1) & MASK
    stream.completeness |= _completeness(flags, length)
    if flags & SYN:
        flow.scale = window_scale(data, start, size)
    if flow.session is None:
        return []
    if flow.segments is None:
        flow.segments = Segments(flow)
    if flags & SYN:
        flow.segments.next = (opening.seq + 1) & MASK
    parts: list[Part] = []
    if flags & ACK and other.segments is not None:
        parts = other.segments.acknowledged(note, opening.ack)
    if missing:
        # The capture did not keep all of it: what comes after begins anew.
        flow.segments.lost(opening.seq + length + missing + (1 if flags & SYN else 0) & MASK)
    elif length:
        parts += flow.segments.add(note, opening.seq + (1 if flags & SYN else 0) & MASK, data[at:stop], at)
    return parts


def _completeness(flags: int, length: int) -> int:
    """The bits of `tcp.completeness`: SYN 1, SYN-ACK 2, ACK 4, data 8, FIN 16, RST 32."""
    if flags & SYN:
        return 2 if flags & ACK else 1
    return (
        (8 if length else 0)
        | (4 if flags & ACK else 0)
        | (16 if flags & FIN else 0)
        | (32 if flags & RST else 0)
    )


def window_scale(data: bytes, start: int, size: int) -> int:
    """The shift that a SYN offers (RFC 7323 §2.2); −2 if it offers none."""
    at, stop = start + 20, min(start + size, len(data))
    while at < stop:
        kind = data[at]
        if kind == 0:
            break
        if kind == 1:
            at += 1
            continue
        if at + 1 >= stop or data[at + 1] < 2:
            break
        if kind == 3 and at + 2 < stop:
            return min(data[at + 2], 14)
        at += data[at + 1]
    return -2
