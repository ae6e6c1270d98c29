"""A TLS record in one line: what it holds, and its one or two most telling values."""

from ....fields import tls as words
from ...core import Part
from ...tls.summary import name_in, said
from .records import ALERT, CHANGE, DATA, HANDSHAKE, ApplicationMessage, Record

EXTRA = {5: "EndOfEarlyData", 25: "CompressedCertificate"}


def summary(payload: bytes, part: Part) -> str:
    """`ClientHello  www.example.test`, `ServerHello  TLS 1.3`, `alert: certificate expired`, `encrypted: 80 bytes`."""
    record = part.state
    if not isinstance(record, Record):
        return "TLS"
    content = record.opened(payload) if record.sealed else payload[5:]
    size = len(payload) - 5
    if content is None:
        kind = {HANDSHAKE: "handshake, ", ALERT: "alert, "}.get(payload[0], "")
        return f"encrypted: {kind}{size} bytes"
    if record.kind == HANDSHAKE:
        return messages(content, record) or f"part of a handshake message, {size} bytes"
    if record.kind == ALERT and len(content) >= 2:
        alert = f"alert: {words.ALERTS.get(content[1], str(content[1])).lower()}"
        return "; ".join((alert, *_application_messages(record, content, part)))
    if record.kind == CHANGE:
        return "ChangeCipherSpec"
    if record.kind == DATA:
        return "; ".join((*_application_messages(record, content, part), *_rest(record, content)))
    return f"type {record.kind}, {size} bytes"


def messages(content: bytes, record: Record) -> str:
    """The handshake messages that end in so many bytes; empty if none does."""
    return "; ".join(
        said(each.data or content[each.start : each.stop], words.VERSIONS) + _inside(each.inner_hello)
        for each in record.handshake_messages
    )


def _inside(hello: bytes | None) -> str:
    """The name in a ClientHello that came encrypted in another, if that could be decrypted."""
    return f"  (inside: {name_in(hello) or 'no name'})" if hello is not None else ""


def _application_messages(record: Record, content: bytes, part: Part) -> list[str]:
    """The application's messages that end in the record."""
    return [
        _application_message(
            application_message,
            application_message.data or content[application_message.start : application_message.stop],
            part,
        )
        for application_message in record.application_messages
    ]


def _application_message(application_message: ApplicationMessage, message: bytes, part: Part) -> str:
    application = application_message.application
    assert application is not None
    inner = Part(application, 0, len(message), state=application_message.state, to_server=part.to_server)
    return application.summary(message[application.framing :], inner)


def _rest(record: Record, content: bytes) -> list[str]:
    """What is left behind them: the beginning of another, or what is none."""
    first, last = record.left
    if record.finisher is not None and record.finisher.frames:
        if record.finisher.frames[-1:] == record.frames[-1:]:
            return []
        return [f"{last - first} bytes, part of packet {record.finisher.frames[-1]}"]
    if last > first:
        return [_data(content[first:last])]
    return [] if record.application_messages else [_data(content)]


def _data(content: bytes) -> str:
    first = content[:60].split(b"\r\n")[0]
    if first and len(first) < 60 and all(32 <= byte < 127 for byte in first):
        return f"data: {first.decode()}"
    return f"data, {len(content)} bytes"
