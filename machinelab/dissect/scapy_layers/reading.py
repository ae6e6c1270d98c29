"""One packet being read through Scapy: the fields so far, and how many more there may be."""

from typing import Any

from ..core import Raw
from .names import named
from .values import Unfit, converted
from .wireshark import TURNED

MOST = 4000  # fields of one packet; a page of them is more than anybody looks at
DEEPEST = 24  # layers inside a layer's fields
CHAIN = 256  # layers one after the other


class GaveUp(Exception):
    """The layer cannot read on from `at`: the bytes end, or contradict it."""

    def __init__(self, at: int) -> None:
        super().__init__(at)
        self.at = at


class Reading:
    """One run of bytes being read: `data[start:stop]` of the buffer named so. Fields are added to `out`."""

    def __init__(self, protocol: str, data: bytes, buffer: str, out: list[Raw]) -> None:
        self.protocol = protocol
        self.data = data
        self.buffer = buffer
        self.out = out
        self.layers: list[str] = []
        self.left = MOST
        self.origin = 0  # where the layer that is being read begins

    def add(self, name: str, value: Any, start: int, stop: int, mask: int, group: str) -> None:
        """One field. Raises GaveUp where there are more than anybody looks at."""
        if self.left <= 0:
            raise GaveUp(start)
        self.left -= 1
        self.out.append((name, value, start, stop, self.buffer, mask, group))

    def value(self, layer: Any, field: Any, value: Any, start: int, stop: int, mask: int, group: str) -> None:
        """A field's value, under Wireshark's name where it has one; `unread` where Scapy's value is not of the field's type."""
        name, kind = named(self.protocol, layer.__class__, field)
        try:
            if name in TURNED:
                found = TURNED[name](self.data[start:stop])
            elif kind.kind == "bytes" and not mask:
                found = self.data[start:stop]
            else:
                found = converted(kind, value)
            self.add(name, found, start, stop, mask, group)
        except Unfit:
            if stop > start:
                unread = f"scapy.{self.protocol}.unread"
                self.add(unread, self.data[start:stop], start, stop, mask, group)
