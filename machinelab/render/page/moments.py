"""Pictures that follow the reader: how each looks at the moment of each packet, what looks alike kept once.

parts     SVG elements as text, by their number
frames    [width, height, words, part, …]: a picture, made of these elements; `words` is its text alternative
pictures  id of a picture → for each step that the reader can stop at the number of its frame, −1 for none
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil

from markupsafe import Markup

from ...analysis.pictures import Shown
from ...model import Drawing
from ..escape import terminal
from ..pictures import as_svg, layout, words
from ..pictures.shown import source

MOST = 100  # moments at which a picture is drawn

Illustrate = Callable[[int | None], Shown]
"""A picture of the run as it was at a moment (ns since the epoch), or at its end (None)."""


@dataclass(frozen=True, slots=True)
class Plate:
    """A picture as it is at the end: what stands on the page without a script, and in print."""

    id: str
    title: str
    caption: str
    source: str
    svg: Markup | None
    moves: bool = False


class Moments:
    """The frames of several pictures."""

    def __init__(self, times: Sequence[int]) -> None:
        self.times = times
        self._drawn: dict[Drawing, int] = {}
        self._parts: dict[str, int] = {}
        self._frames: dict[tuple[int | str, ...], int] = {}
        self._pictures: dict[str, list[int]] = {}

    def add(self, illustrate: Illustrate) -> Plate:
        """One picture, at these times (of very many each second, third …) and at the end."""
        last = illustrate(None)
        every = max(1, ceil(len(self.times) / MOST))
        drawn = [self._frame(illustrate(time)) for time in self.times[::every]]
        at = [drawn[place // every] for place in range(len(self.times))]
        moves = len(set(at)) > 1
        if moves:
            self._pictures[last.picture.id] = at
        return plate(last, moves)

    def encoded(self) -> dict[str, object]:
        """All of it, as the page's data holds it."""
        return {"parts": list(self._parts), "frames": list(self._frames), "pictures": self._pictures}

    def _frame(self, shown: Shown) -> int:
        drawing = shown.drawing
        if drawing is None:
            return -1
        if drawing not in self._drawn:
            scene = layout(drawing)
            numbers = [self._parts.setdefault(part, len(self._parts)) for part in as_svg.parts(scene)]
            frame: tuple[int | str, ...] = (*as_svg.extent(scene), terminal(words(drawing), None), *numbers)
            self._drawn[drawing] = self._frames.setdefault(frame, len(self._frames))
        return self._drawn[drawing]


def plate(shown: Shown, moves: bool = False) -> Plate:
    """A picture with what belongs around it."""
    drawing = shown.drawing
    svg = as_svg.inline(layout(drawing), words(drawing)) if drawing is not None else None
    picture = shown.picture
    return Plate(picture.id, picture.title, picture.caption, source(shown), svg, moves)
