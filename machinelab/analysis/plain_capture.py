"""Captures from anywhere without a guide: what a filter lets through, as lines, fields or JSON."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from .. import filter as display
from ..errors import UsageError
from ..model import Alignment, Event, Experiment, Trace
from .view import EventRow, View

if TYPE_CHECKING:
    from ..columns import Capture
    from ..sources.decoding import DecodeAs

SHORT = 20_000  # packets, about, of a capture that is read whole before the first is given: half a second
MEDIUM = 50_000  # packets of a capture whose first packets are given before all others are read: 100 MB
FIRST = 200  # packets that are given before any others are dissected
SAMPLE = 1 << 16  # bytes of a file by which its packets are counted
PAGE = 20_000  # packets dissected and held at a time
OnProgress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Listing:
    """Packets to be listed, in the order of the file; `start` is the time of the capture's first packet (ns), `warnings` are complete
    once the last packet has been given.
    """

    events: Iterator[Event]
    start: int
    warnings: Sequence[str]


def listing(
    path: Path,
    expression: str,
    count: int | None = None,
    keys: Path | None = None,
    decode_as: "DecodeAs | None" = None,
) -> Listing:
    """What a filter lets through of a capture, the first `count`. Raises UsageError, LabError, FilterError before anything is given."""
    display.compile(expression)
    if not expression and is_short(path):
        from ..sources import pcap

        if keys is not None:
            pcap.require_secrets(keys, path)
        warnings: list[str] = []
        events = pcap.whole(path, warnings, keys.read_bytes() if keys else b"", decode_as)
        return Listing(iter(events[:count]), events[0].time if events else 0, warnings)
    capture = open_capture(path, keys, decode_as)
    start = capture.index.moment(0) if len(capture) else 0
    if expression or len(capture) > MEDIUM or not path.is_file():
        return Listing(select(capture, expression, count), start, capture.warnings)
    return Listing(_first_then_whole(path, capture, count, keys, decode_as), start, capture.warnings)


def _first_then_whole(
    path: Path, capture: "Capture", count: int | None, keys: Path | None, decode_as: "DecodeAs | None"
) -> Iterator[Event]:
    """All packets of a capture: the first within their conversations, the others from one walk through everything, which is quicker."""
    from ..sources import pcap

    last = len(capture) if count is None else min(count, len(capture))
    yield from capture.events(range(1, min(FIRST, last) + 1))
    if last <= FIRST:
        return
    if capture.conversations.mostly_one:  # walked by now, and kept
        yield from capture.events(range(FIRST + 1, last + 1))
    else:
        yield from pcap.whole(path, [], keys.read_bytes() if keys else b"", decode_as)[FIRST:last]


def is_short(path: Path) -> bool:
    """Whether an unpacked capture file has so few packets that reading it whole takes no time to speak of; by its first ones' sizes."""
    from ..sources.container import Reader, Unreadable

    if not path.is_file():
        return False
    try:
        with path.open("rb") as file:
            begun = file.read(SAMPLE)
        packets = sum(1 for _ in Reader().feed(begun))
    except (OSError, Unreadable):
        return False  # which is told when it is opened
    return path.stat().st_size * packets <= SHORT * len(begun)


def open_capture(path: Path, keys: Path | None = None, decode_as: "DecodeAs | None" = None) -> "Capture":
    """The capture, opened with a TLS key log and with protocols on ports of their own. Raises UsageError where there is no such file, LabError where it is no capture."""
    from ..columns import Capture
    from ..sources import pcap

    if not path.exists():
        raise UsageError(f"There is no file {path}.", "Give the path of a pcap or pcapng file.")
    if keys is not None:
        pcap.require_secrets(keys, path)
    return Capture.open(path, keys.read_bytes() if keys else b"", decode_as)


def select(
    capture: "Capture", expression: str, count: int | None = None, on_progress: OnProgress | None = None
) -> Iterator[Event]:
    """The events that a filter lets through, in order; the first `count`. `on_progress` is given how many packets are decided, of how many."""
    import numpy as np

    found = []
    for part in capture.filter(expression):
        found.append(part.numbers)
        if on_progress:
            on_progress(part.done, part.total)
    numbers = np.sort(np.concatenate(found))[:count]
    start, size = 0, FIRST
    while start < len(numbers):
        yield from capture.events(numbers[start : start + size])
        start, size = start + size, PAGE


def view(name: str) -> View:
    """A view that says nothing of steps, for renderers that want one."""
    nothing = Alignment(Experiment("", "", (), ()), (), (), {}, frozenset(), (), (), {})
    return View("", Trace(()), nothing, origin=name, strict=False, own=False)


def row(event: Event, start: int) -> EventRow:
    """An event as the views show it; `start`: the time of the capture's first packet."""
    return EventRow(event, (event.time - start) / 1e6, event.src, event.dst)
