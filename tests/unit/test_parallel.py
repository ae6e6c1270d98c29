import os

import pytest

from machinelab import parallel

COUNT = 12_345


def text(start: int, stop: int) -> str:
    return ",".join(f"{number}é" for number in range(start, stop))


@pytest.fixture
def two(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parallel, "workers", lambda: 2)


@pytest.mark.usefixtures("two")
def test_blocks_come_in_order_and_whole() -> None:
    assert ",".join(parallel.blocks(COUNT, text)) == text(0, COUNT)


def test_few_things_are_made_right_here() -> None:
    assert list(parallel.blocks(3, lambda start, stop: f"{start}-{stop} {os.getpid()}")) == [
        f"0-3 {os.getpid()}"
    ]
    assert list(parallel.blocks(0, text)) == []


@pytest.mark.usefixtures("two")
def test_what_a_killed_process_owes_is_made_here() -> None:
    here = os.getpid()

    def make(start: int, stop: int) -> str:
        if start >= 5_000 and os.getpid() != here:
            os.kill(os.getpid(), 9)
        return text(start, stop)

    assert ",".join(parallel.blocks(COUNT, make)) == text(0, COUNT)


@pytest.mark.usefixtures("two")
def test_an_error_rises_where_it_would_without_processes() -> None:
    def make(start: int, stop: int) -> str:
        if start >= 5_000:
            raise ValueError(start)
        return text(start, stop)

    found = parallel.blocks(COUNT, make)
    for _ in range(0, 5_000, parallel.SIZE):
        next(found)
    with pytest.raises(ValueError, match="5000"):
        next(found)


@pytest.mark.usefixtures("two")
def test_left_early_it_leaves_no_process(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[int] = []
    fork = os.fork

    def counted() -> int:
        pid = fork()
        made.append(pid)
        return pid

    monkeypatch.setattr(os, "fork", counted)
    found = parallel.blocks(COUNT, text)
    next(found)
    found.close()
    assert len(made) == 2
    for pid in made:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)
