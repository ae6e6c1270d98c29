"""A capture of any size, opened at once: its rows, its filters, its packets."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from .. import filter as display
from ..dissect.core import Frame, PacketInfo, Part, View
from ..dissect.decode_as import DecodeAs
from ..fields import known as known_field
from ..fields import show
from ..filter.errors import FilterError
from ..model import Event, Field, Fields
from . import conditions, conversions, fields, search
from .container import Index, open_index
from .conversations import Conversations
from .creations import Ids
from .field_cache import MOST, FieldCache
from .headers import Headers, Numbers
from .search import Search

SMALL = 10_000  # packets of a capture whose fields are all cached once a filter has dissected them
BATCH = 2_000  # packets asked one by one between two reports
PAGE = 1 << 16  # packets whose fields are printed in one go
# What stands in a DNS message's packet, but not in the message: which reply answers it is known from others.
ELSEWHERE = (
    "dns.length", "dns.response_in", "dns.response_to", "dns.retransmission", "dns.retransmit", "dns.time", "dns.unsolicited",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class PacketRow:
    """A packet in a list, from its own bytes alone, without dissection or summary. `time` in ns since the epoch."""

    number: int
    time: int
    length: int
    network: str
    src: str
    dst: str
    protocol: str


@dataclass(frozen=True, slots=True)
class Found:
    """What a filter has found since it last spoke: packet numbers in order. `done` of `total` packets are decided."""

    numbers: Numbers
    done: int
    total: int


class Capture:
    """A capture file. Packets are spoken of by their number, from 1, as Wireshark does."""

    def __init__(self, index: Index, keys: bytes = b"", decode_as: DecodeAs | None = None) -> None:
        self.index = index
        self.warnings = index.warnings
        self.headers = Headers(index, keys, decode_as)
        self._search = Search(self.headers, lambda: self.conversations.recognised)
        self._field_cache, self._slow_cache = FieldCache(), FieldCache()

    @classmethod
    def open(cls, path: Path, keys: bytes = b"", decode_as: DecodeAs | None = None) -> "Capture":
        """Map and index a file; `keys` is the text of a TLS key log, `decode_as` names protocols on ports of their own.

        Raises LabError if it is no capture.
        """
        return cls(open_index(path), keys, decode_as)

    def __len__(self) -> int:
        return self.headers.count

    @cached_property
    def conversations(self) -> Conversations:
        """Made when the first packet is dissected."""
        return Conversations(self.headers)

    def event(self, number: int) -> Event:
        """A packet, whole: its fields are those that a walk through all of the capture gives. Raises IndexError."""
        return next(iter(self.events([number])))

    def events(self, numbers: Sequence[int] | Numbers) -> list[Event]:
        """Several packets, in the order of their numbers. Raises IndexError where there is none."""
        rows = np.unique(np.asarray(numbers, np.int64)) - 1
        if len(rows) and not (rows[0] >= 0 and rows[-1] < len(self)):
            raise IndexError(f"there is no packet {int(rows[0] if rows[0] < 0 else rows[-1]) + 1}")
        return sorted(self.conversations.events(rows), key=lambda event: event.number)

    def conversation(self, number: int) -> Numbers:
        """The numbers of all packets of a packet's conversation; of one that has none, its own."""
        row = number - 1
        group = int(self.conversations.groups[row])
        return self.conversations.rows(group) + 1 if group >= 0 else np.asarray([number])

    def bytes(self, number: int) -> bytes:
        """A packet as it was captured."""
        return self.conversations.frame(number - 1).data

    def time(self, number: int) -> int:
        """When a packet was seen, in ns since the epoch: known even where its bytes are no longer there."""
        return self.index.moment(number - 1)

    def rows(self, start: int, stop: int) -> list[PacketRow]:
        """The packets `start` to before `stop`, counted from 0 as a slice is; fewer where there are not so many."""
        return [self._row(row) for row in range(max(0, start), min(stop, len(self)))]

    def _row(self, row: int) -> PacketRow:
        index = self.index
        frame = self.conversations.frame(row)
        info = self._loose(frame)
        return PacketRow(
            row + 1, index.moment(row), int(index.length[row]), frame.source.name, info.src, info.dst, info.protocol,
        )  # fmt: skip

    def _loose(self, frame: Frame) -> PacketInfo:
        """A packet looked at for itself: who speaks to whom, in what. (Reassembled messages show in the event.)"""
        from ..dissect.walk import Walker

        return Walker(decode_as=self.headers.decode_as).frame(frame)

    def texts(self, names: Sequence[str]) -> Iterator[str]:
        """Each packet's values of these fields as `tshark -T fields` prints them: a tab between fields, commas between values.

        Raises UsageError for a field that there is not.
        """
        for name in names:
            known_field(name)
        told = np.logical_and.reduce([self._search.known(name) for name in names])
        for start in range(0, len(self), PAGE):
            rows = slice(start, min(start + PAGE, len(self)))
            cells = [self._printed(name, rows) for name in names]
            lines = list(map("\t".join, zip(*cells, strict=True)))
            missing = start + np.nonzero(~told[rows])[0]
            for row, given in self._whole(missing, frozenset(names)) if len(missing) else ():
                lines[row - start] = "\t".join(_printed(given, name) for name in names)
            yield from lines

    def _printed(self, name: str, rows: slice) -> list[str]:
        """A column's values of some packets, each different one printed once."""
        column = self._search.column(name)
        if column is None:
            return [""] * (rows.stop - rows.start)
        present = column.present[rows]
        cells = np.full(len(present), "", object)
        parts = [
            column.values[rows][present],
            *([column.also[rows][present]] if column.also is not None else []),
        ]
        texts = [_texts(name, part, column.convert) for part in parts]
        cells[present] = (
            texts[0] if len(texts) == 1 else [",".join(pair) for pair in zip(*texts, strict=True)]
        )
        found: list[str] = cells.tolist()
        return found

    def filter(self, text: str) -> Iterator[Found]:
        """The packets that a display filter lets through, as they are found: first what the headers decide, then the others.

        Close the iterator to cancel. All `numbers` together, sorted, are the answer. Raises FilterError at once.
        """
        test = conditions.parsed(text)
        total = len(self)
        if test is None:
            return iter([Found(np.arange(1, total + 1), total, total)])
        return self._found(test, text)

    def _found(self, test: Any, text: str) -> Iterator[Found]:
        verdict = self._search.verdict(test, text)
        undecided = np.nonzero(verdict.open)[0]
        total, done = len(self), len(self) - len(undecided)
        yield Found(np.nonzero(verdict.yes)[0] + 1, done, total)
        matches, names = display.compile(text).matches, conditions.names(text)
        alone = undecided[self._readable(undecided, names)]
        for batch in _batches(alone):
            fit = [row + 1 for row, given in self._messages(batch, names) if matches(given)]
            done += len(batch)
            yield Found(np.asarray(fit, np.int64), done, total)
        if len(alone) == len(undecided):
            return
        fit = []
        for row, given in self._whole(np.setdiff1d(undecided, alone), names):
            if matches(given):
                fit.append(row + 1)
            done += 1
            if done % BATCH == 0:
                yield Found(np.asarray(sorted(fit), np.int64), done, total)
                fit = []
        yield Found(np.asarray(sorted(fit), np.int64), total, total)

    def _whole(self, rows: Ids, names: frozenset[str]) -> Iterator[tuple[int, Fields]]:
        """Packets with their fields: those of the slow path by themselves where that is enough, others within their conversations.

        What was dissected is cached for the next filter: in a small capture all of it, else that of the slow path.
        """
        slow, small = self.headers.slow, len(self) <= SMALL
        alone = all(map(_inside, names)) and int(slow.sum()) <= MOST and self.conversations.slow_stand_alone
        if alone:
            yield from self._by_themselves(rows[slow[rows]], names)
            rows = rows[~slow[rows]]
        known = np.asarray([row in self._field_cache for row in rows.tolist()], np.bool_)
        for row in rows[known].tolist():
            yield row, self._field_cache.fields(row, names)
        for event in self.conversations.events(rows[~known]) if not known.all() else ():
            if small or slow[event.number - 1]:
                self._field_cache.keep(event.number - 1, event.ordered())
            yield event.number - 1, event.fields

    def _by_themselves(self, rows: Ids, names: frozenset[str]) -> Iterator[tuple[int, Fields]]:
        """Slow-path packets with what their own bytes say, read once for all of them."""
        if len(rows) and int(rows[0]) not in self._slow_cache:
            for event in self.conversations.slow_headers():
                given = [item for item in event.ordered() if _inside(item[0])]
                self._slow_cache.keep(event.number - 1, given)
        for row in rows.tolist():
            yield row, self._slow_cache.fields(row, names)

    def _readable(self, rows: Ids, names: frozenset[str]) -> Numbers:
        """Which packets' own message (DNS over UDP) and headers tell all these fields."""
        return self.headers.dns[rows] if all(map(_inside, names)) else np.zeros(len(rows), np.bool_)

    def _messages(self, rows: Ids, names: frozenset[str]) -> Iterator[tuple[int, Fields]]:
        """Each packet with the fields that a filter asks for: from the columns, and from its message alone."""
        headers, shape = self.headers, self.headers.shape
        told = [(name, *self._search.codes(name)) for name in names if name in fields.FIELDS]
        own = frozenset(name for name in names if name not in fields.FIELDS)
        application = headers.applications[int(shape.application[rows[0]]) - 1] if len(rows) else None
        assert application is not None
        brief = all(name.startswith(application.head) for name in own)
        octets = self.index.data
        start, stop = (
            self.index.offset[rows] + shape.payload[rows],
            self.index.offset[rows] + shape.stop[rows],
        )
        for row, first, last in zip(rows.tolist(), start.tolist(), stop.tolist(), strict=True):
            given: dict[str, list[Field]] = {}
            for name, codes, table in told:
                if values := table[codes[row]]:
                    given[name] = [Field(name, value) for value in values]
            data = bytes(octets[first:last])
            frame = Frame(0, data, last - first, self.index.sources[0])
            view = View(PacketInfo(row + 1, frame, 0, 0), data, "frame", [])
            view.brief = brief
            application.dissect(view, Part(application, 0, last - first))
            for raw in view.out:
                if raw[0] in own:
                    given.setdefault(raw[0], []).append(Field._make(raw))
            yield row, given


