"""Lanes in the terminal: a line for each moment, filled as far as the lane is, with a letter for each that moves."""

from dataclasses import replace

import pytest

from machinelab.render.lanes import MOMENTS, Scale, moments
from machinelab.render.plot import plot
from machinelab.render.terminal import TerminalStyle, cells
from tests.unit.render.lanes_made import BUSY, FIGURE, LONG, NOTHING, STILL


def test_each_moment_is_a_line_and_says_what_moved() -> None:
    lines = list(plot(FIGURE, TerminalStyle(80)))
    assert lines[0] == "kafka · river · The river"
    assert "  ░ log end   █ high watermark   2 broker2 has   3 broker3 has" in lines
    said = "\n".join(lines)
    for words in ("leader broker1, epoch", "log end 41", "high watermark 41", "broker3 has 41"):
        assert words in said
    assert "  From run 7." in lines


def test_the_lane_is_filled_lightly_to_the_first_and_fully_to_the_second() -> None:
    lines = list(plot(FIGURE, TerminalStyle(100)))
    line = next(line for line in lines if "broker2 has 41" in line)
    assert line.count("█") < line.count("░") and "2" in line
    assert next(line for line in lines if line.lstrip().startswith("50 ")).count("░") == 0


def test_two_in_one_place_are_a_plus() -> None:
    line = next(line for line in plot(FIGURE, TerminalStyle(100)) if line.lstrip().startswith("15 "))
    assert "+" in line and "broker2 has 5, broker3 has 5" in line


@pytest.mark.parametrize("width", [40, 60, 80, 200])
def test_it_fits(width: int) -> None:
    for figure in (FIGURE, NOTHING, replace(FIGURE, lanes=(LONG,))):
        assert max(cells(line) for line in plot(figure, TerminalStyle(width))) <= max(width, 52)


def test_without_other_signs_than_ascii() -> None:
    text = "\n".join(plot(FIGURE, TerminalStyle(80, unicode=False)))
    assert text.isascii() and "#" in text and "-" in text


def test_a_run_in_which_nothing_moves_says_so() -> None:
    assert "  Nothing moves in this run." in list(plot(NOTHING, TerminalStyle(80)))


def test_many_moments_are_told_together_and_none_is_lost() -> None:
    found = list(moments(LONG))
    assert len(found) <= MOMENTS
    assert found[-1][1] == {"log end": 499 * 3}


def test_moments_come_in_order_with_their_notes() -> None:
    found = list(moments(BUSY))
    assert [x for x, _, _ in found] == sorted(x for x, _, _ in found)
    assert found[0] == (0.0, {"broker2 has": 0, "broker3 has": 0}, ["leader broker1, epoch 0"])


@pytest.mark.parametrize(
    ("low", "high"), [(0, 0), (0, 1), (5, 7), (0, 43), (0, 44), (10, 1_000_000), (1 << 40, (1 << 40) + 3)]
)
def test_places_keep_their_order_and_stay_inside(low: int, high: int) -> None:
    scale = Scale(low, high, 44)
    columns = [scale.column(place) for place in (low, (low + high) // 2, high)]
    assert columns == sorted(columns) and columns[0] >= 0 and columns[-1] < 44
    assert scale.head().split()[0] == str(low)


def test_a_lane_with_one_place_is_drawn() -> None:
    assert any("1000000" in line for line in plot(replace(FIGURE, lanes=(STILL,)), TerminalStyle(80)))
