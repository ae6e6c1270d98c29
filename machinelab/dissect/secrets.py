"""What decrypts a capture: an NSS key log (draft-ietf-tls-keylogfile), or a server's RSA key as PEM; and published keys."""

from typing import TYPE_CHECKING

from .core import Stream

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

MOST = 200_000  # secrets kept; a browser's log of a long day has some thousands
BEGIN, END = "-----BEGIN ", "-----END "


class Secrets:
    """What is known, by label and client random. `rsa` are keys that can open a ClientKeyExchange (RFC 5246 §7.4.7.1).

    `published` is no secret: the public keys that the capture itself shows (JWK sets, RFC 7517), by their names.
    """

    def __init__(self) -> None:
        self._known: dict[tuple[str, bytes], bytes] = {}
        self.rsa: list[RSAPrivateKey] = []
        self.published: dict[str, object] = {}

    def __len__(self) -> int:
        return len(self._known) + len(self.rsa)

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
        from cryptography.hazmat.primitives.serialization import load_pem_private_key

        try:
            key = load_pem_private_key(block + b"\n", None)
        except (ValueError, TypeError, UnsupportedAlgorithm):
            return
        if isinstance(key, RSAPrivateKey):
            self.rsa.append(key)

    def get(self, label: str, which: bytes) -> bytes | None:
        """The secret of that label for a connection, by its client random (for `RSA`: by the first bytes of the encrypted secret)."""
        return self._known.get((label, which))

    def randoms(self) -> frozenset[bytes]:
        """The client randoms of the connections that it has secrets of; those of `RSA` lines are none."""
        return frozenset(which for label, which in self._known if label != "RSA")

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
