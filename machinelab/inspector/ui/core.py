"""The cursor that all panes share: it moves, they are brought in step, and what they report moves it."""

from bisect import bisect_left
from dataclasses import replace

from textual import events
from textual.timer import Timer

from ...errors import LabError
from . import arrange as room
from .pane import Pane
from .telling import Telling

AHEAD = 0.02  # seconds left free for keys between two packets looked at ahead


class Core(Telling):
    """What is shown, and the cursor: `at` counts in `shown`, which are places in the evidence."""

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

    # ---- the cursor ----

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
