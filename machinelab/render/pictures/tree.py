"""A tree with its root on top: a branch's children stand below it, further in; the path that was searched is heavy."""

from collections.abc import Iterator

from ...model.pictures import Branch, Tree
from .scene import Line, Scene, widest, wrapped

INDENT = 4
NOTES = 50  # columns at most that names may take: what was found needs the rest
MOST = 12  # notes of one branch: of more, the last line says how many there are


def layout(drawing: Tree) -> Scene:
    """Names to the left, what was found at each to the right."""
    scene = Scene()
    notes = min(
        NOTES,
        max((depth * INDENT + widest([branch.name]) for depth, branch in _all(drawing.root, 0)), default=0)
        + 4,
    )
    _branch(scene, drawing.root, 0, 0, notes)
    return scene


def _all(branch: Branch, depth: int) -> Iterator[tuple[int, Branch]]:
    yield depth, branch
    for child in branch.children:
        yield from _all(child, depth + 1)


def _branch(scene: Scene, branch: Branch, depth: int, y: int, notes: int) -> int:
    """Draws a branch at a row; gives the row after it and all below it."""
    x = depth * INDENT
    mark = "● " if branch.on_path else "○ "
    scene.text(x, y, mark + branch.name, "here" if branch.on_path else "dim", max(4, notes - x - 1))
    more = len(branch.notes) - MOST
    told = [*branch.notes[:MOST], *([f"… and {more} more"] if more > 0 else [])]
    said = [line for note in told for line in wrapped(note, 80 - notes)]
    for row, line in enumerate(said):
        scene.text(notes, y + row, line)
    below = y + max(1, len(said))
    # Searched branches last, so that their heavy line is drawn over the others'.
    tops: list[tuple[Branch, int]] = []
    for child in branch.children:
        tops.append((child, below))
        below = _branch(scene, child, depth + 1, below, notes)
    for child, row in sorted(tops, key=lambda pair: pair[0].on_path):
        scene.add(Line(((x, y), (x, row), (x + INDENT - 1, row)), "here" if child.on_path else ""))
    return below


def words(drawing: Tree) -> str:
    """The picture in words: the searched path with what was found on it."""
    path = [
        branch.name + (f" ({'; '.join(branch.notes[:MOST])})" if branch.notes else "")
        for _, branch in _all(drawing.root, 0)
        if branch.on_path
    ]
    return f"Searched: {', then '.join(path) or 'nothing'}."
