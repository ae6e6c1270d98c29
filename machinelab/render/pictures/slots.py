"""Rows of slots: an array, a page, a table as it changes. What is new, looked at or gone has a sign before it."""

from ...model.pictures import Slots
from .scene import Box, Scene, widest, wrapped

SIGNS = {"new": "+ ", "here": "▶ ", "gone": "✗ "}
STYLES = {"new": "here", "here": "here", "gone": "dim"}


def layout(drawing: Slots) -> Scene:
    """A column is as wide as its widest slot, less where the whole would be wider than the picture."""
    scene = Scene()
    names = min(20, widest([row.name for row in drawing.rows]))
    columns = max((len(row.slots) for row in drawing.rows), default=0)
    widths = _widths(drawing, columns, 80 - names - 2)
    starts = [names + 1 + sum(widths[:at]) for at in range(columns)]
    y = 0
    for at, head in enumerate(drawing.heads[:columns]):
        scene.text(starts[at] + 2, 0, head, "dim", widths[at] - 3)
    y += 1 if drawing.heads else 0
    for row in drawing.rows:
        inside = [
            wrapped(SIGNS.get(slot.mark, "") + slot.text, widths[at] - 3, 3)
            for at, slot in enumerate(row.slots)
        ]
        high = max((len(lines) for lines in inside), default=1)
        scene.text(0, y + 1, row.name, "bold", names)
        for at, (slot, lines) in enumerate(zip(row.slots, inside, strict=True)):
            scene.add(Box(starts[at], y, widths[at] + 1, high + 2))
            for line, text in enumerate(lines):
                scene.text(starts[at] + 2, y + 1 + line, text, STYLES.get(slot.mark, ""), widths[at] - 3)
        y += high + 1
        for text in wrapped(row.note, 78 - names) if row.note else ():
            y += 1
            scene.text(names + 3, y, text, "dim")
        y += 1 if row.note else 0
    return scene


def _widths(drawing: Slots, columns: int, room: int) -> list[int]:
    wanted = [
        max(
            [widest([head]) for head in drawing.heads[at : at + 1]]
            + [
                widest([SIGNS.get(row.slots[at].mark, "") + row.slots[at].text])
                for row in drawing.rows
                if at < len(row.slots)
            ]
        )
        + 3
        for at in range(columns)
    ]
    while sum(wanted) > room and max(wanted) > 5:
        wanted[wanted.index(max(wanted))] -= 1
    return wanted


def words(drawing: Slots) -> str:
    """The picture in words."""
    return " ".join(
        f"{row.name}: "
        + ", ".join(f"{slot.text}{f' ({slot.mark})' if slot.mark else ''}" for slot in row.slots)
        + (f"; {row.note}" if row.note else "")
        + "."
        for row in drawing.rows
    )
