"""Pictures drawn from data: one file a kind lays it out on a grid of character cells, as_text and as_svg draw what was laid out.

A new kind is a dataclass in model/pictures.py and a file here with `layout` and `words`.
"""

from collections.abc import Mapping
from importlib import import_module
from types import ModuleType

from ...model import pictures as data
from . import as_svg, as_text
from .scene import Scene

_KINDS: Mapping[type, str] = {
    data.Topology: "topology",
    data.Path: "path",
    data.States: "states",
    data.Bytes: "bytes",
    data.Tree: "tree",
    data.Slots: "slots",
    data.Timeline: "timeline",
    data.Matrix: "matrix",
    data.Graph: "graph",
}


def _kind(drawing: data.Drawing) -> ModuleType:
    return import_module(f".{_KINDS[type(drawing)]}", __name__)


def layout(drawing: data.Drawing) -> Scene:
    """Where everything stands."""
    found: Scene = _kind(drawing).layout(drawing)
    return found


def words(drawing: data.Drawing) -> str:
    """The picture in words, for whoever cannot see it."""
    found: str = _kind(drawing).words(drawing)
    return found


def text(drawing: data.Drawing) -> list[str]:
    """The picture as lines of at most 80 columns."""
    return as_text.lines(layout(drawing))


def svg(drawing: data.Drawing, title: str, caption: str) -> str:
    """The picture as an SVG file, with title, caption and words as its text alternative."""
    return as_svg.svg(layout(drawing), title, f"{caption} {words(drawing)}")
