"""The ladder: a second view of the same list, with the same cursor. Nodes are columns, time runs downwards."""

from bisect import bisect_right
from collections.abc import Sequence

from rich.style import Style

from ...analysis.view import View
from ...model import Event
from ...render.ladder import groups
from ...render.terminal import TerminalStyle
from .evidence import Evidence
from .pane import Pane, Piece, ends

WINDOW = 300  # events drawn before and after the cursor: nobody reads more at a time


class LadderPane(Pane):
    """The drawn ladder of the events shown, around the cursor."""

    id_ = "ladder"
    called = "ladder"

    def __init__(self) -> None:
        super().__init__()
        self.view: View | None = None
        self.evidence: Evidence | None = None
        self.shown: Sequence[int] = ()
        self.every = False
        self.at = 0
        self._heads: list[str] = []
        self._lines: list[tuple[str, tuple[str, ...]]] = []
        self._drawn: tuple[object, ...] = ()

    def set_events(self, view: View, evidence: Evidence, shown: Sequence[int], at: int) -> None:
        """Draw these events; the cursor stands at the one of that index."""
        self.view, self.evidence, self.shown, self.at = view, evidence, shown, at
        self._redraw()

    def _redraw(self) -> None:
        if self.view is None or self.evidence is None or not self.shown or self.size.width < 2:
            self._lines, self._heads = [], []
            return
        first = max(0, self.at - self.at % WINDOW - WINDOW)
        window = self.shown[first : first + 3 * WINDOW]
        key = (
            id(self.view),
            id(self.shown),
            len(self.shown),
            first,
            self.size.width,
            self.every,
            id(self.palette),
        )
        if key != self._drawn:
            self._drawn = key
            self._make([self.evidence.event(place) for place in window])
        id_ = self.evidence.event(self.shown[self.at]).id
        lines = [i for i, (_, ids) in enumerate(self._lines) if id_ in ids]
        self.cursor = lines[0] if lines else 0
        self.show()

    def _make(self, events: Sequence[Event]) -> None:
        assert self.view is not None
        pieces = list(
            groups(self.view, TerminalStyle(max(40, self.size.width - 1)), events, every=self.every)
        )
        self._heads = pieces[0][1]
        self._lines = [(line, ids) for ids, lines in pieces[1:] for line in lines]

    def on_resize(self, event: object) -> None:
        """Draw it anew for the new width."""
        self._redraw()

    def count(self) -> int:
        """See Pane."""
        return len(self._lines) + len(self._heads)

    def span(self) -> tuple[int, int]:
        """The lines of one arrow."""
        lines = self._lines_here()
        return (lines.start, lines.stop + len(self._heads)) if lines else (0, 1)

    def _lines_here(self) -> range:
        if not 0 <= self.cursor < len(self._lines):
            return range(0)
        ids = self._lines[self.cursor][1]
        stop = self.cursor
        while stop < len(self._lines) and ids and self._lines[stop][1] == ids:
            stop += 1
        return range(self.cursor, max(stop, self.cursor + 1))

    def move(self, by: int) -> None:
        """To the next arrow, not to the next line."""
        self.at = max(0, min(self.at + by, len(self.shown) - 1))
        self._redraw()
        self.post_message(self.Moved(self))

    def go(self, to: int) -> None:
        """To an event by its index."""
        self.at = max(0, min(to, len(self.shown) - 1))
        self._redraw()
        self.post_message(self.Moved(self))

    def page(self, by: int) -> None:
        """A screenful of arrows."""
        self.move(by * max(1, self.room // 2))

    def clicked(self, index: int, x: int) -> None:
        """Point at an arrow."""
        index -= len(self._heads)
        if 0 <= index < len(self._lines) and self._lines[index][1] and self.evidence:
            place = self.evidence.place(self._lines[index][1][0])
            self.go(max(0, bisect_right(self.shown, place) - 1))

    def head(self, width: int) -> list[Piece]:
        """The title."""
        style = self.title_style
        said = "all packets" if self.every else "the quiet ones folded (a: all)"
        return ends([(" ladder", style)], [(f"{said} ", style)], width, style)

    def draw(self, index: int, width: int) -> list[Piece]:
        """Heads stay in sight; below them the lines scroll."""
        p = self.palette
        heads = len(self._heads)
        if index - self.top < heads:
            return [(self._heads[index - self.top], p.heading)]
        place = index - heads
        if not 0 <= place < len(self._lines):
            return []
        line, ids = self._lines[place]
        style = p.text if ids else p.dim
        if ids and place not in self._lines_here() and ":" not in line:
            style = p.number
        front, colon, rest = line.partition(":")
        here = self._lines_here()
        if ids and colon and "│" in line and "─" not in line:
            return [(front + colon, self.over(p.step, place, here)), (rest, self.over(p.text, place, here))]
        return [(line, self.over(style, place, here))]

    def fill(self, index: int) -> Style:
        """The cursor's bar goes to the edge."""
        return self.over(self.palette.text, index - len(self._heads), self._lines_here())
