"""A picture with what belongs around it: its title, which run it is of, and what it leaves out; as text, SVG or JSON."""

import json
from collections.abc import Iterator

from ...analysis.pictures import Shown
from ..terminal import TerminalStyle
from . import svg as draw_svg
from . import text, words

NOTHING = "This run has nothing to show there."


def lines(shown: Shown, terminal: TerminalStyle) -> Iterator[str]:
    """The picture in a terminal, with its title and source."""
    title = f"{shown.lab} · {shown.picture.id} · {shown.picture.title}"
    yield terminal.paint(terminal.text(title), "bold")
    yield ""
    yield from body(shown, terminal)
    yield ""
    yield from terminal.hang(terminal.text(shown.picture.caption), "  ")
    yield from terminal.hang(terminal.text(_origin(shown)), "  ")


def body(shown: Shown, terminal: TerminalStyle) -> list[str]:
    """The picture alone, as a fence in a guide holds it."""
    if shown.drawing is None:
        return [NOTHING]
    return [terminal.draw(line) for line in text(shown.drawing)] + ([shown.omitted] if shown.omitted else [])


def source(shown: Shown) -> str:
    """Which run it is of, and what is left out of it."""
    return " ".join(filter(None, (_origin(shown), shown.omitted)))


def _origin(shown: Shown) -> str:
    return f"From {shown.experiment}, {shown.origin}."


def svg(shown: Shown) -> str:
    """The picture as an SVG file; of a run that has nothing to show, one with that sentence."""
    from .as_svg import svg as of_scene
    from .scene import Scene

    caption = " ".join((shown.picture.caption, source(shown)))
    if shown.drawing is None:
        scene = Scene()
        scene.text(0, 0, NOTHING)
        return of_scene(scene, shown.picture.title, caption)
    return draw_svg(shown.drawing, shown.picture.title, caption)


def as_json(shown: Shown) -> str:
    """The line of `show --json`: the data, its kind and where it comes from."""
    drawing = shown.drawing
    return json.dumps(
        {
            "lab": shown.lab,
            "picture": shown.picture.id,
            "title": shown.picture.title,
            "caption": shown.picture.caption,
            "experiment": shown.experiment,
            "run": shown.origin,
            "kind": type(drawing).__name__.lower() if drawing is not None else None,
            "data": _plain(drawing),
            "words": words(drawing) if drawing is not None else "",
            "omitted": shown.omitted,
        }
    )


def _plain(value: object) -> object:
    """Dataclasses and named tuples as objects, other tuples as arrays."""
    names = getattr(value, "__dataclass_fields__", None) or getattr(value, "_fields", None)
    if names is not None:
        return {name: _plain(getattr(value, name)) for name in names}
    return [_plain(each) for each in value] if isinstance(value, tuple | list) else value
