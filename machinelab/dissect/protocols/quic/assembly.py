"""Bytes of CRYPTO and STREAM frames put into order: RFC 9000 §2.2, §7.5."""

MOST = 1 << 20  # bytes of one stream that may wait for those before them
FRAMES = 4096  # frames that may wait


class Assembler:
    """One direction of a stream. `next` is the offset up to which everything was seen."""

    __slots__ = ("_held", "_waiting", "final", "next")

    def __init__(self) -> None:
        self.next = 0
        self.final = -1  # the stream's size, once it is known
        self._held: dict[int, bytes] = {}
        self._waiting = 0

    def add(self, offset: int, data: bytes, *, fin: bool = False) -> tuple[int, bytes]:
        """What can be read now: how many of the frame's bytes were known already, and the bytes from there on, with those that waited for them."""
        if fin:
            self.final = offset + len(data)
        if offset > self.next:
            self._hold(offset, data)
            return 0, b""
        known = min(self.next - offset, len(data))
        fresh = data[known:]
        self.next += len(fresh)
        return known, fresh + self._released() if fresh and self._held else fresh

    @property
    def ended(self) -> bool:
        """Whether all of the stream was seen."""
        return self.next == self.final

    def _hold(self, offset: int, data: bytes) -> None:
        if self._waiting + len(data) > MOST or len(self._held) >= FRAMES:
            return
        if len(data) > len(self._held.get(offset, b"")):
            self._waiting += len(data) - len(self._held.get(offset, b""))
            self._held[offset] = data

    def _released(self) -> bytes:
        """What waited for the bytes that were just read."""
        out = bytearray()
        for offset in sorted(self._held):
            if offset > self.next:
                break
            data = self._held.pop(offset)
            self._waiting -= len(data)
            fresh = data[self.next - offset :]
            out += fresh
            self.next += len(fresh)
        return bytes(out)
