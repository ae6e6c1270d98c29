"""What went on side by side: a row each, time from left to right; what does not fit above its bar is told below, by number."""

from typing import NamedTuple

from ...model.pictures import Span, Timeline
from ..figure import number, ticks
from .scene import WIDTH, Bar, Line, Scene, widest

MOST = 40  # numbered notes


def layout(drawing: Timeline) -> Scene:
    """Rows with bars, an axis, and the notes."""
    scene = Scene()
    names = min(22, widest([name for name, _ in drawing.rows]))
    left, room = names + 2, WIDTH - names - 4
    end = max((span.stop for _, spans in drawing.rows for span in spans), default=0) or 1.0
    notes: list[tuple[str, str, Span]] = []
    for at, (name, spans) in enumerate(drawing.rows):
        y = 2 * at
        scene.text(0, y, name, "bold", names)
        scene.add(Line(((left, y + 1), (left + room, y + 1)), "dim"))
        taken = said = left - 1
        ordered = sorted(spans, key=lambda span: span.start)
        columns = [left + int(span.start / end * (room - 1)) for span in ordered]
        for span, column, following in zip(ordered, columns, [*columns, left + room][1:], strict=True):
            start = max(column, taken + 1)
            stop = max(start + 1, left + int(span.stop / end * (room - 1)))
            place = _Place(y, start, stop, left + room, (start - said - 1, following - start - 1))
            taken, said = _span(scene, span, place, name, notes)
    y = 2 * len(drawing.rows)
    _axis(scene, end, left, room, y, drawing.unit)
    for row, (sign, name, span) in enumerate(notes[:MOST]):
        scene.text(0, y + 3 + row, f"{sign:>2}  {_when(span)} {drawing.unit}  {name}: {span.text}")
    if len(notes) > MOST:
        scene.text(0, y + 3 + MOST, f"… and {len(notes) - MOST} more")
    return scene


class _Place(NamedTuple):
    """Where a span is drawn: its row, its columns, the column after the axis, and how many are free before and after for its words."""

    y: int
    start: int
    stop: int
    limit: int
    free: tuple[int, int]


def _when(span: Span) -> str:
    return number(span.start) + (f"–{number(span.stop)}" if span.stop > span.start else "")


def _span(
    scene: Scene, span: Span, place: _Place, name: str, notes: list[tuple[str, str, Span]]
) -> tuple[int, int]:
    """Draws one; gives the last column taken by its bar, and by its words.

    Its words and its time stand above its bar where there is room, to the right or to the left; else a number does.
    """
    y, start, stop, limit, (before, after) = place
    sign = str(len(notes) + 1)
    if start + max(1, len(sign)) > limit:
        notes.append((sign, name, span))
        return start, start
    if span.stop > span.start:
        scene.add(Bar(start, y + 1, max(1, min(stop, limit) - start), span.mark))
    if not span.text:
        return stop - 1, start
    style, said = "bad" if span.mark == "bad" else "here", f"{span.text} · {_when(span)}"
    if span.stop <= span.start:
        scene.add(Bar(start, y + 1, 1, span.mark or "here"))
    if widest([said]) <= after:
        return stop - 1, scene.text(start, y, said, style)
    if after and widest([said]) <= before:
        scene.text(start - widest([said]) + 1, y, said, style)
        return max(stop - 1, start + 1), start
    notes.append((sign, name, span))
    last = scene.text(start, y, sign, style)
    return max(last, stop - 1), last


def _axis(scene: Scene, end: float, left: int, room: int, y: int, unit: str) -> None:
    scene.add(Line(((left, y), (left + room, y))))
    after = -1
    for value in ticks(end):
        if value > end:
            break
        x, text = left + int(value / end * (room - 1)), number(value)
        if x > after and x + len(text) <= WIDTH - 4:
            after = scene.text(x, y + 1, text, "dim") + 1
    scene.text(max(0, left - len(unit) - 1), y + 1, unit, "dim", left - 1)


def words(drawing: Timeline) -> str:
    """The picture in words."""
    return " ".join(
        f"{name}: "
        + "; ".join(
            f"{span.text or span.mark or 'at work'} at {number(span.start)} {drawing.unit}"
            for span in spans[:12]
        )
        + "."
        for name, spans in drawing.rows
    )
