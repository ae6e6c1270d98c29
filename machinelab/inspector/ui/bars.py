"""The lines that are no panes: the title, what the cursor is on in words, and the keys."""

from collections.abc import Sequence

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip
from textual.widget import Widget

from ...render.terminal import TerminalStyle, cells
from .palette import Palette, palette
from .pane import Piece, ends


class Bar(Widget):
    """Some lines, given as pieces."""

    ALLOW_SELECT = False

    def __init__(self, id: str) -> None:
        super().__init__(id=id)
        self.palette: Palette = palette("dark")
        self.terminal = TerminalStyle()
        self._lines: Sequence[Sequence[Piece]] = ()

    def say(self, *lines: Sequence[Piece]) -> None:
        """Show these."""
        if lines != self._lines:
            self._lines = lines
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """The Line API."""
        pieces = self._lines[y] if y < len(self._lines) else ()
        strip = Strip([Segment(text, style) for text, style in pieces if text])
        return strip.adjust_cell_length(self.size.width, self.palette.bar)


def title(left: str, right: str, width: int, terminal: TerminalStyle, p: Palette) -> list[Piece]:
    """The top line: what is read, and how it stands with it."""
    style = p.title + Style(bold=True)
    return ends(
        [(f" {terminal.cut(terminal.text(left), max(1, width - 2))}", style)],
        [(f"{terminal.text(right)} ", p.title)],
        width,
        p.title,
    )


def keys(pairs: Sequence[tuple[str, str]], width: int, p: Palette) -> list[Piece]:
    """The bottom line: as many keys as there is room for."""
    pieces: list[Piece] = []
    used = 0
    for key, says in pairs:
        size = cells(key) + cells(says) + 3
        if used + size > width:
            break
        pieces += [(f" {key}", p.key), (f" {says} ", p.bar)]
        used += size
    return pieces
