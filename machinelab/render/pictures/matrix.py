"""What meets what: a sign for each pair, and a legend. Where the heads are long, the columns are numbered and the rows name them."""

from collections.abc import Sequence

from ...model.pictures import Matrix
from .scene import Box, Line, Scene, widest, wrapped

LINES = 3  # of a column's name
ONE_LINE, NARROW = 16, 4  # columns that a name may take before it is broken; columns that one takes at least


def layout(drawing: Matrix) -> Scene:
    """Rows are named; the columns are headed by their names in up to three lines, or where those do not fit by numbers."""
    scene = Scene()
    left = min(40, widest(drawing.rows)) + 2
    widths = _widths(drawing.columns, 79 - left)
    numbered = not widths and drawing.rows == drawing.columns
    names = [f"{at + 1} {row}" if numbered else row for at, row in enumerate(drawing.rows)]
    left = min(40, widest(names)) + 2
    heads = [wrapped(head, wide - 2) for head, wide in zip(drawing.columns, widths, strict=False)]
    shown = heads or [[str(at + 1)] for at in range(len(drawing.columns))]
    widths = widths or [max(4, min(8, (78 - left) // max(1, len(shown))))] * len(shown)
    starts = [left + sum(widths[:at]) for at in range(len(shown))]
    high = max(map(len, shown), default=1)
    axes = f"{drawing.down} ↓   {drawing.across} →"
    scene.text(0, 0, axes, "dim", None if widest([axes]) >= left else left - 1)
    for lines, start, wide in zip(shown, starts, widths, strict=True):
        for row, line in enumerate(lines):
            scene.text(start + 2, 1 + high - len(lines) + row, line, "bold", wide - 1)
    y = high + 1
    scene.add(Line(((0, y), (min(79, left + sum(widths)), y)), "dim"))
    scene.add(Line(((left, y), (left, y + len(names)))))
    for row, name in enumerate(names):
        scene.text(0, y + 1 + row, name, "bold", left - 1)
        for column, cell in enumerate(drawing.cells[row]):
            here = (row, column) in drawing.here
            said = f"[{cell}]" if here else f" {cell} "
            scene.text(starts[column] + 1, y + 1 + row, said, "here" if here else "", widths[column])
    y += len(names) + 2
    told = [f"{sign}  {meaning}" for sign, meaning in drawing.legend]
    told += [f"{at + 1}  {head}" for at, head in enumerate(() if heads or numbered else drawing.columns)]
    scene.add(Box(0, y - 1, min(78, widest(told) + 4), len(told) + 2))
    for at, line in enumerate(told):
        scene.text(2, y + at, line, "", 74)
    return scene


def _widths(columns: Sequence[str], room: int) -> list[int]:
    """How wide each column is, for its name to stand on one line, else on up to three; none where the names do not fit so."""
    words = [max(map(widest, ([word] for word in name.split())), default=1) for name in columns]
    for least in range(ONE_LINE, NARROW - 1, -2):
        wide = [
            max(NARROW, word + 2, min(least, widest([name]) + 2))
            for word, name in zip(words, columns, strict=True)
        ]
        lines = max((len(wrapped(name, w - 2)) for name, w in zip(columns, wide, strict=True)), default=1)
        if sum(wide) <= room and lines <= LINES:
            return wide
    return []


def words(drawing: Matrix) -> str:
    """The picture in words, a row a sentence."""
    return " ".join(
        f"{row}: "
        + ", ".join(f"{column} {cell}" for column, cell in zip(drawing.columns, cells, strict=True))
        + "."
        for row, cells in zip(drawing.rows, drawing.cells, strict=True)
    )
