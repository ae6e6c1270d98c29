"""Pictures drawn from data: one file a kind lays it out on a grid of character cells, as_text and as_svg draw what was laid out.

A new kind is a dataclass in model/pictures.py and a file here with `layout` and `words`.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

from ...model import pictures as data
from . import (
    as_svg,
    as_text,
    bytes,
    flights,
    graph,
    matrix,
    path,
    slots,
    states,
    timeline,
    topology,
    tree,
    waterfall,
)
from .scene import Scene


class _Kind(NamedTuple):
    """What a file of a kind has: where everything stands, and the picture in words."""

    layout: Callable[[Any], Scene]
    words: Callable[[Any], str]


_KINDS: dict[type, _Kind] = {
    data.Topology: _Kind(topology.layout, topology.words),
    data.PacketPath: _Kind(path.layout, path.words),
    data.States: _Kind(states.layout, states.words),
    data.Bytes: _Kind(bytes.layout, bytes.words),
    data.Tree: _Kind(tree.layout, tree.words),
    data.Slots: _Kind(slots.layout, slots.words),
    data.Timeline: _Kind(timeline.layout, timeline.words),
    data.Waterfall: _Kind(waterfall.layout, waterfall.words),
    data.Flights: _Kind(flights.layout, flights.words),
    data.Matrix: _Kind(matrix.layout, matrix.words),
    data.Graph: _Kind(graph.layout, graph.words),
}


def layout(drawing: data.Drawing) -> Scene:
    """Where everything stands."""
    return _KINDS[type(drawing)].layout(drawing)


def words(drawing: data.Drawing) -> str:
    """The picture in words, for readers who cannot see it."""
    return _KINDS[type(drawing)].words(drawing)


def text(drawing: data.Drawing) -> list[str]:
    """The picture as lines of at most 80 columns."""
    return as_text.lines(layout(drawing))


def svg(drawing: data.Drawing, title: str, caption: str) -> str:
    """The picture as an SVG file, with title, caption and words as its text alternative."""
    return as_svg.svg(layout(drawing), title, f"{caption} {words(drawing)}")
