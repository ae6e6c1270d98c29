"""A frame through the whole dissector, and what holds of every layer's header: cut short anywhere, or with any bytes in it."""

from functools import cache
from pathlib import Path
from typing import NamedTuple

from hypothesis import given, settings
from hypothesis import strategies as st

from machinelab import fields
from machinelab.dissect.core import Frame, Raw, Source
from machinelab.dissect.dissection import Dissection, dissect
from machinelab.dissect.walk import Walker
from machinelab.sources.container import Reader
from tests import ROOT

CAPTURES = ROOT / "tests/captures"
RECORDS, CRAFTED = CAPTURES / "records.pcapng", CAPTURES / "crafted.pcapng"
"""Captured from servers, and from what Scapy sent."""
FOREIGN = CAPTURES / "foreign"

MISSING = {"_ws.malformed", "_ws.short"}

Layout = list[tuple[str, object, int, int]]
"""Fields by name, value, and the bytes of the header they stand in."""


@cache
def _frames(path: Path) -> tuple[Frame, ...]:
    return tuple(Reader().feed(path.read_bytes()))


class Header(NamedTuple):
    """A layer's header in a frame: `start` to `stop` are its bytes, `group` is the first word of its fields' place in the tree."""

    frame: bytes
    group: str
    start: int
    stop: int
    link: int = 1

    @classmethod
    def of(cls, path: Path, number: int, group: str, start: int, stop: int) -> "Header":
        """Of the frame of that number in a capture, from 1."""
        frame = _frames(path)[number - 1]
        return cls(frame.data, group, start, stop, frame.source.link)

    def read(self, data: bytes | None = None) -> Dissection:
        """The frame dissected, or others bytes in its place."""
        octets = self.frame if data is None else data
        return dissect(Walker().frame(Frame(0, octets, len(self.frame), Source(0, self.link))))

    def own(self, data: bytes | None = None) -> list[Raw]:
        """The header's own fields."""
        found = self.read(data).fields
        return [item for item in found if item[6].partition("/")[0] == self.group and item[4] == "frame"]

    def layout(self, data: bytes | None = None) -> Layout:
        """What stands in the header's bytes: not what is generated, nor the header's title, nor what follows it."""
        return [
            (name, value, start - self.start, stop - self.start)
            for name, value, start, stop, *_ in self.own(data)
            if start < stop <= self.stop and name != self.group
        ]

    def value(self, name: str, data: bytes | None = None) -> object:
        """The first value of a field in the whole frame."""
        return next(item[1] for item in self.read(data).fields if item[0] == name)

    def with_bytes(self, at: int, octets: bytes) -> bytes:
        """The frame with other bytes at a place of the header."""
        place = self.start + at
        return self.frame[:place] + octets + self.frame[place + len(octets) :]


def assert_sound(found: Dissection) -> None:
    """Every field is known, and lies in its buffer."""
    known = fields.registry()
    for name, _, start, stop, buffer, *_ in found.fields:
        assert name in known, name
        assert 0 <= start <= stop <= len(found.buffers[buffer]), name


def assert_cut_short_anywhere(header: Header) -> None:
    """Of a frame that was captured in part, what is there is read as it stands in the whole, and what is not is said to be missing."""
    whole = header.layout()
    for size in range(len(header.frame)):
        data = header.frame[:size]
        found = header.read(data)
        assert_sound(found)
        read = header.layout(data)
        assert [item for item in read if item not in whole] == [], size
        if header.start < size < header.stop:
            assert {item[0] for item in found.fields} & MISSING, size
        elif size >= header.stop:
            assert read == whole, size


def assert_any_bytes_are_read(header: Header, examples: int = 60) -> None:
    """Whatever stands in the header: nothing raises."""

    @settings(max_examples=examples)
    @given(st.binary(min_size=header.stop - header.start, max_size=header.stop - header.start))
    def read(octets: bytes) -> None:
        assert_sound(header.read(header.with_bytes(0, octets)))

    read()
