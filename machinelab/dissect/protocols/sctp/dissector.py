"""SCTP in DTLS, as data channels use it: RFC 9260, RFC 8261. (SCTP in IP packets is Scapy's.)"""

from ....fields import sctp as words
from ...core import Application, Part, Short, View
from ...cursor import Cursor
from ...data import dissect as rest
from ...registry import offer, tables
from .chunks import READERS
from .packet import DATA, DATA_HEADER, Chunk, ahead, checksum, chunks, number
from .session import Association, PacketState

TEXT = 51
SHOWN = 30  # characters of a text in the packet list


def dissect(view: View, part: Part) -> None:
    """A packet: its header, its chunks, and the messages that are whole with them."""
    start, stop = part.start, min(part.stop, len(view.data))
    state = part.state if isinstance(part.state, PacketState) else PacketState()
    found = list(chunks(view.data, start, stop))
    messages = [
        each
        for each in found
        if each.kind == DATA
        and each.stop - each.start >= DATA_HEADER
        and each.start - start not in state.before
    ]
    end = found[-1].start + DATA_HEADER if messages and found[-1] is messages[-1] else stop
    view.add(("sctp", "", start, end, view.buffer, 0, "sctp"))
    try:
        _header(Cursor(view, start, stop, "sctp"), stop)
        for count, chunk in enumerate(found, 1):
            group = f"sctp/Chunks/{count}" if len(found) > 1 else "sctp/Chunk"
            _chunk(view, chunk, group, state, part.start)
    except Short:
        view.add(view.broken("sctp", start))
        return
    if not found or found[-1].following < stop:
        view.add(view.broken("sctp", start))
    for chunk in messages:
        _message(view, chunk, state, part.start)


def _header(cursor: Cursor, stop: int) -> None:
    start = cursor.at
    for name in ("srcport", "dstport"):
        cursor.field("sctp.port", ahead(cursor, 2), 2)
        cursor.number(f"sctp.{name}", 2)
    cursor.number("sctp.verification_tag", 4)
    right = cursor.number("sctp.checksum", 4) == checksum(cursor.data[start:stop])
    cursor.add(("sctp.checksum.status", int(right), start + 8, start + 8, cursor.buffer, 0, cursor.group))


def _chunk(view: View, chunk: Chunk, group: str, state: PacketState, base: int) -> None:
    """The header that all chunks have; then what this kind has."""
    start, buffer = chunk.start, view.buffer
    end = min(start + DATA_HEADER if chunk.kind == DATA else chunk.following, len(view.data))
    inside = f"{group}/Type"
    view.out += (
        ("sctp.chunk", "", start, end, buffer, 0, group),
        ("sctp.chunk_type", chunk.kind, start, start + 1, buffer, 0, group),
        ("sctp.chunk_bit_1", chunk.kind & 0x80 > 0, start, start + 1, buffer, 0x80, inside),
        ("sctp.chunk_bit_2", chunk.kind & 0x40 > 0, start, start + 1, buffer, 0x40, inside),
        ("sctp.chunk_flags", chunk.flags, start + 1, start + 2, buffer, 0, group),
        ("sctp.chunk_length", chunk.stop - start, start + 2, start + 4, buffer, 0, group),
    )
    cursor = Cursor(view, start + 4, chunk.stop, group)
    reader = READERS.get(chunk.kind)
    if reader is not None:
        reader(cursor, chunk, state.bases)
    elif cursor.left:
        cursor.octets("sctp.chunk_value", cursor.left)
    filling = min(chunk.following, len(view.data)) - chunk.stop
    if filling > 0:
        Cursor(view, chunk.stop, chunk.stop + filling, group).octets("sctp.chunk_padding", filling)
    _repeats(view, chunk, state, base, group)
    joined = state.joined.get(start - base)
    if joined is not None:
        _fragments(view, chunk, joined[1], group)


