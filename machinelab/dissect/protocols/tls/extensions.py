"""Extensions of hellos and other messages: RFC 9846 §4.3, RFC 6066, 7301, 7685, 8422, 8449, 8879."""

from collections.abc import Callable

from ...core import Short
from ...cursor import Cursor
from . import ech
from .quic_parameters import parameters

CLIENT_HELLO, SERVER_HELLO, TICKET, REQUEST = 1, 2, 4, 13
PREFIX = "tls.handshake."


def extensions(cursor: Cursor, message: int, *, retry: bool = False) -> None:
    """The list of extensions up to where the cursor ends; `message` is the type of the message they stand in."""
    size = cursor.number("tls.handshake.extensions_length", 2)
    short = size > cursor.left
    inside = cursor.part(min(size, cursor.left))
    number = 0
    while inside.left >= 4:
        number += 1
        inside.group = f"{cursor.group}/Extensions/{number}"
        _extension(inside, message, retry)
    if inside.left or short:
        raise Short


def _extension(cursor: Cursor, message: int, retry: bool) -> None:
    size = int.from_bytes(cursor.data[cursor.at + 2 : cursor.at + 4], "big")
    cursor.heading("tls.handshake.extension", 4 + size)
    kind = cursor.number("tls.handshake.extension.type", 2)
    cursor.number("tls.handshake.extension.len", 2)
    short = size > cursor.left
    inside = cursor.part(min(size, cursor.left))
    if kind == KEY_SHARE and retry:
        inside.number(PREFIX + "extensions_key_share_selected_group", 2)
    else:
        try:
            READERS.get(kind, _unknown)(inside, message)
        except Short:  # the others are read all the same: each says how long it is
            if not short:
                view, at = inside.view, inside.at
                view.add(("tls.malformed.buffer_too_small", "", at, at, inside.buffer, 0, cursor.group))
                view.add(view.broken("tls", at))
    if short:
        raise Short


def _unknown(cursor: Cursor, message: int) -> None:
    """The bytes; a field even where there are none, as in the first extension that Chromium makes up (RFC 8701 §3.1)."""
    cursor.field(PREFIX + "extension.data", cursor.data[cursor.at : cursor.stop], cursor.left)
    cursor.at = cursor.stop


def _nothing(cursor: Cursor, message: int) -> None:
    """An extension whose presence is all it says."""


def _timestamps(cursor: Cursor, message: int) -> None:
    """Certificate transparency: a client asks with no bytes (RFC 6962 §3.3.1); what a server answers is not read here."""
    if cursor.left:
        _unknown(cursor, message)


def _server_name(cursor: Cursor, message: int) -> None:
    if not cursor.left:  # a server that took note: RFC 6066 §3
        return
    cursor.number(PREFIX + "extensions_server_name_list_len", 2)
    while cursor.left:
        cursor.number(PREFIX + "extensions_server_name_type", 1)
        size = cursor.number(PREFIX + "extensions_server_name_len", 2)
        cursor.text(PREFIX + "extensions_server_name", size)


def _status_request(cursor: Cursor, message: int) -> None:
    if message != CLIENT_HELLO:
        _unknown(cursor, message)
        return
    cursor.number(PREFIX + "extensions_status_request_type", 1)
    size = cursor.number(PREFIX + "extensions_status_request_responder_ids_len", 2)
    cursor.part(size)
    cursor.number(PREFIX + "extensions_status_request_exts_len", 2)


def _groups(cursor: Cursor, message: int) -> None:
    size = cursor.number(PREFIX + "extensions_supported_groups_length", 2)
    cursor.heading(PREFIX + "extensions_supported_groups", size)
    inside = cursor.part(size)
    while inside.left:
        inside.number(PREFIX + "extensions_supported_group", 2)


def _points(cursor: Cursor, message: int) -> None:
    size = cursor.number(PREFIX + "extensions_ec_point_formats_length", 1)
    cursor.heading(PREFIX + "extensions_ec_point_formats", size)
    inside = cursor.part(size)
    while inside.left:
        inside.number(PREFIX + "extensions_ec_point_format", 1)


def algorithm(cursor: Cursor) -> None:
    """A signature algorithm, whole (RFC 9846 §4.3.3) and by its two halves (RFC 5246 §7.4.1.4.1)."""
    if cursor.left < 2:
        raise Short
    high, low = cursor.data[cursor.at], cursor.data[cursor.at + 1]
    cursor.field(PREFIX + "sig_hash_alg", high << 8 | low, 2)
    cursor.number(PREFIX + "sig_hash_hash", 1)
    cursor.number(PREFIX + "sig_hash_sig", 1)


def algorithms(cursor: Cursor, message: int) -> None:
    """A list of them."""
    size = cursor.number(PREFIX + "sig_hash_alg_len", 2)
    cursor.heading(PREFIX + "sig_hash_algs", size)
    inside = cursor.part(size)
    while inside.left:
        algorithm(inside)


