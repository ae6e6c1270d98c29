"""A pane: a title line, then lines drawn as they are needed; it scrolls, has a cursor, and shows how far down one is."""

from collections.abc import Sequence

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from ...render.terminal import TerminalStyle, cells
from .palette import Palette, palette

Piece = tuple[str, Style]
WHEEL = 3


class Pane(Widget, can_focus=True):
    """What all panes do. A pane says how many lines it has and draws one; nothing is kept for lines that are not seen."""

    ALLOW_SELECT = False
    id_ = ""
    called = ""

    class Moved(Message):
        """The cursor of a pane is somewhere else now, by the reader's own doing."""

        def __init__(self, pane: "Pane") -> None:
            super().__init__()
            self.pane = pane

    class Pointed(Message):
        """The mouse was pressed in a pane."""

        def __init__(self, pane: "Pane") -> None:
            super().__init__()
            self.pane = pane

    class Dragged(Message):
        """The title of a pane was dragged to a line of the screen."""

        def __init__(self, pane: "Pane", x: int, y: int) -> None:
            super().__init__()
            self.pane, self.x, self.y = pane, x, y

    class Folded(Message):
        """The title of a pane was clicked twice."""

        def __init__(self, pane: "Pane") -> None:
            super().__init__()
            self.pane = pane

    def __init__(self) -> None:
        super().__init__(id=self.id_)
        self.top = 0
        self.cursor = 0
        self.palette: Palette = palette("dark")
        self.terminal = TerminalStyle()
        self._dragging = False

    def count(self) -> int:
        """How many lines there are below the title."""
        return 0

    def draw(self, index: int, width: int) -> list[Piece]:
        """One line."""
        return []

    def head(self, width: int) -> list[Piece]:
        """What the title line says."""
        return [(f" {self.called}", self.title_style)]

    @property
    def title_style(self) -> Style:
        """The title's style: the pane with the focus is seen at once."""
        return self.palette.title_here if self.has_focus else self.palette.title

    @property
    def room(self) -> int:
        """Lines there is room for below the title."""
        return max(0, self.size.height - 1)

    def span(self) -> tuple[int, int]:
        """The first line of what the cursor is on, and the one after its last."""
        return self.cursor, self.cursor + 1

    def render_line(self, y: int) -> Strip:
        """The Line API: called for what is on the screen only."""
        try:
            return self._paint(y, self.size.width)
        except Exception as error:  # noqa: BLE001 - one line that cannot be drawn must not end everything
            said = f"(cannot be drawn: {type(error).__name__})"
            return self._strip([(said, self.palette.bad)], self.size.width, self.palette.text)

    def _paint(self, y: int, width: int) -> Strip:
        if y == 0:
            return self._strip(self.head(width), width, self.title_style)
        index, count = self.top + y - 1, self.count()
        body = width - 1 if count > self.room else width
        pieces = self.draw(index, body) if index < count else []
        strip = self._strip(pieces, body, self.fill(index))
        if body < width:
            strip = Strip.join([strip, Strip([Segment(*self._thumb(y, count))], 1)])
        return strip

    def fill(self, index: int) -> Style:
        """The style of what a line leaves free."""
        return self.palette.text

    def _strip(self, pieces: Sequence[Piece], width: int, rest: Style) -> Strip:
        strip = Strip([Segment(text, style) for text, style in pieces if text])
        return strip.adjust_cell_length(width, rest)

    def _thumb(self, y: int, count: int) -> Piece:
        size = max(1, self.room * self.room // max(1, count))
        start = (self.room - size) * self.top // max(1, count - self.room)
        return ("┃" if start <= y - 1 < start + size else "│", self.palette.dim)

    def show(self, repaint: bool = True) -> None:
        """Scroll so that what the cursor is on can be seen."""
        first, last = self.span()
        room = max(1, self.room)
        self.top = min(self.top, first)
        self.top = max(self.top, min(first, last - room))
        self.top = max(0, min(self.top, self.count() - room))
        if repaint:
            self.refresh()

    def scroll_by(self, lines: int) -> None:
        """Scroll without moving the cursor."""
        self.top = max(0, min(self.top + lines, self.count() - self.room))
        self.refresh()

    def move(self, by: int) -> None:
        """Move the cursor by so many."""
        self.go(self.cursor + by)

    def go(self, to: int) -> None:
        """Move the cursor to a place, as far as there is one."""
        to = max(0, min(to, self.count() - 1))
        if to != self.cursor:
            self.cursor = to
            self.post_message(self.Moved(self))
        self.show()

    def page(self, by: int) -> None:
        """Move by a screenful."""
        self.move(by * max(1, self.room - 1))

    def on_resize(self, event: events.Resize) -> None:
        """Keep the cursor in sight."""
        self.show(repaint=False)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """The wheel scrolls what is under the mouse."""
        event.stop()
        self.scroll_by(WHEEL)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """The wheel scrolls what is under the mouse."""
        event.stop()
        self.scroll_by(-WHEEL)

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """A title can be dragged; a line can be pointed at."""
        self.post_message(self.Pointed(self))
        if event.y == 0:
            self.clicked_title(event.x)
            self._dragging = True
            self.capture_mouse()
        elif (index := self.top + event.y - 1) < self.count():
            self.clicked(index, event.x)

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Follow a drag."""
        if self._dragging:
            self.post_message(self.Dragged(self, event.screen_x, event.screen_y))

    def on_mouse_up(self, event: events.MouseUp) -> None:
        """The drag ends."""
        if self._dragging:
            self._dragging = False
            self.release_mouse()

    def on_click(self, event: events.Click) -> None:
        """A title clicked twice folds its pane."""
        if event.y == 0 and event.chain == 2:
            self.post_message(self.Folded(self))

    def clicked(self, index: int, x: int) -> None:
        """Somebody pointed at a line."""
        self.go(index)

    def clicked_title(self, x: int) -> None:
        """Somebody pointed at the title."""

    def on_focus(self) -> None:
        """The title shows it."""
        self.refresh()

    def on_blur(self) -> None:
        """The title shows it."""
        self.refresh()

    def over(self, style: Style, index: int, lines: range | None = None) -> Style:
        """A style with the cursor's background, where the cursor is."""
        here = index == self.cursor if lines is None else index in lines
        if not here:
            return style
        return style + (self.palette.cursor_here if self.has_focus else self.palette.cursor)


def ends(left: Sequence[Piece], right: Sequence[Piece], width: int, rest: Style) -> list[Piece]:
    """Some pieces at the left and some at the right of a line; the right ones go where there is no room for both."""
    gap = width - sum(cells(text) for text, _ in left) - sum(cells(text) for text, _ in right)
    return [*left, (" " * gap, rest), *right] if gap > 0 else list(left)
