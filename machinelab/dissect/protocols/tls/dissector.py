"""TLS: records and what is in them, sealed or opened. RFC 9846 §5, RFC 5246 §6.2."""

from ...core import Application, Part, Short, View
from ...cursor import Cursor
from ...data import dissect as rest
from ...subdissector import Subdissector
from . import ech
from .handshake import OFFERED, Context, message
from .recognition import is_stream
from .records import ALERT, CHANGE, DATA, HANDSHAKE, MODERN, ApplicationMessage, HandshakeMessage, Record
from .session import Connection
from .summary import messages, summary

HEADER = 5
MARKS = ((0, bytes(range(CHANGE, DATA + 2))), (1, b"\3"), (2, b"\0\1\2\3\4"))
# The ports on which Wireshark expects TLS, as far as TCP goes; and 8443, where servers put a second door, and it guesses right.
PORTS = (443, 465, 563, 636, 853, 989, 990, 992, 993, 994, 995, 5061, 8443)


def dissect(view: View, part: Part) -> None:
    """A record: its header, then the messages in it. What the first pass could open is in a buffer of its own."""
    start, stop, buffer = part.start, part.stop, view.buffer
    view.add(("tls", "", start, stop, buffer, 0, "tls"))
    record = part.state
    if not isinstance(record, Record):
        return
    group = _group(view, part)
    try:
        _record(view, start, stop, record, group)
    except Short:
        view.add(view.broken("tls", start))


def _group(view: View, part: Part) -> str:
    """Records are numbered within the frame, so that each has a place of its own in the tree."""
    return f"tls/Records/{part.number}" if len(view.info.parts) > 1 else "tls/Record"


def _record(view: View, start: int, stop: int, record: Record, group: str) -> None:
    cursor = Cursor(view, start, stop, group)
    session = record.session
    modern = session is not None and session.version == MODERN
    hidden = record.sealed and (modern or (record.keys is not None and record.keys.modern))
    cursor.heading("tls.record", stop - start)
    cursor.number(f"tls.record.{'opaque' if hidden else 'content'}_type", 1)
    cursor.number("tls.record.version", 2)
    cursor.number("tls.record.length", 2)
    inner = view
    plain = record.opened(view.data[start:stop])
    if plain is not None:
        inner = _opened(view, record, plain, view.data[start:stop], group, hidden)
    if record.kind == DATA:
        cursor.octets("tls.app_data", cursor.left)
    if record.sealed and plain is None:
        _sealed(cursor, view.data[start])
        return
    at, end = (0, len(inner.data)) if inner is not view else (start + HEADER, stop)
    _content(inner, at, end, record, group)


def _opened(view: View, record: Record, plain: bytes, whole: bytes, group: str, hidden: bool) -> View:
    """The buffer of what a record held, with how it was opened."""
    assert record.keys is not None
    inner = view.enter(plain, "Decrypted TLS")
    if hidden:
        # In the packet it stands behind the content, sealed with it (RFC 9846 §5.2).
        view.add(("tls.record.content_type", record.kind, 0, 0, view.buffer, 0, group))
    keys, how = record.keys, f"{group}/Opened with"
    found = (
        ("secret_name", keys.label),
        ("secret", keys.secret), ("key", keys.key), ("iv", keys.iv), ("sequence", record.sequence), ("nonce", keys.nonce(whole, record.sequence)),
    )  # fmt: skip
    view.out += tuple((f"tls.derived.{name}", value, 0, 0, view.buffer, 0, how) for name, value in found)
    if record.session is not None and record.session.inner_random:
        view.add(("tls.derived.ech.inner_random", record.session.inner_random, 0, 0, view.buffer, 0, how))
    return inner


def _sealed(cursor: Cursor, kind: int) -> None:
    """What can be seen of a record that cannot be decrypted."""
    if kind == HANDSHAKE:
        cursor.heading("tls.handshake", cursor.left)
    elif kind == ALERT:
        cursor.heading("tls.alert_message", cursor.left)


def _content(view: View, start: int, stop: int, record: Record, group: str) -> None:
    cursor = Cursor(view, start, stop, group)
    if record.kind == HANDSHAKE:
        _messages(view, start, record, group)
    elif record.kind == ALERT:
        cursor.heading("tls.alert_message", cursor.left)
        cursor.number("tls.alert_message.level", 1)
        cursor.number("tls.alert_message.desc", 1)
        for application_message in record.application_messages:  # a reply that ended with it
            view.marks.append(len(view.out))
            _application_message(view, 0, application_message, record, group)
    elif record.kind == CHANGE:
        cursor.heading("tls.change_cipher_spec", cursor.left)
    elif record.kind == DATA and record.keys is not None and start < stop and not view.quoted:
        _application_messages(view, start, stop, record, group)


def _application_messages(view: View, start: int, stop: int, record: Record, group: str) -> None:
    """The application data: whole messages, a part of one, or bytes that no dissector reads."""
    for number, application_message in enumerate(record.application_messages):
        if number:
            view.marks.append(len(view.out))
        _application_message(view, start, application_message, record, group)
    first, last = record.left
    if record.application_messages and len(record.inner) > len(record.application_messages):
        view.marks.append(len(view.out))
    if record.finisher is not None and record.finisher.frames:
        if (whole := record.finisher.frames[-1]) != view.info.number:
            view.add(("tls.reassembled_in", whole, 0, 0, view.buffer, 0, group))
    elif last > first or not record.application_messages:
        rest(view, start + first, start + last if last > first else stop)


