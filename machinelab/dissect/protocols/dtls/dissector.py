"""DTLS: TLS's handshake and ciphers over datagrams, which get lost and overtake each other. RFC 6347 (1.2), RFC 9147 (1.3), RFC 9146."""

from ...core import Application, Part, Raw, Short, View
from ...cursor import Cursor
from ...data import dissect as rest
from ...registry import offer
from ...tls.message import BODY, MESSAGES, Known
from .handshake import part as part_of
from .records import (
    ALERT,
    CHANGE,
    DATA,
    HANDSHAKE,
    LENGTH,
    LONG_NUMBER,
    MESSAGE,
    HandshakeMessage,
    Header,
    Record,
    header,
    is_datagram,
    sizes,
)
from .session import Association
from .summary import summary

VERIFY_REQUEST = 3
# Of the first record's header: kind and version, or the three bits of a short one.
MARKS = ((0, bytes(range(CHANGE, 27))), (1, b"\xfe"), (2, b"\xff\xfd\xfc"))


def dissect(view: View, part: Part) -> None:
    """A record: its header, then the messages in it. What the first pass could open is in a buffer of its own."""
    start, stop, buffer = part.start, part.stop, view.buffer
    parts = view.info.parts
    if part.number == 1:
        view.add(("dtls", "", start, parts[-1].stop if parts else stop, buffer, 0, "dtls"))
    record, found = part.state, header(view.data[:stop], start)
    if found is None or not isinstance(record, Record):
        if not view.quoted:
            view.add(view.broken("dtls", start))
        return
    group = f"dtls/Records/{part.number}" if len(parts) > 1 else "dtls/Record"
    try:
        (_short_header if found.short else _header)(Cursor(view, start, stop, group), found)
        _record(view, start, stop, found, record, group)
    except Short:
        view.add(view.broken("dtls", start))


def _header(cursor: Cursor, found: Header) -> None:
    cursor.heading("dtls.record", found.size + found.length)
    cursor.number("dtls.record.content_type", 1)
    cursor.number("dtls.record.version", 2)
    cursor.number("dtls.record.epoch", 2)
    cursor.number("dtls.record.sequence_number", 6)
    cursor.number("dtls.record.length", 2)


def _short_header(cursor: Cursor, found: Header) -> None:
    """DTLS 1.3's: RFC 9147 §4. Its number is encrypted as well, and the content stays closed."""
    cursor.heading("dtls.record", found.size + found.length)
    first, at, buffer = cursor.data[cursor.at], cursor.at, cursor.buffer
    group = f"{cursor.group}/Header"
    cursor.field("dtls.unified_header.bitmask", first, 1)
    cursor.view.out += (
        ("dtls.unified_header.fixed", first >> 5, at, at + 1, buffer, 0xE0, group),
        ("dtls.unified_header.cid_present", False, at, at + 1, buffer, 0x10, group),
        ("dtls.unified_header.seq_size", first & LONG_NUMBER > 0, at, at + 1, buffer, LONG_NUMBER, group),
        ("dtls.unified_header.length", first & LENGTH > 0, at, at + 1, buffer, LENGTH, group),
        ("dtls.unified_header.epoch_bits", first & 3, at, at + 1, buffer, 3, group),
    )
    cursor.at += 1
    cursor.number("dtls.record.sequence_suffix", 2 if first & LONG_NUMBER else 1)
    if first & LENGTH:
        cursor.number("dtls.record.length", 2)
    cursor.octets("dtls.enc_content", cursor.left)


def _record(view: View, start: int, stop: int, found: Header, record: Record, group: str) -> None:
    """What the record holds, opened if that can be."""
    if found.short:
        return
    cursor = Cursor(view, start + found.size, stop, group)
    plain = record.opened(view.data[start:stop])
    if record.kind == DATA:
        cursor.octets("dtls.app_data", cursor.left)
    inner, at, end = view, start + found.size, stop
    if plain is not None:
        inner = _opened(view, record, plain, view.data[start:stop], group)
        at, end = 0, len(plain)
    elif record.sealed:
        if record.kind in LABELS:
            cursor.heading(LABELS[record.kind], cursor.left)
        return
    _content(inner, at, end, record, group)


LABELS = {HANDSHAKE: "dtls.handshake", ALERT: "dtls.alert_message"}


def _opened(view: View, record: Record, plain: bytes, whole: bytes, group: str) -> View:
    """The buffer of what a record held, with how it was opened."""
    keys, how = record.keys, f"{group}/Opened with"
    assert keys is not None
    squeezed = whole[:3] + whole[11:]
    found = (
        ("secret_name", keys.label), ("secret", keys.secret), ("key", keys.key), ("iv", keys.iv),
        ("sequence", record.sequence), ("nonce", keys.nonce(squeezed, record.sequence)),
    )  # fmt: skip
    view.out += tuple((f"dtls.derived.{name}", value, 0, 0, view.buffer, 0, how) for name, value in found)
    return view.enter(plain, "Decrypted DTLS")


