"""What the first pass does with a TCP segment: where its stream begins, how complete it is, what it means and carries."""

from .core import Flow, PacketInfo, Part
from .reassembly import MASK, Segments
from .tcp_analysis import analyse
from .tcp_header import (
    ACCURATE_OPTION,
    ACCURATE_SYN,
    ACCURATE_SYN_ACK,
    ACK,
    FIN,
    RST,
    SYN,
    TcpHeader,
    accurate_setup,
    has_accurate_option,
    has_cookie,
    sack_blocks,
    window_scale,
)

NOT_KNOWN, NOT_OFFERED = -1, -2  # of `Flow.scale`
TIMESTAMPS = b"\1\1\x08\x0a"  # how the options of most segments begin; there are no others in 32 bytes then


def starts_anew(flow: Flow, header: TcpHeader) -> bool:
    """Whether a SYN, or the answer to one, opens another conversation between the same ports, as Wireshark decides it: by its number, and by an end before it."""
    return header.flags & SYN > 0 and flow.stream.ended_by(header.seq, flow.name)


def segment(
    info: PacketInfo, flow: Flow, header: TcpHeader, data: bytes, start: int, stop: int, missing: int = 0
) -> list[tuple[PacketInfo, list[Part]]]:
    """Account for a segment; the messages that it completes, each with the packet that they end in, if its stream has an application.

    `missing`: bytes of the segment that the capture did not keep.
    """
    stream, other = flow.stream, flow.other
    assert other is not None
    flags, size = header.flags, header.size
    at = start + size
    length = stop - at if 20 <= size <= stop - start else 0
    sent = max(0, stop + missing - at) if size >= 20 else 0  # as it was on the wire
    if flow.name not in stream.bases:
        # Without its SYN a stream counts from the first segment seen (which Wireshark calls 1).
        stream.bases[flow.name] = header.seq if flags & SYN else (header.seq - 1) & MASK
    if flags & ACK and other.name not in stream.bases:
        stream.bases[other.name] = (header.ack - 1) & MASK
    stream.completeness |= _completeness(flags, sent)
    if flags & SYN:
        _offers(flow, header, data, start, stop)
    elif size > 20 and (size > 32 or data[start + 20 : start + 24] != TIMESTAMPS):
        header.sacks = sack_blocks(data, start, size)
        if has_accurate_option(data, start, size):
            stream.accurate |= ACCURATE_OPTION
    info.analysis = analyse(info, flow, header, sent)
    if flow.session is None:
        return []
    if flow.segments is None:
        flow.segments = Segments(flow)
    if flags & SYN:
        flow.segments.next = (header.seq + 1) & MASK
    found: list[tuple[PacketInfo, list[Part]]] = []
    if flags & ACK and other.segments is not None:
        found = other.segments.acknowledged(header.ack)
    parts: list[Part] = []
    first = header.seq + (1 if flags & SYN else 0) & MASK
    if missing:
        # The capture did not keep all of it: what comes after begins anew.
        if length:
            parts += flow.segments.cut(first, data[at:stop], at)
        flow.segments.lost(first + sent & MASK)
    elif length:
        parts += flow.segments.add(info, first, data[at:stop], at)
    if flags & FIN:
        parts += flow.segments.finished(info)
    return [*found, (info, parts)] if parts else found


def _offers(flow: Flow, header: TcpHeader, data: bytes, start: int, stop: int) -> None:
    """What one side's SYN offers: a window scale, TCP Fast Open, Accurate ECN."""
    stream = flow.stream
    flow.scale = window_scale(data, start, header.size)
    if flow.scale == NOT_OFFERED and stop - start < header.size:
        flow.scale = NOT_KNOWN  # the capture did not keep all options
    header.cookie = has_cookie(data, start, header.size)
    stream.accurate &= ~(ACCURATE_SYN_ACK if header.flags & ACK else ACCURATE_SYN)
    stream.accurate |= accurate_setup(data, start)


def _completeness(flags: int, length: int) -> int:
    """The bits of `tcp.completeness`: SYN 1, SYN-ACK 2, ACK 4, data 8, FIN 16, RST 32. An ACK counts where it is all there is.

    What is neither SYN nor RST counts only with an ACK: there is nothing without one in a connection.
    """
    data = 8 if length else 0
    if flags & SYN:
        return data | (2 if flags & ACK else 1)
    if not flags & ACK:
        return 32 if flags & RST else 0
    return data | (0 if data else 4) | (32 if flags & RST else 16 if flags & FIN else 0)
