"""Content of HTTP messages as it was meant: content codings undone, and read by whoever knows its media type: RFC 9110 §8.3, §8.4."""

import zlib

from .core import View
from .data import dissect as rest
from .registry import offer, tables

UNPACKED = 1 << 20  # bytes of encoded content that are decoded: a bomb stops here
CODINGS = {"gzip": 31, "x-gzip": 31, "deflate": 47}


def unpacked(data: bytes, wbits: int, budget: int = UNPACKED) -> tuple[bytes | None, bool]:
    """Encoded content decoded, its first megabyte, and whether there is more; None where it is damaged, or without `budget`."""
    if budget <= 0:
        return None, True
    for bits in (wbits, -15) if wbits == 47 else (wbits,):
        try:
            packing = zlib.decompressobj(bits)
            plain = packing.decompress(data, min(budget, UNPACKED))
        except zlib.error:
            continue
        return plain, bool(packing.unconsumed_tail)
    return None, False


def decoded(view: View, start: int, stop: int, coding: str) -> tuple[View, int, int, bool]:
    """The content in a buffer of its own if it was encoded, and whether something of it is missing."""
    wbits = CODINGS.get(coding.strip().lower())
    if wbits is None:
        return view, start, stop, False
    plain, more = unpacked(view.data[start:stop], wbits, view.budget.most(len(view.out)))
    view.budget.take(plain)
    if plain is None:
        return view, start, stop, more
    inner = view.enter(plain, "Uncompressed entity body")
    return inner, 0, len(plain), more


def by_media_type(view: View, start: int, stop: int, content_type: str) -> None:
    """Have content read by its media type, or as octets where there is none."""
    kind = (content_type or "application/octet-stream").partition(";")[0].strip().lower()
    if kind == "application/octet-stream":
        rest(view, start, stop)
        return
    key = kind if ("media_type", kind) in tables().subdissectors else "+" + kind.rpartition("+")[2]
    made = offer(view, "media_type", key, start, stop)
    if made is not None:
        offer(view, "media_type.content", key, start, stop, made)
