"""What a protocol that carries TLS's handshake messages tells whoever reads them: `registry.offer(view, MESSAGES, WHOLE, …, known)`.

DTLS and QUIC carry the same messages as TLS, each in records or frames of its own (RFC 9147 §5, RFC 9001 §4).
"""

from dataclasses import dataclass

MESSAGES = "tls.handshake"  # the table in which they are offered
WHOLE, BODY = "whole", "body"  # a message with its four bytes of header, or what stands behind such a header
TLS_1_2, TLS_1_3 = 0x0303, 0x0304


@dataclass(frozen=True, slots=True)
class Known:
    """What the first pass knows of a handshake message. `kind` is its type, where the header is not offered with it.

    `version` and `suite` are what the server of the connection chose, 0 where that was never seen: DTLS gives TLS's number for its own.
    `cookie`: a ClientHello has one behind its session id (RFC 6347 §4.2.1). `transcript` is the hash over all messages before it, `key` and `verify`
    what Finished is made with and should hold. `group` is the place of its fields in the tree.
    """

    group: str
    kind: int = 0
    version: int = 0
    suite: int = 0
    cookie: bool = False
    transcript: bytes = b""
    key: bytes = b""
    verify: bytes = b""
