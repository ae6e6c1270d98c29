"""QUIC: packets of a connection, their protection removed where keys are known. RFC 9000, RFC 9001, RFC 9369."""

from ....fields.quic import FRAMES, PACKETS
from ...core import Application, Part, View
from .connection import Delivered, QuicPacket
from .frames import STREAM, QuicFrame, frames
from .header import INITIAL, LONG, NEGOTIATION, ONE_RTT, RETRY, TAG, V2, Header, header, is_datagram, sizes
from .protection import Opened
from .session import Session

PORT = 443
# A long header of version 1 or 2: what tells QUIC on any port.
MARKS = ((0, bytes(range(0xC0, 0x100))), (1, b"\0k"), (2, b"\x003"), (3, b"\0C"), (4, b"\x01\xcf"))


def dissect(view: View, part: Part) -> None:
    """A packet: its header, then its frames where it could be opened."""
    start, stop = part.start, min(part.stop, len(view.data))
    view.add(("quic", "", start, stop, view.buffer, 0, "quic"))
    packet = part.state
    group = f"quic/{part.number}" if len(view.info.parts) > 1 else "quic"
    found = header(view.data[:stop], start)
    if not isinstance(packet, QuicPacket) or found is None:
        if part.number > 1:
            view.add(("quic.coalesced_padding_data", "", start, stop, view.buffer, 0, group))
        else:
            view.add(("quic.remaining_payload", view.data[start:stop], start, stop, view.buffer, 0, group))
        return
    if packet.connection is not None and part.number == 1:
        view.add(("quic.connection.number", packet.connection.number, start, start, view.buffer, 0, group))
    view.add(("quic.packet_length", stop - start, start, start, view.buffer, 0, group))
    opened = packet.opened(view.data[:stop], start, stop)
    if found.kind == ONE_RTT:
        at = _short(view, start, stop, packet, opened, group)
    else:
        at = _long(view, found, opened, group)
    if found.kind in (NEGOTIATION, RETRY):
        return
    if opened is not None:
        _number(view, at, opened, group)
        at += opened.size
    name = "quic.protected_payload" if found.kind == ONE_RTT else "quic.payload"
    if at < stop:
        view.add(
            (
                f"{name}" if opened or found.kind == ONE_RTT else "quic.remaining_payload",
                view.data[at:stop],
                at,
                stop,
                view.buffer,
                0,
                group,
            )
        )
    if opened is not None:
        _frames(view.enter(opened.plain, "Decrypted QUIC"), packet, group)


def _bits(view: View, at: int, group: str, *fields: tuple[str, int, int]) -> None:
    """Fields of one byte: name, the byte as it is or was, mask."""
    for name, byte, mask in fields:
        value: int | bool = (byte & mask) >> (mask & -mask).bit_length() - 1
        flag = name in ("fixed_bit", "spin_bit", "key_phase")
        view.add((f"quic.{name}", bool(value) if flag else value, at, at + 1, view.buffer, mask, group))


def _short(view: View, start: int, stop: int, packet: QuicPacket, opened: Opened | None, group: str) -> int:
    """RFC 9000 §17.3.1; where the packet number begins."""
    view.add(("quic.short", "", start, stop, view.buffer, 0, group))
    first = view.data[start]
    _bits(
        view,
        start,
        group,
        ("header_form", first, LONG),
        ("fixed_bit", first, 0x40),
        ("spin_bit", first, 0x20),
    )
    if opened is not None:
        kept = opened.first
        _bits(
            view,
            start,
            group,
            ("short.reserved", kept, 0x18),
            ("key_phase", kept, 0x04),
            ("packet_number_length", kept, 0x03),
        )
    at = start + 1
    if packet.dcid:
        view.add(("quic.dcid", packet.dcid, at, at + len(packet.dcid), view.buffer, 0, group))
        at += len(packet.dcid)
    return at


def _long(view: View, found: Header, opened: Opened | None, group: str) -> int:
    """RFC 9000 §17.2; where the packet number begins."""
    start, buffer, data = found.start, view.buffer, view.data
    first = data[start]
    if found.kind == NEGOTIATION:
        _bits(view, start, group, ("header_form", first, LONG), ("vn.unused", first, 0x7F))
    else:
        kind = "long.packet_type_v2" if found.version == V2 else "long.packet_type"
        _bits(
            view, start, group, ("header_form", first, LONG), ("fixed_bit", first, 0x40), (kind, first, 0x30)
        )
    if opened is not None:
        _bits(
            view,
            start,
            group,
            ("long.reserved", opened.first, 0x0C),
            ("packet_number_length", opened.first, 0x03),
        )
    at = start + 1
    view.add(("quic.version", found.version, at, at + 4, buffer, 0, group))
    at += 4
    for name, which in (("d", found.dcid), ("s", found.scid)):
        view.add((f"quic.{name}cil", len(which), at, at + 1, buffer, 0, group))
        at += 1
        if which:
            view.add((f"quic.{name}cid", which, at, at + len(which), buffer, 0, group))
        at += len(which)
    if found.kind == NEGOTIATION:
        _versions(view, at, found.stop, group)
    elif found.kind == RETRY:
        _retry(view, at, found.stop, group)
    else:
        _length(view, found, at, group)
    return found.number_at


