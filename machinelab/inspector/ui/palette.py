"""The inspector's colours, dark and light, and a set for terminals without any."""

from dataclasses import dataclass
from functools import cache

from rich.style import Style


@dataclass(frozen=True, slots=True)
class Palette:
    """A style for each thing that is drawn. `plain`: there is no colour, so signs must carry what colours would."""

    text: Style
    dim: Style
    title: Style
    title_here: Style
    bar: Style
    key: Style
    step: Style
    good: Style
    bad: Style
    warn: Style
    number: Style
    name: Style
    value: Style
    code: Style
    heading: Style
    cursor: Style
    cursor_here: Style
    mark: Style
    layer: Style
    byte: Style
    plain: bool = False


_DARK = {
    "text": "#d4dae3 on #10151c",
    "dim": "#7d8998 on #10151c",
    "title": "#aeb9c7 on #1d2732",
    "title_here": "bold #ffffff on #24598c",
    "bar": "#aeb9c7 on #161d26",
    "key": "bold #86c8ff on #161d26",
    "step": "#5fd0d8 on #10151c",
    "good": "#86cf80 on #10151c",
    "bad": "bold #ff7b84 on #10151c",
    "warn": "#f0c05a on #10151c",
    "number": "#86c8ff on #10151c",
    "name": "#86c8ff on #10151c",
    "value": "bold #ffffff on #10151c",
    "code": "#f0c05a on #10151c",
    "heading": "bold #ffffff on #10151c",
    "cursor": "on #1e2a38",
    "cursor_here": "on #2b4c6f",
    "mark": "bold #10151c on #f0c05a",
    "layer": "on #26323f",
    "byte": "reverse bold",
}

_LIGHT = {
    "text": "#1f2730 on #fbfbf8",
    "dim": "#66707c on #fbfbf8",
    "title": "#333e4a on #e2e6ea",
    "title_here": "bold #ffffff on #24598c",
    "bar": "#333e4a on #eceff1",
    "key": "bold #0b5394 on #eceff1",
    "step": "#00687a on #fbfbf8",
    "good": "#2c7031 on #fbfbf8",
    "bad": "bold #b3261e on #fbfbf8",
    "warn": "#8a5a00 on #fbfbf8",
    "number": "#0b5394 on #fbfbf8",
    "name": "#0b5394 on #fbfbf8",
    "value": "bold #000000 on #fbfbf8",
    "code": "#7a4b00 on #fbfbf8",
    "heading": "bold #000000 on #fbfbf8",
    "cursor": "on #e6ebf0",
    "cursor_here": "on #c9ddf2",
    "mark": "bold #000000 on #ffd257",
    "layer": "on #e6e9ee",
    "byte": "reverse bold",
}

_PLAIN = {
    "dim": "dim",
    "title": "underline",
    "title_here": "bold reverse",
    "key": "bold",
    "bad": "bold",
    "value": "bold",
    "heading": "bold",
    "cursor": "underline",
    "cursor_here": "reverse",
    "mark": "reverse",
    "layer": "underline",
    "byte": "reverse bold",
}


@cache
def palette(theme: str) -> Palette:
    """The colours of a theme: "dark", "light", or "plain" for no colour at all."""
    table = {"dark": _DARK, "light": _LIGHT}.get(theme, _PLAIN)
    styles = {
        name: Style.parse(table.get(name, "")) for name in Palette.__dataclass_fields__ if name != "plain"
    }
    return Palette(**styles, plain=table is _PLAIN)
