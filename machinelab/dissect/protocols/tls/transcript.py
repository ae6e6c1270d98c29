"""The transcript of a handshake, hashed as soon as it is known how: RFC 9846 §4.1."""

from typing import Any

from ...tls.crypto import transcript

LONGEST = 1 << 18  # bytes kept of hellos until the suite is known


class Transcript:
    """All handshake messages so far. Until the server has chosen a suite they are kept as they are."""

    def __init__(self) -> None:
        self._hellos = bytearray()
        self._hash: Any = None  # hashlib's own type has no name

    @property
    def begun(self) -> bool:
        """Whether it is known how to hash."""
        return self._hash is not None

    def add(self, message: bytes) -> None:
        """A further message."""
        if self._hash is not None:
            self._hash.update(message)
        elif len(self._hellos) < LONGEST:
            self._hellos += message

    def begin(self, hash: str) -> None:
        """The suite is known, and with it the hash."""
        if self._hash is None:
            self._hash = transcript(hash, bytes(self._hellos))

    def restart(self, hash: str) -> None:
        """A HelloRetryRequest: the first hello is replaced by its hash (RFC 9846 §4.1)."""
        self.begin(hash)
        first = self._hash.digest()
        self._hash = transcript(hash, bytes([254, 0, 0, len(first)]) + first)

    def digest(self, *further: bytes) -> bytes:
        """The hash, of further messages too if need be; none before it is known how to hash."""
        if self._hash is None:
            return b""
        hash = self._hash.copy()
        for message in further:
            hash.update(message)
        found: bytes = hash.digest()
        return found
