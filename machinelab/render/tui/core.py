"""The inspector's frame: the panes, where they stand, and the cursor that all of them share."""

import os
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

from textual import events
from textual.app import App, ComposeResult
from textual.geometry import Offset, Region, Size, Spacing
from textual.layout import Layout, WidgetPlacement
from textual.screen import Screen
from textual.timer import Timer
from textual.widget import Widget

from ...errors import LabError
from ...model import Event
from ..look import cells
from ..table import counted
from ..view import Row, duration
from . import arrange as room
from .bars import Bar, keys, title
from .keys import KEYS, sign
from .material import Material
from .octets import Octets
from .packets import Packets
from .page import Page
from .palette import Palette, palette
from .pane import Pane, Piece
from .prompt import Prompt
from .rungs import Rungs
from .tree import Tree

AHEAD = 0.02  # seconds left free for keys between two packets looked at ahead


class Places(Layout):
    """Puts each pane where `arrange` says."""

    name = "places"

    def __init__(self, app: "Core") -> None:
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
        assert isinstance(self.app, Core)
        self._border = self.app.border(event.screen_x, event.screen_y)
        if self._border:
            self.capture_mouse()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """The border follows."""
        if self._border:
            assert isinstance(self.app, Core)
            self.app.drag_border(self._border, event.screen_x)

    def on_mouse_up(self, event: events.MouseUp) -> None:
        """The drag ends."""
        if self._border:
            self._border = ""
            self.release_mouse()

    @property
    def layout(self) -> Layout:
        """Not one of the stylesheet's: ours."""
        assert isinstance(self.app, Core)
        return self.app.places


