"""When a capture ends, and what is in its file then."""

import os
import signal
import time

import pytest

from machinelab.engine import recording
from machinelab.engine.packetfile import Frame
from machinelab.engine.recording import File, Stop, record
from machinelab.errors import UsageError
from machinelab.sources.container import Reader


class Fed:
    """A source that holds frames, and gives some at a time."""

    link, digits, late, over = 1, 9, 0.0, False

    def __init__(self, frames, each=3, dropped=0, then=lambda: None):
        self.frames, self.each, self.lost, self.then = list(frames), each, dropped, then

    def read(self, most, wait):
        size = min(most, self.each)
        given, self.frames = self.frames[:size], self.frames[size:]
        if not given and not self.over:
            self.over = True
            self.then()
        return given

    def dropped(self):
        return self.lost

    def close(self):
        raise AssertionError("whoever opened it closes it")


def frames(count, since=None):
    since = time.time_ns() - 10**9 if since is None else since
    return [Frame(since + number, bytes([number]) * 60, 60) for number in range(count)]


def recorded(source, stop=None, **limits):
    from machinelab.engine import packetfile

    parts = [packetfile.opening("x", 1, 9)]
    counts = record(source, parts.append, stop or Stop(), **limits)
    return counts, [frame.data[0] for frame in Reader().feed(b"".join(parts))]


def test_so_many_and_no_more():
    counts, kept = recorded(Fed(frames(10)), count=7)
    assert kept == list(range(7))
    assert counts == (7, 0)


def test_for_so_long():
    begun = time.monotonic()
    _, kept = recorded(Fed(frames(10)), seconds=0.2)
    assert 0.2 <= time.monotonic() - begun < 5
    assert kept == list(range(10))


def test_what_was_there_before_the_end_is_kept_and_what_came_after_is_not():
    stop = Stop()
    stop.asked = True
    future = frames(4, time.time_ns() + 60 * 10**9)
    _, kept = recorded(Fed([*frames(5), *future]), stop)
    assert kept == list(range(5))


def test_a_loss_is_counted():
    stop = Stop()
    stop.asked = True
    assert recorded(Fed(frames(2), dropped=40), stop)[0] == (2, 40)


def test_who_is_busy_is_not_waited_for():
    waits, turns = [], iter([True, False])

    class Watched(Fed):
        def read(self, most, wait):
            waits.append(wait)
            return super().read(most, wait)

    recorded(Watched(frames(6), each=3), count=6, busy=lambda: next(turns))
    assert waits == [0, recording.POLL]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_well(number):
    before = signal.getsignal(number)
    with Stop() as stop:
        _, kept = recorded(Fed(frames(5), then=lambda: os.kill(os.getpid(), number)), stop)
        assert kept == list(range(5))
    assert signal.getsignal(number) is before


def test_a_second_ctrl_c_ends_it_at_once():
    with Stop() as stop:
        os.kill(os.getpid(), signal.SIGINT)
        assert stop.asked
        with pytest.raises(KeyboardInterrupt):
            os.kill(os.getpid(), signal.SIGINT)


def test_a_file_that_was_there_is_overwritten(tmp_path):
    file = tmp_path / "x.pcapng"
    file.write_bytes(b"old and long")
    with File(file) as sink:
        sink.write(b"new")
    assert file.read_bytes() == b"new"
    assert sink.written == 3


def test_a_full_disk_and_a_missing_folder_are_told(tmp_path):
    with (
        pytest.raises(UsageError, match="cannot be written: No space left"),
        File(type(tmp_path)("/dev/full")) as sink,
    ):
        sink.write(b"x")
    with pytest.raises(UsageError, match="cannot be written: No such file"), File(tmp_path / "no" / "x"):
        pass
