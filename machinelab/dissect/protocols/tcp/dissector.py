"""TCP: RFC 9293 §3.1. (Retransmissions and the like: `analysis` beside this.)"""

import struct
from functools import lru_cache

from ....model import Field
from ...core import Flow, Layer, Part, Raw, Short, View
from ...data import dissect as rest
from ...message import dissect as messages
from ...tcp_analysis import KNOWN, OUT_OF_ORDER, RETRANSMISSION
from ...tcp_header import ACCURATE_OPTION, ACCURATE_SYN, ACCURATE_SYN_ACK
from .analysis import dissect as analysis_fields
from .options import dissect as options

HEADER = struct.Struct("!HHIIHHHH")
MASK = (1 << 32) - 1
SYN, RST, ACK = 2, 4, 16
OPTIONS = ("tcp.option", "mptcp")
AGREED = ACCURATE_SYN | ACCURATE_SYN_ACK
_HIGH = (("res", 0x0E), ("ae", 0x01))
_LOW = (
    ("cwr", 0x80), ("ece", 0x40), ("urg", 0x20), ("ack", 0x10), ("push", 0x08), ("reset", 0x04), ("syn", 0x02),
    ("fin", 0x01),
)  # fmt: skip
_COMPLETE = (("rst", 32), ("fin", 16), ("data", 8), ("ack", 4), ("syn-ack", 2), ("syn", 1))


def dissect(view: View, start: int, stop: int) -> None:
    """Header, options, the stream's own numbers, then the messages that complete here."""
    view.protocols.append("tcp")
    if stop - start < 20:
        _cut(view, start, stop)
        raise Short
    data, buffer, out, at = view.data, view.buffer, view.out, start
    source, destination, seq, ack, bits, window, checksum, urgent = HEADER.unpack_from(data, start)
    size = (bits >> 12) * 4
    length = max(0, stop - start - size + view.missing)
    out += _ports(source, destination, at, min(stop, at + max(20, size)), buffer)
    # A header quoted in an ICMP error says nothing new of its stream.
    flow = None if view.quoted else view.info.flow
    known = view.info.quoted if view.quoted else flow
    if known is not None:
        _stream(view, known, at)
    if flow is not None:
        out.append(("tcp.len", length, at, at, buffer, 0, "tcp"))
    _numbers(view, flow, at, seq, ack, bits, length)
    out += (
        ("tcp.hdr_len", size, at + 12, at + 13, buffer, 0xF0, "tcp"),
        *_flags(bits & 0xFFF, start, buffer, flow is not None and _counts(flow.stream.accurate, bits)),
        ("tcp.window_size_value", window, at + 14, at + 16, buffer, 0, "tcp"),
        *_window(known, window, bits, at + 14, buffer, scaled=not view.quoted),
        ("tcp.checksum", checksum, at + 16, at + 18, buffer, 0, "tcp"),
        ("tcp.checksum.status", 2, at + 16, at + 16, buffer, 0, "tcp"),
        ("tcp.urgent_pointer", urgent, at + 18, at + 20, buffer, 0, "tcp"),
    )
    if size < 20 or (size > stop - start and not view.missing):
        raise Short
    wanted = view.wanted
    if size > 20 and (wanted is None or not wanted.isdisjoint(OPTIONS)):
        options(view, at + 20, min(at + size, stop))
    if flow is not None and size <= stop - start and (wanted is None or "tcp.analysis" in wanted):
        analysis_fields(view, at)
    if known is not None:
        _times(view, known, at)
    if size > stop - start:
        raise Short
    if at + size < stop:
        _behind(view, at + size, stop, bits)
    elif flow is not None and view.info.parts:
        messages(view, stop, stop)  # one that ended with the stream


def _ports(source: int, destination: int, at: int, stop: int, buffer: str) -> tuple[Raw, ...]:
    """The header as a whole, and its two ports."""
    return (
        ("tcp", "", at, stop, buffer, 0, "tcp"),
        ("tcp.srcport", source, at, at + 2, buffer, 0, "tcp"),
        ("tcp.dstport", destination, at + 2, at + 4, buffer, 0, "tcp"),
        ("tcp.port", source, at, at + 2, buffer, 0, "tcp"),
        ("tcp.port", destination, at + 2, at + 4, buffer, 0, "tcp"),
    )


