"""What meets what: a sign for each pair, and a legend. Where the heads are long, the columns are numbered and the rows name them."""

from ...model.pictures import Matrix
from .scene import Box, Scene, widest


def layout(drawing: Matrix) -> Scene:
    """Rows are named and numbered; the columns have the same numbers where their names do not fit."""
    scene = Scene()
    short = widest(drawing.columns) <= 7
    heads = drawing.columns if short else tuple(str(at + 1) for at in range(len(drawing.columns)))
    numbered = not short and drawing.rows == drawing.columns
    names = [f"{at + 1} {row}" if numbered else row for at, row in enumerate(drawing.rows)]
    left = min(40, widest(names)) + 2
    each = max(
        4,
        min(
            8,
            (78 - left) // max(1, len(heads)),
        ),
    )
    scene.text(
        0,
        0,
        f"{drawing.down} ↓   {drawing.across} →",
        "dim",
        left - 1 if widest([f"{drawing.down} ↓   {drawing.across} →"]) < left else None,
    )
    y = 1
    for at, head in enumerate(heads):
        scene.text(left + at * each + 2, y, head, "bold", each - 1 if at + 1 < len(heads) else None)
    for row, name in enumerate(names):
        scene.text(0, y + 1 + row, name, "bold", left - 1)
        for column, cell in enumerate(drawing.cells[row]):
            here = (row, column) in drawing.here
            said = f"[{cell}]" if here else f" {cell} "
            scene.text(left + column * each + 1, y + 1 + row, said, "here" if here else "", each)
    y += len(names) + 2
    told = [f"{sign}  {meaning}" for sign, meaning in drawing.legend]
    told += [f"{at + 1}  {head}" for at, head in enumerate(() if short or numbered else drawing.columns)]
    scene.add(Box(0, y - 1, min(78, widest(told) + 4), len(told) + 2))
    for at, line in enumerate(told):
        scene.text(2, y + at, line, "", 74)
    return scene


def words(drawing: Matrix) -> str:
    """The picture in words, a row a sentence."""
    return " ".join(
        f"{row}: "
        + ", ".join(f"{column} {cell}" for column, cell in zip(drawing.columns, cells, strict=True))
        + "."
        for row, cells in zip(drawing.rows, drawing.cells, strict=True)
    )
