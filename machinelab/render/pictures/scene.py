"""A picture laid out: boxes, lines, bars and words on a grid of character cells. Text and SVG are both drawn from it.

A cell is one column of a terminal, or CELL × ROW pixels: what does not overlap in one does not overlap in the other.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from ..terminal import cells

WIDTH = 80  # columns that a picture has at most


@dataclass(frozen=True, slots=True)
class Text:
    """Words that begin at a cell. `style`: "", "bold", "dim", "here", "bad"."""

    x: int
    y: int
    content: str
    style: str = ""

    @property
    def stop(self) -> int:
        """The first column after it."""
        return self.x + cells(self.content)


@dataclass(frozen=True, slots=True)
class Box:
    """A frame: its border stands in the outermost of the `width` × `height` cells. `style`: "", "here" (heavy), "dim"."""

    x: int
    y: int
    width: int
    height: int
    style: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A line from corner to corner, upright and level pieces only. `style`: "", "here" (heavy), "dim"; `tip`: it ends in an arrow."""

    points: tuple[tuple[int, int], ...]
    style: str = ""
    tip: bool = False


@dataclass(frozen=True, slots=True)
class Bar:
    """Cells of one row filled: `style` "", "new", "here", "gone", "bad"."""

    x: int
    y: int
    width: int
    style: str = ""


Shape = Text | Box | Line | Bar


@dataclass(slots=True)
class Scene:
    """What a layout makes. Text is cut at WIDTH, so that nothing stands outside the picture."""

    shapes: list[Shape] = field(default_factory=list)

    def add(self, *shapes: Shape) -> None:
        """Put shapes on top of those there are."""
        self.shapes.extend(shapes)

    def text(self, x: int, y: int, content: str, style: str = "", room: int | None = None) -> int:
        """Write words from a cell on, at most `room` columns of them; gives the column after the last."""
        shown = fit(content, max(0, min(WIDTH - x, room if room is not None else WIDTH)))
        if shown:
            self.shapes.append(Text(x, y, shown, style))
        return x + cells(shown)

    @property
    def width(self) -> int:
        """Columns it takes."""
        return max((right for right, _ in map(_corner, self.shapes)), default=0)

    @property
    def height(self) -> int:
        """Rows it takes."""
        return max((low for _, low in map(_corner, self.shapes)), default=0)

    def texts(self) -> Iterator[Text]:
        """Its words."""
        return (shape for shape in self.shapes if isinstance(shape, Text))


def _corner(shape: Shape) -> tuple[int, int]:
    match shape:
        case Text():
            return shape.stop, shape.y + 1
        case Box():
            return shape.x + shape.width, shape.y + shape.height
        case Bar():
            return shape.x + shape.width, shape.y + 1
        case Line():
            return max(x for x, _ in shape.points) + 1, max(y for _, y in shape.points) + 1


def fit(text: str, width: int) -> str:
    """Text harmless and in at most `width` columns."""
    from ..terminal import TerminalStyle

    style = TerminalStyle()
    return style.cut(style.text(text), width)


def wrapped(text: str, width: int, lines: int = 0) -> list[str]:
    """Text harmless and in lines of at most `width` columns, at most `lines` of them (0: all)."""
    from ..terminal import TerminalStyle

    style = TerminalStyle()
    return style.wrap(style.text(text), width, lines)


def widest(texts: Sequence[str]) -> int:
    """The columns of the widest."""
    from ..terminal import TerminalStyle

    return max((cells(TerminalStyle().text(text)) for text in texts), default=0)