def _application_message(
    view: View, start: int, application_message: ApplicationMessage, record: Record, group: str
) -> None:
    application = application_message.application
    assert application is not None
    part = Part(
        application, start + application_message.start, start + application_message.stop, state=application_message.state, to_server=record.to_server, framing=application.framing
    )  # fmt: skip
    if application_message.data is not None:
        view = view.enter(application_message.data, "Reassembled TLS")
        part.start, part.stop = 0, len(application_message.data)
        _segments(view, application_message, record, f"{group}/Segments")
    if application.layer not in view.protocols:
        view.protocols.append(application.layer)
    application.dissect(view, part)


def _segments(view: View, application_message: ApplicationMessage, record: Record, group: str) -> None:
    """Which packets' records the message was put together from."""
    assert application_message.data is not None
    at, size = 0, len(application_message.data)
    records = (
        *application_message.begun,
        *((record,) if record.kind == DATA else ()),
    )  # the alert that ends a reply holds nothing of it
    view.add(("tls.segments", "", 0, size, view.buffer, 0, group))
    for each in records:
        first, last = each.left
        stop = size if each is record else min(size, at + last - first)
        frame = each.frames[-1] if each.frames else 0
        view.add(("tls.segment", frame, at, stop, view.buffer, 0, group))
        at = stop
    view.add(("tls.segment.count", len(records), 0, 0, view.buffer, 0, group))
    view.add(("tls.reassembled.length", size, 0, 0, view.buffer, 0, group))
    view.add(("tls.reassembled.data", application_message.data, 0, size, view.buffer, 0, group))


def _messages(view: View, start: int, record: Record, group: str) -> None:
    session = record.session
    context = Context(session.version, session.suite) if session else Context(0, 0)
    for number, handshake_message in enumerate(record.handshake_messages):
        if number:
            view.marks.append(len(view.out))
        where = (
            f"{group}/Handshake/{number + 1}" if len(record.handshake_messages) > 1 else f"{group}/Handshake"
        )
        try:
            _message(view, start, where, context, handshake_message, record)
        except Short:
            view.add(view.broken("tls", start))
    if record.unread >= 0:
        if record.handshake_messages:
            view.marks.append(len(view.out))
        view.add(("tls.handshake", "", start + record.unread, len(view.data), view.buffer, 0, group))
    first, last = record.left
    if last > first:
        view.add(("tls.handshake", "", start + first, start + last, view.buffer, 0, group))
        if record.finisher is not None and record.finisher.frames:
            view.add(
                ("tls.handshake.reassembled_in", record.finisher.frames[-1], 0, 0, view.buffer, 0, group)
            )


def _message(
    view: View, start: int, group: str, context: Context, handshake_message: HandshakeMessage, record: Record
) -> None:
    if handshake_message.data is None:
        message(
            view,
            start + handshake_message.start,
            start + handshake_message.stop,
            group,
            context,
            handshake_message,
        )
        return
    known = sum(last - first for first, last in (earlier.left for earlier in handshake_message.begun))
    view.add(("tls.handshake", "", start, start + len(handshake_message.data) - known, view.buffer, 0, group))
    whole = view.enter(handshake_message.data, "Reassembled TLS")
    _fragments(whole, handshake_message, record, f"{group}/Fragments")
    message(whole, 0, len(handshake_message.data), group, context, handshake_message)


def _fragments(view: View, handshake_message: HandshakeMessage, record: Record, group: str) -> None:
    """Which packets' records the message was put together from."""
    assert handshake_message.data is not None
    at, size = 0, len(handshake_message.data)
    view.add(("tls.handshake.fragments", "", 0, size, view.buffer, 0, group))
    for each in (*handshake_message.begun, record):
        first, last = each.left
        stop = size if each is record else at + last - first
        view.add(
            ("tls.handshake.fragment", each.frames[-1] if each.frames else 0, at, stop, view.buffer, 0, group)
        )
        at = stop
    view.add(("tls.handshake.fragment.count", len(handshake_message.begun) + 1, 0, 0, view.buffer, 0, group))


def _crypto(view: View, start: int, stop: int, known: object) -> None:
    """Handshake messages without a record around them, from QUIC: RFC 9001 §4.1.3."""
    if not isinstance(known, Record):
        return
    if "tls" not in view.protocols:
        view.protocols.append("tls")
    view.add(("tls", "", start, stop, view.buffer, 0, "tls"))
    _messages(view, start, known, "tls/Record")


CRYPTO = Subdissector("quic.crypto", _crypto, layers=("tls",), session=Connection, summary=messages)
APPLICATIONS = (
    Application(
        "TLS",
        "tls",
        Connection,
        dissect,
        summary,
        tcp=PORTS,
        sized=False,
        is_stream=is_stream,
        upgrades=("tls/1.0",),
        marks=MARKS,
    ),
)
SUBDISSECTORS = (*OFFERED, CRYPTO, Subdissector("dns.svcparam", ech.published, ("5",), layers=("tls",)))
