"""Handshake messages: RFC 9846 §4, RFC 5246 §7.4."""

from typing import NamedTuple

from ...core import Short, View
from ...cursor import Cursor
from ...subdissector import Subdissector
from ...tls.crypto import SUITES
from ...tls.hello import RETRY
from ...tls.message import BODY, MESSAGES, TLS_1_2, WHOLE, Known
from ..x509.certificate import certificate
from .extensions import algorithm, algorithms, extensions, names
from .records import MODERN, HandshakeMessage

PREFIX = "tls.handshake."


class Context(NamedTuple):
    """What the connection turned out to be: the version and suite that the server chose (0: never seen).

    `cookie`: its ClientHellos have one behind the session id, as DTLS's have.
    """

    version: int
    suite: int
    cookie: bool = False

    @property
    def modern(self) -> bool:
        """TLS 1.3."""
        return self.version == MODERN

    @property
    def names_algorithms(self) -> bool:
        """Whether a signature comes with the name of its algorithm: since TLS 1.2 (RFC 5246 §4.7), before that the key decides."""
        return self.version >= TLS_1_2


def message(
    view: View,
    start: int,
    stop: int,
    group: str,
    context: Context,
    handshake_message: HandshakeMessage | Known,
) -> None:
    """One whole message. Raises Short where it contradicts itself."""
    cursor = Cursor(view, start, stop, group)
    cursor.heading("tls.handshake", stop - start)
    kind = cursor.number(PREFIX + "type", 1)
    cursor.number(PREFIX + "length", 3)
    reader = READERS.get(kind)
    if reader is not None:
        reader(cursor, context)
    _derived(view, stop, group, handshake_message)
    if isinstance(handshake_message, HandshakeMessage):
        _encrypted_hello(view, group, context, handshake_message)


def _encrypted_hello(view: View, group: str, context: Context, handshake_message: HandshakeMessage) -> None:
    """The hello inside, where it could be decrypted; and whether it was accepted (RFC 9849 §7.2)."""
    if handshake_message.accepted is not None:
        view.add(("tls.derived.ech.accepted", handshake_message.accepted, 0, 0, view.buffer, 0, group))
    if (inner := handshake_message.inner_hello) is not None:
        within = view.enter(inner, "Decrypted ClientHello")
        message(within, 0, len(inner), f"{group}/Encrypted ClientHello", context, HandshakeMessage())


def _offered_whole(view: View, start: int, stop: int, known: object) -> None:
    """A message with its header, for another protocol that carries it."""
    assert isinstance(known, Known)
    message(view, start, stop, known.group, Context(known.version, known.suite, known.cookie), known)


def _offered_body(view: View, start: int, stop: int, known: object) -> None:
    """What stands behind a header that the other protocol has read itself."""
    assert isinstance(known, Known)
    reader = READERS.get(known.kind)
    if reader is not None:
        reader(Cursor(view, start, stop, known.group), Context(known.version, known.suite, known.cookie))
    _derived(view, stop, known.group, known)


def _derived(view: View, stop: int, group: str, handshake_message: HandshakeMessage | Known) -> None:
    """What is worked out from the key log and the messages before: generated fields, without bytes of their own."""
    found: tuple[tuple[str, bytes], ...] = (
        ("transcript_hash", handshake_message.transcript),
        ("finished_key", handshake_message.key),
        ("verify_data", handshake_message.verify),
    )
    view.out += tuple(
        (f"tls.derived.{name}", value, 0, 0, view.buffer, 0, group) for name, value in found if value
    )
    if handshake_message.verify:
        right = view.data.endswith(handshake_message.verify, 0, stop)
        view.add(("tls.derived.verify_data.right", right, 0, 0, view.buffer, 0, group))


def _random(cursor: Cursor, context: Context) -> bytes:
    if cursor.left < 32:
        raise Short
    random = cursor.data[cursor.at : cursor.at + 32]
    cursor.field(PREFIX + "random", random, 32)
    if not context.modern:
        seconds = int.from_bytes(random[:4], "big")
        cursor.field(PREFIX + "random_time", seconds * 10**9, 4)
        cursor.at += 4
        cursor.octets(PREFIX + "random_bytes", 28)
    else:
        cursor.at += 32
    return random


def _client_hello(cursor: Cursor, context: Context) -> None:
    cursor.number(PREFIX + "version", 2)
    _random(cursor, context)
    cursor.octets(PREFIX + "session_id", cursor.number(PREFIX + "session_id_length", 1))
    if context.cookie:
        cursor.octets(PREFIX + "cookie", cursor.number(PREFIX + "cookie_length", 1))
    size = cursor.number(PREFIX + "cipher_suites_length", 2)
    cursor.heading(PREFIX + "ciphersuites", size)
    inside = cursor.part(size)
    while inside.left:
        inside.number(PREFIX + "ciphersuite", 2)
    size = cursor.number(PREFIX + "comp_methods_length", 1)
    cursor.heading(PREFIX + "comp_methods", size)
    inside = cursor.part(size)
    while inside.left:
        inside.number(PREFIX + "comp_method", 1)
    if cursor.left:
        extensions(cursor, 1)


