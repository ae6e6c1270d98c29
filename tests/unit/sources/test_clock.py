"""Clocks of evidence: an anchor between two of them, and times as logs write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from machinelab.sources.clock import SECOND, Anchor, between, date, seconds

MOMENT = 1_795_500_355 * SECOND


def test_times_count_from_the_anchor_both_ways() -> None:
    anchor = Anchor(MOMENT, 5 * SECOND)
    assert anchor.time(5 * SECOND) == MOMENT
    assert anchor.time(7 * SECOND) == MOMENT + 2 * SECOND
    assert anchor.time(4 * SECOND) == MOMENT - SECOND


def test_an_anchor_between_two_readings_is_uncertain_by_half_of_the_gap() -> None:
    assert between(MOMENT, 9, MOMENT + 1000) == Anchor(MOMENT + 500, 9, 500)
    assert between(MOMENT, 9, MOMENT) == Anchor(MOMENT, 9, 0)


def test_a_clock_that_went_backwards_is_no_anchor() -> None:
    with pytest.raises(ValueError, match="backwards"):
        between(MOMENT, 9, MOMENT - 1)


def test_doubt_grows_with_the_distance() -> None:
    anchor = Anchor(MOMENT, 0, 100)
    assert anchor.doubt(0) == 100
    assert anchor.doubt(10 * SECOND) == anchor.doubt(-10 * SECOND) == 100 + 5_000_000


@given(st.integers(0, 10**10), st.integers(0, SECOND - 1))
def test_epoch_seconds(whole: int, part: int) -> None:
    assert seconds(f"{whole}.{part:09d}".encode()) == whole * SECOND + part


def test_epoch_seconds_of_fewer_and_of_more_digits() -> None:
    assert seconds(b"12.5") == 12_500_000_000
    assert seconds(b"12") == 12 * SECOND
    assert seconds(b"12.1234567899") == 12_123_456_789


@pytest.mark.parametrize(
    "written", [b"", b"x", b"-1", b"1.x", b".5", b"1_0", b" 1", b"1e3", b"9" * 5000, "1²".encode()]
)
def test_what_is_no_number_of_seconds(written: bytes) -> None:
    assert seconds(written) is None


def test_dates_with_and_without_a_zone() -> None:
    utc = date(b"2026-11-24 10:57:12,744")
    assert utc is not None and utc % SECOND == 744_000_000
    assert date(b"2026-11-24T11:57:12.744000+01:00") == utc == date(b"2026-11-24T10:57:12.744Z")


@pytest.mark.parametrize(
    "written",
    [b"2026-02-30 10:57:12,744", b"2026-11-24 25:00:00", b"", b"\xff", b"0001-01-01T00:00:00+09:00"],
)
def test_a_moment_that_there_is_not(written: bytes) -> None:
    assert date(written) is None
