"""A run without what is confidential in it, to be passed on: it becomes as many stars.

`confidential` says what that is. It is masked at its own bytes, and wherever else the same text turns up: in other fields, in
summaries, in reassembled and decrypted bytes, and where a packet ends in the midst of it. Lengths stay, so spans stay right.
"""

import dataclasses
import html
import json
import re
from collections.abc import Iterable, Mapping
from urllib.parse import quote

from ..analysis.view import View
from ..model import Content, Field, Fields, Value
from . import sensitive
from .sensitive import SHORTEST, Confidential

STAR = b"*"
BETWEEN = b"\0\n\0"  # what no text that is masked has in it
PIECE = 4  # bytes of a text at the end of a packet that tell that it goes on in the next


def redact(view: View) -> tuple[View, tuple[bytes, ...]]:
    """The view with masked events, and the texts that were masked, longest first, for `scrub`."""
    found = sensitive.of(view.trace.events)
    mask = Mask(found)
    events = tuple(
        dataclasses.replace(event, content=Masked(event.content, mask)) for event in view.trace.events
    )
    return dataclasses.replace(view, trace=dataclasses.replace(view.trace, events=events)), mask.texts


def scrub(data: bytes, secrets: Iterable[bytes]) -> bytes:
    """A written file without the texts: as they are, as HTML, JSON and addresses write them, and in hex."""
    for secret in secrets:
        text = secret.decode("utf-8", "replace")
        written = (html.escape(text), json.dumps(text)[1:-1], quote(text, safe=""), secret.hex())
        for form in dict.fromkeys((secret, *(form.encode("utf-8", "replace") for form in written))):
            data = data.replace(form, STAR * len(form))
    return data


class Mask:
    """Puts stars over texts, wherever they stand in bytes."""

    def __init__(self, found: Confidential) -> None:
        self.texts: tuple[bytes, ...] = tuple(sorted(found.texts, key=lambda text: (-len(text), text)))
        self._whole = re.compile(b"|".join(map(re.escape, self.texts))) if self.texts else None
        self._begin, self._end = _by(slice(PIECE), self.texts), _by(slice(-PIECE, None), self.texts)
        self._all = BETWEEN.join(self.texts)
        self._longest = max(map(len, self.texts), default=0)
        # A word begins and ends where no letter and no digit goes on; behind %2F it begins as well.
        words = b"|".join(map(re.escape, sorted(found.words)))
        self._words = (
            re.compile(rb"(?:(?<![0-9A-Za-z_])|(?<=%[0-9A-Fa-f]{2}))(?:" + words + rb")(?![0-9A-Za-z_])")
            if words
            else None
        )

    def __call__(self, data: bytes) -> bytes:
        """The bytes, masked."""
        for pattern in (self._whole, self._words):
            data = pattern.sub(_starred, data) if pattern is not None else data
        return data

    def torn(self, data: bytes, start: int = 0) -> bytes:
        """The same, with a text that began before `start` or goes on after the end."""
        made = bytearray(self(data))
        begun, over = self._tail(data, start), self._head(data, start)
        made[begun:] = STAR * (len(data) - begun)
        made[start:over] = STAR * (over - start)
        return bytes(made)

    def _tail(self, data: bytes, start: int) -> int:
        """Where the beginning of a text stands that the end of the data cuts off; the data's length if there is none."""
        for at in range(max(start, len(data) - self._longest + 1), len(data) - PIECE + 1):
            begun = self._begin.get(data[at : at + PIECE], ())
            if begun and any(text.startswith(data[at:]) for text in begun):
                return at
        return len(data)

    def _head(self, data: bytes, start: int) -> int:
        """Where the rest of a text ends that had begun before `start`; `start` if there is none. All may be the midst of it."""
        if len(data) - start >= SHORTEST and data[start:] in self._all:
            return len(data)
        over = start
        for stop in range(start + PIECE, min(len(data), start + self._longest - 1) + 1):
            ended = self._end.get(data[stop - PIECE : stop], ())
            if ended and any(text.endswith(data[start:stop]) for text in ended):
                over = stop
        return over


def _by(piece: slice, texts: Iterable[bytes]) -> Mapping[bytes, list[bytes]]:
    """The texts by a piece of each."""
    found: dict[bytes, list[bytes]] = {}
    for text in texts:
        found.setdefault(text[piece], []).append(text)
    return found


def _starred(found: "re.Match[bytes]") -> bytes:
    return STAR * len(found[0])


class Masked:
    """The content of an event (`model.Content`), masked."""

    __slots__ = ("_content", "_mask")

    def __init__(self, content: Content, mask: Mask) -> None:
        self._content = content
        self._mask = mask

    def fields(self) -> Fields:
        """All fields."""
        return self._masked(self._content.fields())

    def message_fields(self, index: int) -> Fields:
        """The headers' fields and those of one message."""
        return self._masked(self._content.message_fields(index))

    def buffers(self) -> Mapping[str, bytes]:
        """The bytes, masked where they stand."""
        known = self._content.fields()
        begins = {item.buffer: item.start for item in known.get("tcp.payload", ())}
        found = {
            name: bytearray(self._mask.torn(data, begins.get(name, 0)))
            for name, data in self._content.buffers().items()
        }
        for item in sensitive.marked(known):
            if item.buffer in found:
                found[item.buffer][item.start : item.stop] = STAR * (item.stop - item.start)
        return {name: bytes(data) for name, data in found.items()}

    def summary(self) -> str:
        """One line for the packet list."""
        return self._mask(self._content.summary().encode()).decode("utf-8", "replace")

    def _masked(self, known: Fields) -> Fields:
        own = set(sensitive.marked(known))
        return {name: [self._field(item, item in own) for item in known[name]] for name in known}

    def _field(self, item: Field, own: bool) -> Field:
        return item._replace(value=_stars(item.value) if own else self._value(item.value))

    def _value(self, value: Value) -> Value:
        if isinstance(value, bytes):
            return self._mask.torn(value)
        return self._mask(value.encode()).decode("utf-8", "replace") if isinstance(value, str) else value


def _stars(value: Value) -> Value:
    return (
        STAR * len(value) if isinstance(value, bytes) else "*" * len(value) if isinstance(value, str) else 0
    )
