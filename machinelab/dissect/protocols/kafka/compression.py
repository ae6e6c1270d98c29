"""Compressed records, unpacked: never to more than there is room for, whatever their sender claims."""

from typing import Any

from ...budget import UNPACKED

CODECS = {1: "gzip", 2: "snappy", 3: "lz4", 4: "zstd"}
_XERIAL = b"\x82SNAPPY\0"


def unpack(codec: int, data: bytes, limit: int = UNPACKED) -> bytes | None:
    """The records; None if they cannot be unpacked, or are more than `limit` bytes."""
    import cramjam

    name = CODECS.get(codec)
    if name is None or limit <= 0:
        return None
    if name == "snappy":
        return _snappy(cramjam.snappy, data, limit)
    budget = min(limit, max(1 << 12, len(data) * 8))
    while True:
        out = bytearray(budget)
        try:
            return bytes(out[: getattr(cramjam, name).decompress_into(data, out)])
        except cramjam.DecompressionError:
            if budget >= limit:
                return None
            budget = min(limit, budget * 8)


def _snappy(codec: Any, data: bytes, limit: int) -> bytes | None:
    """Blocks of Snappy behind a header of 16 bytes, as Kafka's Java clients frame them; others send one bare block."""
    if not data.startswith(_XERIAL):
        return _block(codec, data, limit)
    out, at = bytearray(), 16
    while at + 4 <= len(data):
        size = int.from_bytes(data[at : at + 4], "big")
        piece = _block(codec, data[at + 4 : at + 4 + size], limit - len(out))
        if piece is None:
            return None
        out += piece
        at += 4 + size
    return bytes(out)


def _block(codec: Any, data: bytes, limit: int) -> bytes | None:
    """One block, which begins with the size it unpacks to, seven bits a byte."""
    import cramjam

    size = 0
    for place, byte in enumerate(data[:5]):
        size |= (byte & 0x7F) << 7 * place
        if byte < 0x80:
            break
    if size > limit:
        return None
    out = bytearray(size)
    try:
        return bytes(out[: codec.decompress_raw_into(data, out)])
    except cramjam.DecompressionError:
        return None