def _length(view: View, found: Header, at: int, group: str) -> None:
    """An Initial's token, and how much follows."""
    buffer, data = view.buffer, view.data
    if found.kind == INITIAL:
        first, last = found.token
        view.add(("quic.token_length", last - first, at, first, buffer, 0, group))
        if last > first:
            view.add(("quic.token", data[first:last], first, last, buffer, 0, group))
    view.add(
        ("quic.length", found.stop - found.number_at, found.length_at, found.number_at, buffer, 0, group)
    )


def _versions(view: View, at: int, stop: int, group: str) -> None:
    """RFC 9000 §17.2.1."""
    while at + 4 <= stop:
        value = int.from_bytes(view.data[at : at + 4], "big")
        view.add(("quic.supported_version", value, at, at + 4, view.buffer, 0, group))
        at += 4


def _retry(view: View, at: int, stop: int, group: str) -> None:
    """RFC 9000 §17.2.5."""
    view.add(("quic.retry_token", view.data[at : stop - TAG], at, stop - TAG, view.buffer, 0, group))
    view.add(
        ("quic.retry_integrity_tag", view.data[stop - TAG : stop], stop - TAG, stop, view.buffer, 0, group)
    )


def _number(view: View, at: int, opened: Opened, group: str) -> None:
    view.add(("quic.packet_number", opened.number, at, at + opened.size, view.buffer, 0, group))


def _frames(view: View, packet: QuicPacket, group: str) -> None:
    """What the packet holds. A message of TLS or HTTP that ends in it has a mark of its own, but for the first."""
    told = 0
    for number, frame in enumerate(frames(view.data), 1):
        inside = f"{group}/Frames/{number}"
        view.add(("quic.frame", "", frame.start, frame.stop, view.buffer, 0, inside))
        for name, value, start, stop, mask in frame.fields:
            view.add((f"quic.{name}", value, start, stop, view.buffer, mask, inside))
        if not frame.whole:
            view.add(view.broken("quic", frame.start))
            return
        delivered = packet.delivered.get(frame.start)
        if delivered is not None:
            if told and delivered.content.inner:
                view.marks.append(len(view.out))
            told += len(delivered.content.inner)
            _carried(view, frame, delivered)


def _carried(view: View, frame: QuicFrame, delivered: Delivered) -> None:
    """What TLS or the application makes of a frame's bytes."""
    start, stop = frame.data
    start += delivered.known
    if delivered.run:
        view = view.enter(delivered.run, "Reassembled QUIC")
        start, stop = 0, len(delivered.run)
    delivered.reader.dissect(view, start, stop, delivered.content)


def summary(payload: bytes, part: Part) -> str:
    """`Initial  CRYPTO`, `1-RTT  ACK, STREAM[4]`; of an encrypted packet its size."""
    packet = part.state
    found = header(payload)
    if found is None or not isinstance(packet, QuicPacket):
        return "padding"
    name = PACKETS.get(found.kind, "")
    if found.kind in (NEGOTIATION, RETRY):
        return name
    opened = packet.opened(payload, 0, len(payload))
    if opened is None:
        return f"{name}  encrypted: {len(payload)} bytes"
    return f"{name}  {'; '.join(_said(packet, opened.plain))}"


def _said(packet: QuicPacket, plain: bytes) -> list[str]:
    out: list[str] = []
    for frame in frames(plain):
        delivered = packet.delivered.get(frame.start)
        said = ""
        if delivered is not None:
            start, stop = frame.data
            run = delivered.run or plain[start + delivered.known : stop]
            tell = delivered.reader.summary
            said = tell(run, delivered.content) if tell is not None else ""
        stream = f"[{frame.stream}]" if STREAM <= frame.type < STREAM + 8 else ""
        name = FRAMES.get(frame.type, f"frame {frame.type}") + stream
        text = f"{name} {said}".rstrip()
        if text not in out and frame.type:
            out.append(text)
    return out


APPLICATIONS = (
    Application(
        "QUIC",
        "quic",
        Session,
        dissect,
        summary,
        udp=(PORT,),
        is_datagram=is_datagram,
        split=sizes,
        sized=False,
        marks=MARKS,
        shares=True,
        gives=("tls", "http3", "x509", "http"),
    ),
)
