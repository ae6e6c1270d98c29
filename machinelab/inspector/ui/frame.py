"""The inspector's frame: the panes and lines on the screen, where they stand, and what they are drawn with."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import ClassVar

from textual import events
from textual.app import App, ComposeResult
from textual.geometry import Offset, Region, Size, Spacing
from textual.layout import Layout, WidgetPlacement
from textual.screen import Screen
from textual.widget import Widget

from ...analysis.view import EventRow
from ...model import Event
from . import arrange as room
from .bars import Bar
from .material import Material
from .octets import Octets
from .packets import Packets
from .page import Page
from .palette import Palette, palette
from .pane import Pane
from .prompt import Prompt
from .rungs import Rungs
from .tree import Tree


class Places(Layout):
    """Puts each pane where `arrange` says."""

    name = "places"

    def __init__(self, app: "Frame") -> None:
        self._app = app

    def arrange(
        self, parent: Widget, children: list[Widget], size: Size, greedy: bool = True
    ) -> list[WidgetPlacement]:
        """Called by Textual whenever sizes change."""
        boxes = self._app.boxes(size.width, size.height)
        return [
            WidgetPlacement(Region(*boxes.get(child.id or "", room.NOWHERE)), Offset(), Spacing(), child)
            for child in children
        ]


class Bench(Screen[None]):
    """The screen with the panes."""

    AUTO_FOCUS = None
    ALLOW_SELECT = False
    _border = ""

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """The free column between two panes can be dragged."""
        assert isinstance(self.app, Frame)
        self._border = self.app.border(event.screen_x, event.screen_y)
        if self._border:
            self.capture_mouse()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """The border follows."""
        if self._border:
            assert isinstance(self.app, Frame)
            self.app.drag_border(self._border, event.screen_x)

    def on_mouse_up(self, event: events.MouseUp) -> None:
        """The drag ends."""
        if self._border:
            self._border = ""
            self.release_mouse()

    @property
    def layout(self) -> Layout:
        """Not one of the stylesheet's: ours."""
        assert isinstance(self.app, Frame)
        return self.app.places


class Frame(App[None]):
    """What is shown, and the cursor: `at` counts in `shown`, which are places in the evidence."""

    ENABLE_COMMAND_PALETTE = False
    ALLOW_SELECT = False
    CSS = "Screen { layers: base over; overflow: hidden hidden; } Pane, Bar { overflow: hidden hidden; }"
    BINDINGS: ClassVar = []

    def __init__(self, material: Material, memory: Path | None = None) -> None:
        super().__init__()
        self.places = Places(self)
        self.material = material
        self.memory = memory
        self.shares = room.load(memory)
        self.shown: Sequence[int] = range(len(material.evidence))
        self.at = 0
        self.here = "events"
        self.expression = ""
        self.step = ""
        self.marks: set[str] = set()
        self.zoomed = False
        self.laddered = False
        self.asking = False
        self.busy = False  # a thread is at work on the evidence: the list alone may be looked at
        self.message = ""
        self.packets, self.page, self.outline = Packets(), Page(), Tree()
        self.octets, self.rungs = Octets(), Rungs()
        self.title_bar, self.status, self.key_bar = Bar("title"), Bar("status"), Bar("keys")
        self.prompt = Prompt(self.status)
        self.panes: Mapping[str, Pane] = {
            "events": self.packets, "guide": self.page, "tree": self.outline, "bytes": self.octets,
        }  # fmt: skip

    def get_default_screen(self) -> Screen[None]:
        """The panes' screen."""
        return Bench(id="bench")

    def compose(self) -> ComposeResult:
        """All panes, at once."""
        yield from (self.title_bar, *self.panes.values(), self.rungs, self.status, self.key_bar, self.prompt)

    @property
    def colours(self) -> Palette:
        """The palette in use."""
        plain = self.no_color or os.environ.get("TERM", "") in ("dumb", "vt100", "linux-m")
        return palette("plain" if plain else self.shares.theme)

    def paint_theme(self) -> None:
        """Give all panes the palette."""
        self.theme = "textual-light" if self.shares.theme == "light" else "textual-dark"
        for pane in (*self.panes.values(), self.rungs):
            pane.palette = self.colours
            pane.refresh()
        for bar in (self.title_bar, self.status, self.key_bar):
            bar.palette = self.colours
            bar.refresh()
        self.prompt.palette = self.colours

    # ---- where panes stand ----

    @property
    def front(self) -> Pane:
        """The pane that keys are for; the ladder where it stands in the list's place."""
        return self.rungs if self.laddered and self.here == "events" else self.panes[self.here]

    def boxes(self, width: int, height: int) -> Mapping[str, room.Box]:
        """Where all widgets stand."""
        found = dict(room.arrange(width, height, self.shares, self.here, self.zoomed))
        if self.laddered:
            found["ladder"], found["events"] = found["events"], room.NOWHERE
        if self.asking:
            found["prompt"] = room.Box(0, max(0, height - 3), width, 1)
            found["status"] = room.Box(0, max(0, height - 2), width, min(2, max(0, height - 1)))
            found["keys"] = room.NOWHERE
        return found

    def rearrange(self) -> None:
        """After a change of what has which room."""
        self.title_bar.refresh(layout=True)  # a child's: that is what makes its screen arrange anew
        self.bars()

    def bars(self) -> None:
        """Title, status and keys: what they say is not known here."""

    def border(self, x: int, y: int) -> str:
        """The border between two panes at a cell, by the share that moves it; empty if there is none."""
        return "" if self.asking else room.border(self.boxes(*self.size), x, y)

    def drag_border(self, share: str, x: int) -> None:
        """Put it at another column."""
        self.shares = room.dragged(self.shares, share, x, self.boxes(*self.size))
        self.rearrange()

    # ---- what stands under the cursor ----

    @property
    def event(self) -> Event | None:
        """The event under the cursor."""
        return self.material.evidence.event(self.shown[self.at]) if self.at < len(self.shown) else None

    @property
    def row(self) -> EventRow | None:
        """The same with its steps."""
        return self.material.evidence.row(self.shown[self.at]) if self.at < len(self.shown) else None
