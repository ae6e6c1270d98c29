"""A capture on the learner's own machine from its beginning to its end: what a source hears goes into a file until told to stop."""

import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple, Self

from ..errors import UsageError
from . import packetfile
from .packetfile import Frame
from .sniffing import Source

BATCH = 1024  # frames read before something else has its turn
POLL = 0.1  # s between two looks at whether to stop


class Counts(NamedTuple):
    """Frames in the file, and frames the system lost for want of room (None: it does not tell)."""

    kept: int
    dropped: int | None


class File:
    """A capture file that is being written; what was there is overwritten. `written`: bytes so far. Raises UsageError."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.written = 0

    def __enter__(self) -> Self:
        try:
            self._file = self._path.open("wb", buffering=0)
        except OSError as error:
            raise self._fault(error) from error
        return self

    def write(self, data: bytes) -> None:
        """All of it, before it returns."""
        try:
            view = memoryview(data)
            while view:  # a pipe, or a disk that is full, takes a part
                view = view[self._file.write(view) or 0 :]
        except OSError as error:
            raise self._fault(error) from error
        self.written += len(data)

    def _fault(self, error: OSError) -> UsageError:
        return UsageError(
            f"{self._path} cannot be written: {error.strerror or error}.",
            "Name another file with -o, where there is room.",
        )

    def __exit__(self, *about: object) -> None:
        self._file.close()


class Stop:
    """While the block lasts, Ctrl-C and SIGTERM are a wish to end well, in `asked`; a second Ctrl-C is a KeyboardInterrupt."""

    asked = False

    def __enter__(self) -> Self:
        self._before: dict[int, Any] = {}
        if threading.current_thread() is threading.main_thread():
            for number in (signal.SIGINT, signal.SIGTERM):
                self._before[number] = signal.signal(number, self._ask)
        return self

    def _ask(self, number: int, frame: object) -> None:
        self.asked = True
        signal.signal(signal.SIGINT, signal.default_int_handler)

    def __exit__(self, *about: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)


def record(
    source: Source,
    write: Callable[[bytes], None],
    stop: Stop,
    *,
    seconds: float | None = None,
    count: int | None = None,
    busy: Callable[[], bool] = lambda: False,
) -> Counts:
    """Write what a source hears as packet blocks, and its statistics after them, until told to stop, for so long, or so many.

    `busy` is given its turn between two reads, for some milliseconds at most, and says whether it has more to do.
    """
    ends = None if seconds is None else time.monotonic() + seconds
    kept = 0

    def take(frames: list[Frame]) -> None:
        nonlocal kept
        if frames:
            write(packetfile.packets(frames, source.digits))
            kept += len(frames)

    def room() -> int:
        return BATCH if count is None else min(BATCH, count - kept)

    while not stop.asked and room():
        left = POLL if ends is None else ends - time.monotonic()
        if left <= 0:
            break
        take(source.read(room(), 0 if busy() else min(POLL, left)))
    until = time.time_ns()
    # What came before that moment may still be on its way to us.
    while room() and (frames := source.read(room(), source.late)):
        take([frame for frame in frames if frame.time <= until])
        if frames[-1].time > until:
            break
    dropped = source.dropped()
    write(packetfile.closing(time.time_ns(), source.digits, kept + (dropped or 0), dropped))
    return Counts(kept, dropped)
