"""Reading a DNS message: names with their compression (RFC 1035 §4.1.4), and what record types need to read theirs."""

from ..model import Field
from .core import Short, View

LONGEST = 255  # RFC 1035 §3.1: octets of a name on the wire, its length octets counted
ROOT = "<Root>"

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


def walk_name(data: bytes, at: int, origin: int, stop: int, end: int = 0) -> tuple[str, int, int]:
    """The name at an offset: its text, its number of labels, where it ends; pointers count from `origin`, up to `end`.

    Raises Short where it is none: past the end, longer than a name can be, or a pointer that does not point back.
    """
    labels, after, size = [], 0, 0
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
            target = origin + ((length & 63) << 8 | data[at + 1])
            # A pointer points back (RFC 1035 §4.1.4), so following it always ends.
            if target >= at:
                raise Short
            at, stop = target, end
        else:
            raise Short
        if size >= LONGEST:
            raise Short
    return printable(b".".join(labels)) or ROOT, len(labels), after or at + 1


class Reader:
    """One message: `origin` is where its header begins (pointers count from there), `end` where it ends."""

    __slots__ = ("_names", "add", "buffer", "data", "end", "origin", "view")

    def __init__(self, view: View, origin: int, end: int) -> None:
        self.view = view
        self.data = view.data
        self.buffer = view.buffer
        self.add = view.add
        self.origin = origin
        self.end = end
        self._names: dict[int, tuple[str, int, int]] = {}

    def name(self, at: int, stop: int) -> tuple[str, int, int]:
        """The name at an offset: its text, its number of labels, where it ends. Raises Short where it is none."""
        found = self._names.get(at)
        if found is None or found[2] > stop:
            found = self._names[at] = walk_name(self.data, at, self.origin, stop, self.end)
        return found

    def put_name(self, field: str, at: int, stop: int, group: str) -> int:
        """A field that is a name; gives where it ends."""
        text, _, after = self.name(at, stop)
        self.add(Field(field, text, at, after, self.buffer, 0, group))
        return after

    def uint(self, field: str, at: int, size: int, stop: int, group: str) -> int:
        """A field that is a number of `size` bytes; gives the number."""
        if at + size > stop:
            raise Short
        value = int.from_bytes(self.data[at : at + size], "big")
        self.add(Field(field, value, at, at + size, self.buffer, 0, group))
        return value

    def octets(self, field: str, at: int, stop: int, group: str) -> None:
        """A field that is the bytes at `at`:`stop`."""
        if stop > self.end:
            raise Short
        self.add(Field(field, self.data[at:stop], at, stop, self.buffer, 0, group))

    def text(self, field: str, at: int, stop: int, group: str) -> None:
        """A field that is characters."""
        if stop > self.end:
            raise Short
        self.add(Field(field, printable(self.data[at:stop]), at, stop, self.buffer, 0, group))