def _alpn(cursor: Cursor, message: int) -> None:
    size = cursor.number(PREFIX + "extensions_alpn_len", 2)
    cursor.heading(PREFIX + "extensions_alpn_list", size)
    inside = cursor.part(size)
    while inside.left:
        length = inside.number(PREFIX + "extensions_alpn_str_len", 1)
        inside.text(PREFIX + "extensions_alpn_str", length)


def _padding(cursor: Cursor, message: int) -> None:
    cursor.octets(PREFIX + "extensions_padding_data", cursor.left)


def _compress(cursor: Cursor, message: int) -> None:
    inside = cursor.part(cursor.number("tls.compress_certificate.algorithms_length", 1))
    while inside.left:
        inside.number("tls.compress_certificate.algorithm", 2)


def _max_fragment(cursor: Cursor, message: int) -> None:
    cursor.number(PREFIX + "max_fragment_length", 1)


def _record_size(cursor: Cursor, message: int) -> None:
    cursor.number("tls.record_size_limit", 2)


def _ticket(cursor: Cursor, message: int) -> None:
    if cursor.left:
        cursor.octets(PREFIX + "extensions.session_ticket", cursor.left)
    else:
        cursor.field(PREFIX + "extensions.session_ticket", b"", 0)


def _psk(cursor: Cursor, message: int) -> None:
    name = PREFIX + "extensions.psk."
    if message == SERVER_HELLO:
        cursor.number(name + "identity.selected", 2)
        return
    inside = cursor.part(cursor.number(name + "identities.length", 2))
    while inside.left:
        size = inside.number(name + "identity.identity_length", 2)
        inside.octets(name + "identity.identity", size)
        inside.number(name + "identity.obfuscated_ticket_age", 4)
    size = cursor.number(name + "binders_len", 2)
    cursor.heading(name + "binders", size)
    cursor.part(size)


def _early_data(cursor: Cursor, message: int) -> None:
    if message == TICKET:
        cursor.number("tls.early_data.max_early_data_size", 4)


def _versions(cursor: Cursor, message: int) -> None:
    inside = cursor
    if message == CLIENT_HELLO:
        inside = cursor.part(cursor.number(PREFIX + "extensions.supported_versions_len", 1))
    while inside.left:
        inside.number(PREFIX + "extensions.supported_version", 2)


def _cookie(cursor: Cursor, message: int) -> None:
    cursor.octets(PREFIX + "extensions.cookie", cursor.number(PREFIX + "extensions.cookie_len", 2))


def _modes(cursor: Cursor, message: int) -> None:
    inside = cursor.part(cursor.number("tls.extension.psk_ke_modes_length", 1))
    while inside.left:
        inside.number("tls.extension.psk_ke_mode", 1)


def names(cursor: Cursor, message: int) -> None:
    """The distinguished names of authorities: RFC 9846 §4.3.4, RFC 5246 §7.4.4."""
    size = cursor.number(PREFIX + "dnames_len", 2)
    if not size:
        return
    cursor.heading(PREFIX + "dnames", size)
    inside = cursor.part(size)
    while inside.left:
        length = inside.number(PREFIX + "dname_len", 2)
        from ..x509.certificate import rdn_sequence

        rdn_sequence(inside.part(length))


def _shares(cursor: Cursor, message: int) -> None:
    inside = cursor
    if message == CLIENT_HELLO:
        inside = cursor.part(cursor.number(PREFIX + "extensions_key_share_client_length", 2))
    while inside.left:
        inside.number(PREFIX + "extensions_key_share_group", 2)
        size = inside.number(PREFIX + "extensions_key_share_key_exchange_length", 2)
        inside.octets(PREFIX + "extensions_key_share_key_exchange", size)


def _srtp(cursor: Cursor, message: int) -> None:
    """Which ways to protect media are offered, or the one chosen: RFC 5764 §4.1.1. Its names are DTLS's: TLS has no use for it."""
    inside = cursor.part(cursor.number("dtls.use_srtp.protection_profiles_length", 2))
    while inside.left:
        inside.number("dtls.use_srtp.protection_profile", 2)
    size = cursor.number("dtls.use_srtp.mki_length", 1)
    cursor.octets("dtls.use_srtp.mki", size)


def _renegotiation(cursor: Cursor, message: int) -> None:
    cursor.number(PREFIX + "extensions_reneg_info_len", 1)


KEY_SHARE = 51
READERS: dict[int, Callable[[Cursor, int], None]] = {
    0: _server_name, 1: _max_fragment, 5: _status_request, 10: _groups, 11: _points, 13: algorithms, 14: _srtp, 16: _alpn, 18: _timestamps, 21: _padding,
    22: _nothing, 23: _nothing, 27: _compress, 28: _record_size, 35: _ticket, 41: _psk, 42: _early_data, 43: _versions,
    44: _cookie, 45: _modes, 47: names, 49: _nothing, 50: algorithms, 51: _shares, 57: parameters, 65037: ech.extension, 65281: _renegotiation,
}  # fmt: skip
