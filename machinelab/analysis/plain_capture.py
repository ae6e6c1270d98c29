"""Captures from anywhere without a guide: what a filter lets through, as lines, fields or JSON."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import UsageError
from ..model import Alignment, Event, Experiment, Trace
from .view import EventRow, View

if TYPE_CHECKING:
    from ..columns import Capture
    from ..sources.decoding import DecodeAs

FIRST = 200  # packets that are given before any others are dissected
PAGE = 20_000  # packets dissected and held at a time
OnProgress = Callable[[int, int], None]


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
