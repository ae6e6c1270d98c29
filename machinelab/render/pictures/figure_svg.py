"""A plot or lanes as an SVG file by itself. A plot is the page's chart with a style of its own; lanes are the terminal's lines, laid out for SVG."""

import re

from ...model import Figure
from ..escape import html
from ..figure import in_words
from ..lanes import FILL, FULL, timed
from ..page.chart import drawn
from ..terminal import TerminalStyle
from . import as_svg
from .scene import WIDTH, Bar, Scene

STYLE = """
.chart { font: 12px system-ui, sans-serif; background: #fff; --fg: #1f2730; --line: #c9d1d9; }
.chart text { fill: var(--fg); } .chart .level { stroke: var(--line); fill: none; }
.chart .line, .chart .mark { fill: none; stroke: var(--c); stroke-width: 1.8; stroke-linejoin: round; } .chart .bar { fill: var(--c); }
.c0 { --c: #0b5394; } .c1 { --c: #b3541e; } .c2 { --c: #2e7d4f; } .c3 { --c: #7b3fa0; } .c4 { --c: #8a6d00; } .c5 { --c: #b3261e; }
@media (prefers-color-scheme: dark) { .chart { background: #10151c; --fg: #d4dae3; --line: #3b4654; }
.c0 { --c: #86c8ff; } .c1 { --c: #ffb37a; } .c2 { --c: #6fd39b; } .c3 { --c: #d3a6f2; } .c4 { --c: #e6cf6b; } .c5 { --c: #ff7b84; } }
"""


def svg(figure: Figure) -> str:
    """The file, with the numbers in words as its text alternative."""
    title = f"{figure.lab}: {figure.plot.title}"
    if figure.plot.lanes is not None:
        return as_svg.svg(
            _lanes(figure), title, f"{figure.plot.y}, by {figure.plot.x}. From {', '.join(figure.origins)}."
        )
    told = "; ".join(f"{series.name}: {in_words(series)}" for series in figure.series)
    picture = drawn(figure)
    head = f"<title>{html(title)}</title><desc>{html(f'{figure.plot.y}, by {figure.plot.x}. {told}')}</desc><style>{STYLE}</style>"
    return (
        re.sub(
            r"^<svg ([^>]*)>",
            lambda m: f'<svg xmlns="http://www.w3.org/2000/svg" {m[1]}>{head}',
            picture,
            count=1,
        )
        + "\n"
    )


def _lanes(figure: Figure) -> Scene:
    """The terminal's lines: what fills a lane becomes bars, everything else stays words."""
    scene = Scene()
    for y, line in enumerate(timed(figure, TerminalStyle(WIDTH))):
        for run in re.finditer(rf"{FILL}+|{FULL}+|[^{FILL}{FULL}\s]+(?: [^{FILL}{FULL}\s]+)*", line.text):
            if line.when is not None and run[0][0] in FILL + FULL:
                scene.add(Bar(run.start(), y, len(run[0]), "here" if run[0][0] == FULL else ""))
            else:
                scene.text(
                    run.start(),
                    y,
                    run[0],
                    "" if line.when is not None or line.text.startswith(" ") else "bold",
                )
    return scene
