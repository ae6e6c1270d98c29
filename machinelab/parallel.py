"""Text made by several processes side by side, given in order: for work that takes one core seconds and shares no result.

The processes are forks, so they have everything at hand and send back text alone. What one cannot do (it was killed, it
ran out of memory) the caller's own process does instead, so an error rises where it would without them.
"""

import gc
import os
import signal
import struct
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from itertools import islice
from typing import BinaryIO, TypeVar

Thing = TypeVar("Thing")

Make = Callable[[int, int], str]
"""The text of the things from a first to before a last."""

SIZE = 500  # things to a block: some megabytes of text at most wait in each process
LEAST = 10_000  # things from which on it pays
FIRST, BATCH = 200, 20_000  # things that are waited for: at first, then twice as many each time, and at most
MOST = 4  # processes; each has its own copy of what it changes
HEAD = struct.Struct("<Q")


def pages(
    things: Iterable[Thing], make: Callable[[Sequence[Thing]], str], least: int = LEAST
) -> Iterator[str]:
    """The texts of things that come one by one, in order: few at first, then twice as many each time, made as `blocks` makes them."""
    coming, size = iter(things), FIRST
    while batch := list(islice(coming, size)):
        size = min(2 * size, BATCH)

        def block(start: int, stop: int, batch: Sequence[Thing] = batch) -> str:
            return make(batch[start:stop])

        yield from blocks(len(batch), block, least)


def blocks(count: int, make: Make, least: int = LEAST) -> Iterator[str]:
    """The texts of all blocks of `count` things, in order; from `least` things on, made side by side."""
    several = workers() if count >= least else 1
    if several < 2:
        for start in range(0, count, SIZE):
            yield make(start, min(start + SIZE, count))
        return
    hands = [_Hand(place, several, count, make) for place in range(several)]
    try:
        for number, start in enumerate(range(0, count, SIZE)):
            text = hands[number % several].read()
            yield make(start, min(start + SIZE, count)) if text is None else text
    finally:
        for hand in hands:
            hand.stop()


def workers() -> int:
    """How many processes may work side by side: one for each processor we may use; one where there is no safe fork."""
    if not hasattr(os, "fork") or not hasattr(os, "sched_getaffinity") or threading.active_count() > 1:
        return 1
    return min(MOST, len(os.sched_getaffinity(0)))


class _Hand:
    """One process, which makes every `several`-th block, `place` counted from 0."""

    def __init__(self, place: int, several: int, count: int, make: Make) -> None:
        reading, writing = os.pipe()
        self._pid = os.fork()
        if self._pid == 0:
            os.close(reading)
            _work(writing, range(place * SIZE, count, several * SIZE), count, make)
        os.close(writing)
        self._pipe: BinaryIO = open(reading, "rb", buffering=1 << 16)  # noqa: SIM115, PTH123 - closed by stop()

    def read(self) -> str | None:
        """Its next block; None if it is gone."""
        head = self._pipe.read(HEAD.size)
        if len(head) < HEAD.size:
            return None
        size: int = HEAD.unpack(head)[0]
        data = self._pipe.read(size)
        return data.decode("utf-8", "surrogatepass") if len(data) == size else None

    def stop(self) -> None:
        """End it, done or not."""
        self._pipe.close()
        with suppress(ProcessLookupError):
            os.kill(self._pid, signal.SIGTERM)
        os.waitpid(self._pid, 0)


def _work(writing: int, starts: range, count: int, make: Make) -> None:
    """The child's whole life. It leaves by `_exit`: what its parent has open is not its to flush or to close."""
    try:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        gc.disable()  # text leaves no cycles behind, and looking for them copies the pages that are shared
        with open(writing, "wb", buffering=0) as pipe:
            for start in starts:
                data = make(start, min(start + SIZE, count)).encode("utf-8", "surrogatepass")
                _send(pipe.fileno(), HEAD.pack(len(data)) + data)
    except BaseException:  # noqa: BLE001 - the parent does what is missing, and meets the error itself
        os._exit(1)
    os._exit(0)


def _send(pipe: int, data: bytes) -> None:
    left = memoryview(data)
    while left:
        left = left[os.write(pipe, left) :]
