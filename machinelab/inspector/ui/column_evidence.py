"""Very large captures in the inspector: lines from columns, a packet dissected when the cursor comes to it."""

from array import array
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any, Protocol

from ...analysis.view import EventRow
from ...errors import LabError
from ...model import Event
from .evidence import FilterProgress, PacketLine

KEPT = 512  # lines and packets kept: a few screens of them
NEAR = 2000  # packets of a conversation that are looked at, around the one in question


class ColumnRow(Protocol):
    """A row of columns.Capture."""

    @property
    def number(self) -> int: ...  # noqa: D102
    @property
    def time(self) -> int: ...  # noqa: D102
    @property
    def length(self) -> int: ...  # noqa: D102
    @property
    def src(self) -> str: ...  # noqa: D102
    @property
    def dst(self) -> str: ...  # noqa: D102
    @property
    def protocol(self) -> str: ...  # noqa: D102


class Capture(Protocol):
    """What of columns.Capture is used here; numbers count from 1, rows are sliced from 0."""

    def __len__(self) -> int: ...
    def rows(self, start: int, stop: int) -> Sequence[ColumnRow]: ...  # noqa: D102
    def event(self, number: int) -> Event: ...  # noqa: D102
    def time(self, number: int) -> int: ...  # noqa: D102
    def filter(self, text: str) -> Iterator[Any]: ...  # noqa: D102
    def conversation(self, number: int) -> Any: ...  # noqa: D102


class ColumnEvidence:
    """Evidence over a columns.Capture. `path`: its file, which is looked at now and then: others may write it."""

    def __init__(self, capture: Capture, path: Path | None = None) -> None:
        self.capture = capture
        self._path = path
        self._was = _state(path)
        self._cut = False
        self.ready = len(capture) == 0
        self.start = capture.rows(0, 1)[0].time if len(capture) else 0
        self._brief = lru_cache(KEPT)(lambda place: capture.rows(place, place + 1)[0])
        self._seen: dict[int, Event] = {}
        self._one = Lock()  # columns and conversations grow as they are asked: one thread at a time

    def warm(self) -> None:
        """Tie the packets into conversations: a second or two for a million, on a thread of its own; then events are quick."""
        self.event(0)
        self.ready = True

    def __len__(self) -> int:
        return len(self.capture)

    def line(self, place: int) -> PacketLine:
        """What the columns tell; the summary once the packet has been looked at."""
        try:
            brief = self._brief(place)
        except LabError:
            ms = (self.capture.time(place + 1) - self.start) / 1e6
            return PacketLine(str(place + 1), ms, "?", "", "", "odd", "(no longer in the file)")
        seen = self._seen.get(place)
        said = seen.content.summary() if seen else f"{brief.length} bytes"
        hop = f"{brief.src or '?'} → {brief.dst or '?'}"
        return PacketLine(
            str(brief.number), (brief.time - self.start) / 1e6, hop, brief.protocol, "", "", said
        )

    def known(self, place: int) -> bool:
        """Whether a packet has been looked at."""
        return place in self._seen

    def event(self, place: int) -> Event:
        """See Evidence."""
        if place not in self._seen:
            while len(self._seen) >= KEPT:
                del self._seen[next(iter(self._seen))]
            with self._one:
                self._seen[place] = self.capture.event(place + 1)
        return self._seen[place]

    def row(self, place: int) -> EventRow:
        """See Evidence."""
        event = self.event(place)
        return EventRow(event, (event.time - self.start) / 1e6, event.src, event.dst)

    def odd(self, place: int) -> bool:
        """Not known of a packet that nobody has looked at."""
        event = self._seen.get(place)
        return event is not None and ("_ws.malformed" in event.fields or "tcp.analysis.flags" in event.fields)

    def changed(self) -> str:
        """See Evidence. What was mapped stays readable when the file goes or grows, not when it is cut."""
        now = _state(self._path)
        if self._was is None or now == self._was:
            return ""
        self._cut = self._cut or bool(now and now[:2] == self._was[:2] and now[2] < self._was[2])
        if self._cut:
            return "✗ the file was cut"
        if now is None:
            return "the file is gone; what was opened stays"
        if now[:2] != self._was[:2]:
            return "another file has its name now; what was opened stays"
        return (
            "✗ the file was cut"
            if now[2] < self._was[2]
            else "the file has grown: open it again for the rest"
        )

    def place(self, id: str) -> int:
        """See Evidence."""
        return int(id) - 1 if id.isdecimal() and 0 < int(id) <= len(self) else -1

    def filter(self, expression: str, step: str = "") -> Iterator[FilterProgress]:
        """See Evidence; what the headers decide comes first."""
        return self._filter(self.capture.filter(expression))

    def _filter(self, parts: Iterator[Any]) -> Iterator[FilterProgress]:
        while True:
            with self._one:
                part = next(parts, None)
            if part is None:
                return
            yield FilterProgress(part.done, part.total, array("i", (part.numbers - 1).astype("i4").tobytes()))

    def conversation(self, event: Event) -> Sequence[int]:
        """See Evidence; of a very long conversation, the packets around this one."""
        numbers = self.capture.conversation(event.number)
        at = int(numbers.searchsorted(event.number))
        return [int(number) - 1 for number in numbers[max(0, at - NEAR) : at + NEAR]]


def _state(path: Path | None) -> tuple[int, int, int] | None:
    """Which file it is, and its length; None where there is none."""
    try:
        found = path.stat() if path else None
    except OSError:
        return None
    return (found.st_dev, found.st_ino, found.st_size) if found else None
