"""A figure on the page: a picture whose style is the page's, and its numbers in words below. No script, no style of its own.

Lines differ in dashes, marks in shape, bars by the numbers above them: colours are not seen by everyone.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from markupsafe import Markup

from ...model import Figure, Series
from ..escape import html
from ..figure import FEW, in_words, number, ticks
from ..svg import picture, text
from .document import fragment

WIDTH, HEIGHT = 760, 330  # pixels, without the key
LEFT, RIGHT, TOP, BOTTOM = 76, 18, 30, 46  # around what is drawn
LETTER = 6.7  # pixels a letter of 12 px takes at most, on average
KEY = 20  # pixels, a line of the key
APART = 44  # pixels between two ticks at least
COLOURS, DASHES = 6, ("", "7 3", "2 3", "9 3 2 3")
SHAPES = ("m-4 -4 l8 8 m0 -8 l-8 8", "m-4 -4 h8 v8 h-8 z", "m0 -5 l5 9 h-10 z", "m0 -5 l5 5 l-5 5 l-5 -5 z")
WORDS = 24  # letters of a word below a group of bars


def chart(figure: Figure, zero: float | None = None) -> Markup:
    """The whole `<figure>`: title, picture, numbers, their source, and the values that have not been run yet.

    `zero`: where x is time, what of it has passed at x = 0, in ms of the page's run; a line then follows the reader.
    """
    told = [(series.name, in_words(series)) for series in figure.series]
    plot, wanted = figure.plot, next(iter(figure.missing), "")
    command = f"machinelab run {figure.lab} {plot.experiment} --set {plot.over}={wanted}"
    svg = Markup(drawn(figure, zero)) if any(series.points for series in figure.series) else ""
    return fragment("chart.html", figure=figure, plot=plot, svg=svg, told=told, command=command)


def drawn(figure: Figure, zero: float | None = None) -> str:
    """The picture alone, an `<svg>` element."""
    key, rows = _key(figure)
    top = KEY * rows + TOP
    height = HEIGHT + KEY * rows
    floor = height - BOTTOM
    said = html(f"{figure.plot.title}: {figure.plot.y}, by {figure.plot.x}. The numbers are below.")
    highest = max(y for series in figure.series for _, y in series.points)
    up = _Scale(0, ticks(highest)[-1] or 1, floor, top)
    body = _bars(figure, up, floor) if figure.bars else _lines(figure, up, floor)
    names = (
        text(4, top - 14, html(figure.plot.y)),
        text(f"{(LEFT + WIDTH - RIGHT) / 2:.0f}", height - 8, html(figure.plot.x), anchor="middle"),
    )
    cursor = "" if zero is None or figure.bars else _cursor(figure, zero, top, floor)
    return picture(
        "chart", WIDTH, height, said, "".join([*key, *names, *_levels(highest, up), *body, cursor])
    )


def _cursor(figure: Figure, zero: float, top: float, floor: float) -> str:
    """Where the reader is in time: an upright line that the script moves, by what it has to know of the axis."""
    across = _axis(sorted({float(x) for series in figure.series for x, _ in series.points}))
    each = across.each / (figure.plot.since[1] if figure.plot.since else 1)
    return (
        f'<path class="cursor" d="M-9 {top} V{floor}" data-left="{LEFT}" data-right="{WIDTH - RIGHT}" '
        f'data-zero="{across(0) - zero * each:.3f}" data-each="{each:.6f}"/>'
    )


class _Scale:
    """From values to pixels, linear."""

    def __init__(self, low: float, high: float, start: float, stop: float) -> None:
        self.low, self.start = low, start
        self.each = (stop - start) / ((high - low) or 1)

    def __call__(self, value: float) -> float:
        return round(self.start + (value - self.low) * self.each, 1)


def _styles(figure: Figure) -> list[tuple[str, str]]:
    """For each series its class, which is its colour, and the dashes of its line or the shape of its marks.

    Marks have the colour of the line before them.
    """
    found, lines, marks = [], 0, 0
    for series in figure.series:
        form = SHAPES[marks % len(SHAPES)] if series.marks else DASHES[lines % len(DASHES)]
        lines, marks = lines + (not series.marks), marks + series.marks
        found.append((f"c{max(0, lines - 1) % COLOURS}", form))
    return found


def _key(figure: Figure) -> tuple[list[str], int]:
    """What is drawn how, from left to right; and on how many lines."""
    parts, x, row = [], 4.0, 0
    for series, style in zip(figure.series, _styles(figure), strict=True):
        width = 44 + LETTER * len(series.name)
        if x > 4 and x + width > WIDTH:
            x, row = 4.0, row + 1
        y = KEY * row + 12
        sample = _sample(figure, series, style, x, y)
        parts.append(sample + text(f"{x + 30:.0f}", y + 4, html(series.name)))
        x += width
    return parts, row + 1


def _sample(figure: Figure, series: Series, style: tuple[str, str], x: float, y: float) -> str:
    kind, form = style
    if figure.bars:
        return f'<rect class="bar {kind}" x="{x + 4:.0f}" y="{y - 6}" width="16" height="12"/>'
    if series.marks:
        return f'<path class="mark {kind}" d="M{x + 12:.0f} {y} {form}"/>'
    return f'<path class="line {kind}"{_dashed(form)} d="M{x:.0f} {y} h24"/>'


def _dashed(dashes: str) -> str:
    return f' stroke-dasharray="{dashes}"' if dashes else ""


def _levels(highest: float, up: _Scale) -> Iterator[str]:
    """A thin line and a number for each tick of the upright axis."""
    for value in ticks(highest):
        y = up(value)
        yield f'<path class="level" d="M{LEFT} {y} H{WIDTH - RIGHT}"/>'
        yield text(LEFT - 8, f"{y + 4:.1f}", number(value), anchor="end")


def _lines(figure: Figure, up: _Scale, floor: float) -> Iterator[str]:
    places = sorted({float(x) for series in figure.series for x, _ in series.points})
    across = _axis(places)
    for value in _across(places, across):
        x = across(value)
        yield f'<path class="level" d="M{x} {floor} v5"/>'
        yield text(x, floor + 18, number(value), anchor="middle")
    for series, (kind, form) in zip(figure.series, _styles(figure), strict=True):
        at = [(across(float(x)), up(y)) for x, y in series.points]
        if series.marks:
            yield (
                f'<path class="mark {kind}" d="{" ".join(f"M{x} {y} {form}" for x, y in at)}"/>' if at else ""
            )
            continue
        way = " ".join(f"{x} {y}" for x, y in at)
        yield f'<path class="line {kind}"{_dashed(form)} d="M{way}"/>' if at else ""
        if len(at) <= FEW:
            yield from (f'<circle class="bar {kind}" cx="{x}" cy="{y}" r="3.5"/>' for x, y in at)


def _axis(places: Sequence[float]) -> _Scale:
    return _Scale(min(0.0, places[0]), places[-1], LEFT, WIDTH - RIGHT)


def _across(places: Sequence[float], across: _Scale) -> Sequence[float]:
    """The places of the points themselves if they are few and have room, else round numbers."""
    at = [across(place) for place in places]
    if len(places) <= FEW and all(b - a >= APART for a, b in pairwise(at)):
        return places
    return [value for value in ticks(places[-1], 8) if value <= places[-1]]


def _bars(figure: Figure, up: _Scale, floor: float) -> Iterator[str]:
    """A group for each word, in it a bar for each series, its number above."""
    words = list(dict.fromkeys(str(x) for series in figure.series for x, _ in series.points))
    group = (WIDTH - LEFT - RIGHT) / len(words)
    wide = min(90.0, 0.7 * group / len(figure.series))
    for place, word in enumerate(words):
        middle = LEFT + (place + 0.5) * group
        yield text(f"{middle:.1f}", floor + 18, html(word, WORDS), anchor="middle")
        for turn, (series, (kind, _)) in enumerate(zip(figure.series, _styles(figure), strict=True)):
            value = {str(x): y for x, y in series.points}.get(word)
            if value is None:
                continue
            x, y = middle + (turn - len(figure.series) / 2) * wide, up(value)
            yield f'<rect class="bar {kind}" x="{x + 1:.1f}" y="{y}" width="{wide - 2:.1f}" height="{floor - y:.1f}"/>'
            yield text(f"{x + wide / 2:.1f}", f"{y - 4:.1f}", number(value), anchor="middle")