def _behind(view: View, start: int, stop: int, bits: int) -> None:
    """What stands behind the header: the reason for a reset (RFC 9293 §3.5.3), or the payload."""
    data, buffer = view.data[start:stop], view.buffer
    if bits & RST:
        text = data.partition(b"\0")[0].decode("utf-8", "replace")
        view.add(("tcp.reset_cause", text, start, stop, buffer, 0, "tcp"))
        return
    view.add(("tcp.payload", data, start, stop, buffer, 0, "tcp"))
    _payload(view, start, stop)


def _cut(view: View, at: int, stop: int) -> None:
    """The ports of a header that is cut short; in an ICMP error, which need only quote eight bytes (RFC 792), the number too."""
    if stop - at < (8 if view.quoted else 4):
        return
    source, destination, seq = struct.unpack("!HHI", view.data[at:stop].ljust(8, b"\0")[:8])
    view.out += _ports(source, destination, at, stop, view.buffer)
    if view.quoted:
        view.add(("tcp.seq", seq, at + 4, at + 8, view.buffer, 0, "tcp"))


def _stream(view: View, flow: Flow, at: int) -> None:
    stream, buffer, complete = flow.stream, view.buffer, flow.stream.completeness
    group = "tcp/Completeness"
    view.out += (
        ("tcp.stream", stream.number, at, at, buffer, 0, "tcp"),
        ("tcp.stream.pnum", view.info.pnum, at, at, buffer, 0, "tcp"),
        ("tcp.completeness", complete, at, at, buffer, 0, group),
        *_completeness(complete),
    )


@lru_cache(64)
def _completeness(complete: int) -> tuple[Raw, ...]:
    group = "tcp/Completeness"
    letters = "".join(
        letter if complete & bit else "·" for letter, (_, bit) in zip("RFDASS", _COMPLETE, strict=True)
    )
    return (
        *(Field(f"tcp.completeness.{name}", bool(complete & bit), group=group) for name, bit in _COMPLETE),
        Field("tcp.completeness.str", letters, group=group),
    )


def _numbers(view: View, flow: Flow | None, at: int, seq: int, ack: int, bits: int, length: int) -> None:
    """Sequence and acknowledgement, counted from the connection's first numbers."""
    buffer, out = view.buffer, view.out
    if flow is None:
        out += (
            ("tcp.seq", seq, at + 4, at + 8, buffer, 0, "tcp"),
            ("tcp.ack", ack, at + 8, at + 12, buffer, 0, "tcp"),
        )
        if view.info.quoted is not None:
            out.append(("tcp.ack_raw", ack, at + 8, at + 12, buffer, 0, "tcp"))
        return
    bases, other = flow.stream.bases, flow.other
    here = seq - bases.get(flow.name, 0) & MASK
    there = bases.get(other.name, 0) if other is not None else 0
    relative = ack - there & MASK if bits & ACK else ack
    following = here + length + (1 if bits & 3 else 0) & MASK
    out += (
        ("tcp.seq", here, at + 4, at + 8, buffer, 0, "tcp"),
        ("tcp.seq_raw", seq, at + 4, at + 8, buffer, 0, "tcp"),
        ("tcp.nxtseq", following, at, at, buffer, 0, "tcp"),
        ("tcp.ack", relative, at + 8, at + 12, buffer, 0, "tcp"),
        ("tcp.ack_raw", ack, at + 8, at + 12, buffer, 0, "tcp"),
    )


def _counts(accurate: int, bits: int) -> bool:
    """Whether three of the flags are a counter of marked packets: Accurate ECN, once both sides agreed to it or an option of it was seen."""
    agreed = accurate & ACCURATE_OPTION or accurate & AGREED == AGREED
    return bool(agreed and not bits & SYN)


