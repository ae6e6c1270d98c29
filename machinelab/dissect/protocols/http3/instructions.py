"""Instructions of QPACK's encoder stream, by which a sender fills the other side's dynamic table: RFC 9204 §4.3."""

from collections.abc import Iterator
from typing import NamedTuple

from ...core import Short

INSERT_INDEXED, INSERT, CAPACITY, DUPLICATE = "insert_indexed", "insert", "dtable_cap", "duplicate"


class Text(NamedTuple):
    """A string, where its bytes stand, and whether Huffman's code is undone in `value` (RFC 7541 §5.2)."""

    value: bytes
    start: int
    stop: int
    huffman: bool


class Instruction(NamedTuple):
    """One instruction at `start`:`stop`. `reference` is where the index of a name ends, `number` the index, or a capacity in bytes."""

    kind: str
    start: int
    stop: int
    reference: int = 0
    number: int = 0
    name: Text | None = None
    value: Text | None = None

    @property
    def inserts(self) -> bool:
        """Whether the table has an entry more."""
        return self.kind != CAPACITY


def instructions(data: bytes, at: int, stop: int) -> Iterator[Instruction]:
    """Those that end before `stop`."""
    try:
        while at < stop:
            found = _instruction(data, at, stop)
            yield found
            at = found.stop
    except Short:
        return


def _instruction(data: bytes, start: int, stop: int) -> Instruction:
    first = data[start]
    if first & 0x80:
        index, at = _integer(data, start, stop, 6)
        value = _text(data, at, stop, 7)
        return Instruction(INSERT_INDEXED, start, value.stop, at, index, value=value)
    if first & 0x40:
        name = _text(data, start, stop, 5)
        value = _text(data, name.stop, stop, 7)
        return Instruction(INSERT, start, value.stop, name=name, value=value)
    number, at = _integer(data, start, stop, 5)
    return Instruction(CAPACITY if first & 0x20 else DUPLICATE, start, at, number=number)


def _integer(data: bytes, at: int, stop: int, bits: int) -> tuple[int, int]:
    """A number whose first part is the last `bits` of a byte: RFC 9204 §4.1.1."""
    if at >= stop:
        raise Short
    most = (1 << bits) - 1
    value, at = data[at] & most, at + 1
    if value < most:
        return value, at
    for shift in range(0, 63, 7):
        if at >= stop:
            raise Short
        value += (data[at] & 0x7F) << shift
        at += 1
        if not data[at - 1] & 0x80:
            return value, at
    raise Short


def _text(data: bytes, start: int, stop: int, bits: int) -> Text:
    """A string whose length has `bits` in its first byte, and before them the one that says Huffman."""
    size, at = _integer(data, start, stop, bits)
    if at + size > stop:
        raise Short
    raw, coded = data[at : at + size], bool(data[start] >> bits & 1)
    return Text(_unhuffed(raw) if coded else raw, at, at + size, coded)


def _unhuffed(raw: bytes) -> bytes:
    from hpack.exceptions import HPACKDecodingError
    from hpack.huffman_table import decode_huffman

    try:
        return bytes(decode_huffman(raw))
    except HPACKDecodingError as error:
        raise Short from error
