"""A scene as SVG: the same cells in pixels, light and dark by the reader's own setting, with a text alternative.

SVG 1.1, no script, no font and no link from elsewhere: it shows in any Markdown viewer as an image.
"""

from itertools import pairwise

from markupsafe import Markup

from ..escape import html, terminal
from ..svg import size
from ..terminal import cells
from .scene import Bar, Box, Line, Scene, Shape, Text

CELL, ROW = 8, 18  # pixels of a cell
EDGE = 12  # pixels around the whole
REACH = (
    ROW - 6
)  # pixels from the middle of an arrow's last row to where its line ends; its head goes on for 4
LETTER = 13  # pixels of a letter's height; a cell is as wide as its letters are made to be (textLength)

_CLASSES = frozenset(["bad", "bar", "bold", "box", "dim", "gone", "here", "line", "new", "tip"])

STYLE = """
.picture { --paper: #ffffff; --ink: #1f2730; --dim: #57626e; --rule: #8a96a3; --fill: #f3f6f9; --here: #0b5394; --soft: #d9e8f7; --bad: #b3261e; --new: #2e7d4f; }
@media (prefers-color-scheme: dark) { .picture { --paper: #10151c; --ink: #d4dae3; --dim: #9aa6b4; --rule: #66758a; --fill: #1a222d; --here: #86c8ff; --soft: #1d3b57; --bad: #ff7b84; --new: #6fd39b; } }
.picture { font: 13px ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; }
.picture .paper { fill: var(--paper); } .picture text { fill: var(--ink); white-space: pre; }
.picture text.bold { font-weight: 700; } .picture text.dim { fill: var(--dim); } .picture text.here { fill: var(--here); font-weight: 700; } .picture text.bad { fill: var(--bad); }
.picture .box { fill: var(--fill); stroke: var(--rule); } .picture .box.here { fill: var(--soft); stroke: var(--here); stroke-width: 2; } .picture .box.dim { stroke-dasharray: 3 3; }
.picture .line { fill: none; stroke: var(--rule); stroke-width: 1.4; } .picture .line.here { stroke: var(--here); stroke-width: 2.4; } .picture .line.dim { stroke-dasharray: 3 3; }
.picture .tip { fill: var(--rule); } .picture .tip.here { fill: var(--here); }
.picture .bar { fill: var(--soft); stroke: var(--rule); stroke-width: .6; } .picture .bar.new { fill: var(--new); } .picture .bar.here { fill: var(--here); } .picture .bar.gone { fill: none; stroke-dasharray: 2 2; } .picture .bar.bad { fill: var(--bad); }
"""


def svg(scene: Scene, title: str, description: str) -> str:
    """The picture as a file. `title` and `description` are its text alternative."""
    width, height = extent(scene)
    body = parts(scene)
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" class="picture" {size(width, height)} role="img" aria-labelledby="t d">',
            f'<title id="t">{html(title)}</title>',
            f'<desc id="d">{html(description)}</desc>',
            f"<style>{STYLE}</style>",
            f'<rect class="paper" width="{width}" height="{height}"/>',
            *body,
            "</svg>",
            "",
        ]
    )


def inline(scene: Scene, label: str, over: Markup | None = None) -> Markup:
    """The same inside a page whose style sheet has STYLE; `label` is what a screen reader says, `over` lies on top."""
    body = Markup("").join([*map(Markup, parts(scene)), over or Markup("")])
    return Markup('<svg class="picture" {} role="img" aria-label="{}">{}</svg>').format(
        Markup(size(*extent(scene))), terminal(label, None), body
    )


def extent(scene: Scene) -> tuple[int, int]:
    """Its width and height in pixels."""
    return scene.width * CELL + 2 * EDGE, scene.height * ROW + 2 * EDGE


def parts(scene: Scene) -> list[str]:
    """Its elements, from the back to the front: what scenes of other moments share is the same text."""
    return [_shape(shape) for shape in sorted(scene.shapes, key=_layer)]


def _layer(shape: Shape) -> int:
    """Boxes lie over lines, words over both."""
    return {Line: 0, Box: 1, Bar: 2, Text: 3}[type(shape)]


def _shape(shape: Shape) -> str:
    match shape:
        case Text():
            left, base = EDGE + shape.x * CELL, EDGE + shape.y * ROW + LETTER
            long = cells(shape.content) * CELL
            return f'<text{_css("", shape.style)} x="{left}" y="{base}" textLength="{long}" lengthAdjust="spacingAndGlyphs">{html(shape.content)}</text>'
        case Box():
            left, top, wide, high = frame(shape)
            return f'<rect{_css("box", shape.style)} x="{left}" y="{top}" width="{wide}" height="{high}" rx="4"/>'
        case Bar():
            left, top = EDGE + shape.x * CELL, EDGE + shape.y * ROW + 3
            return f'<rect{_css("bar", shape.style)} x="{left}" y="{top}" width="{shape.width * CELL}" height="{ROW - 6}"/>'
        case Line():
            return _line(shape)


def _line(line: Line) -> str:
    points = [middle(point) for point in line.points]
    if line.tip and points[-1][0] == points[-2][0]:
        # Up and down, what an arrow points at stands in the next row: there it ends, and not in the middle of its own.
        to_x, to_y = points[-1]
        points[-1] = to_x, to_y + (REACH if to_y > points[-2][1] else -REACH)
    drawn = " ".join(f"{x},{y}" for x, y in points)
    found = f'<polyline{_css("line", line.style)} points="{drawn}"/>'
    if line.tip:
        (x, y), (to_x, to_y) = list(pairwise(points))[-1]
        dx, dy = (to_x > x) - (to_x < x), (to_y > y) - (to_y < y)
        found += f'<path{_css("tip", line.style)} d="M{to_x + 4 * dx} {to_y + 4 * dy} l{-9 * dx - 4 * dy} {-9 * dy - 4 * dx} l{8 * dy} {8 * dx} z"/>'
    return found


def frame(box: Box) -> tuple[int, int, int, int]:
    """A box's left, top, width and height in pixels."""
    left, top = middle((box.x, box.y))
    return left, top, (box.width - 1) * CELL, (box.height - 1) * ROW


def middle(cell: tuple[int, int]) -> tuple[int, int]:
    """The middle of a cell, in pixels."""
    return EDGE + cell[0] * CELL + CELL // 2, EDGE + cell[1] * ROW + ROW // 2


def _css(*names: str) -> str:
    """A class attribute of the names that the style knows: a mark that a lab made of a value is none."""
    used = " ".join(name for name in names if name in _CLASSES)
    return f' class="{used}"' if used else ""
