import time

import pytest

from machinelab.engine.clock import SLACK, Clock

HOUR = 3600 * 10**9


def test_it_goes_on_as_it_began_whatever_becomes_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock()
    before = clock.now()
    assert abs(before - time.time_ns()) < SLACK
    for hours in (-1, 1):
        monkeypatch.setattr(time, "time_ns", lambda hours=hours: before + hours * HOUR)
        assert 0 <= clock.now() - before < SLACK


@pytest.mark.parametrize("hours", [-1, 1])
def test_it_follows_a_clock_that_differs(hours: int) -> None:
    clock = Clock()
    told = clock.now() + hours * HOUR
    moved = clock.follow(told)
    assert abs(moved - hours * HOUR) < SLACK and 0 <= clock.now() - told < SLACK


def test_news_that_came_late_is_no_difference() -> None:
    clock = Clock()
    assert clock.follow(clock.now() - SLACK // 2) == 0
