"""A position in a buffer that moves forward as fields are read, for formats whose numbers are big-endian."""

from .core import Raw, Short, View


class Cursor:
    """Reads fields from `at` to `stop` of a view's buffer, into `group`. Raises Short where the bytes end too early."""

    __slots__ = ("add", "at", "buffer", "data", "group", "stop", "view")

    def __init__(self, view: View, at: int, stop: int, group: str) -> None:
        self.view = view
        self.data = view.data
        self.buffer = view.buffer
        self.at = at
        self.stop = min(stop, len(view.data))
        self.group = group
        self.add = view.add

    @property
    def left(self) -> int:
        """How many bytes there are still."""
        return self.stop - self.at

    def field(self, name: str, value: "str | int | bytes", size: int) -> None:
        """A field of the next `size` bytes, without going past them."""
        raw: Raw = (name, value, self.at, self.at + size, self.buffer, 0, self.group)
        self.add(raw)

    def number(self, name: str, size: int) -> int:
        """A number of `size` bytes, the first counting most."""
        if self.left < size:
            raise Short
        value = int.from_bytes(self.data[self.at : self.at + size], "big")
        self.field(name, value, size)
        self.at += size
        return value

    def octets(self, name: str, size: int) -> bytes:
        """So many bytes as they are; none, no field."""
        if self.left < size:
            raise Short
        value = self.data[self.at : self.at + size]
        if size:
            self.field(name, value, size)
        self.at += size
        return value

    def text(self, name: str, size: int) -> str:
        """So many bytes as characters."""
        if self.left < size:
            raise Short
        value = self.data[self.at : self.at + size].decode("utf-8", "replace")
        self.field(name, value, size)
        self.at += size
        return value

    def heading(self, name: str, size: int) -> None:
        """A label over the next bytes."""
        self.field(name, "", min(size, self.left))

    def part(self, size: int, group: str = "") -> "Cursor":
        """The next `size` bytes on their own; this one goes on behind them."""
        if self.left < size:
            raise Short
        inner = Cursor(self.view, self.at, self.at + size, group or self.group)
        self.at += size
        return inner
