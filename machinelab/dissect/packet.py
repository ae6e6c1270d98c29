"""The second pass: a frame and its note → fields, when somebody asks."""

from collections.abc import Mapping
from typing import NamedTuple

from ..model import Event, Field, Fields, Message
from . import frame
from .core import Note, Short, View

KEEP = 2048  # dissected packets kept at a time: as many as an experiment may have


class Dissection(NamedTuple):
    """One frame's fields in order; `marks` are where in them each message begins."""

    fields: tuple[Field, ...]
    marks: tuple[int, ...]
    buffers: Mapping[str, bytes]


def dissect(note: Note) -> Dissection:
    """All fields of a frame. Never fails: what cannot be read is marked `_ws.malformed`, and what was read is kept."""
    out: list[Field] = []
    view = View(note, note.data, "frame", out)
    try:
        frame.dissect(view)
    except Short:
        out.append(view.broken("frame", 0))
    return Dissection(tuple(out), tuple(view.marks), view.buffers)


def _by_name(fields: tuple[Field, ...]) -> dict[str, list[Field]]:
    found: dict[str, list[Field]] = {}
    for item in fields:
        name = item[0]
        if name in found:
            found[name].append(item)
        else:
            found[name] = [item]
    return found


class Cache:
    """The packets dissected last, so that a long capture does not hold every field of every packet."""

    __slots__ = ("_kept",)

    def __init__(self) -> None:
        self._kept: dict[int, tuple[Dissection, dict[str, list[Field]]]] = {}

    def get(self, note: Note) -> tuple[Dissection, dict[str, list[Field]]]:
        """A packet's fields, in order and by name."""
        found = self._kept.get(note.number)
        if found is None:
            if len(self._kept) >= KEEP:
                del self._kept[next(iter(self._kept))]
            whole = dissect(note)
            found = self._kept[note.number] = whole, _by_name(whole.fields)
        return found


class Packet:
    """The content of a packet's event (`model.Content`)."""

    __slots__ = ("_cache", "note")

    def __init__(self, note: Note, cache: Cache) -> None:
        self.note = note
        self._cache = cache

    def fields(self) -> Fields:
        """All fields."""
        return self._cache.get(self.note)[1]

    def message_fields(self, index: int) -> Fields:
        """The headers' fields and those of one message."""
        whole, named = self._cache.get(self.note)
        marks = whole.marks
        if len(marks) < 2:
            return named
        stop = marks[index + 1] if index + 1 < len(marks) else len(whole.fields)
        return _by_name(whole.fields[: marks[0]] + whole.fields[marks[index] : stop])

    def buffers(self) -> Mapping[str, bytes]:
        """The frame, and what was reassembled from it and others."""
        return self._cache.get(self.note)[0].buffers

    def summary(self) -> str:
        """One line for the packet list."""
        from .summary import summary

        return summary(self.note)

    @property
    def comments(self) -> tuple[str, ...]:
        """What the capture itself says about the packet."""
        return self.note.frame.comments


def event(note: Note, cache: Cache) -> Event:
    """The event of a frame."""
    flow = note.flow
    messages = tuple(
        Message(part.protocol.label, part.exchange, part.frames or (note.number,)) for part in note.parts
    )
    return Event(
        note.number,
        note.time,
        "packets",
        Packet(note, cache),
        note.protocol,
        note.frame.source.name,
        "",
        note.src,
        note.dst,
        note.hardware,
        (flow.stream.kind, flow.stream.number) if flow is not None else None,
        messages,
    )
