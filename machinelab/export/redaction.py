"""Redaction of a run that is to be passed on: each byte of a confidential value is replaced by an asterisk.

`sensitive` decides which values are confidential. A value is masked in its own field, and wherever else the same text occurs:
in other fields, summaries, reassembled and decrypted buffers, and where a packet boundary cuts it in two. Lengths do not
change, so the byte ranges of fields stay valid.
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
BETWEEN = b"\0\n\0"  # a separator that occurs in no confidential text
PIECE = 4  # bytes of a text at a packet's edge that count as part of it


def redact(view: View) -> tuple[View, tuple[bytes, ...]]:
    """The view with redacted events, and the confidential texts, longest first, for `scrub`."""
    found = sensitive.of(view.trace.events)
    redactor = Redactor(found)
    events = tuple(
        dataclasses.replace(event, content=RedactedContent(event.content, redactor))
        for event in view.trace.events
    )
    return dataclasses.replace(view, trace=dataclasses.replace(view.trace, events=events)), redactor.texts


def scrub(data: bytes, secrets: Iterable[bytes]) -> bytes:
    """An encoded file with the texts masked: verbatim, and as HTML, JSON, URLs and hex encode them."""
    for secret in secrets:
        text = secret.decode("utf-8", "replace")
        written = (html.escape(text), json.dumps(text)[1:-1], quote(text, safe=""), secret.hex())
        for form in dict.fromkeys((secret, *(form.encode("utf-8", "replace") for form in written))):
            data = data.replace(form, STAR * len(form))
    return data


class Redactor:
    """Masks the confidential texts wherever they occur in bytes."""

    def __init__(self, found: Confidential) -> None:
        self.last: tuple[RedactedContent, Fields] | None = None
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
        """The bytes with all whole occurrences masked."""
        for pattern in (self._whole, self._words):
            data = pattern.sub(_starred, data) if pattern is not None else data
        return data

    def fragment(self, data: bytes, start: int = 0) -> bytes:
        """The same, including a text that begins before `start` or continues after the end of the data."""
        made = bytearray(self(data))
        begun, over = self._tail(data, start), self._head(data, start)
        made[begun:] = STAR * (len(data) - begun)
        made[start:over] = STAR * (over - start)
        return bytes(made)

    def _tail(self, data: bytes, start: int) -> int:
        """The offset of a text that the end of the data cuts off; the data's length if there is none."""
        for at in range(max(start, len(data) - self._longest + 1), len(data) - PIECE + 1):
            begun = self._begin.get(data[at : at + PIECE], ())
            if begun and any(text.startswith(data[at:]) for text in begun):
                return at
        return len(data)

    def _head(self, data: bytes, start: int) -> int:
        """The offset at which a text that began before `start` ends; `start` if there is none. The data may be the middle of a text."""
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


class RedactedContent:
    """The content of an event (`model.Content`), redacted."""

    __slots__ = ("_content", "_redactor")

    def __init__(self, content: Content, redactor: Redactor) -> None:
        self._content = content
        self._redactor = redactor

    def fields(self) -> Fields:
        """All fields. Those of the packet asked last are kept: who writes it asks several times."""
        last = self._redactor.last
        if last is None or last[0] is not self:
            last = self._redactor.last = self, self._redacted_fields(self._content.fields())
        return last[1]

    def message_fields(self, index: int) -> Fields:
        """The headers' fields and those of one message."""
        return self._redacted_fields(self._content.message_fields(index))

    def buffers(self) -> Mapping[str, bytes]:
        """The bytes, masked where they stand."""
        known = self._content.fields()
        begins = {item.buffer: item.start for item in known.get("tcp.payload", ())}
        found = {
            name: bytearray(self._redactor.fragment(data, begins.get(name, 0)))
            for name, data in self._content.buffers().items()
        }
        for item in sensitive.marked(known):
            if item.buffer in found:
                found[item.buffer][item.start : item.stop] = STAR * (item.stop - item.start)
        return {name: bytes(data) for name, data in found.items()}

    @property
    def link_type(self) -> int:
        """The pcap link type of a packet; 1, Ethernet, where its content knows of none."""
        return int(getattr(self._content, "link_type", 1))

    def summary(self) -> str:
        """One line for the packet list."""
        return self._redactor(self._content.summary().encode()).decode("utf-8", "replace")

    def _redacted_fields(self, known: Fields) -> Fields:
        own = set(sensitive.marked(known))
        return {name: [self._field(item, item in own) for item in known[name]] for name in known}

    def _field(self, item: Field, own: bool) -> Field:
        return item._replace(value=_stars(item.value) if own else self._value(item.value))

    def _value(self, value: Value) -> Value:
        if isinstance(value, bytes):
            return self._redactor.fragment(value)
        return self._redactor(value.encode()).decode("utf-8", "replace") if isinstance(value, str) else value


def _stars(value: Value) -> Value:
    return (
        STAR * len(value) if isinstance(value, bytes) else "*" * len(value) if isinstance(value, str) else 0
    )