class Core(App[None]):
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

    # ---- set up ----

    def get_default_screen(self) -> Screen[None]:
        """The panes' screen."""
        return Bench(id="bench")

    def compose(self) -> ComposeResult:
        """All panes, at once."""
        yield from (self.title_bar, *self.panes.values(), self.rungs, self.status, self.key_bar, self.prompt)

    def on_mount(self) -> None:
        """Paint the packets first; all that is slower comes after."""
        self.paint_theme()
        self.packets.fill_with(self.material.evidence, self.shown)
        self.prompt.display = False
        self.packets.focus(scroll_visible=False)
        self.call_after_refresh(self.settle)

    def settle(self) -> None:
        """After the first paint."""
        self.packets.whole = True
        self.begin()

    def begin(self) -> None:
        """Tell of what there is now; where packets cannot be had yet, see to it that they can."""
        if self.material.evidence.ready:
            self.tell()
            return
        self.say("reading … The list can be moved in and filtered meanwhile.")
        self.run_worker(self._warm, thread=True)

    def _warm(self) -> None:
        try:
            self.material.evidence.warm()
        except LabError as error:
            self.call_from_thread(self.fail, error)
            return
        self.call_from_thread(self._warmed)

    def _warmed(self) -> None:
        self.message = ""
        self.tell()

    def look_ahead(self) -> None:
        """While nobody presses a key, look at the packets on the screen, one at a time, for what they say."""
        evidence, first = self.material.evidence, self.packets.top
        if self.busy:
            return
        for place in self.shown[first : first + self.packets.room]:
            if not evidence.known(place):
                try:
                    evidence.event(place)
                except LabError:
                    return
                self.packets.refresh()
                self._ahead = self.set_timer(AHEAD, self.look_ahead)
                return

    def _look_later(self) -> None:
        if self._ahead is not None:
            self._ahead.stop()
        if self.material.given is not None:
            self._ahead = self.set_timer(AHEAD * 6, self.look_ahead)

    _ahead: Timer | None = None

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

    # ---- the cursor ----

    @property
    def event(self) -> Event | None:
        """The event under the cursor."""
        return self.material.evidence.event(self.shown[self.at]) if self.at < len(self.shown) else None

    @property
    def row(self) -> Row | None:
        """The same with its steps."""
        return self.material.evidence.row(self.shown[self.at]) if self.at < len(self.shown) else None

    def move_to(self, at: int) -> None:
        """Put the shared cursor on another of the events shown."""
        if self.shown:
            self.at = max(0, min(at, len(self.shown) - 1))
            self.tell()

    def go_to(self, id: str) -> bool:
        """Put it on the event of that id; whether it is among those shown."""
        at = self.index(self.material.evidence.place(id))
        if at >= 0:
            self.move_to(at)
        return at >= 0

    def index(self, place: int) -> int:
        """Where a place stands among those shown, which are in order; −1 if it is not."""
        at = bisect_left(self.shown, place)
        return at if place >= 0 and at < len(self.shown) and self.shown[at] == place else -1

    def tell(self) -> None:
        """Bring all panes in step with the cursor."""
        self.packets.cursor = self.at
        self.packets.show()
        if self.shown and (self.busy or not self.material.evidence.ready):
            self.bars()
            return
        try:
            self._tell()
        except LabError as error:  # the file is being changed by somebody else
            self._nothing(f"**{error.message}** {error.hint}")

    def _tell(self) -> None:
        row = self.row
        if row is None:
            self._nothing()
            return
        self._look_later()
        if self.laddered:
            self.rungs.tell(self.material.view, self.material.evidence, self.shown, self.at)
        self.octets.tell(row.event)
        self.outline.tell(self.material.view, row)
        self.mark_bytes()
        self.tell_page()
        self.bars()

    def _nothing(self, why: str = "") -> None:
        self.outline.lines = ()
        self.outline.row = None
        self.octets.buffers = {}
        for pane in (self.outline, self.octets, self.rungs):
            pane.refresh()
        said = (
            "No packet passes the filter. `Esc` shows all again."
            if self.expression or self.step
            else "There is no packet here."
        )
        self.page.tell(why or said)
        self.bars()

    def mark_bytes(self) -> None:
        """The tree's field in the bytes."""
        node = self.outline.node
        if node is None:
            return
        top = next((n for n in self.outline.lines if n.group and n.path == node.path), node)
        quiet = node.group and not self.colours.plain  # a whole layer in the mark's colour would shout
        self.octets.mark(() if quiet else node.spans, node.spans if quiet else top.spans)

    def tell_page(self) -> None:
        """The guide's section for the packet."""
        row = self.row if self.outline.row is not None else None
        if row is None:
            return
        ids = list(dict.fromkeys(step.id for step, _ in row.steps)) or (
            [row.background] if row.background else []
        )
        texts = [text for id in ids if (text := self.material.section(id))]
        self.page.tell("\n\n".join([*self._remarks(row), *texts]) or self._unsaid(row), ", ".join(ids))

    def _remarks(self, row: Row) -> list[str]:
        """What is particular about this packet: what it failed, that it is a part, or comes again."""
        said = [
            f"**Not as the guide says.** {missing.reason}"
            for missing in self.material.view.alignment.missing
            if missing.near and missing.near.item.event.id == row.event.id
        ]
        said += [f"A part of the message that packet {row.whole} completes."] if row.whole else []
        said += ["Asked again: the one before had no reply yet."] if row.retry else []
        said += self._doubts(row)
        return said

    def _doubts(self, row: Row) -> Iterator[str]:
        """What is likely, not certain: an order that clocks cannot settle, a way that equal packets could have taken."""
        ids = {step.id for step, _ in row.steps}
        for pair in self.material.view.alignment.undecided:
            if ids & set(pair):
                yield f"Which came first, {' or '.join(pair)}, is undecided: they are closer than the clocks can tell."
        if row.event.sightings and (sure := row.event["sighting.sure"]):
            from ...fields import word

            yield f"Its way is likely, not certain: {word('sighting.sure', sure).lower()}."

    def _unsaid(self, row: Row) -> str:
        if row.state == "carrier":
            return "It carries a message's stream: it opens, acknowledges or closes the connection that the messages above go through."
        if row.state == "unclaimed":
            return "**No step of the guide explains this packet.** Compare it with its neighbours: `r` goes to its reply, `f` shows the conversation."
        if not self.material.view.lab:
            return "No guide is open. `--guide LAB` reads this capture against one: `machinelab list` shows those there are."
        return self.material.section("") or "The guide does not speak of this packet."

    # ---- the lines that are no panes ----

    def bars(self) -> None:
        """Title, status and keys."""
        size, p = self.size, self.colours
        view = self.material.view
        parts = list(filter(None, (view.lab, view.experiment.id, view.experiment.title))) or [view.origin]
        everything = self.material.evidence
        many = len(self.shown) if len(self.shown) == len(everything) else -1
        held = counted(view.trace.events) if self.material.given is None else f"{len(everything)} packets"
        count = held if many >= 0 else f"{len(self.shown)} of {held}"
        tail = list(filter(None, (view.origin if view.lab else "", count, self._length(), self.standing())))
        while len(parts) > 2 and cells(" · ".join((*parts, *tail))) + 4 > size.width:
            parts.pop()
        while len(tail) > 2 and cells(" · ".join((*parts, *tail))) + 4 > size.width:
            tail.pop(-2)
        self.title_bar.say(
            title(
                " · ".join(parts),
                " · ".join(tail),
                size.width,
                self.title_bar.look,
                p,
            )
        )
        self.key_bar.say(keys(self._pairs(), size.width, p))
        if not self.asking:
            self.status.say(*self._status(size.width))

    def _length(self) -> str:
        evidence = self.material.evidence
        last = len(evidence) - 1
        return duration(round((evidence.line(last).ms - evidence.line(0).ms) * 1e6)) if last > 0 else ""

    def standing(self) -> str:
        """How it stands with the guide."""
        view = self.material.view
        if changed := self.material.evidence.changed():
            return changed
        if not view.experiment.steps or not view.strict:
            return ""
        return (
            "✓ as the guide says"
            if view.alignment.ok
            else f"✗ {len(view.alignment.missing)} steps missing, {len(view.alignment.unclaimed)} unexplained"
        )

    def _pairs(self) -> list[tuple[str, str]]:
        short = [(sign(key.keys[0]), key.short) for key in KEYS if key.short]
        return [
            ("↑↓", "move"),
            ("Tab", "pane"),
            *sorted(short, key=lambda pair: pair[0] not in ("?", "Space")),
        ]

    def _status(self, width: int) -> list[list[Piece]]:
        p = self.colours
        look = self.status.look
        if self.message:
            return [[(f" {line}", p.bar)] for line in look.wrap(look.text(self.message), width - 2)[:2]]
        node = self.outline.node
        if node is None or not self.shown:
            return [[], []]
        head = f"{node.name}  {node.value}" if not node.group else node.path
        first = look.cut(look.text(head), width // 2)
        said = look.text(self.outline.meaning(node))
        room_left = width - cells(first) - 4
        lines = look.wrap(said, max(10, room_left))
        rest = " ".join(lines[1:])
        return [[(f" {first}", p.key), (f"  {lines[0]}", p.bar)], [(f" {look.cut(rest, width - 2)}", p.bar)]]

    def say(self, text: str) -> None:
        """A remark in the status line, until the cursor moves."""
        self.message = text
        self.bars()

    def fail(self, error: LabError) -> None:
        """The same for an error."""
        self.say(f"✗ {error.message} {error.hint}")

    # ---- what panes report ----

    def on_pane_moved(self, message: Pane.Moved) -> None:
        """A cursor moved: the others follow."""
        self.message = ""
        pane = message.pane
        if pane is self.packets:
            self.at = self.packets.cursor
            self.tell()
        elif pane is self.rungs:
            self.at = self.rungs.at
            self.tell()
        elif pane is self.outline:
            self.mark_bytes()
            self.bars()
        elif pane is self.octets:
            self._find_field()

    def _find_field(self) -> None:
        from .nodes import at

        event = self.event
        found = at(event, self.octets.tab, self.octets.byte) if event else None
        if found is None:
            return
        offset = self.octets.byte
        self.outline.choose(found)
        self.mark_bytes()
        self.octets.byte = offset
        self.octets.refresh()
        self.bars()

    def on_pane_dragged(self, message: Pane.Dragged) -> None:
        """A title was dragged: the room is shared anew."""
        size = self.size
        share = max(10, min(85, 100 * (message.y - 1) // max(1, size.height - 4)))
        if message.pane is self.octets and size.width < room.WIDE:
            below = 100 - self.shares.events
            part = max(10, min(85, 100 - 100 * (share - self.shares.events) // max(1, below)))
            self.shares = replace(self.shares, bytes=part)
        elif message.pane is not self.packets and message.pane is not self.rungs:
            self.shares = replace(self.shares, events=share)
        self.rearrange()

    def border(self, x: int, y: int) -> str:
        """The border between two panes at a cell, by the share that moves it; empty if there is none."""
        return "" if self.asking else room.border(self.boxes(*self.size), x, y)

    def drag_border(self, share: str, x: int) -> None:
        """Put it at another column."""
        self.shares = room.dragged(self.shares, share, x, self.boxes(*self.size))
        self.rearrange()

    def on_pane_folded(self, message: Pane.Folded) -> None:
        """A title was clicked twice: its pane folds, unless it is the last or folded already."""
        name = next((name for name, pane in self.panes.items() if pane is message.pane), "")
        if not name or name in self.shares.folded or len(self.shares.folded) >= len(room.PANES) - 1:
            return
        self.shares = room.folded(self.shares, name)
        self.enter(next(other for other in room.PANES if other not in self.shares.folded))

    def on_pane_pointed(self, message: Pane.Pointed) -> None:
        """The mouse leads to a pane."""
        name = next((name for name, pane in self.panes.items() if pane is message.pane), "events")
        if self.screen.id == "bench" and not self.asking:
            self.enter(name)

    def enter(self, name: str) -> None:
        """Give a pane the keys, unfolding it."""
        if name in self.shares.folded:
            self.shares = room.folded(self.shares, name)
        self.here = name
        self.rearrange()
        self.front.focus(scroll_visible=False)

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Textual moves the focus away from what has no room for a moment; it belongs where the reader is."""
        if not self.asking and self.screen.id == "bench" and event.widget is not self.front:
            self.front.focus(scroll_visible=False)

    def on_unmount(self) -> None:
        """Remember how it was."""
        room.save(self.memory, self.shares)
