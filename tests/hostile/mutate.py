"""Real packets made hostile: bits flipped, cut, swapped, doubled, spliced, with lengths and counts at their extremes.

What comes out depends on the seed alone, so that whatever breaks can be had again.
"""

import random
from collections.abc import Iterator, Sequence

from machinelab.dissect.core import Frame

EXTREMES = (b"\0", b"\xff", b"\x7f", b"\x80", b"\0\0", b"\xff\xff", b"\x80\0", b"\x7f\xff", b"\0\0\0\0", b"\xff\xff\xff\xff",
            b"\x7f\xff\xff\xff", b"\x80\0\0\0", b"\xff" * 8, b"\x00\xff\xff\xff", b"\xc0\x0c", b"\xff" * 10)  # fmt: skip
# What a protocol's text may carry: ends of lines, numbers too large, escapes of terminals, markup.
WORDS = (b"\r\n\r\n", b"0\r\n", b"\r\nContent-Length: 99999999999999999999\r\n", b"\r\nTransfer-Encoding: chunked\r\n", b"\x1b]0;x\x07",
         b"ffffffffffffffff\r\n", b"<script>", b"%00%ff%", b'{"a":' * 40, "\u202e\ufeff".encode(), b"." * 300)  # fmt: skip


def stream(frames: Sequence[Frame], seed: int) -> Iterator[Frame]:
    """The frames once more, many of them mutated, some lost, doubled or out of order."""
    dice = random.Random(seed)
    waiting: list[Frame] = []
    for frame in frames:
        fate = dice.random()
        if fate < 0.02:
            continue
        if fate < 0.05:
            waiting.append(frame)
            continue
        if fate < 0.50:
            yield frame
        else:
            data = packet(frame.data, dice, frames)
            yield frame._replace(data=data, length=max(len(data), frame.length))
        if fate > 0.97:
            yield frame
        if waiting and dice.random() < 0.5:
            yield waiting.pop()
    yield from waiting


def packet(data: bytes, dice: random.Random, others: Sequence[Frame]) -> bytes:
    """One packet, mutated once to four times; mostly behind its first headers, so that what is inside is reached."""
    out = bytearray(data)
    for _ in range(dice.choice((1, 1, 1, 2, 3, 4))):
        if not out:
            break
        floor = dice.choice((0, 14, 34, 42, 54, 66, 66))
        at = dice.randrange(min(floor, len(out) - 1), len(out))
        kind = dice.randrange(9)
        if kind <= 2:
            out[at] ^= 1 << dice.randrange(8)
        elif kind <= 4:
            extreme = dice.choice(EXTREMES)
            out[at : at + len(extreme)] = extreme
        elif kind == 5:
            del out[at:]
        elif kind == 6:
            del out[at : at + dice.randrange(1, 9)]
        elif kind == 7:
            out[at:at] = dice.choice(WORDS)
        else:
            other = dice.choice(others).data
            out[at:] = other[at : at + 1500]
    return bytes(out[:65_535])
