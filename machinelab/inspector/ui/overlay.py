"""What lies over the panes for a while: help, a conversation, a comparison, a list to choose from."""

from collections.abc import Callable, Sequence

from rich.style import Style
from textual import events
from textual.app import ComposeResult
from textual.screen import ModalScreen

from .pane import Pane, Piece, ends

Lines = Callable[[int, "OverlayPane"], Sequence[list[Piece]]]
"""Lines for a width; they may use the pane's palette and terminal style."""


class OverlayPane(Pane):
    """Lines to read, or to choose one of."""

    id_ = "overlay"

    def __init__(self, called: str, lines: Lines, choosing: bool, at: int = 0, how: str = "") -> None:
        super().__init__()
        self.called = called
        self.choosing = choosing
        self.cursor = at
        self.stops: Sequence[int] = ()
        self._how = how
        self._make = lines
        self._made: tuple[int, Sequence[list[Piece]]] = (-1, ())

    @property
    def lines(self) -> Sequence[list[Piece]]:
        """The lines for the width there is."""
        width = max(8, self.size.width - 3)
        if self._made[0] != width:
            self._made = (width, self._make(width, self))
        return self._made[1]

    def count(self) -> int:
        """See Pane."""
        return len(self.lines)

    def move(self, by: int) -> None:
        """Choose another line, or scroll."""
        if self.choosing:
            super().move(by)
        else:
            self.scroll_by(by)

    def go(self, to: int) -> None:
        """To a line."""
        if self.choosing:
            super().go(to)
        else:
            self.top = max(0, min(to, self.count() - self.room))
            self.refresh()

    def leap(self, by: int) -> None:
        """To the next of the lines that are worth a stop, or the one before."""
        self.count()  # makes the lines, which know the stops
        ahead = [stop for stop in self.stops if (stop - self.cursor) * by > 0]
        if ahead:
            self.go(min(ahead) if by > 0 else max(ahead))

    def clicked(self, index: int, x: int) -> None:
        """A click chooses."""
        if self.choosing:
            self.go(index)
            self.screen.dismiss(index)

    def head(self, width: int) -> list[Piece]:
        """Title, and how to leave."""
        how = self._how or "Enter: this one   Esc: none " if self.choosing else "↑ ↓ scroll   Esc: back "
        return ends(
            [(f" {self.called}", self.title_style)], [(how, self.title_style)], width, self.title_style
        )

    def draw(self, index: int, width: int) -> list[Piece]:
        """One line."""
        front = "▸" if self.choosing and index == self.cursor else " "
        pieces = [(front, self.palette.number), *self.lines[index]]
        return [(text, self.over(style, index)) for text, style in pieces] if self.choosing else pieces

    def fill(self, index: int) -> Style:
        """The cursor's bar, where one chooses."""
        return self.over(self.palette.text, index) if self.choosing else self.palette.text


class Overlay(ModalScreen[int]):
    """A screen over the panes; returns the index that was chosen, −1 for none."""

    DEFAULT_CSS = """
    Overlay { align: center middle; background: $background 60%; }
    Overlay OverlayPane { width: 94%; height: 92%; }
    Overlay.-small OverlayPane { width: 100%; height: 100%; }
    """
    AUTO_FOCUS = None

    def __init__(self, pane: OverlayPane) -> None:
        super().__init__()
        self.pane = pane

    def compose(self) -> ComposeResult:
        """The pane alone."""
        yield self.pane

    def on_mount(self) -> None:
        """It takes the keys."""
        size = self.app.size
        self.set_class(size.width < 110 or size.height < 30, "-small")
        self.pane.focus()

    def on_key(self, event: events.Key) -> None:
        """Scroll, choose, leave."""
        event.stop()
        event.prevent_default()
        moves: dict[str, Callable[[], object]] = {
            **dict.fromkeys(("down", "j"), lambda: self.pane.move(1)),
            **dict.fromkeys(("up", "k"), lambda: self.pane.move(-1)),
            **dict.fromkeys(("pagedown", "space", "ctrl+d", "ctrl+f"), lambda: self.pane.page(1)),
            **dict.fromkeys(("pageup", "b", "ctrl+u", "ctrl+b"), lambda: self.pane.page(-1)),
            **dict.fromkeys(("home", "g"), lambda: self.pane.go(0)),
            **dict.fromkeys(("end", "G"), lambda: self.pane.go(self.pane.count() - 1)),
            **dict.fromkeys(("escape", "q", "question_mark", "ctrl+c"), lambda: self.dismiss(-1)),
            "n": lambda: self.pane.leap(1),
            "N": lambda: self.pane.leap(-1),
            "enter": lambda: self.dismiss(self.pane.cursor if self.pane.choosing else -1),
        }
        if act := moves.get(event.key):
            act()
