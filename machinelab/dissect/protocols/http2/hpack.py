"""Header blocks: HPACK, RFC 7541. The tables and Huffman's code are the `hpack` library's; where each header stands is kept here."""

from typing import TYPE_CHECKING, NamedTuple

from ...core import Short

if TYPE_CHECKING:
    from hpack.table import HeaderTable

LONGEST = 1 << 18  # bytes of names and values that one block may come to: one byte may stand for 4,096
OVERHEAD = 32  # bytes that each entry counts beside its name and value: RFC 7541 §4.1
LARGEST_TABLE = 1 << 16  # bytes; a peer may allow any size
INDEXED = "Indexed Header Field"
INCREMENTAL = "Literal Header Field with Incremental Indexing"
WITHOUT = "Literal Header Field without Indexing"
NEVER = "Literal Header Field never Indexed"
UPDATE = "Header table size update"


class Line(NamedTuple):
    """A header of a block. `representation` as RFC 7541 §6 calls it, `number` is its index, 0 where the name is new; `start`:`stop` of the block.

    Of a change of the table's size, `number` is the new size in bytes.
    """

    name: bytes
    value: bytes
    representation: str
    number: int
    start: int
    stop: int


class Block(NamedTuple):
    """A header block. `ended`: how many of its bytes were understood; `exceeded`: it was given up for its size."""

    lines: tuple[Line, ...]
    ended: int
    exceeded: bool = False

    def get(self, name: bytes) -> str:
        """The value of the first header of that name; empty where there is none."""
        return next((line.value.decode("utf-8", "replace") for line in self.lines if line.name == name), "")


NOTHING = Block((), 0)


class Decoder:
    """What one sender's blocks are read with: its dynamic table. Blocks have to come in order, none left out: RFC 7541 §2.2."""

    __slots__ = ("_table", "lost")

    def __init__(self) -> None:
        self._table: HeaderTable | None = None
        self.lost = False  # a block was missed or broken, so that indices may mean something else

    def read(self, block: bytes) -> Block:
        """The headers of a block, and what they do to the table."""
        lines: list[Line] = []
        at, size = 0, 0
        try:
            while at < len(block):
                line = self._line(block, at)
                size += len(line.name) + len(line.value) + OVERHEAD
                if size > LONGEST:
                    self.lost = True
                    return Block(tuple(lines), at, True)
                lines.append(line)
                at = line.stop
        except (Short, ValueError):
            self.lost = True
        return Block(tuple(lines), at)

    def _line(self, block: bytes, start: int) -> Line:
        """The representation at `start`: RFC 7541 §6. Raises Short, or ValueError for an index that nothing has."""
        first, table = block[start], self._known()
        if first & 0x80:
            index, at = integer(block, start, 7)
            name, value = self._entry(index)
            return Line(name, value, INDEXED, index, start, at)
        if first & 0xE0 == 0x20:
            size, at = integer(block, start, 5)
            table.maxsize = min(size, LARGEST_TABLE)
            return Line(b"", b"", UPDATE, size, start, at)
        kind, bits = (INCREMENTAL, 6) if first & 0x40 else (NEVER if first & 0x10 else WITHOUT, 4)
        index, at = integer(block, start, bits)
        name, at = (self._entry(index)[0], at) if index else string(block, at)
        value, at = string(block, at)
        if kind == INCREMENTAL:
            table.add(name, value)
        return Line(name, value, f"{kind} - {'Indexed' if index else 'New'} Name", index, start, at)

    def _entry(self, index: int) -> tuple[bytes, bytes]:
        from hpack.exceptions import InvalidTableIndex

        try:
            name, value = self._known().get_by_index(index)
        except InvalidTableIndex as error:
            raise ValueError from error
        return bytes(name), bytes(value)

    def _known(self) -> "HeaderTable":
        if self._table is None:
            from hpack.table import HeaderTable

            self._table = HeaderTable()
        return self._table


def integer(data: bytes, at: int, bits: int) -> tuple[int, int]:
    """A number whose first part is the last `bits` of a byte, and where it ends: RFC 7541 §5.1. Raises Short."""
    if at >= len(data):
        raise Short
    most = (1 << bits) - 1
    value, at = data[at] & most, at + 1
    if value < most:
        return value, at
    for shift in range(0, 35, 7):
        if at >= len(data):
            raise Short
        value += (data[at] & 0x7F) << shift
        at += 1
        if not data[at - 1] & 0x80:
            return value, at
    raise Short


def string(data: bytes, at: int) -> tuple[bytes, int]:
    """A string, Huffman's code undone, and where it ends: RFC 7541 §5.2. Raises Short."""
    coded = at < len(data) and data[at] & 0x80 != 0
    size, at = integer(data, at, 7)
    if at + size > len(data):
        raise Short
    raw = data[at : at + size]
    return (unhuffed(raw) if coded else raw), at + size


def unhuffed(raw: bytes) -> bytes:
    """What Huffman's code stands for: RFC 7541 §5.2. Raises Short where it is none."""
    from hpack.exceptions import HPACKDecodingError
    from hpack.huffman_table import decode_huffman

    try:
        return bytes(decode_huffman(raw))
    except HPACKDecodingError as error:
        raise Short from error
