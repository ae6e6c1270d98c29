"""The lab's pictures of the run on the screen: lanes with the moment of the packet under the cursor, plots as the terminal draws them."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from ...render.lanes import FILL, FULL, Timed, timed
from ...render.terminal import TerminalStyle
from .overs import Overs
from .palette import Palette
from .pane import Piece

if TYPE_CHECKING:
    from ...model import Figure
    from .sheets import Sheet


class Pictures(Overs):
    """What `P` does."""

    def _do_picture(self) -> None:
        """The picture of this run; where there are several, first which."""
        made = dict(self.material.figures())
        names = list(made)
        if not names:
            self.say("The lab has no picture of this run.")
        elif len(names) == 1:
            self._picture(made[names[0]]())
        else:
            self.over(
                "pictures",
                lambda width, sheet: [[(sheet.terminal.text(name), sheet.palette.text)] for name in names],
                lambda chosen: self._picture(made[names[chosen]]()),
            )

    def _picture(self, figure: "Figure") -> None:
        if figure.plot.lanes is None:
            self.over(figure.plot.title, lambda width, sheet: plain(figure, width, sheet))
        else:
            self._lanes(figure)

    def _lanes(self, figure: "Figure") -> None:
        """Lanes, with the cursor at the moment of the packet that it came from; Enter leads to the packet of another."""
        now = self._moment(self.at)
        told: list[Timed] = []

        def lines(width: int, sheet: "Sheet") -> list[list[Piece]]:
            told[:] = timed(figure, replace(sheet.terminal, width=width))
            sheet.stops = [index for index, line in enumerate(told) if _begins(told, index)]
            return [lane_line(line, now, sheet.palette) for line in told]

        def then(chosen: int) -> None:
            when = told[chosen].when
            if when is None:
                self.say("That line is no moment: choose one with a time in front.")
                return
            self._do_clear_all()
            self.move_to(self._nearest(when))

        # The first lines are the same at every width that a screen has, but for the key's own: so it is looked for at this one.
        width = max(8, self.size.width - 8)
        at = last_before(list(timed(figure, TerminalStyle(width))), now)
        self.over(figure.plot.title, lines, then, at, "n: next lane   Enter: to this moment   Esc: back ")

    def _moment(self, at: int) -> float:
        """When a packet of those shown came, in ms since the run began."""
        return self.material.evidence.line(self.shown[at]).ms if self.shown else 0.0

    def _nearest(self, when: float) -> int:
        return min(range(len(self.shown)), key=lambda at: abs(self._moment(at) - when))


def plain(figure: "Figure", width: int, sheet: "Sheet") -> list[list[Piece]]:
    """A plot as the terminal has it, its title left out: that stands on the sheet."""
    from ...render.plot import plot

    return [
        [(line, sheet.palette.text)] for line in list(plot(figure, replace(sheet.terminal, width=width)))[2:]
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


def last_before(told: Sequence[Timed], now: float) -> int:
    """The line of the last moment, in the first lane that has one, that is not after `now`; else the first."""
    found = 0
    for index, line in enumerate(told):
        if line.when is not None and line.when <= now:
            found = index
        elif found and line.when is None:
            break
    return found


def _begins(told: Sequence[Timed], index: int) -> bool:
    """Whether a lane begins with this line: its name."""
    line = told[index]
    return line.when is None and bool(line.text) and not line.text.startswith(" ")
