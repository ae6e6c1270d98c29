"""Header blocks of one sender, decompressed by `pylsqpack`: RFC 9204."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pylsqpack import Decoder

BLOCKED = 1024  # streams that may wait for the encoder's instructions
CAPACITY = 1 << 16  # bytes of the dynamic table that are allowed at most
MOST = 1 << 18  # bytes of a header block

Pair = tuple[bytes, bytes]


@dataclass(slots=True)
class Block:
    """A header block's headers; None where they could not be read. `blocked`: it came before what it refers to."""

    headers: list[Pair] | None = None
    blocked: bool = False

    def get(self, name: bytes) -> str:
        """The value of the first header of that name; empty where there is none."""
        return next(
            (value.decode("utf-8", "replace") for each, value in self.headers or () if each == name), ""
        )


class Blocks:
    """Reads one sender's blocks. The dynamic table is as large as the other side's SETTINGS allow (RFC 9204 §3.2.3)."""

    __slots__ = ("_broken", "_capacity", "_decoder", "_waiting")

    def __init__(self) -> None:
        self._capacity = 0
        self._decoder: Decoder | None = None
        self._waiting: dict[int, Block] = {}
        self._broken = False

    def allow(self, capacity: int) -> None:
        """The reader's SETTINGS: before them nothing but the static table may be used."""
        self._capacity = min(capacity, CAPACITY)
        self._decoder = None

    def _known(self) -> "Decoder":
        if self._decoder is None:
            from pylsqpack import Decoder

            self._decoder = Decoder(self._capacity, BLOCKED)
        return self._decoder

    def read(self, stream: int, data: bytes) -> Block:
        """The headers of a block; filled in later where the instructions that it needs are yet to come."""
        from pylsqpack import DecompressionFailed, StreamBlocked

        block = Block()
        if self._broken or len(data) > MOST or stream in self._waiting:
            return block
        try:
            block.headers = self._known().feed_header(stream, data)[1]
        except StreamBlocked:
            block.blocked = True
            self._waiting[stream] = block
        except (DecompressionFailed, ValueError):
            block.headers = None
        return block

    def instruct(self, data: bytes) -> None:
        """Instructions for the dynamic table (RFC 9204 §4.3), and the blocks that waited for them."""
        from pylsqpack import DecompressionFailed, EncoderStreamError

        if self._broken or not data:
            return
        try:
            freed = self._known().feed_encoder(data)
        except (EncoderStreamError, ValueError):
            self._broken = True
            return
        for stream in freed:
            block = self._waiting.pop(stream, None)
            try:
                headers = self._known().resume_header(stream)[1]
            except (DecompressionFailed, ValueError):
                continue
            if block is not None:
                block.headers = headers
