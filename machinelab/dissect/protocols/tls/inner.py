"""The ClientHello inside an Encrypted ClientHello, decrypted and made whole again: RFC 9849 §5.1, §6.1, §7.1.

Keys are had in two ways: the server's, with its ECHConfigs (PEM, RFC 9934), or a connection's own from a key log
(ECH_SECRET and ECH_CONFIG, RFC 9850 §2). Without either, nothing is found. Never raises: what is no inner hello is None.
"""

from typing import NamedTuple

from ...secrets import Secrets
from ...tls.crypto import digest, expand_label, mac
from ...tls.hello import extensions_of
from .hpke import Recipient, shared_secret
from .transcript import Transcript

ECH, OUTER_EXTENSIONS = 65037, 0xFD00
OUTER = 0
CONFIRMATION = 8  # bytes
MOST = 65535


class Sealed(NamedTuple):
    """The extension of a ClientHelloOuter: RFC 9849 §5."""

    kdf: int
    aead: int
    config: int
    encapsulated: bytes
    payload: bytes


def sealed(hello: bytes) -> Sealed | None:
    """What a ClientHello holds encrypted; None if it holds nothing. Four bytes of header are included."""
    said = extensions_of(hello).get(ECH, b"")
    if len(said) < 10 or said[0] != OUTER:
        return None
    size = int.from_bytes(said[6:8], "big")
    length = int.from_bytes(said[8 + size : 10 + size], "big")
    payload = said[10 + size : 10 + size + length]
    if len(payload) != length or not length:
        return None
    return Sealed(said[1] << 8 | said[2], said[3] << 8 | said[4], said[5], said[8 : 8 + size], payload)


class Opener:
    """A connection's Encrypted ClientHellos: two where the server asks for another (RFC 9849 §6.1.5)."""

    def __init__(self, secrets: Secrets) -> None:
        self._secrets = secrets
        self._recipient: Recipient | None = None
        self._sequence = 0

    def open(self, hello: bytes) -> bytes | None:
        """The inner ClientHello of an outer one, as the server took it: a whole handshake message."""
        found = sealed(hello)
        if found is None:
            return None
        # The payload itself is zeroed in what is authenticated: RFC 9849 §5.2.
        at = hello.rfind(found.payload)
        authenticated = hello[4:at] + bytes(len(found.payload)) + hello[at + len(found.payload) :]
        recipients = [self._recipient] if self._recipient else self._recipients(found, hello[6:38])
        for recipient in recipients:
            plain = recipient.open(found.payload, authenticated, self._sequence)
            if plain is not None:
                self._recipient = recipient
                self._sequence += 1
                return whole(plain, hello)
        return None

    def _recipients(self, found: Sealed, random: bytes) -> list[Recipient]:
        """The keys that may fit, the connection's own first."""
        pairs = []
        shared, config = (self._secrets.get(label, random) for label in ("ECH_SECRET", "ECH_CONFIG"))
        if shared and config:
            pairs.append((config, shared))
        for each, private in self._secrets.ech:
            made = shared_secret(private, found.encapsulated) if each[4:5] == bytes([found.config]) else None
            if made:
                pairs.append((each, made))
        try:
            return [Recipient(made, b"tls ech\0" + each, found.kdf, found.aead) for each, made in pairs]
        except KeyError:
            return []


def whole(plain: bytes, outer: bytes) -> bytes | None:
    """EncodedClientHelloInner as the ClientHello that it stands for: RFC 9849 §5.1."""
    try:
        at = 35 + plain[34]  # version, random, an empty session id
        session = outer[38 : 39 + outer[38]]
        rest = at
        at += 2 + (plain[at] << 8 | plain[at + 1])
        at += 1 + plain[at]
        size = plain[at] << 8 | plain[at + 1]
        listed = plain[at + 2 : at + 2 + size]
    except IndexError:
        return None
    if plain[34] or len(listed) != size or any(plain[at + 2 + size :]):
        return None
    extensions = _expanded(listed, extensions_of(outer))
    if extensions is None:
        return None
    body = plain[:34] + session + plain[rest:at] + len(extensions).to_bytes(2, "big") + extensions
    return b"\1" + len(body).to_bytes(3, "big") + body


def _expanded(listed: bytes, outer: dict[int, bytes]) -> bytes | None:
    """The extensions, with those that the outer hello has already put in their place."""
    found, at = b"", 0
    while at + 4 <= len(listed):
        kind, size = listed[at] << 8 | listed[at + 1], listed[at + 2] << 8 | listed[at + 3]
        content = listed[at + 4 : at + 4 + size]
        if kind == OUTER_EXTENSIONS:
            for place in range(1, len(content) - 1, 2):
                borrowed = content[place] << 8 | content[place + 1]
                if borrowed not in outer or borrowed == ECH:
                    return None
                found += (
                    content[place : place + 2] + len(outer[borrowed]).to_bytes(2, "big") + outer[borrowed]
                )
        else:
            found += listed[at : at + 4] + content
        if len(found) > MOST:
            return None
        at += 4 + size
    return found if at == len(listed) else None


def confirmed(inner: bytes, transcript: Transcript, server_hello: bytes, hash: str) -> bool:
    """Whether a ServerHello says that it answers the inner hello: the last 8 bytes of its random, RFC 9849 §7.2.

    The transcript is the one with the inner hello, up to the ServerHello.
    """
    blanked = server_hello[: 38 - CONFIRMATION] + bytes(CONFIRMATION) + server_hello[38:]
    secret = mac(bytes(len(digest(hash, b""))), inner[6:38], hash)
    made = expand_label(secret, "ech accept confirmation", transcript.digest(blanked), CONFIRMATION, hash)
    return made == server_hello[38 - CONFIRMATION : 38]
