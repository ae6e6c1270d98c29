"""The lab's pictures of the run on the screen: lanes with the moment of the packet under the cursor, plots as the terminal draws them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from ...render.lanes import FILL, FULL, Timed, timed
from ...render.terminal import TerminalStyle
from .cursor import Cursor
from .filtering import Filtering
from .overlays import Overlays
from .palette import Palette
from .pane import Piece
from .selection import Selection
from .status import Status
from .workspace import Workspace

if TYPE_CHECKING:
    from ...analysis.pictures import Shown
    from ...model import Figure
    from .overlay import OverlayPane


class Pictures:
    """What `P` does."""

    def __init__(
        self,
        selection: Selection,
        workspace: Workspace,
        cursor: Cursor,
        status: Status,
        overlays: Overlays,
        filtering: Filtering,
    ) -> None:
        self._selection, self._workspace, self._cursor = selection, workspace, cursor
        self._status, self._overlays, self._filtering = status, overlays, filtering

    def actions(self) -> Mapping[str, Callable[[], object]]:
        """Action → what it does."""
        return {"picture": self._choose}

    def _choose(self) -> None:
        """The picture of this run; where there are several, first which."""
        material, now = self._selection.material, self._time()
        made: Mapping[str, Callable[[], None]] = {
            title: partial(self._open, make) for title, make in material.figures().items()
        } | {title: partial(self._show, show, now) for title, show in material.pictures().items()}
        names = list(made)
        if not names:
            self._status.say("The lab has no picture of this run.")
        elif len(names) == 1:
            made[names[0]]()
        else:
            self._overlays.choose("pictures", names, lambda name: made[name]())

    def _time(self) -> int:
        """When the packet under the cursor came, in ns since the epoch; 0 where none is shown."""
        selection = self._selection
        events = selection.material.view.trace.events
        if not selection.shown or not events:
            return 0
        start = min(event.time for event in events)
        return start + round(self._moment(selection.at) * 1e6) + 1000  # a row's moment is rounded

    def _show(self, show: Callable[[int], "Shown"], now: int) -> None:
        """A picture as the run was when the packet under the cursor came."""
        from ...render.pictures.shown import body

        shown = show(now)

        def lines(width: int, pane: "OverlayPane") -> list[list[Piece]]:
            drawn = body(shown, replace(pane.terminal, width=width))
            return [[(line, pane.palette.text)] for line in ["", *drawn, "", shown.picture.caption]]

        self._overlays.open(shown.picture.title, lines)

    def _open(self, make: Callable[[], "Figure"]) -> None:
        figure = make()
        if figure.plot.lanes is None:
            self._overlays.open(figure.plot.title, lambda width, pane: plain(figure, width, pane))
        else:
            self._lanes(figure)

    def _lanes(self, figure: "Figure") -> None:
        """Lanes, with the cursor at the moment of the packet that it came from; Enter leads to the packet of another."""
        now = self._moment(self._selection.at)
        shown: list[Timed] = []

        def lines(width: int, pane: "OverlayPane") -> list[list[Piece]]:
            shown[:] = timed(figure, replace(pane.terminal, width=width))
            pane.stops = [index for index, line in enumerate(shown) if _begins(shown, index)]
            return [lane_line(line, now, pane.palette) for line in shown]

        def then(chosen: int) -> None:
            when = shown[chosen].when
            if when is None:
                self._status.say("That line is no moment: choose one with a time in front.")
                return
            self._filtering.clear()
            self._cursor.move_to(self._nearest(when))

        # The first lines are the same at every width that a screen has, but for the key's own: so it is looked for at this one.
        width = max(8, self._workspace.size.width - 8)
        at = last_before(list(timed(figure, TerminalStyle(width))), now)
        self._overlays.open(
            figure.plot.title, lines, then, at, "n: next lane   Enter: to this moment   Esc: back "
        )

    def _moment(self, at: int) -> float:
        """When a packet of those shown came, in ms since the run began."""
        selection = self._selection
        return selection.evidence.line(selection.shown[at]).ms if selection.shown else 0.0

    def _nearest(self, when: float) -> int:
        return min(range(len(self._selection.shown)), key=lambda at: abs(self._moment(at) - when))


def plain(figure: "Figure", width: int, pane: "OverlayPane") -> list[list[Piece]]:
    """A plot as the terminal has it, its title left out: that stands on the pane."""
    from ...render.plot import plot

    return [
        [(line, pane.palette.text)] for line in list(plot(figure, replace(pane.terminal, width=width)))[2:]
    ]


def lane_line(line: Timed, now: float, p: Palette) -> list[Piece]:
    """A line of a lane: what comes after the packet under the cursor is dimmed; a lane's name stands out."""
    if line.when is None:
        named = line.text and not line.text.startswith(" ")
        return [(line.text, p.heading if named else p.dim)]
    if line.when > now:
        return [(line.text, p.dim)]
    end = max(line.text.rfind(FILL), line.text.rfind(FULL)) + 1
    return [(line.text[:end], p.good), (line.text[end:], p.text)] if end else [(line.text, p.text)]


def last_before(lines: Sequence[Timed], now: float) -> int:
    """The line of the last moment, in the first lane that has one, that is not after `now`; else the first."""
    found = 0
    for index, line in enumerate(lines):
        if line.when is not None and line.when <= now:
            found = index
        elif found and line.when is None:
            break
    return found


def _begins(lines: Sequence[Timed], index: int) -> bool:
    """Whether a lane begins with this line: its name."""
    line = lines[index]
    return line.when is None and bool(line.text) and not line.text.startswith(" ")
