"""Numbers of variable length, as QUIC and what is built on it write them: RFC 9000 §16."""

from .core import Short


def varint(data: bytes | bytearray, at: int, stop: int) -> tuple[int, int]:
    """The number at `at`, and where it ends. Raises Short where that is beyond `stop`."""
    if at >= stop:
        raise Short
    size = 1 << (data[at] >> 6)
    if at + size > stop:
        raise Short
    return int.from_bytes(data[at : at + size], "big") & (1 << 8 * size - 2) - 1, at + size
