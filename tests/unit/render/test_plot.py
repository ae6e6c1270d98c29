from machinelab.model import Figure, Plot, Series
from machinelab.render.plot import plot
from machinelab.render.terminal import TerminalStyle, cells

PLOT = Plot("wait", "How long it takes", "group", "clients", "milliseconds", lambda runs: (), over="clients")
LINES = Figure(
    "wal", PLOT, (Series("a", ((1, 2.5), (8, 10.0))), Series("b", ((1, 3.0),))), ("run 1", "run 2"), ("4",)
)
BARS = Figure("wal", PLOT, (Series("on", (("first", 2500.0), ("then", 71.0))),), ("reference",), ())
MARKED = Figure(
    "tcp",
    PLOT,
    (
        Series("one", tuple((x, x * 1000.0) for x in range(40))),
        Series("one, again", ((5, 9000.0), (30, 3000.0)), marks=True),
        Series("two", tuple((x, 20_000.0) for x in range(40))),
    ),
    ("run 1", "run 2"),
    (),
)
NOTHING = Figure("wal", PLOT, (Series("a", ()),), ("reference",), ())


def test_a_line_for_each_series_and_its_numbers_in_words() -> None:
    lines = list(plot(LINES, TerminalStyle(80)))
    assert "    a: 1: 2.5, 8: 10" in lines and "    b: 1: 3" in lines
    assert "  From run 1, run 2." in lines
    assert "  machinelab run wal group --set clients=4" in lines


def test_it_fits() -> None:
    for width in (40, 80, 160):
        for figure in (LINES, BARS, MARKED, NOTHING):
            assert max(cells(line) for line in plot(figure, TerminalStyle(width))) <= max(width, 44)


def test_each_series_has_a_sign_of_its_own_and_round_numbers_stand_at_the_axes() -> None:
    lines = list(plot(MARKED, TerminalStyle(80)))
    key = lines.index("  ⠶ one   x one, again   · two")
    picture = "\n".join(lines[key + 1 : lines.index("  milliseconds, by clients:")])
    assert picture.count("x") == 2 and "·····" in picture
    assert "40,000┤" in picture and "    0┤" in picture and " 10 " in picture
    assert "    one: 40 points from 0 to 39; 0 at first, 39,000 at last" in lines


def test_a_key_without_room_has_a_line_for_each_series() -> None:
    lines = list(plot(MARKED, TerminalStyle(24)))
    assert {"  ⠶ one", "  x one, again", "  · two"} <= set(lines)


def test_without_unicode_there_are_numbers_alone() -> None:
    lines = list(plot(BARS, TerminalStyle(80, unicode=False)))
    assert all(line.isascii() for line in lines)
    assert "    on: first: 2,500, then: 71" in lines


def test_no_points_are_said_to_be_none() -> None:
    assert "    a: nothing yet" in list(plot(NOTHING, TerminalStyle(80)))
