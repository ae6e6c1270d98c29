"""Numbers and flags that share a few bytes, as a table says."""

from collections.abc import Iterable

from .core import Raw


def bits(
    prefix: str,
    value: int,
    table: Iterable[tuple[str, int, type]],
    start: int,
    stop: int,
    buffer: str,
    group: str,
) -> list[Raw]:
    """A field for each row of the table: the end of its name, its mask, and whether it is a number (int) or a flag (bool).

    `value` is the number at `start`:`stop` that the masks are of.
    """
    return [
        (
            f"{prefix}.{name}",
            kind((value & mask) >> (mask & -mask).bit_length() - 1),
            start,
            stop,
            buffer,
            mask,
            group,
        )
        for name, mask, kind in table
    ]