def _inside(name: str) -> bool:
    """Whether a field stands in the headers or in the DNS message itself: no other packet has a say in it."""
    return name in fields.FIELDS or (name.startswith("dns.") and not name.startswith(ELSEWHERE))


def _texts(name: str, values: Numbers, convert: conversions.Conversion) -> Numbers:
    """Values as text, each different one made once; what only grows (numbers, times) has no equal ones."""
    growing = values.dtype.kind in "iu" and bool(np.all(values[1:] > values[:-1]))
    distinct, inverse = (values.tolist(), None) if growing else search.distinct(values)
    texts = np.empty(len(distinct), object)
    texts[:] = _shown(name, distinct, convert)
    found: Numbers = texts if inverse is None else texts[inverse]
    return found


def _shown(name: str, values: Sequence[Any], convert: conversions.Conversion) -> list[str]:
    kind = known_field(name)
    if convert is conversions.number and kind.kind == "uint" and not kind.digits:
        return list(map(str, values))  # a million at a time: what `show` would ask of each is asked once
    if convert is conversions.number and kind.kind == "time":
        return [f"{value // 10**9}.{value % 10**9:09d}" for value in values]
    return [show(name, convert(value)) for value in values]


def _printed(given: Fields, name: str) -> str:
    return ",".join(show(name, item.value) for item in given.get(name, ()))


def _batches(rows: Ids) -> Iterator[Ids]:
    for start in range(0, len(rows), BATCH):
        yield rows[start : start + BATCH]


__all__ = ["Capture", "FilterError", "Found", "PacketRow"]
