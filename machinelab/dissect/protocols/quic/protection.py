"""Packet protection: keys, header protection, packet numbers. RFC 9001 §5, §6; RFC 9000 §17.1, appendix A.3; RFC 9369 §3.3."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from .header import LONG, SAMPLE, V2

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESCCM, AESGCM, ChaCha20Poly1305

SALTS = {
    1: bytes.fromhex("38762cf7f55934b34d179ae6a4c80cadccbb7f0a"),  # RFC 9001 §5.2
    V2: bytes.fromhex("0dede3def700a6db819381be6e269dcbf9bd2ed9"),  # RFC 9369 §3.3.1
}
AES128, AES256, CHACHA, CCM = 0x1301, 0x1302, 0x1303, 0x1304  # cipher suites of TLS 1.3
KEY_BYTES = {AES128: 16, AES256: 32, CHACHA: 32, CCM: 16}


def expand(secret: bytes, label: str, size: int, suite: int = AES128) -> bytes:
    """HKDF-Expand-Label without a context: RFC 9846 §7.1."""
    from cryptography.hazmat.primitives.hashes import SHA256, SHA384
    from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

    name = b"tls13 " + label.encode()
    info = size.to_bytes(2, "big") + bytes([len(name)]) + name + b"\0"
    return HKDFExpand(SHA384() if suite == AES256 else SHA256(), size, info).derive(secret)


def initial_secret(version: int, dcid: bytes, client: bool) -> bytes:
    """What one side's Initial packets are protected with: everybody who sees the first packet can work it out (RFC 9001 §5.2)."""
    import hmac

    common = hmac.digest(SALTS[version], dcid, "sha256")
    return expand(common, "client in" if client else "server in", 32)


class Opened(NamedTuple):
    """A packet without its protection: the first byte, the packet number and how many bytes it took, the frames."""

    first: int
    number: int
    size: int
    plain: bytes


@dataclass(slots=True)
class Keys:
    """One sender's keys of one level (or generation). `label` is the key log's name for the secret."""

    suite: int
    version: int
    secret: bytes
    label: str = ""
    header_key: bytes = b""
    key: bytes = field(init=False)
    iv: bytes = field(init=False)
    _cipher: "AESGCM | AESCCM | ChaCha20Poly1305 | None" = field(default=None, repr=False, init=False)

    def __post_init__(self) -> None:
        size = KEY_BYTES[self.suite]
        self.key = expand(self.secret, self._label("key"), size, self.suite)
        self.iv = expand(self.secret, self._label("iv"), 12, self.suite)
        if not self.header_key:  # it stays over key updates: RFC 9001 §6.1
            self.header_key = expand(self.secret, self._label("hp"), size, self.suite)

    def _label(self, name: str) -> str:
        return f"quicv2 {name}" if self.version == V2 else f"quic {name}"

    def following(self) -> "Keys":
        """The next generation: RFC 9001 §6.1."""
        secret = expand(self.secret, self._label("ku"), len(self.secret), self.suite)
        base, _, number = self.label.rpartition("_")
        label = f"{base}_{int(number) + 1}" if number.isdigit() else self.label
        return Keys(self.suite, self.version, secret, label, self.header_key)

    def unmask(self, data: bytes, start: int, number_at: int) -> tuple[int, int] | None:
        """The first byte and the packet number as sent (RFC 9001 §5.4); None where the packet is too short for it."""
        if number_at + SAMPLE > len(data):
            return None
        mask = self._mask(data[number_at + 4 : number_at + SAMPLE])
        first = data[start] ^ mask[0] & (0x0F if data[start] & LONG else 0x1F)
        size = (first & 3) + 1
        number = bytes(a ^ b for a, b in zip(data[number_at : number_at + size], mask[1:], strict=False))
        return first, int.from_bytes(number, "big")

    def _mask(self, sample: bytes) -> bytes:
        """RFC 9001 §5.4.3, §5.4.4."""
        from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

        if self.suite == CHACHA:
            return Cipher(algorithms.ChaCha20(self.header_key, sample), None).encryptor().update(bytes(5))
        return Cipher(algorithms.AES(self.header_key), modes.ECB()).encryptor().update(sample)[:5]

    def open(self, data: bytes, start: int, number_at: int, stop: int, expected: int) -> Opened | None:
        """A packet's content; `expected` is the packet number that would come next. None: these are not its keys."""
        from cryptography.exceptions import InvalidTag

        unmasked = self.unmask(data[:stop], start, number_at)
        if unmasked is None:
            return None
        first, truncated = unmasked
        size = (first & 3) + 1
        number = full_number(truncated, size, expected)
        associated = bytes([first]) + data[start + 1 : number_at] + truncated.to_bytes(size, "big")
        nonce = (int.from_bytes(self.iv, "big") ^ number).to_bytes(12, "big")
        try:
            plain = self._aead().decrypt(nonce, data[number_at + size : stop], associated)
        except (InvalidTag, ValueError):
            return None
        return Opened(first, number, size, plain)

    def _aead(self) -> "AESGCM | AESCCM | ChaCha20Poly1305":
        if self._cipher is None:
            from cryptography.hazmat.primitives.ciphers.aead import AESCCM, AESGCM, ChaCha20Poly1305

            made = {CHACHA: ChaCha20Poly1305, CCM: AESCCM}.get(self.suite, AESGCM)
            self._cipher = made(self.key)
        return self._cipher


def full_number(truncated: int, size: int, expected: int) -> int:
    """A packet number from its last bytes: the one nearest to the expected (RFC 9000, appendix A.3)."""
    window = 1 << 8 * size
    candidate = expected & ~(window - 1) | truncated
    if candidate + window // 2 <= expected and candidate + window < 1 << 62:
        return candidate + window
    if candidate > expected + window // 2 and candidate >= window:
        return candidate - window
    return candidate