def _server_hello(cursor: Cursor, context: Context) -> None:
    cursor.number(PREFIX + "version", 2)
    random = _random(cursor, context)
    cursor.octets(PREFIX + "session_id", cursor.number(PREFIX + "session_id_length", 1))
    cursor.number(PREFIX + "ciphersuite", 2)
    cursor.number(PREFIX + "comp_method", 1)
    if cursor.left:
        extensions(cursor, 2, retry=random == RETRY)


def _ticket(cursor: Cursor, context: Context) -> None:
    cursor.number(PREFIX + "session_ticket_lifetime_hint", 4)
    if context.modern:
        cursor.number(PREFIX + "session_ticket_age_add", 4)
        size = cursor.number(PREFIX + "session_ticket_nonce_length", 1)
        if not cursor.octets(PREFIX + "session_ticket_nonce", size):
            cursor.field(PREFIX + "session_ticket_nonce", b"", 0)
    cursor.octets(PREFIX + "session_ticket", cursor.number(PREFIX + "session_ticket_length", 2))
    if context.modern:
        extensions(cursor, 4)


def _encrypted_extensions(cursor: Cursor, context: Context) -> None:
    extensions(cursor, 8)


def _certificates(cursor: Cursor, context: Context) -> None:
    """A chain: RFC 9846 §4.5.1, where each certificate has extensions; RFC 5246 §7.4.2."""
    if context.modern:
        size = cursor.number(PREFIX + "certificate_request_context_length", 1)
        cursor.octets(PREFIX + "certificate_request_context", size)
    size = cursor.number(PREFIX + "certificates_length", 3)
    if not size:
        return
    cursor.heading(PREFIX + "certificates", size)
    inside = cursor.part(size)
    number = 0
    while inside.left:
        number += 1
        inside.group = f"{cursor.group}/Certificates/{number}"
        length = inside.number(PREFIX + "certificate_length", 3)
        if inside.left < length:
            raise Short
        inside.field(PREFIX + "certificate", inside.data[inside.at : inside.at + length], length)
        certificate(inside.part(length))
        if context.modern:
            extensions(inside, 11)


def _request(cursor: Cursor, context: Context) -> None:
    if context.modern:
        size = cursor.number(PREFIX + "certificate_request_context_length", 1)
        cursor.octets(PREFIX + "certificate_request_context", size)
        extensions(cursor, 13)
        return
    size = cursor.number(PREFIX + "cert_types_count", 1)
    cursor.heading(PREFIX + "cert_types", size)
    inside = cursor.part(size)
    while inside.left:
        inside.number(PREFIX + "cert_type", 1)
    if context.names_algorithms:
        algorithms(cursor, 13)
    names(cursor, 13)


def _verify(cursor: Cursor, context: Context) -> None:
    if context.names_algorithms:
        algorithm(cursor)
    cursor.octets(PREFIX + "client_cert_vrfy.sig", cursor.number(PREFIX + "client_cert_vrfy.sig_len", 2))


def _finished(cursor: Cursor, context: Context) -> None:
    cursor.heading(PREFIX + "verify_data", cursor.left)


def _key_update(cursor: Cursor, context: Context) -> None:
    cursor.number(PREFIX + "key_update.request_update", 1)


def _server_key(cursor: Cursor, context: Context) -> None:
    """The server's share on a named curve, signed: RFC 8422 §5.4. Other kinds are left alone."""
    if not cursor.left or cursor.data[cursor.at] != 3:
        return
    cursor.number(PREFIX + "server_curve_type", 1)
    cursor.number(PREFIX + "server_named_curve", 2)
    cursor.octets(PREFIX + "server_point", cursor.number(PREFIX + "server_point_len", 1))
    if context.names_algorithms:
        algorithm(cursor)
    cursor.octets(PREFIX + "sig", cursor.number(PREFIX + "sig_len", 2))


def _client_key(cursor: Cursor, context: Context) -> None:
    """The client's share, or (static RSA) the premaster secret sealed: RFC 8422 §5.7, RFC 5246 §7.4.7.1."""
    suite = SUITES.get(context.suite)
    if suite is None:
        return
    if suite.static:
        cursor.octets(PREFIX + "epms", cursor.number(PREFIX + "epms_len", 2))
    elif context.suite >= 0xC000 and context.suite != 0xCCAA and not 0xC09E <= context.suite <= 0xC09F:
        cursor.octets(PREFIX + "client_point", cursor.number(PREFIX + "client_point_len", 1))


def _compressed(cursor: Cursor, context: Context) -> None:
    cursor.number("tls.compress_certificate.algorithm", 2)
    cursor.number("tls.compress_certificate.uncompressed_length", 3)
    size = cursor.number("tls.compress_certificate.compressed_certificate_message.length", 3)
    cursor.octets("tls.compress_certificate.compressed_certificate_message", size)


READERS = {
    1: _client_hello, 2: _server_hello, 4: _ticket, 8: _encrypted_extensions, 11: _certificates, 12: _server_key,
    13: _request, 15: _verify, 16: _client_key, 20: _finished, 24: _key_update, 25: _compressed,
}  # fmt: skip
OFFERED = (
    Subdissector(MESSAGES, _offered_whole, (WHOLE,), ("tls", "x509af")),
    Subdissector(MESSAGES, _offered_body, (BODY,), ("tls", "x509af")),
)
