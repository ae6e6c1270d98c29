import re
import xml.etree.ElementTree as ET
from dataclasses import replace

from machinelab.model import Figure, Plot, Series
from machinelab.render.page import Sources, page
from machinelab.render.page.chart import COLOURS, HEIGHT, KEY, RIGHT, WIDTH, chart, drawn

from .. import small
from .test_page import read

PLOT = Plot("wait", "How long it takes", "group", "clients", "milliseconds", lambda runs: (), over="clients")


def figure(*series: Series, missing: tuple[str, ...] = ()) -> Figure:
    return Figure("wal", PLOT, series, ("run 1", "run 2"), missing)


LINES = figure(Series("a", ((1, 2.5), (8, 10.0))), Series("b", ((1, 3.0),)), missing=("4",))
BARS = figure(Series("on", (("first", 2500.0), ("then", 71.0))), Series("off", (("first", 80.0),)))
MARKED = figure(
    Series("one", tuple((x, x * 1000.0) for x in range(40))),
    Series("one, again", ((5, 9000.0), (30, 3000.0)), marks=True),
    Series("two", tuple((x, 20_000.0) for x in range(40))),
)


def classes(text: str, kind: str) -> list[str]:
    return re.findall(rf'class="{kind} (c\d)"', text)


def test_it_is_whole_and_has_no_style_of_its_own() -> None:
    for each in (LINES, BARS, MARKED, figure(Series("a", ())), figure()):
        tags = read(chart(each)).tags
        assert not any({"style", "href", "src"} & attrs.keys() for _, attrs in tags)
        assert not {"style", "script"} & {tag for tag, _ in tags}


def test_the_numbers_are_told_in_words_too() -> None:
    text = chart(LINES)
    assert "<li><b>a</b>: 1: 2.5, 8: 10</li>" in text and "From run 1, run 2." in text
    assert "Not run yet: clients = 4." in text and "machinelab run wal group --set clients=4" in text
    assert (
        'role="img" aria-label="How long it takes: milliseconds, by clients. The numbers are below."' in text
    )


def test_points_stand_where_the_axes_say() -> None:
    text = chart(LINES)
    places = dict(re.findall(r'<text x="([\d.]+)" y="[\d.]+" text-anchor="middle">(\d+)</text>', text))
    levels = dict(re.findall(r'H742"/><text x="68" y="([\d.]+)" text-anchor="end">([\d.]+)</text>', text))
    at = {name: float(x) for x, name in places.items()}
    level = {name: float(y) - 4 for y, name in levels.items()}
    points = [
        (float(x), float(y))
        for x, y in re.findall(r'<circle class="bar c0" cx="([\d.]+)" cy="([\d.]+)"', text)
    ]
    assert set(at) == {"1", "8"} and set(level) == {"0", "2", "4", "6", "8", "10"}
    assert points == [(at["1"], round((level["2"] * 3 + level["4"]) / 4, 1)), (at["8"], level["10"])]


def test_lines_differ_in_dashes_and_marks_have_the_colour_of_their_line() -> None:
    text = chart(MARKED)
    assert classes(text, "line") == ["c0", "c1"] * 2 and classes(text, "mark") == ["c0"] * 2
    assert text.count('stroke-dasharray="7 3"') == 2  # in the key and in the picture
    assert "<circle" not in text


def test_each_bar_has_its_number_and_what_is_not_there_has_no_bar() -> None:
    text = chart(BARS)
    assert classes(text, "bar") == ["c0", "c1", "c0", "c1", "c0"]
    assert all(f">{said}</text>" in text for said in ("2,500", "80", "71", "first", "then"))


def test_nothing_leaves_the_picture() -> None:
    many = figure(*(Series(f"a rather long name, {i}", ((0, 1.0), (9, 7.0))) for i in range(COLOURS + 5)))
    for each in (LINES, BARS, MARKED, many):
        text = chart(each)
        (height,) = map(int, re.findall(rf'viewBox="0 0 {WIDTH} (\d+)"', text))
        assert height >= HEIGHT + KEY
        assert all(0 <= float(x) <= WIDTH for x in re.findall(r' (?:c?x)="([\d.-]+)"', text))
        assert all(0 <= float(y) <= height for y in re.findall(r' (?:c?y)="([\d.-]+)"', text))
        points = re.findall(
            r"[ML]?([\d.]+) ([\d.]+)", " ".join(re.findall(r'class="line c\d"[^>]* d="([^"]*)"', text))
        )
        assert bool(points) == (each is not BARS) and all(
            float(x) <= WIDTH - RIGHT and float(y) <= height for x, y in points
        )


def test_without_points_there_is_no_picture() -> None:
    text = chart(figure(Series("a", ())))
    assert "<svg" not in text and "nothing yet" in text


def test_hostile_names_become_text() -> None:
    plot = Plot('"><b>', small.HOSTILE, "x", small.HOSTILE, small.HOSTILE, lambda runs: (), over="<i>")
    for points in (((1, 2.0),), ((small.HOSTILE, 2.0),)):
        found = Figure("<b>", plot, (Series(f"<b onclick=x>{small.HOSTILE}", points),), ("<b>",), ("<b>",))
        tags = read(chart(found)).tags
        assert [tag for tag, _ in tags].count("b") == 1  # the one that the series' name stands in
        assert not any(key.startswith("on") for _, attrs in tags for key in attrs)
        assert "\x1b" not in chart(found) and "\u202e" not in chart(found)


def test_the_page_shows_the_figures_it_is_given() -> None:
    text = page(small.cold(), [], Sources(figures=(LINES,)))
    assert text.count("<figure") == 1 and ">Pictures</h2>" in text
    assert "<figure" not in page(small.cold(), [])
    read(text)


def test_where_x_is_time_a_line_can_follow_the_reader() -> None:
    timed = replace(LINES, plot=replace(LINES.plot, since=("syn", 1000.0)))
    line = next(each for each in ET.fromstring(drawn(timed, 500.0)).iter() if each.get("class") == "cursor")
    at = [float(line.attrib[f"data-{name}"]) for name in ("zero", "each", "left", "right")]
    zero, each, left, right = at
    across = max(float(x) for series in LINES.series for x, _ in series.points)
    assert abs(zero + 500 * each - left) < 0.1 and abs(zero + (500 + 1000 * across) * each - right) < 0.1
    assert "cursor" not in drawn(LINES)
