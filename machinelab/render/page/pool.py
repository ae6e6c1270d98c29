"""All bytes of a page, each stretch kept once: what was reassembled is mostly what stands in the frames already."""

import base64

SHORTEST = 24  # bytes of a stretch that is worth a reference


class Pool:
    """Bytes that buffers are cut from."""

    def __init__(self) -> None:
        self._bytes = bytearray()
        self._known: dict[bytes, list[int]] = {}

    def __len__(self) -> int:
        return len(self._bytes)

    def put(self, data: bytes) -> list[int]:
        """Where the data stand: offset and length of each stretch, in turn."""
        if data not in self._known:
            self._known[data] = self._stretches(data)
        return self._known[data]

    def _stretches(self, data: bytes) -> list[int]:
        found: list[int] = []
        at = 0
        while at < len(data):
            length = self._length(data, at)
            if length < SHORTEST:
                found += [len(self._bytes), len(data) - at]
                self._bytes += data[at:]
                break
            found += [self._bytes.find(data[at : at + length]), length]
            at += length
        return found

    def _length(self, data: bytes, at: int) -> int:
        """How many of the bytes from there on stand somewhere in one piece: the start of what is there is there too."""
        low, high = 0, len(data) - at
        if high < SHORTEST or self._bytes.find(data[at : at + SHORTEST]) < 0:
            return 0
        while low < high:
            middle = (low + high + 1) // 2
            if self._bytes.find(data[at : at + middle]) >= 0:
                low = middle
            else:
                high = middle - 1
        return low

    def encoded(self) -> str:
        """All of them in base64 (RFC 4648 §4)."""
        return base64.b64encode(self._bytes).decode()
