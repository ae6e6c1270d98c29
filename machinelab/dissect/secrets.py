"""What decrypts a capture: a key log (RFC 9850), a server's RSA or ECH key as PEM (RFC 9934); and published keys."""

from typing import TYPE_CHECKING

from .core import Stream

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

MOST = 200_000  # secrets kept; a browser's log of a long day has some thousands
BEGIN, END = "-----BEGIN ", "-----END "
CONFIGS = b"-----BEGIN ECHCONFIG-----"


class Secrets:
    """What is known, by label and client random. `rsa` are keys that can open a ClientKeyExchange (RFC 5246 §7.4.7.1).

    `ech` are ECHConfigs with their private keys, which open Encrypted ClientHellos (RFC 9849 §4).

    `published` is no secret: the public keys that the capture itself shows (JWK sets, RFC 7517), by their names.
    """

    def __init__(self) -> None:
        self._known: dict[tuple[str, bytes], bytes] = {}
        self.rsa: list[RSAPrivateKey] = []
        self.ech: list[tuple[bytes, X25519PrivateKey]] = []
        self._shares: list[X25519PrivateKey] = []
        self.published: dict[str, object] = {}

    def __len__(self) -> int:
        return len(self._known) + len(self.rsa) + len(self.ech)

    def feed(self, text: bytes) -> None:
        """Take in the lines of a key log, and PEM blocks between them. What is neither is passed over."""
        block: list[str] = []
        for line in map(str.strip, text.decode("utf-8", "replace").splitlines()):
            if line.startswith(BEGIN) or block:
                block.append(line)
                if line.startswith(END):
                    self._pem("\n".join(block).encode())
                    block = []
                continue
            words = line.split()
            if len(words) == 3 and not line.startswith("#") and len(self._known) < MOST:
                self._keep(*words)

    def _keep(self, label: str, which: str, secret: str) -> None:
        try:
            # The first one stands: the same client random twice is a replayed hello, and the log is the first one's.
            self._known.setdefault((label, bytes.fromhex(which)), bytes.fromhex(secret))
        except ValueError:
            return

    def _pem(self, block: bytes) -> None:
        from cryptography.exceptions import UnsupportedAlgorithm
        from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
        from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
        from cryptography.hazmat.primitives.serialization import load_pem_private_key

        if block.startswith(CONFIGS):
            self._configs(block)
            return
        try:
            key = load_pem_private_key(block + b"\n", None)
        except (ValueError, TypeError, UnsupportedAlgorithm):
            return
        if isinstance(key, RSAPrivateKey):
            self.rsa.append(key)
        elif isinstance(key, X25519PrivateKey):
            self._shares.append(key)

    def _configs(self, block: bytes) -> None:
        """An ECHConfigList behind its private key: RFC 9934 §3. A configuration whose key is not there opens nothing."""
        from binascii import Error, a2b_base64

        try:
            listed = a2b_base64(b"".join(block.splitlines()[1:-1]))
        except Error:
            return
        at = 2
        while at + 4 <= len(listed):
            stop = at + 4 + int.from_bytes(listed[at + 2 : at + 4], "big")
            config = listed[at:stop]
            # ECHConfig: version, length, config_id, kem_id, and the public key with its length (RFC 9849 §4).
            share = config[9 : 9 + int.from_bytes(config[7:9], "big")]
            self.ech += [
                (config, key) for key in self._shares if key.public_key().public_bytes_raw() == share
            ]
            at = stop

    def get(self, label: str, which: bytes) -> bytes | None:
        """The secret of that label for a connection, by its client random (for `RSA`: by the first bytes of the encrypted secret)."""
        return self._known.get((label, which))

    def randoms(self) -> frozenset[bytes]:
        """The client randoms of the connections that it has secrets of; those of `RSA` lines are none, and `ECH_` lines have that of the outer hello."""
        return frozenset(
            which for label, which in self._known if label != "RSA" and not label.startswith("ECH_")
        )

    def premaster(self, sealed: bytes) -> bytes | None:
        """The premaster secret of an encrypted ClientKeyExchange: logged, or decrypted with a private key."""
        if found := self.get("RSA", sealed[:8]):
            return found
        from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15

        for key in self.rsa:
            try:
                opened = key.decrypt(sealed, PKCS1v15())
            except ValueError:
                continue
            # OpenSSL gives random bytes where the padding is wrong: the version in front tells (RFC 5246 §7.4.7.1).
            if len(opened) == 48 and opened[0] == 3:
                return opened
        return None


def published(stream: Stream) -> dict[str, object]:
    """The public keys that the capture of a stream shows, by their names: to be read, and added to."""
    if isinstance(stream.secrets, Secrets):
        return stream.secrets.published
    found = stream.shared.setdefault("published keys", {})
    assert isinstance(found, dict)
    return found
