"""How TLS makes keys from secrets and opens records: RFC 9846 §5.2, §7.1; RFC 5246 §5, §6.3; RFC 5288, 6655, 7905."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESCCM, AESGCM, ChaCha20Poly1305

GCM, CCM, CHACHA = "GCM", "CCM", "CHACHA20-POLY1305"


@dataclass(frozen=True, slots=True)
class Suite:
    """How a cipher suite seals: the algorithm, its key and tag in bytes, the hash, and (1.2) whether RSA carries the secret."""

    aead: str
    key: int
    hash: str = "sha256"
    tag: int = 16
    static: bool = False


SUITES = {
    0x1301: Suite(GCM, 16), 0x1302: Suite(GCM, 32, "sha384"), 0x1303: Suite(CHACHA, 32),
    0x1304: Suite(CCM, 16), 0x1305: Suite(CCM, 16, tag=8),
    0x009C: Suite(GCM, 16, static=True), 0x009D: Suite(GCM, 32, "sha384", static=True),
    0x009E: Suite(GCM, 16), 0x009F: Suite(GCM, 32, "sha384"),
    0xC02B: Suite(GCM, 16), 0xC02C: Suite(GCM, 32, "sha384"), 0xC02F: Suite(GCM, 16), 0xC030: Suite(GCM, 32, "sha384"),
    0xC09C: Suite(CCM, 16, static=True), 0xC09D: Suite(CCM, 32, static=True),
    0xC09E: Suite(CCM, 16), 0xC09F: Suite(CCM, 32),
    0xC0A0: Suite(CCM, 16, tag=8, static=True), 0xC0A1: Suite(CCM, 32, tag=8, static=True),
    0xC0AC: Suite(CCM, 16), 0xC0AD: Suite(CCM, 32), 0xC0AE: Suite(CCM, 16, tag=8), 0xC0AF: Suite(CCM, 32, tag=8),
    0xCCA8: Suite(CHACHA, 32), 0xCCA9: Suite(CHACHA, 32), 0xCCAA: Suite(CHACHA, 32),
}  # fmt: skip


def mac(key: bytes, data: bytes, hash: str) -> bytes:
    """HMAC: RFC 2104."""
    import hmac  # with hashlib 4 ms, and to list packets takes neither

    return hmac.digest(key, data, hash)


def transcript(hash: str, data: bytes) -> Any:
    """A hash that more can be added to: hashlib's own type has no name."""
    import hashlib

    return hashlib.new(hash, data)


def expand_label(secret: bytes, label: str, context: bytes, length: int, hash: str) -> bytes:
    """HKDF-Expand-Label: RFC 9846 §7.1."""
    name = b"tls13 " + label.encode()
    info = length.to_bytes(2, "big") + bytes([len(name)]) + name + bytes([len(context)]) + context
    return expand(secret, info, length, hash)


def expand(secret: bytes, info: bytes, length: int, hash: str) -> bytes:
    """HKDF-Expand: RFC 5869 §2.3."""
    out, block, count = b"", b"", 1
    while len(out) < length:
        block = mac(secret, block + info + bytes([count]), hash)
        out += block
        count += 1
    return out[:length]


def prf(secret: bytes, label: str, seed: bytes, length: int, hash: str) -> bytes:
    """The pseudorandom function of TLS 1.2: RFC 5246 §5."""
    seed = label.encode() + seed
    out, a = b"", seed
    while len(out) < length:
        a = mac(secret, a, hash)
        out += mac(secret, a + seed, hash)
    return out[:length]


def digest(hash: str, data: bytes) -> bytes:
    """The transcript's hash."""
    found: bytes = transcript(hash, data).digest()
    return found


@dataclass(slots=True)
class Keys:
    """One direction's keys under one secret. `iv` has 12 bytes, or 4 where the nonce's rest stands in the record (1.2)."""

    suite: Suite
    key: bytes
    iv: bytes
    secret: bytes = b""
    label: str = ""
    modern: bool = True
    sequence: int = 0
    _cipher: "AESGCM | AESCCM | ChaCha20Poly1305 | None" = field(default=None, repr=False)

    def nonce(self, record: bytes, sequence: int) -> bytes:
        """RFC 9846 §5.3, RFC 7905 §2: the number added to the iv; RFC 5288 §3: half of it in the record."""
        if len(self.iv) == 4:
            return self.iv + record[5:13]
        return (int.from_bytes(self.iv, "big") ^ sequence).to_bytes(12, "big")

    def open(self, record: bytes) -> bytes | None:
        """What the next record holds sealed; None if these are not its keys. Counts on if they are."""
        opened = self.read(record, self.sequence)
        if opened is not None:
            self.sequence += 1
        return opened

    def read(self, record: bytes, sequence: int) -> bytes | None:
        """What the record of that number holds, with its type at the end in TLS 1.3; None if it is another's."""
        from cryptography.exceptions import InvalidTag

        start = 13 if len(self.iv) == 4 else 5
        sealed = record[start:]
        if len(sealed) < self.suite.tag:
            return None
        if self.modern:
            state = record[:5]
        else:
            size = len(sealed) - self.suite.tag
            state = sequence.to_bytes(8, "big") + record[:3] + size.to_bytes(2, "big")
        try:
            opened = self._aead().decrypt(self.nonce(record, sequence), sealed, state)
        except (InvalidTag, ValueError):
            return None
        return opened.rstrip(b"\0") if self.modern else opened

    def _aead(self) -> "AESGCM | AESCCM | ChaCha20Poly1305":
        if self._cipher is None:
            from cryptography.hazmat.primitives.ciphers.aead import AESCCM, AESGCM, ChaCha20Poly1305

            if self.suite.aead == GCM:
                self._cipher = AESGCM(self.key)
            elif self.suite.aead == CCM:
                self._cipher = AESCCM(self.key, self.suite.tag)
            else:
                self._cipher = ChaCha20Poly1305(self.key)
        return self._cipher


def traffic(suite: Suite, secret: bytes, label: str) -> Keys:
    """Key and iv of a traffic secret: RFC 9846 §7.3."""
    key = expand_label(secret, "key", b"", suite.key, suite.hash)
    return Keys(suite, key, expand_label(secret, "iv", b"", 12, suite.hash), secret, label)


def following(keys: Keys) -> Keys:
    """The next generation, after a KeyUpdate: RFC 9846 §7.2."""
    size = len(digest(keys.suite.hash, b""))
    base, _, number = keys.label.rpartition("_")
    label = f"{base}_{int(number) + 1}" if number.isdigit() else keys.label
    return traffic(keys.suite, expand_label(keys.secret, "traffic upd", b"", size, keys.suite.hash), label)


def key_block(suite: Suite, master: bytes, client: bytes, server: bytes) -> tuple[Keys, Keys]:
    """Both directions' keys in TLS 1.2, the client's first: RFC 5246 §6.3. An AEAD needs no MAC keys."""
    iv = 12 if suite.aead == CHACHA else 4
    block = prf(master, "key expansion", server + client, 2 * (suite.key + iv), suite.hash)
    ends = [suite.key, 2 * suite.key, 2 * suite.key + iv]
    parts = [block[a:b] for a, b in zip([0, *ends], [*ends, len(block)], strict=True)]
    return (
        Keys(suite, parts[0], parts[2], master, "CLIENT_RANDOM", modern=False),
        Keys(suite, parts[1], parts[3], master, "CLIENT_RANDOM", modern=False),
    )
