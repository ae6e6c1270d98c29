"""DER, walked for where things stand: X.690 §8, §10. What things mean is for those who know the schema."""

from collections.abc import Iterator
from typing import NamedTuple

from ...core import Short

MOST = 4096  # values looked at in one place; a certificate has some hundreds in all


class DerNode(NamedTuple):
    """One value: its identifier octet, where it starts, where its content starts, where it ends."""

    tag: int
    start: int
    body: int
    stop: int

    @property
    def size(self) -> int:
        """How many bytes its content has."""
        return self.stop - self.body


def node(data: bytes, at: int, stop: int) -> DerNode:
    """The value at `at`. Raises Short if it does not end by `stop`, or has a form that DER has not."""
    if at + 2 > stop or data[at] & 31 == 31:
        raise Short
    size, body = data[at + 1], at + 2
    if size & 0x80:
        count = size & 0x7F
        if not 1 <= count <= 4 or body + count > stop:
            raise Short
        size = int.from_bytes(data[body : body + count], "big")
        body += count
    if body + size > stop:
        raise Short
    return DerNode(data[at], at, body, body + size)


def inside(data: bytes, outer: DerNode) -> Iterator[DerNode]:
    """The values one after another in a value's content."""
    at, count = outer.body, 0
    while at < outer.stop and count < MOST:
        found = node(data, at, outer.stop)
        yield found
        at, count = found.stop, count + 1


def oid(data: bytes, found: DerNode) -> str:
    """An object identifier in its dotted form: X.690 §8.19."""
    arcs, value = list[int](), 0
    for byte in data[found.body : found.stop]:
        value = value << 7 | byte & 0x7F
        if value.bit_length() > 128:
            raise Short
        if not byte & 0x80:
            arcs.append(value)
            value = 0
    if not arcs:
        raise Short
    first = min(arcs[0] // 40, 2)
    return ".".join(str(arc) for arc in (first, arcs[0] - 40 * first, *arcs[1:]))