@lru_cache(1024)
def _flags(bits: int, start: int, buffer: str, counter: bool) -> tuple[Raw, ...]:
    """The flags. `counter`: AE, CWR and ECE are one number (ACE, RFC 9768 §3.2.2)."""
    at, stop, group = start + 12, start + 14, "tcp/Flags"
    letters = [letter if bits >> 11 - place & 1 else "·" for place, letter in enumerate("RRRACEUAPRSF")]
    ace = bits >> 6 & 7
    if counter:
        letters[3:6] = "-", str(ace), "-"
    read: list[tuple[str, int, int, int, int]] = [
        *((name, bool(bits >> 8 & mask), at, at + 1, mask) for name, mask in _HIGH),
        *((name, bool(bits & mask), at + 1, stop, mask) for name, mask in _LOW),
    ]
    if counter:
        read = [each for each in read if each[0] not in ("ae", "cwr", "ece")]
        read.insert(1, ("ace", ace, at, stop, 0x1C0))
    return (
        ("tcp.flags", bits, at, stop, buffer, 0, group),
        *(
            (f"tcp.flags.{name}", value, begin, end, buffer, mask, group)
            for name, value, begin, end, mask in read
        ),
        ("tcp.flags.str", "".join(letters), at, stop, buffer, 0, group),
    )


def _window(
    flow: Flow | None, window: int, bits: int, at: int, buffer: str, *, scaled: bool = True
) -> tuple[Raw, ...]:
    """The window in bytes: RFC 7323 §2.2 scales it only if both sides offered to, and never in a SYN.

    Of a quoted header Wireshark tells the factor and does not apply it.
    """
    if flow is None:
        return ()
    if bits & SYN:
        return (("tcp.window_size", window, at, at + 2, buffer, 0, "tcp"),)
    there = flow.other.scale if flow.other is not None else -1
    scale = -2 if -2 in (flow.scale, there) else flow.scale
    factor = 1 << scale if scale >= 0 else scale
    size = window << scale if scale >= 0 and scaled else window
    return (
        ("tcp.window_size", size, at, at + 2, buffer, 0, "tcp"),
        ("tcp.window_size_scalefactor", factor, at, at + 2, buffer, 0, "tcp"),
    )


def _times(view: View, flow: Flow, at: int) -> None:
    info, buffer, group = view.info, view.buffer, "tcp/Timestamps"
    view.out += (
        ("tcp.time_relative", info.time - flow.stream.first, at, at, buffer, 0, group),
        ("tcp.time_delta", info.time - info.before, at, at, buffer, 0, group),
    )


def _payload(view: View, start: int, stop: int) -> None:
    """The segment's payload: whole messages, parts of messages, or bytes that no dissector reads."""
    info, buffer = view.info, view.buffer
    if (
        view.quoted
        or info.flow is None
        or info.flow.application is None
        or info.number < info.flow.recognised
    ):
        signs = info.analysis.flags if info.analysis and not view.quoted else 0
        if signs & KNOWN:
            view.add(("tcp.segment_data", view.data[start:stop], start, stop, view.buffer, 0, "tcp"))
        elif not signs & (RETRANSMISSION | OUT_OF_ORDER):
            rest(view, start, stop)
        return
    if info.flow.session is None:
        view.protocols.append(info.flow.application.layer)
        info.flow.application.dissect(
            view, Part(info.flow.application, start, stop, to_server=info.flow.to_server)
        )
        return
    at = start
    for part in info.parts:
        if part.data is None:
            at = max(at, part.stop)
        else:
            own = sum(piece.size for piece in part.pieces if piece.frame == info.number)
            if own:
                view.add(("tcp.segment_data", view.data[at : at + own], at, at + own, buffer, 0, "tcp"))
            at += own
    if view.missing:
        if info.parts:  # the beginning of a message
            messages(view, start, stop)
        if not view.out or view.out[-1][0] != "_ws.short":
            view.add(view.broken("tcp", stop))
        return
    if at < stop:
        if info.within and info.within != info.number:
            view.add(("tcp.reassembled_in", info.within, start, start, buffer, 0, "tcp"))
        view.add(("tcp.segment_data", view.data[at:stop], at, stop, buffer, 0, "tcp"))
    messages(view, start, stop)


LAYERS = (Layer("tcp", dissect, protocols=(6,)),)
