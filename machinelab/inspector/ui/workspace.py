"""The panes and lines on the screen: where they stand, which of them has the keys, and what they are drawn with."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from textual import events
from textual.app import App
from textual.geometry import Offset, Region, Size, Spacing
from textual.layout import Layout, WidgetPlacement
from textual.screen import Screen
from textual.widget import Widget

from ...render.terminal import is_monochrome
from . import layout
from .bars import Bar
from .bytes_pane import BytesPane
from .field_tree import FieldTree
from .guide_pane import GuidePane
from .ladder_pane import LadderPane
from .packet_list import PacketList
from .palette import Palette, palette
from .pane import Pane
from .prompt import Prompt

SCREEN = "panes"


class Workspace:
    """The widgets and how they share the screen. `rearranged` is called after each change of who has which room."""

    def __init__(self, app: App[None], memory: Path | None) -> None:
        self.app = app
        self._memory = memory
        self.preferences = layout.load(memory)
        self.focused = "events"
        self.zoomed = False
        self.laddered = False
        self.asking = False
        self.rearranged: Callable[[], None] = lambda: None
        self.packet_list, self.guide, self.tree = PacketList(), GuidePane(), FieldTree()
        self.bytes_pane, self.ladder = BytesPane(), LadderPane()
        self.title_bar, self.status_bar, self.key_bar = Bar("title"), Bar("status"), Bar("keys")
        self.prompt = Prompt(self.status_bar)
        self.panes: Mapping[str, Pane] = {
            "events": self.packet_list, "guide": self.guide, "tree": self.tree, "bytes": self.bytes_pane,
        }  # fmt: skip
        self.layout = PaneLayout(self)

    def widgets(self) -> Iterator[Widget]:
        """All of them, for the screen."""
        yield from (self.title_bar, *self.panes.values(), self.ladder)
        yield from (self.status_bar, self.key_bar, self.prompt)

    def save(self) -> None:
        """Remember how the room was shared."""
        layout.save(self._memory, self.preferences)

    # ---- colours ----

    @property
    def palette(self) -> Palette:
        """The palette in use."""
        return palette("plain" if self.app.no_color or is_monochrome() else self.preferences.theme)

    def paint(self) -> None:
        """Give all widgets the palette."""
        self.app.theme = "textual-light" if self.preferences.theme == "light" else "textual-dark"
        found = self.palette
        for pane in (*self.panes.values(), self.ladder):
            pane.palette = found
            pane.refresh()
        for bar in (self.title_bar, self.status_bar, self.key_bar):
            bar.palette = found
            bar.refresh()
        self.prompt.palette = found

    # ---- where panes stand ----

    @property
    def in_front(self) -> bool:
        """Whether no overlay is open."""
        return self.app.screen.id == SCREEN

    @property
    def size(self) -> Size:
        """Columns and lines of the terminal."""
        return self.app.size

    @property
    def front(self) -> Pane:
        """The pane that keys are for; the ladder where it stands in the list's place."""
        return self.ladder if self.laddered and self.focused == "events" else self.panes[self.focused]

    def boxes(self, width: int, height: int) -> Mapping[str, layout.Box]:
        """Where all widgets stand."""
        found = dict(layout.arrange(width, height, self.preferences, self.focused, self.zoomed))
        if self.laddered:
            found["ladder"], found["events"] = found["events"], layout.NOWHERE
        if self.asking:
            found["prompt"] = layout.Box(0, max(0, height - 3), width, 1)
            found["status"] = layout.Box(0, max(0, height - 2), width, min(2, max(0, height - 1)))
            found["keys"] = layout.NOWHERE
        return found

    def rearrange(self) -> None:
        """Lay the widgets out anew."""
        self.title_bar.refresh(layout=True)  # a child's: that is what makes its screen arrange anew
        self.rearranged()

    def focus(self, name: str) -> None:
        """Give a pane the keys, unfolding it."""
        self.unfold(name)
        self.focused = name
        self.rearrange()
        self.front.focus(scroll_visible=False)

    def keep_focus(self, widget: Widget) -> None:
        """Textual moves the focus away from what has no room for a moment; it belongs where the reader is."""
        if not self.asking and self.in_front and widget is not self.front:
            self.front.focus(scroll_visible=False)

    def name_of(self, pane: Pane) -> str:
        """The name of a pane; empty for the ladder."""
        return next((name for name, other in self.panes.items() if other is pane), "")

    # ---- how panes share the room ----

    def unfold(self, name: str) -> None:
        """Give a folded pane its room again."""
        if name in self.preferences.folded:
            self.preferences = layout.folded(self.preferences, name)

    def fold(self, name: str) -> bool:
        """Fold a pane, or unfold it; whether it was allowed: one pane stays open."""
        if len(self.preferences.folded) >= len(layout.PANES) - 1 and name not in self.preferences.folded:
            return False
        self.preferences = layout.folded(self.preferences, name)
        return True

    def resize(self, across: bool, by: int) -> None:
        """Make the pane with the focus larger or smaller."""
        self.preferences = layout.resized(self.preferences, self.focused, self.size.width, across, by)
        self.rearrange()

    def drag_title(self, pane: Pane, y: int) -> None:
        """A pane's title was dragged to a line of the screen."""
        size = self.size
        share = max(10, min(85, 100 * (y - 1) // max(1, size.height - 4)))
        if pane is self.bytes_pane and size.width < layout.WIDE:
            below = 100 - self.preferences.events
            part = max(10, min(85, 100 - 100 * (share - self.preferences.events) // max(1, below)))
            self.preferences = replace(self.preferences, bytes=part)
        elif pane is not self.packet_list and pane is not self.ladder:
            self.preferences = replace(self.preferences, events=share)
        self.rearrange()

    def border(self, x: int, y: int) -> str:
        """The border between two panes at a cell, by the share that moves it; empty if there is none."""
        return "" if self.asking else layout.border(self.boxes(*self.size), x, y)

    def drag_border(self, share: str, x: int) -> None:
        """Put it at another column."""
        self.preferences = layout.dragged(self.preferences, share, x, self.boxes(*self.size))
        self.rearrange()


class PaneLayout(Layout):
    """Puts each widget where the workspace says."""

    name = "panes"

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def arrange(
        self, parent: Widget, children: list[Widget], size: Size, greedy: bool = True
    ) -> list[WidgetPlacement]:
        """Called by Textual whenever sizes change."""
        boxes = self._workspace.boxes(size.width, size.height)
        return [
            WidgetPlacement(Region(*boxes.get(child.id or "", layout.NOWHERE)), Offset(), Spacing(), child)
            for child in children
        ]


class PaneScreen(Screen[None]):
    """The screen with the panes."""

    AUTO_FOCUS = None
    ALLOW_SELECT = False
    _border = ""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(id=SCREEN)
        self._workspace = workspace

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """The free column between two panes can be dragged."""
        self._border = self._workspace.border(event.screen_x, event.screen_y)
        if self._border:
            self.capture_mouse()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """The border follows."""
        if self._border:
            self._workspace.drag_border(self._border, event.screen_x)

    def on_mouse_up(self, event: events.MouseUp) -> None:
        """The drag ends."""
        if self._border:
            self._border = ""
            self.release_mouse()

    @property
    def layout(self) -> Layout:
        """The workspace's, not one of the stylesheet's."""
        return self._workspace.layout