def _content(view: View, start: int, stop: int, record: Record, group: str) -> None:
    cursor = Cursor(view, start, stop, group)
    if record.kind == HANDSHAKE:
        _messages(view, start, stop, record, group)
    elif record.kind == ALERT:
        cursor.heading("dtls.alert_message", cursor.left)
        cursor.number("dtls.alert_message.level", 1)
        cursor.number("dtls.alert_message.desc", 1)
    elif record.kind == CHANGE:
        cursor.heading("dtls.change_cipher_spec", cursor.left)
    elif record.kind == DATA and record.application is not None and not view.quoted:
        application = record.application
        if application.layer not in view.protocols:
            view.protocols.append(application.layer)
        application.dissect(
            view, Part(application, start, stop, state=record.state, to_server=record.to_server)
        )
    elif record.kind == DATA and record.keys is not None:
        rest(view, start, stop)


def _messages(view: View, start: int, stop: int, record: Record, group: str) -> None:
    """Handshake messages, whole or in part: each with the header that DTLS gives it."""
    at, number = start, 0
    whole = {start + each.start: each for each in record.messages if each.data is None}
    last = next((each for each in record.messages if each.data is not None), None)
    while at < stop and (found := part_of(view.data[:stop], at)) is not None:
        end = at + MESSAGE + found.size
        message = whole.get(at)
        if message is None and last is not None and last.parts[-1][0] is record:
            message, last = last, None
        if message is not None and number:
            view.marks.append(len(view.out))
        number += message is not None
        _message(
            view,
            at,
            end,
            message,
            record,
            f"{group}/Handshake/{number}" if number > 1 else f"{group}/Handshake",
        )
        at = end
    if at < stop:
        Cursor(view, at, stop, group).heading("dtls.handshake", stop - at)


def _message(
    view: View, at: int, stop: int, message: HandshakeMessage | None, record: Record, group: str
) -> None:
    cursor = Cursor(view, at, stop, group)
    cursor.heading("dtls.handshake", stop - at)
    kind = cursor.number("dtls.handshake.type", 1)
    cursor.number("dtls.handshake.length", 3)
    cursor.number("dtls.handshake.message_seq", 2)
    cursor.number("dtls.handshake.fragment_offset", 3)
    cursor.number("dtls.handshake.fragment_length", 3)
    if message is None:
        return
    start = cursor.at
    if message.data is not None:
        view = view.enter(message.data, "Reassembled DTLS")
        _parts(view, message, f"{group}/Fragments")
        start, stop = 0, len(message.data)
    if kind == VERIFY_REQUEST:
        _verify_request(Cursor(view, start, stop, group))
        return
    before = len(view.out)
    known = Known(
        group, kind, record.chosen.version, record.chosen.suite, cookie=True, transcript=message.transcript, verify=message.verify
    )  # fmt: skip
    try:
        offer(view, MESSAGES, BODY, start, stop, known)
    except Short:
        view.add(view.broken("tls", start))
    view.out[before:] = map(_renamed, view.out[before:])


def _renamed(item: Raw) -> Raw:
    """A field of TLS under DTLS's name, as Wireshark has it."""
    name, value, start, stop, buffer, mask, group = item
    layer = value if value != "tls" or not name.startswith("_ws.") else "dtls"
    return (f"d{name}" if name.startswith("tls.") else name, layer, start, stop, buffer, mask, group)


def _verify_request(cursor: Cursor) -> None:
    """Come again with this cookie: RFC 6347 §4.2.1."""
    cursor.number("dtls.handshake.version", 2)
    cursor.octets("dtls.handshake.cookie", cursor.number("dtls.handshake.cookie_length", 1))


def _parts(view: View, message: HandshakeMessage, group: str) -> None:
    """Which packets' records the message was put together from."""
    view.add(("dtls.fragments", "", 0, len(view.data), view.buffer, 0, group))
    for record, offset, size in message.parts:
        frame = record.frames[-1] if record.frames else view.info.number
        view.add(("dtls.fragment", frame, offset, offset + size, view.buffer, 0, group))
    view.add(("dtls.fragment.count", len(message.parts), 0, 0, view.buffer, 0, group))
    view.add(("dtls.reassembled.length", len(view.data), 0, 0, view.buffer, 0, group))


APPLICATIONS = (
    Application(
        "DTLS",
        "dtls",
        Association,
        dissect,
        summary,
        is_datagram=is_datagram,
        marks=MARKS,
        split=sizes,
        alongside=("stun",),
        gives=("sctp", "rtcdc"),
    ),
)
