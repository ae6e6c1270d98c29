"""A DTLS record in one line."""

from ....fields import dtls as words
from ....fields import tls
from ...core import Part
from ...tls.summary import said
from .handshake import CLIENT_HELLO, as_tls, in_one
from .handshake import part as part_of
from .records import ALERT, CHANGE, DATA, HANDSHAKE, MESSAGE, Record, header


def summary(payload: bytes, part: Part) -> str:
    """`ClientHello`, `ServerHello  DTLS 1.2 …`, `Certificate, part of it`, `encrypted: 80 bytes`; of data what it is."""
    record, found = part.state, header(payload, 0)
    if not isinstance(record, Record) or found is None:
        return "DTLS"
    content = record.opened(payload) if record.sealed else payload[found.size :]
    if content is None:
        kind = {HANDSHAKE: "handshake, ", ALERT: "alert, "}.get(record.kind, "")
        return f"encrypted: {kind}{found.length} bytes"
    if record.kind == HANDSHAKE:
        return "; ".join(_messages(content, record)) or f"handshake, {len(content)} bytes"
    if record.kind == ALERT and len(content) >= 2:
        return f"alert: {tls.ALERTS.get(content[1], str(content[1])).lower()}"
    if record.kind == CHANGE:
        return "ChangeCipherSpec"
    if record.kind == DATA and record.application is not None:
        inner = Part(record.application, 0, len(content), state=record.state, to_server=record.to_server)
        return record.application.summary(content, inner)
    return (
        f"data, {len(content)} bytes" if record.kind == DATA else f"type {record.kind}, {len(content)} bytes"
    )


def _messages(content: bytes, record: Record) -> list[str]:
    """Each message, or part of one, by its name."""
    found, at = list[str](), 0
    joined = next((each for each in record.messages if each.data is not None), None)
    while (each := part_of(content, at)) is not None:
        body = content[at + MESSAGE : at + MESSAGE + each.size]
        if not each.whole and joined is not None and joined.parts[-1][1] == each.offset:
            body = joined.data or b""
        whole = len(body) == each.length
        name = said(as_tls(in_one(each, body)), words.VERSIONS, words.TYPES) if whole else _named(each.kind)
        found.append(name if whole else f"{name}, part of it")
        at += MESSAGE + each.size
    return found


def _named(kind: int) -> str:
    return said(bytes([kind if kind != CLIENT_HELLO else 0]) + bytes(3), words.VERSIONS, words.TYPES)
