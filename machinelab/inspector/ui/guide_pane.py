"""The guide's pane: the guide's section for the packet under the cursor, or the worksheet's question."""

from collections.abc import Sequence

from ...render.terminal import TerminalStyle
from .palette import Palette
from .pane import Pane, Piece, ends
from .prose import prose


class GuidePane(Pane):
    """Markdown that scrolls."""

    id_ = "guide"
    called = "guide"

    def __init__(self) -> None:
        super().__init__()
        self.text = ""
        self.note = ""
        self._lines: Sequence[list[Piece]] = ()
        self._made: tuple[object, ...] = ()

    def set_text(self, text: str, note: str = "", called: str = "guide") -> None:
        """Show this text, from its beginning, unless it is what is shown already."""
        if (text, called) != (self.text, self.called):
            self.top = self.cursor = 0
        self.text, self.note, self.called = text, note, called
        self.refresh()

    def _set(self) -> Sequence[list[Piece]]:
        width = max(8, self.size.width - 3)
        key = (self.text, width, id(self.palette))
        if key != self._made:
            self._made = key
            self._lines = lines(self.text, width, self.terminal, self.palette)
        return self._lines

    def count(self) -> int:
        """See Pane."""
        return len(self._set())

    def go(self, to: int) -> None:
        """There is no cursor: moving scrolls."""
        self.scroll_to_line(to)

    def move(self, by: int) -> None:
        """There is no cursor: moving scrolls."""
        self.scroll_by(by)

    def page(self, by: int) -> None:
        """A screenful."""
        self.scroll_by(by * max(1, self.room - 1))

    def scroll_to_line(self, line: int) -> None:
        """Show from that line on."""
        self.top = max(0, min(line, self.count() - self.room))
        self.refresh()

    @property
    def cut(self) -> bool:
        """Whether there is more below what can be seen."""
        return 0 < self.room < self.count() - self.top

    def show(self, repaint: bool = True) -> None:
        """Nothing needs to be in sight but what there is."""
        self.top = max(0, min(self.top, self.count() - self.room))
        if repaint:
            self.refresh()

    def clicked(self, index: int, x: int) -> None:
        """Pointing at prose does nothing."""

    def head(self, width: int) -> list[Piece]:
        """The title."""
        style = self.title_style
        more = "more: Space" if self.cut and self.called == "guide" else ""
        note = " · ".join(filter(None, (self.note, more)))
        return ends([(f" {self.called}", style)], [(f"{note} ", style)], width, style)

    def draw(self, index: int, width: int) -> list[Piece]:
        """One line, with room at the left."""
        return [(" ", self.palette.text), *self._set()[index]]


def lines(text: str, width: int, terminal: TerminalStyle, palette: Palette) -> list[list[Piece]]:
    """All lines of a page."""
    return list(prose(text, width, terminal, palette))
