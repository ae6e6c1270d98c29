"""A Kafka message read by its plan: each field with the bytes it stands in.

The protocol guide (kafka.apache.org/protocol), "Protocol Primitive Types"; KIP-482 for compact lengths and tagged fields.
"""

import struct
import uuid
from collections.abc import Callable

from ....model import Value
from ...core import Short, View
from .schema import ENTITY, Plan, Slot

FIXED = {
    "int8": struct.Struct(">b"), "int16": struct.Struct(">h"), "int32": struct.Struct(">i"), "int64": struct.Struct(">q"),
    "uint16": struct.Struct(">H"), "uint32": struct.Struct(">I"), "uint64": struct.Struct(">Q"), "float64": struct.Struct(">d"),
    "bool": struct.Struct(">?"), "error_code": struct.Struct(">h"), "timedelta_i32": struct.Struct(">i"),
    "timedelta_i64": struct.Struct(">q"), "datetime_i64": struct.Struct(">q"),
}  # fmt: skip
MOST = 100_000  # fields of one message: more than anybody looks at
DEEPEST = 16
Opener = Callable[["Reader", int, int], None]
"""Reads record batches that stand at these places."""


class Cut(Exception):
    """There is more in the message than anybody looks at."""


class Reader:
    """What is left of a message: `at` moves on as fields are read, and never beyond `stop`."""

    __slots__ = ("at", "group", "left", "stop", "topics", "view")

    def __init__(self, view: View, at: int, stop: int, group: str = "kafka", left: int = MOST) -> None:
        self.view, self.at, self.stop, self.group, self.left = view, at, stop, group, left
        self.topics: dict[str, str] = {}

    def add(self, name: str, value: Value, start: int, stop: int, mask: int = 0) -> None:
        """Keep a field. Raises Cut."""
        self.left -= 1
        if self.left < 0:
            raise Cut
        self.view.out.append((name, value, start, stop, self.view.buffer, mask, self.group))

    def number(self, name: str, kind: str, also: str = "") -> int:
        """A number of fixed size; no field if it has no name. Raises Short."""
        code = FIXED[kind]
        start = self.at
        if self.stop - start < code.size:
            raise Short
        value: int = code.unpack_from(self.view.data, start)[0]
        self.at = start + code.size
        if name:
            self.add(name, value, start, self.at)
        if also:
            self.add(also, value, start, self.at)
        return value

    def varint(self) -> int:
        """Seven bits a byte, the lowest first, unsigned: at most ten bytes. Raises Short."""
        data, value, shift, at = self.view.data, 0, 0, self.at
        while at < self.stop and shift < 70:
            byte = data[at]
            at += 1
            value |= (byte & 0x7F) << shift
            if byte < 0x80:
                self.at = at
                return value
            shift += 7
        raise Short

    def zigzag(self) -> int:
        """The same, with the sign in the lowest bit, as records have it."""
        value = self.varint()
        return value >> 1 ^ -(value & 1)

    def length(self, kind: str, *, compact: bool) -> int:
        """How many bytes or elements follow; −1: null. Raises Short if they cannot be there."""
        size = self.varint() - 1 if compact else self.number("", kind)
        if size > self.stop - self.at or size < -1:
            raise Short
        return size

    def octets(self, name: str, size: int, start: int) -> bytes:
        """So many bytes; `start` is where their length stands. Raises Short."""
        if size > self.stop - self.at:
            raise Short
        value = self.view.data[self.at : self.at + size]
        self.at += size
        self.add(name, value, start, self.at)
        return value

    def text(self, name: str, also: str = "", *, compact: bool) -> str | None:
        """Characters with their length before them, which is part of the field. Raises Short."""
        start = self.at
        size = self.length("int16", compact=compact)
        if size < 0:
            return None
        value = self.view.data[self.at : self.at + size].decode("utf-8", "replace")
        self.at += size
        if name:
            self.add(name, value, start, self.at)
        if also:
            self.add(also, value, start, self.at)
        return value

    def tags(self, plan: Plan | None, opener: Opener | None, depth: int = 0) -> None:
        """Fields that come with a number and a size, in any version (KIP-482). Raises Short."""
        for _ in range(self.varint()):
            start = self.at
            tag = self.varint()
            size = self.varint()
            if size > self.stop - self.at:
                raise Short
            slot = plan.tagged.get(tag) if plan else None
            place = self.at
            self.add("kafka.tagged_field_tag", tag, start, start + 1)
            self.octets("kafka.tagged_field_data", size, place)
            end = self.at
            if slot is not None:
                outer, self.stop, self.at = self.stop, end, place
                self.slot(slot, opener, flexible=True, depth=depth)
                self.stop = outer
            self.at = end

    def structure(self, plan: Plan, opener: Opener | None = None, depth: int = 0) -> None:
        """All fields of a structure. Raises Short, Cut."""
        if depth > DEEPEST:
            raise Short
        for slot in plan.slots:
            self.slot(slot, opener, flexible=plan.flexible, depth=depth)
        if plan.flexible:
            self.tags(plan, opener, depth)

    def slot(self, slot: Slot, opener: Opener | None, *, flexible: bool, depth: int) -> None:
        """One field of a structure, or all elements of one. Raises Short, Cut."""
        if slot.array:
            outer = self.group
            for index in range(1, self.length("int32", compact=flexible) + 1):
                if slot.plan is not None:
                    self.group = f"{outer}/{slot.heading}/{index}"
                self._one(slot, opener, flexible=flexible, depth=depth)
            self.group = outer
        elif slot.kind == ENTITY:
            outer = self.group
            if not slot.nullable or self.number("", "int8") >= 0:
                self.group = f"{outer}/{slot.heading}"
                self._one(slot, opener, flexible=flexible, depth=depth)
            self.group = outer
        else:
            self._one(slot, opener, flexible=flexible, depth=depth)

    def _one(self, slot: Slot, opener: Opener | None, *, flexible: bool, depth: int) -> None:
        kind = slot.kind
        if slot.plan is not None:
            self.structure(slot.plan, opener, depth + 1)
        elif kind in FIXED:
            self.number(slot.name, kind, slot.also)
        elif kind == "string":
            self.text(slot.name, slot.also, compact=flexible)
        elif kind == "uuid":
            self._uuid(slot.name)
        elif kind == "records":
            self._records(slot, opener, flexible=flexible)
        else:
            start = self.at
            size = self.length("int32", compact=flexible)
            if size >= 0:
                self.octets(slot.name, size, start)

    def _uuid(self, name: str) -> None:
        start = self.at
        if self.stop - start < 16:
            raise Short
        self.at += 16
        value = str(uuid.UUID(bytes=self.view.data[start : self.at]))
        self.add(name, value, start, self.at)
        if name.endswith("topic_id") and value in self.topics:
            self.add(name.removesuffix("_id"), self.topics[value], start, start)

    def _records(self, slot: Slot, opener: Opener | None, *, flexible: bool) -> None:
        size = self.length("int32", compact=flexible)
        if size <= 0:
            return
        end = self.at + size
        if opener is not None:
            opener(self, self.at, end)
        self.at = end
