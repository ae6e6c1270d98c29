"""Two parties side by side, time from top to bottom: what each sends before it waits for the other, and the round trips that takes.

Between two flights lie as many rows as the time between them is of the whole, one at least: so a long wait is seen as one.
"""

from ...model.pictures import Flight, Flights
from .scene import Line, Scene, wrapped

LEFT, RIGHT = 12, 58  # the columns of the two parties
TRIP = RIGHT + 3  # the column of the round trips
SPARE = 8  # rows that are given to waits, by their length


def layout(drawing: Flights) -> Scene:
    """The two lives, an arrow a flight with its words above it, and a bracket a round trip."""
    scene = Scene()
    first, second = drawing.parties
    scene.text(0, 0, f"{drawing.unit:>8}", "dim", LEFT - 2)
    scene.text(LEFT, 0, first, "bold", RIGHT - LEFT - 2)
    scene.text(RIGHT, 0, second, "bold")
    starts: list[int] = []
    stops: list[int] = []
    y, before = 1, drawing.flights[0].time if drawing.flights else 0.0
    whole = (drawing.flights[-1].time - before if drawing.flights else 0.0) or 1.0
    for flight in drawing.flights:
        y += round((flight.time - before) / whole * SPARE)
        before = flight.time
        starts.append(y)
        y = _flight(scene, flight, first, y)
        stops.append(y)
        y += 1
    for column in (LEFT, RIGHT):
        scene.add(Line(((column, 1), (column, max(2, y)))))
    for begin, end, text in drawing.trips:
        _trip(scene, starts[begin], stops[end], text)
    return scene


def _flight(scene: Scene, flight: Flight, first: str, y: int) -> int:
    """Its words and its arrow; gives the arrow's row."""
    scene.text(0, y, f"{flight.time:>8.1f}", "dim", LEFT - 2)
    style = "here" if flight.mark == "here" else ""
    lines = wrapped(flight.text, RIGHT - LEFT - 6, 4)
    for row, line in enumerate(lines):
        scene.text(LEFT + 3, y + row, line, style)
    ends = (LEFT + 1, RIGHT - 1) if flight.source == first else (RIGHT - 1, LEFT + 1)
    row = y + len(lines)
    scene.add(Line(((ends[0], row), (ends[1], row)), style, tip=True))
    return row


def _trip(scene: Scene, top: int, bottom: int, text: str) -> None:
    scene.add(Line(((TRIP, top), (TRIP + 1, top), (TRIP + 1, bottom), (TRIP, bottom)), "here"))
    lines = wrapped(text, 80 - TRIP - 3, max(1, bottom - top))
    middle = top + max(0, (bottom - top + 1 - len(lines)) // 2)
    for row, line in enumerate(lines):
        scene.text(TRIP + 3, middle + row, line, "here")


def words(drawing: Flights) -> str:
    """The picture in words."""
    sent = "; ".join(
        f"at {flight.time:.1f} {drawing.unit} {flight.source} to {flight.target}: {flight.text}"
        for flight in drawing.flights
    )
    count = len(drawing.trips)
    return f"{count} round trip{'' if count == 1 else 's'}. {sent}."