def _repeats(view: View, chunk: Chunk, state: PacketState, base: int, group: str) -> None:
    """Where the chunk was sent before, or once more."""
    at, buffer = chunk.start, view.buffer
    for frame in (again := state.again.get(at - base, [])):
        view.add(("sctp.retransmitted", frame, at, at, buffer, 0, group))
    if again:
        view.add(("sctp.retransmitted_count", len(again), at, at, buffer, 0, group))
    if (before := state.before.get(at - base)) is not None:
        view.add(("sctp.retransmission", before[0], at, at, buffer, 0, group))
        view.add(("sctp.retransmission_time", view.info.time - before[1], at, at, buffer, 0, group))


def _fragments(view: View, chunk: Chunk, parts: tuple[tuple[int, int], ...], group: str) -> None:
    """Which packets brought the parts of the message that is whole with this chunk."""
    view.add(
        ("sctp.fragments", "", chunk.start + DATA_HEADER, chunk.stop, view.buffer, 0, f"{group}/Fragments")
    )
    for frame, _ in parts:
        view.add(("sctp.fragment", frame, 0, 0, view.buffer, 0, f"{group}/Fragments"))


def _message(view: View, chunk: Chunk, state: PacketState, base: int) -> None:
    """The message of a chunk that holds all of it, or ends it; a part of one is no message yet."""
    start, stop = chunk.start + DATA_HEADER, chunk.stop
    kind = str(number(view.data, chunk.start + 12))
    joined = state.joined.get(chunk.start - base)
    if joined is not None:
        view, start, stop = view.enter(joined[0], "Reassembled SCTP"), 0, len(joined[0])
    elif chunk.flags & 3 != 3:
        if whole := state.within.get(chunk.start - base):
            view.add(("sctp.reassembled_in", whole, start, start, view.buffer, 0, "sctp"))
        return
    if ("sctp.ppi", kind) in tables().subdissectors:
        offer(view, "sctp.ppi", kind, start, stop)
    else:
        rest(view, start, stop)


def summary(payload: bytes, part: Part) -> str:
    """`DATA  stream 1  hello`, `SACK  up to 4`, `INIT`."""
    state = part.state if isinstance(part.state, PacketState) else PacketState()
    return "; ".join(_said(payload, chunk, state) for chunk in chunks(payload, 0, len(payload))) or "SCTP"


def _said(payload: bytes, chunk: Chunk, state: PacketState) -> str:
    name = words.CHUNKS.get(chunk.kind, f"chunk {chunk.kind}")
    if chunk.kind == DATA and chunk.stop - chunk.start >= DATA_HEADER:
        return f"{name}  {_content(payload, chunk, state)}"
    if chunk.kind == 3 and chunk.stop - chunk.start >= 8:
        up_to, base = number(payload, chunk.start + 4), state.bases[1]
        return f"{name}  up to {(up_to - base) % (1 << 32) if base >= 0 else up_to}"
    return name


def _content(payload: bytes, chunk: Chunk, state: PacketState) -> str:
    """Of a message what it says, or how long it is; of a part of one so much."""
    content, kind = payload[chunk.start + DATA_HEADER : chunk.stop], number(payload, chunk.start + 12)
    stream = f"stream {number(payload, chunk.start + 8, 2)}"
    if kind == 50 and content:
        return f"{stream}  {'open ' + content[12 : 12 + number(content, 8, 2)].decode('utf-8', 'replace') if content[0] == 3 else 'channel ack'}"
    if chunk.start in state.before:
        return f"{stream}  packet {state.before[chunk.start][0]} once more, {len(content)} bytes"
    joined = state.joined.get(chunk.start)
    if joined is None and chunk.flags & 3 != 3:
        return f"{stream}  part of a message, {len(content)} bytes"
    content = joined[0] if joined else content
    if kind != TEXT:
        return f"{stream}  {len(content)} bytes"
    text = content.decode("utf-8", "replace")
    return f"{stream}  {text}" if len(text) <= SHOWN else f"{stream}  {text[:SHOWN]}…  {len(content)} bytes"


APPLICATIONS = (
    Application("SCTP", "sctp", Association, dissect, summary, alpn=("webrtc", "c-webrtc"), gives=("rtcdc",)),
)
