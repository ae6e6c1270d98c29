"""Encrypted ClientHello as a client sends it, for real or to be like others (GREASE): RFC 9849 §5, §6.2."""

from ...cursor import Cursor

CLIENT_HELLO, OUTER = 1, 0
SUITE = "tls.ech.hpke.keyconfig.cipher_suite"


def client_hello(cursor: Cursor, message: int) -> None:
    """The outer extension; of another message's, and of what stands inside, only the bytes."""
    if message != CLIENT_HELLO:
        cursor.octets("tls.handshake.extension.data", cursor.left)
        return
    if cursor.number("tls.ech.client_hello_type", 1) != OUTER:
        return
    cursor.heading(SUITE, 4)
    cursor.number(f"{SUITE}.kdf_id", 2)
    cursor.number(f"{SUITE}.aead_id", 2)
    cursor.number("tls.ech.config_id", 1)
    for name in ("enc", "payload"):
        size = cursor.number(f"tls.ech.{name}_length", 2)
        cursor.octets(f"tls.ech.{name}", size)
