"""Lanes on the page: a row for each moment at which something moved, places from left to right, filled as far as the lane is.

The same rows as in the terminal, in the page's style. Its script marks the row that the reader has come to, and pales those that are yet to be.
"""

from collections.abc import Iterator, Mapping
from textwrap import wrap

from markupsafe import Markup

from ...model import Figure, Lane
from ..escape import html
from ..figure import number, ticks
from ..lanes import moments
from ..svg import picture, text
from .document import fragment

WIDTH, LEFT, RIGHT = 760, 72, 380  # pixels: of all, where places begin, where they end
ROW, HEAD, LINE = 22, 26, 14  # pixels: a row, the numbers above, each further line of words
LETTERS = 46  # of what is said beside a row
LETTER = 7.5  # pixels of a letter at most
FILLS = ("0.22", "0.5")


def lanes(figure: Figure) -> Markup:
    """The whole `<figure>`: title, what the signs mean, a picture for each lane, and where they come from."""
    drawn = [(lane.name, _key(lane), Markup(_picture(figure, lane))) for lane in figure.lanes]
    return fragment("lanes.html", figure=figure, plot=figure.plot, lanes=drawn)


def _key(lane: Lane) -> list[tuple[str, str]]:
    """What fills the lane, lightly and fully, and whose letters they are: (sign, name), the sign empty for what fills it."""
    fills = [track.name for track in lane.tracks if not track.sign]
    said = [("", f"{how} up to: {name}") for how, name in zip(("light", "full"), fills, strict=False)]
    return said + [(track.sign[:1], track.name) for track in lane.tracks if track.sign]


def _picture(figure: Figure, lane: Lane) -> str:
    rows = [(row, wrap(_said(row), LETTERS) or [""]) for row in moments(lane)]
    height = HEAD + sum(_tall(words) for _, words in rows) + 8
    said = html(f"{lane.name}: {figure.plot.y}, by {figure.plot.x}. Each row says what moved.")
    body = "".join(_rows(lane, rows, height))
    return picture("chart", WIDTH, height, said, body)


Moment = tuple[float, Mapping[str, int], list[str]]


def _said(row: Moment) -> str:
    _, moved, notes = row
    return ", ".join([*notes, *(f"{name} {place}" for name, place in moved.items())])


def _tall(words: list[str]) -> int:
    return ROW + LINE * (len(words) - 1)


def _rows(lane: Lane, rows: list[tuple[Moment, list[str]]], height: int) -> Iterator[str]:
    places = [place for track in lane.tracks for _, place in track.points] or [0]
    low, high = min(places), max(places)
    each = (RIGHT - LEFT) / max(high - low, 1)
    yield from _numbers(low, high, each, height)
    now: dict[str, int] = {}
    top = HEAD
    for (moment, moved, _), words in rows:
        now.update(moved)
        yield f'<g class="moment" data-ms="{moment:.3f}"><rect x="0" y="{top + 1}" width="{WIDTH}" height="{_tall(words) - 2}"/>'
        yield text(LEFT - 10, top + 15, number(round(moment, 1)), anchor="end")
        yield from _fills(lane, now, low, each, top)
        yield from _marks(lane, now, low, each, top)
        for line, words_of_line in enumerate(words):
            yield text(RIGHT + 56, top + 15 + LINE * line, html(words_of_line))
        yield "</g>"
        top += _tall(words)


def _numbers(low: int, high: int, each: float, height: int) -> Iterator[str]:
    """Round numbers above, each with a thin line down; where there is none between the ends, the first place."""
    shown = [value for value in ticks(high, 6) if low <= value <= high] or [float(low)]
    for value in shown:
        x = LEFT + (value - low) * each
        yield f'<path class="level" d="M{x:.1f} {HEAD - 6} V{height - 8}"/>'
        yield text(f"{x:.1f}", HEAD - 10, number(value), anchor="middle")


def _fills(lane: Lane, now: Mapping[str, int], low: int, each: float, top: int) -> Iterator[str]:
    fills = [track for track in lane.tracks if not track.sign]
    for track, strength in zip(fills, FILLS, strict=False):
        if track.name in now:
            wide = (now[track.name] - low) * each
            yield f'<rect class="bar c0" x="{LEFT}" y="{top + 3}" width="{wide:.1f}" height="{ROW - 6}" fill-opacity="{strength}"/>'


def _marks(lane: Lane, now: Mapping[str, int], low: int, each: float, top: int) -> Iterator[str]:
    """A line where something is, and beside it the letters of all that are there."""
    there: dict[int, str] = {}
    for track in lane.tracks:
        if track.sign and track.name in now:
            there[now[track.name]] = there.get(now[track.name], "") + track.sign[:1]
    at = {place: LEFT + (place - low) * each for place in sorted(there)}
    for place, following in zip(at, [*at.values(), float("inf")][1:], strict=True):
        x, letters = at[place], there[place]
        yield f'<path class="line c1" d="M{x:.1f} {top + 2} v{ROW - 4}"/>'
        # Where the next line is too near, they stand to the left of theirs.
        left = following - x < LETTER * len(letters) + 6
        yield text(f"{x - 3 if left else x + 3:.1f}", top + 15, html(letters), anchor="end" if left else "")
