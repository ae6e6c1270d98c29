"""Hybrid public-key encryption as far as opening takes it: RFC 9180, base mode, for Encrypted ClientHello.

`cryptography`'s HPKE takes no additional data, which ECH authenticates the outer hello by, and opens neither a second message (after
HelloRetryRequest) nor anything by a logged shared secret. Where the two can do the same, the test holds this against it.
"""

from typing import TYPE_CHECKING

from ...tls.crypto import expand, mac

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

X25519 = 0x0020  # DHKEM(X25519, HKDF-SHA256): the only KEM read here, and the one in use
HASHES = {1: "sha256", 2: "sha384", 3: "sha512"}  # KDFs: RFC 9180 §7.2
KEYS = {1: 16, 2: 32, 3: 32}  # bytes of an AEAD's key: RFC 9180 §7.3
NONCE = 12


def _extract(salt: bytes, suite: bytes, label: bytes, secret: bytes, hash: str) -> bytes:
    """LabeledExtract: RFC 9180 §4."""
    return mac(salt, b"HPKE-v1" + suite + label + secret, hash)


def _expand(secret: bytes, suite: bytes, label: bytes, info: bytes, length: int, hash: str) -> bytes:
    """LabeledExpand: RFC 9180 §4."""
    return expand(secret, length.to_bytes(2, "big") + b"HPKE-v1" + suite + label + info, length, hash)


def shared_secret(private: "X25519PrivateKey", encapsulated: bytes) -> bytes | None:
    """What the recipient makes of the sender's share: Decap, RFC 9180 §4.1. None if that is no share."""
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey

    try:
        agreed = private.exchange(X25519PublicKey.from_public_bytes(encapsulated))
    except ValueError:
        return None
    suite = b"KEM" + X25519.to_bytes(2, "big")
    context = encapsulated + private.public_key().public_bytes_raw()
    secret = _extract(b"", suite, b"eae_prk", agreed, "sha256")
    return _expand(secret, suite, b"shared_secret", context, 32, "sha256")


class Recipient:
    """The keys that follow from a shared secret: RFC 9180 §5.1. Raises KeyError where KDF or AEAD is none of the known."""

    def __init__(self, shared: bytes, info: bytes, kdf: int, aead: int) -> None:
        hash = HASHES[kdf]
        suite = b"HPKE" + b"".join(each.to_bytes(2, "big") for each in (X25519, kdf, aead))
        context = b"\0" + b"".join(
            _extract(b"", suite, label, value, hash)
            for label, value in ((b"psk_id_hash", b""), (b"info_hash", info))
        )
        secret = _extract(shared, suite, b"secret", b"", hash)
        self.aead = aead
        self.key = _expand(secret, suite, b"key", context, KEYS[aead], hash)
        self.nonce = _expand(secret, suite, b"base_nonce", context, NONCE, hash)

    def open(self, sealed: bytes, authenticated: bytes, sequence: int) -> bytes | None:
        """The message of that number, from 0 (RFC 9180 §5.2); None if these are not its keys."""
        from cryptography.exceptions import InvalidTag
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM, ChaCha20Poly1305

        cipher = ChaCha20Poly1305(self.key) if self.aead == 3 else AESGCM(self.key)
        nonce = (int.from_bytes(self.nonce, "big") ^ sequence).to_bytes(NONCE, "big")
        try:
            return cipher.decrypt(nonce, sealed, authenticated)
        except (InvalidTag, ValueError):
            return None
