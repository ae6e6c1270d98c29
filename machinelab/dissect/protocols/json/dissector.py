"""JSON texts with the bytes that each value stands in: RFC 8259. Nothing here knows what the values mean."""

import json
import re
from typing import NamedTuple

from ...core import View
from ...subdissector import Subdissector

DEEPEST, MOST = 32, 5000  # values inside values, and in all: a text that goes further is not read on
TEXTS = 1 << 25  # bytes of all objects and lists, each counted with what is in it: as far as that is read
LONGEST_PATH = 2048  # characters: names inside of names, before each of many values
BLANK = re.compile(rb"[ \t\r\n]*")
STRING = re.compile(rb'"(?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u[0-9A-Fa-f]{4}))*"')
PLAIN = re.compile(rb"-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null")


class Json(NamedTuple):
    """A value at `start`:`stop`: `kind` is object, array, string, number, true, false or null; `text` what it says.

    `members` are an object's or an array's; `key` is where a member's name stands, quotes included, `name` what it says.
    """

    kind: str
    start: int
    stop: int
    text: str = ""
    members: "tuple[Json, ...]" = ()
    name: str = ""
    key: tuple[int, int] = (0, 0)

    def get(self, name: str) -> "Json | None":
        """The member of an object by its name."""
        return next((member for member in self.members if member.name == name), None)


class TooMuch(Exception):
    """There is more in the text than anybody looks at."""


class _Bad(Exception):
    """What is there is no JSON."""


def parse(data: bytes, start: int, stop: int) -> Json | None:
    """The one value of a text; None where it is damaged or cut short, or more than is read."""
    try:
        return _parse(data, start, stop)
    except TooMuch:
        return None


def _parse(data: bytes, start: int, stop: int) -> Json | None:
    """The same. Raises TooMuch."""
    reader = _Reader(data[:stop])
    try:
        value, at = reader.value(reader.blank(start), 0)
    except _Bad:
        return None
    return value if reader.blank(at) == stop else None


class _Reader:
    def __init__(self, data: bytes) -> None:
        self.data = data
        self.count = 0
        self.texts = 0

    def blank(self, at: int) -> int:
        if self.data[at : at + 1] > b" ":
            return at
        found = BLANK.match(self.data, at)
        assert found is not None
        return found.end()

    def value(self, at: int, depth: int, name: str = "", key: tuple[int, int] = (0, 0)) -> tuple[Json, int]:
        self.count += 1
        if depth > DEEPEST or self.count > MOST:
            raise TooMuch
        first = self.data[at : at + 1]
        if first in (b"{", b"["):
            return self._members(at, depth, first == b"{", name, key)
        if first == b'"':
            text, stop = self.string(at)
            return Json("string", at, stop, text, (), name, key), stop
        found = PLAIN.match(self.data, at)
        if found is None:
            raise _Bad
        text, stop = found[0].decode(), found.end()
        return Json(text if text.isalpha() else "number", at, stop, text, (), name, key), stop

    def string(self, at: int) -> tuple[str, int]:
        found = STRING.match(self.data, at)
        if found is None:
            raise _Bad
        text = found[0]
        if b"\\" not in text:
            return text[1:-1].decode("utf-8", "replace"), found.end()
        return json.loads(text.decode("utf-8", "replace")), found.end()

    def _members(
        self, start: int, depth: int, named: bool, own: str, place: tuple[int, int]
    ) -> tuple[Json, int]:
        """An object (`named`) or a list, whose `own` name stands at `place`."""
        close = b"}" if named else b"]"
        found: list[Json] = []
        at = self.blank(start + 1)
        while self.data[at : at + 1] != close:
            if found:
                at = self._mark(at, b",")
            name, key = "", (0, 0)
            if named:
                name, end = self.string(at)
                key, at = (at, end), self._mark(self.blank(end), b":")
            value, at = self.value(at, depth + 1, name, key)
            found.append(value)
            at = self.blank(at)
        self.texts += at - start
        if self.texts > TEXTS:
            raise TooMuch
        text = self.data[start : at + 1].decode("utf-8", "replace")
        return Json("object" if named else "array", start, at + 1, text, tuple(found), own, place), at + 1

    def _mark(self, at: int, mark: bytes) -> int:
        if self.data[at : at + 1] != mark:
            raise _Bad
        return self.blank(at + 1)


def dissect(view: View, start: int, stop: int) -> Json | None:
    """The text's fields as Wireshark names them; returns the parsed value for the dissector that knows its schema."""
    try:
        value = _parse(view.data, start, stop)
    except TooMuch:
        view.add(("json.cut", True, start, stop, view.buffer, 0, "json"))
        return None
    if value is not None:
        view.protocols.append("json")
        view.add(("json", "", start, stop, view.buffer, 0, "json"))
        _fields(view, value, "")
    return value


def _fields(view: View, value: Json, path: str) -> None:
    """A value's fields and its members', in Wireshark's order: a key comes after what it names."""
    kind, start, stop, buffer, add = value.kind, value.start, value.stop, view.buffer, view.add
    if kind == "array":
        add(("json.array", "", start, stop, buffer, 0, "json"))
        for member in value.members:
            _fields(view, member, f"{path}/[]")
    elif kind == "object":
        add(("json.object", value.text, start, stop, buffer, 0, "json"))
        for member in value.members:
            inner, (first, last) = _way(path, member.name), member.key
            add(("json.member", member.name, first, member.stop, buffer, 0, "json"))
            _fields(view, member, inner)
            add(("json.key", member.name, first, last, buffer, 0, "json"))
            add(("json.path", inner, first, member.stop, buffer, 0, "json"))
    else:
        text = value.text if kind in ("string", "number") else ""
        add((f"json.value.{kind}", text, start, stop, buffer, 0, "json"))


def _way(path: str, name: str) -> str:
    """Where a member is; of a way that is too long its beginning."""
    way = f"{path}/{name}"
    return way if len(way) <= LONGEST_PATH else f"{way[:LONGEST_PATH]}…"


SUBDISSECTORS = (
    Subdissector(
        "media_type",
        lambda view, start, stop, known: dissect(view, start, stop),
        ("application/json", "+json"),
        ("json",),
    ),
)
