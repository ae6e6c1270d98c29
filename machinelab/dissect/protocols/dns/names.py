"""Reading a DNS message: names with their compression (RFC 1035 §4.1.4), and what record types need to read theirs."""

from typing import NamedTuple

from ...core import Short, View
from .variants import Variant

LONGEST = 255  # RFC 1035 §3.1: octets of a name on the wire, its length octets counted
MOST_LABELS = 128
ROOT = "<Root>"
LOOP = "<Name contains a pointer that loops>"

_ESCAPES = {
    "\a": "\\a",
    "\b": "\\b",
    "\f": "\\f",
    "\n": "\\n",
    "\r": "\\r",
    "\t": "\\t",
    "\v": "\\v",
    '"': '\\"',
    "\\": "\\\\",
}


def printable(octets: bytes) -> str:
    """Octets as Wireshark writes them: UTF-8 where it is, escapes for quotes and controls, so that they are safe to show."""
    try:
        text = octets.decode("utf-8")
    except UnicodeDecodeError:
        text = octets.decode("utf-8", "replace")
    if text.isprintable() and '"' not in text and "\\" not in text:
        return text
    return "".join(_escaped(character) for character in text)


def _escaped(character: str) -> str:
    if character in _ESCAPES:
        return _ESCAPES[character]
    if character.isprintable():
        return character
    return "".join(f"\\{octet:03o}" for octet in character.encode("utf-8"))


class Name(NamedTuple):
    """A name as it was read: as text, where it ends, how many octets and labels it has when written out with dots."""

    text: str
    after: int
    size: int
    labels: int


def walk_name(data: bytes, at: int, origin: int, stop: int, end: int = 0) -> Name:
    """The name at an offset; pointers count from `origin`, up to `end`. A pointer that loops gives a text that says so.

    Raises Short where it is no name: past the end, or longer than RFC 1035 §3.1 lets it be.
    """
    labels: list[bytes] = []
    after, size, jumps = 0, 0, 0
    end = end or stop
    while True:
        if at >= stop:
            raise Short
        length = data[at]
        if length == 0:
            break
        if length < 64:
            if at + length >= stop:
                raise Short
            labels.append(data[at + 1 : at + 1 + length])
            size += length + 1
            at += length + 1
        elif length >= 192 and at + 1 < stop:
            after = after or at + 2
            at, stop = origin + ((length & 63) << 8 | data[at + 1]), end
            jumps += 1
            # Each jump of a name that ends adds a label at least.
            if jumps > MOST_LABELS:
                return Name(LOOP, after, len(LOOP), 1)
        else:
            raise Short
        if size >= LONGEST:
            raise Short
    if not labels:
        return Name(ROOT, after or at + 1, len(ROOT), 1)
    octets = b".".join(labels)
    return Name(printable(octets), after or at + 1, len(octets), octets.count(b".") + 1)


class Reader:
    """One message: `origin` is where its header begins (pointers count from there), `end` where it ends."""

    __slots__ = ("_names", "add", "buffer", "cut", "data", "end", "origin", "variant", "view")

    def __init__(self, view: View, origin: int, end: int, variant: Variant) -> None:
        self.view = view
        self.variant = variant
        self.data = view.data
        self.buffer = view.buffer
        self.add = view.add
        self.origin = origin
        self.end = end
        self.cut = False  # the record being read goes beyond the end
        self._names: dict[int, Name] = {}

    def name(self, at: int, stop: int) -> Name:
        """The name at an offset. Raises Short where it is none."""
        found = self._names.get(at)
        if found is None or found.after > stop:
            found = self._repeated(at, stop) or walk_name(self.data, at, self.origin, stop, self.end)
            self._names[at] = found
        return found

    def _repeated(self, at: int, stop: int) -> Name | None:
        """A pointer to a name read before that has no pointer of its own: most owner names in a reply."""
        data = self.data
        if at + 1 >= stop or data[at] < 192:
            return None
        target = self.origin + ((data[at] & 63) << 8 | data[at + 1])
        known = self._names.get(target)
        if known is None or known.after - target != known.size + 2:
            return None
        return Name(known.text, at + 2, known.size, known.labels)

    def put_name(self, field: str, at: int, stop: int, group: str) -> int:
        """A field that is a name; gives where it ends."""
        text, after, _, _ = self.name(at, stop)
        self.add((field, text, at, after, self.buffer, 0, group))
        return after

    def uint(self, field: str, at: int, size: int, stop: int, group: str) -> int:
        """A field that is a number of `size` bytes; gives the number."""
        if at + size > stop:
            raise Short
        value = int.from_bytes(self.data[at : at + size], "big")
        self.add((field, value, at, at + size, self.buffer, 0, group))
        return value

    def octets(self, field: str, at: int, stop: int, group: str) -> None:
        """A field that is the bytes at `at`:`stop`."""
        if stop > self.end or (self.cut and stop == self.end):
            raise Short
        self.add((field, self.data[at:stop], at, stop, self.buffer, 0, group))

    def text(self, field: str, at: int, stop: int, group: str) -> None:
        """A field that is characters."""
        if stop > self.end or (self.cut and stop == self.end):
            raise Short
        self.add((field, printable(self.data[at:stop]), at, stop, self.buffer, 0, group))

    def string(self, field: str, length: str, at: int, stop: int, group: str) -> int:
        """A length and that many characters (RFC 1035 §3.3's character-string); gives where it ends."""
        size = self.uint(length, at, 1, stop, group)
        if at + 1 + size > stop:
            raise Short
        self.text(field, at + 1, at + 1 + size, group)
        return at + 1 + size


class Rdata(NamedTuple):
    """A record's own data at `at`:`stop`, and the group that its fields go to."""

    reader: Reader
    at: int
    stop: int
    group: str
