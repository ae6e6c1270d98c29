import pytest

from machinelab.model import Series
from machinelab.render.figure import FEW, in_words, number, ticks

MANY = Series("a", tuple((x, float(y)) for x, y in enumerate([2, 4, 9, *range(FEW)])))


def test_few_points_are_all_told() -> None:
    assert in_words(Series("a", ((1, 2.5), (8, 10.0)))) == "1: 2.5, 8: 10"
    assert in_words(Series("a", (("first", 2500.0),))) == "first: 2,500"
    assert in_words(Series("a", ())) == "nothing yet"


def test_of_many_points_the_ends_and_the_highest_are_told() -> None:
    assert in_words(MANY) == "15 points from 0 to 14; 2 at first, 11 at last"
    falling = Series("a", (*MANY.points, (15, 3.0)))
    assert in_words(falling) == "16 points from 0 to 15; 2 at first, 11 at most (at 14), 3 at last"


@pytest.mark.parametrize(
    ("top", "found"),
    [
        (0, [0]),
        (1, [0, 0.2, 0.4, 0.6, 0.8, 1]),
        (7, [0, 2, 4, 6, 8]),
        (79_640, [0, 20_000, 40_000, 60_000, 80_000]),
        (300_000, [0, 100_000, 200_000, 300_000]),
    ],
)
def test_ticks_are_round_and_reach_the_top(top: float, found: list[float]) -> None:
    assert ticks(top) == pytest.approx(found)


def test_numbers() -> None:
    assert [number(x) for x in ("word", 0.476849, 999.5, 40_544.0)] == ["word", "0.4768", "999.5", "40,544"]
