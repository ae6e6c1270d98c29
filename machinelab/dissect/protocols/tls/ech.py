"""Encrypted ClientHello: the extension, and the configurations that a server publishes. RFC 9849 §4, §5, §6.2."""

from ...core import Short, View
from ...cursor import Cursor

CLIENT_HELLO, SERVER_HELLO, ENCRYPTED_EXTENSIONS, OUTER = 1, 2, 8, 0
VERSION = 0xFE0D  # of ECHConfig: RFC 9849 §4
CONFIRMATION = 8
KEY = "tls.ech.hpke.keyconfig"
CONTENTS = "tls.ech.echconfigcontents"


def extension(cursor: Cursor, message: int) -> None:
    """The extension in a ClientHello (the one inside has a byte alone), in HelloRetryRequest and in EncryptedExtensions."""
    if message == CLIENT_HELLO:
        if cursor.number("tls.ech.client_hello_type", 1) == OUTER:
            _outer(cursor)
    elif message == SERVER_HELLO and cursor.left == CONFIRMATION:
        cursor.octets("tls.ech.confirmation", CONFIRMATION)
    elif message == ENCRYPTED_EXTENSIONS:
        cursor.heading("tls.ech.retry_configs", cursor.left)
        _configs(cursor)
    else:
        cursor.octets("tls.handshake.extension.data", cursor.left)


def _outer(cursor: Cursor) -> None:
    """As a client sends it, for real or to be like others (GREASE)."""
    _suite(cursor)
    cursor.number("tls.ech.config_id", 1)
    size = cursor.number("tls.ech.enc_length", 2)
    if size:
        cursor.octets("tls.ech.enc", size)
    else:  # after HelloRetryRequest the share is the one that was sent before: RFC 9849 §6.1.5
        cursor.field("tls.ech.enc", b"", 0)
    cursor.octets("tls.ech.payload", cursor.number("tls.ech.payload_length", 2))


def _suite(cursor: Cursor) -> None:
    cursor.heading(f"{KEY}.cipher_suite", 4)
    cursor.number(f"{KEY}.cipher_suite.kdf_id", 2)
    cursor.number(f"{KEY}.cipher_suite.aead_id", 2)


def published(view: View, start: int, stop: int, group: object) -> None:
    """An ECHConfigList as a DNS record holds it: RFC 9848 §3."""
    _configs(Cursor(view, start, stop, str(group)))


def _configs(cursor: Cursor) -> None:
    size = cursor.number("tls.ech.echconfiglist_length", 2)
    short = size > cursor.left
    inside = cursor.part(min(size, cursor.left))
    number = 0
    while inside.left:
        number += 1
        _config(inside, f"{cursor.group}/Configuration {number}")
    if short:
        raise Short


def _config(cursor: Cursor, group: str) -> None:
    """An ECHConfig; of a version that is not the RFC's, how long it is."""
    if cursor.left < 4:
        raise Short
    size = int.from_bytes(cursor.data[cursor.at + 2 : cursor.at + 4], "big")
    outside, cursor.group = cursor.group, group
    cursor.heading("tls.ech.echconfig", 4 + size)
    version = cursor.number("tls.ech.echconfig.version", 2)
    cursor.number("tls.ech.echconfig.length", 2)
    inside = cursor.part(size, group)
    cursor.group = outside
    if version == VERSION:
        _contents(inside)


def _contents(cursor: Cursor) -> None:
    share = int.from_bytes(cursor.data[cursor.at + 3 : cursor.at + 5], "big")
    suites_at = cursor.at + 5 + share
    cursor.heading(KEY, 7 + share + int.from_bytes(cursor.data[suites_at : suites_at + 2], "big"))
    cursor.number(f"{KEY}.config_id", 1)
    cursor.number(f"{KEY}.kem_id", 2)
    cursor.octets(f"{KEY}.public_key", cursor.number(f"{KEY}.public_key_length", 2))
    size = cursor.number(f"{KEY}.cipher_suites_length", 2)
    cursor.heading(f"{KEY}.cipher_suites", size)
    suites = cursor.part(size)
    while suites.left:
        _suite(suites)
    cursor.number(f"{CONTENTS}.maximum_name_length", 1)
    cursor.text(f"{CONTENTS}.public_name", cursor.number(f"{CONTENTS}.public_name_length", 1))
    cursor.octets(f"{CONTENTS}.extensions", cursor.number(f"{CONTENTS}.extensions_length", 2))
