"""What went on side by side: a row each, time from left to right; what does not fit into its bar is told below, by number."""

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
        taken = left - 1
        for span in sorted(spans, key=lambda span: span.start):
            start = left + int(span.start / end * (room - 1))
            stop = max(start + 1, left + int(span.stop / end * (room - 1)))
            start = max(start, taken + 1)
            taken = _span(scene, span, start, max(stop, start + 1), y, left + room, name, notes)
    y = 2 * len(drawing.rows)
    _axis(scene, end, left, room, y, drawing.unit)
    for row, (sign, name, span) in enumerate(notes[:MOST]):
        when = number(span.start) + (f"–{number(span.stop)}" if span.stop > span.start else "")
        scene.text(0, y + 3 + row, f"{sign:>2}  {when} {drawing.unit}  {name}: {span.text}")
    if len(notes) > MOST:
        scene.text(0, y + 3 + MOST, f"… and {len(notes) - MOST} more")
    return scene


def _span(
    scene: Scene,
    span: Span,
    start: int,
    stop: int,
    y: int,
    limit: int,
    name: str,
    notes: list[tuple[str, str, Span]],
) -> int:
    """Draws one; gives the last column taken."""
    sign = str(len(notes) + 1)
    if start + max(1, len(sign)) > limit:
        notes.append((sign, name, span))
        return start
    if span.stop > span.start:
        scene.add(Bar(start, y + 1, max(1, min(stop, limit) - start), span.mark))
    if not span.text:
        return stop - 1
    notes.append((sign, name, span))
    after = scene.text(start, y, sign, "bad" if span.mark == "bad" else "here")
    if span.stop <= span.start:
        scene.add(Bar(start, y + 1, 1, span.mark or "here"))
    return max(after, stop - 1)


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
