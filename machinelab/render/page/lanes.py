"""Lanes on the page: for each a picture with time from left to right and places upwards, a stepped line for each thing that moves."""

from collections.abc import Iterator
from itertools import pairwise

from ...model import Figure, Lane, Plot, Series, Track
from ..escape import html
from ..figure import FEW, number
from .chart import picture


def lanes(figure: Figure) -> str:
    """The whole `<figure>`: title, a picture for each lane, its numbers in words, and where they come from."""
    return "\n".join(_parts(figure))


def _parts(figure: Figure) -> Iterator[str]:
    plot, id = figure.plot, f"chart-{html(figure.plot.id)}"
    yield f'<figure class="plot" aria-labelledby="{id}"><h3 id="{id}">{html(plot.title)}</h3>'
    for lane in figure.lanes:
        yield f"<h4>{html(lane.name)}</h4>"
        if any(track.points for track in lane.tracks):
            yield f'<div class="wide" tabindex="0" role="region" aria-label="{html(lane.name)}">{_picture(figure, lane)}</div>'
        yield "<ul>"
        yield from (f"<li>{number(round(x, 1))}: {html(note)}</li>" for x, note in lane.notes)
        yield from (f"<li><b>{html(track.name)}</b>: {html(_told(track))}</li>" for track in lane.tracks)
        yield "</ul>"
    if not figure.lanes:
        yield "<p>Nothing moves in this run.</p>"
    yield f'<figcaption><p class="dim">{html(plot.y)}, by {html(plot.x)}. From {html(", ".join(figure.origins))}.</p></figcaption></figure>'


def _told(track: Track) -> str:
    points = track.points
    if len(points) <= FEW:
        return ", ".join(f"{number(round(x, 1))}: {place}" for x, place in points)
    return f"{len(points)} moves, from {points[0][1]} to {points[-1][1]}"


def _picture(figure: Figure, lane: Lane) -> str:
    """The same picture as a plot's, its lines stepped: a place is held until the next move, and the last to the end."""
    end = max(x for track in lane.tracks for x, _ in track.points)
    series = tuple(Series(track.name, stepped(track, end)) for track in lane.tracks if track.points)
    plot = Plot(figure.plot.id, f"{figure.plot.title}, {lane.name}", "", figure.plot.x, figure.plot.y)
    return picture(Figure(figure.lab, plot, series, figure.origins, ()))


def stepped(track: Track, end: float) -> tuple[tuple[float, float], ...]:
    """The corners of a track's line."""
    corners: list[tuple[float, float]] = []
    for (x, place), (following, _) in pairwise([*track.points, (end, 0)]):
        corners += [(x, float(place)), (following, float(place))]
    return tuple(corners)
