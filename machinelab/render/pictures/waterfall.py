"""What was asked for and when it came: a line each, its phases as bars one after another, time from left to right."""

from ...model.pictures import Transfer, Waterfall
from ..figure import number, ticks
from .scene import WIDTH, Bar, Line, Scene, fit, widest

NAMES = 26  # columns at most
SHORT = 12  # columns of a note for which the right side is kept free: longer ones stand where they can
MOST = 40  # transfers: of more, a line says how many there are


def layout(drawing: Waterfall) -> Scene:
    """Names to the left, bars in the middle, each note beside its bars where there is room; the axis and the legend below."""
    scene = Scene()
    shown = drawing.transfers[:MOST]
    left = min(NAMES, widest([each.name for each in shown])) + 2
    room = WIDTH - left - 2 - widest(["", *(each.note for each in shown if widest([each.note]) <= SHORT)])
    end = max((phase.stop for each in shown for phase in each.phases), default=0) or 1.0
    for y, each in enumerate(shown):
        scene.text(0, y, each.name, "bold", left - 2)
        _transfer(scene, each, y, left, room / end)
    y = len(shown)
    if y < len(drawing.transfers):
        scene.text(0, y, f"… and {len(drawing.transfers) - y} more", "dim")
        y += 1
    _axis(scene, end, (left, room), y, drawing.unit)
    x = left
    for mark, meaning in drawing.legend:
        if x + widest([meaning]) + 4 > WIDTH:
            x, y = left, y + 1
        scene.add(Bar(x, y + 2, 2, mark))
        x = scene.text(x + 3, y + 2, meaning, "dim") + 3
    return scene


def _transfer(scene: Scene, each: Transfer, y: int, left: int, scale: float) -> None:
    """The phases of one, a column each at least; its note to the right of them, or to the left where there is more room."""
    columns = [(left + int(p.start * scale), left + int(p.stop * scale), p.mark) for p in each.phases]
    taken = left
    for at, (start, stop, mark) in enumerate(columns):
        begin = max(start, taken) if at else start
        taken = min(WIDTH - 1, max(stop, begin + 1))
        scene.add(Bar(min(begin, WIDTH - 2), y, max(1, taken - min(begin, WIDTH - 2)), mark))
    first = columns[0][0] if columns else left
    if not each.note:
        return
    after, before = WIDTH - taken - 1, first - left - 1
    if widest([each.note]) <= after or after >= before:
        scene.text(taken + 1, y, each.note, "dim", after)
    else:
        said = fit(each.note, before)
        scene.text(first - 1 - widest([said]), y, said, "dim", before)


def _axis(scene: Scene, end: float, place: tuple[int, int], y: int, unit: str) -> None:
    left, room = place
    scene.add(Line(((left, y), (left + room, y))))
    after = -1
    for value in ticks(end):
        x, text = left + int(value / end * room), number(value)
        if value <= end and x > after and x + len(text) <= WIDTH:
            after = scene.text(x, y + 1, text, "dim") + 1
    scene.text(max(0, left - len(unit) - 1), y + 1, unit, "dim", left - 1)


def words(drawing: Waterfall) -> str:
    """The picture in words: when each phase of each began, and when it ended."""
    said = dict(drawing.legend)
    return " ".join(
        f"{each.name}{f' ({each.note})' if each.note else ''}: "
        + "; ".join(
            f"{phase.text or said.get(phase.mark, 'at work')} from {number(phase.start)} to {number(phase.stop)} {drawing.unit}"
            for phase in each.phases
        )
        + "."
        for each in drawing.transfers[:MOST]
    )
