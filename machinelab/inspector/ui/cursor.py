"""The cursor that all panes share: it moves, they are brought in step, and what they report moves it."""

from collections.abc import Callable, Sequence

from textual.app import App
from textual.timer import Timer

from ...errors import LabError
from .field_nodes import at
from .pane import Pane
from .selection import Selection
from .status import Status
from .workspace import Workspace

PRELOAD_PAUSE = 0.02  # seconds left free for keys between two packets dissected ahead


class Cursor:
    """Keeps the panes in step with the selection. `describe` updates the guide's pane."""

    def __init__(
        self,
        app: App[None],
        selection: Selection,
        workspace: Workspace,
        status: Status,
        describe: Callable[[], None],
    ) -> None:
        self._app, self._selection, self._workspace = app, selection, workspace
        self._status, self._describe = status, describe
        self._preload: Timer | None = None

    # ---- at the beginning ----

    def begin(self) -> None:
        """Show what there is now; where packets cannot be had yet, prepare them on a thread."""
        if self._selection.evidence.ready:
            self.update()
            return
        self._status.say("reading … The list can be moved in and filtered meanwhile.")
        self._app.run_worker(self._warm, thread=True)

    def _warm(self) -> None:
        try:
            self._selection.evidence.warm()
        except LabError as error:
            self._app.call_from_thread(self._status.fail, error)
            return
        self._app.call_from_thread(self._warmed)

    def _warmed(self) -> None:
        self._status.message = ""
        self.update()

    def _look_ahead(self) -> None:
        """While nobody presses a key, dissect the packets on the screen, one at a time, for their summaries."""
        evidence, listed = self._selection.evidence, self._workspace.packet_list
        if self._selection.busy:
            return
        for place in self._selection.shown[listed.top : listed.top + listed.room]:
            if not evidence.known(place):
                try:
                    evidence.event(place)
                except LabError:
                    return
                listed.refresh()
                self._preload = self._app.set_timer(PRELOAD_PAUSE, self._look_ahead)
                return

    def _look_ahead_later(self) -> None:
        if self._preload is not None:
            self._preload.stop()
        if self._selection.material.given is not None:
            self._preload = self._app.set_timer(PRELOAD_PAUSE * 6, self._look_ahead)

    # ---- moving ----

    def move_to(self, at: int) -> None:
        """Put the cursor on another of the events shown."""
        selection = self._selection
        if selection.shown:
            selection.at = max(0, min(at, len(selection.shown) - 1))
            self.update()

    def move_to_event(self, id: str) -> bool:
        """Put it on the event of that id; whether it is among those shown."""
        at = self._selection.index(self._selection.evidence.place(id))
        if at >= 0:
            self.move_to(at)
        return at >= 0

    def show(self, found: Sequence[int], place: int) -> None:
        """Show these places of the evidence, the cursor at `place` or the next that is left."""
        self._selection.show(found, place)
        self._workspace.packet_list.note = self._selection.filtered_by
        self._workspace.packet_list.fill_with(self._selection.evidence, self._selection.shown)
        self.update()

    def update(self) -> None:
        """Bring all panes in step with the cursor."""
        selection, listed = self._selection, self._workspace.packet_list
        listed.cursor = selection.at
        listed.show()
        if selection.shown and not selection.readable:
            self._status.update()
            return
        try:
            self._update()
        except LabError as error:  # the file is being changed by somebody else
            self._show_nothing(f"**{error.message}** {error.hint}")

    def _update(self) -> None:
        selection, workspace = self._selection, self._workspace
        row = selection.row
        if row is None:
            self._show_nothing()
            return
        self._look_ahead_later()
        if workspace.laddered:
            workspace.ladder.set_events(selection.view, selection.evidence, selection.shown, selection.at)
        workspace.bytes_pane.set_event(row.event)
        workspace.tree.set_row(selection.view, row)
        self.mark_bytes()
        self._describe()
        self._status.update()

    def _show_nothing(self, why: str = "") -> None:
        selection, workspace = self._selection, self._workspace
        workspace.tree.lines = ()
        workspace.tree.row = None
        workspace.bytes_pane.buffers = {}
        for pane in (workspace.tree, workspace.bytes_pane, workspace.ladder):
            pane.refresh()
        said = (
            "No packet passes the filter. `Esc` shows all again."
            if selection.expression or selection.step
            else "There is no packet here."
        )
        workspace.guide.set_text(why or said)
        self._status.update()

    def mark_bytes(self) -> None:
        """Mark the bytes of the tree's field."""
        tree = self._workspace.tree
        node = tree.node
        if node is None:
            return
        top = next((n for n in tree.lines if n.group and n.path == node.path), node)
        quiet = (
            node.group and not self._workspace.palette.plain
        )  # a whole layer in the mark's colour would shout
        self._workspace.bytes_pane.mark(() if quiet else node.spans, node.spans if quiet else top.spans)

    # ---- what panes report ----

    def follow(self, pane: Pane) -> None:
        """A pane's own cursor was moved: the others follow."""
        workspace = self._workspace
        self._status.message = ""
        if pane is workspace.packet_list:
            self._selection.at = workspace.packet_list.cursor
            self.update()
        elif pane is workspace.ladder:
            self._selection.at = workspace.ladder.at
            self.update()
        elif pane is workspace.tree:
            self.mark_bytes()
            self._status.update()
        elif pane is workspace.bytes_pane:
            self.find_field()

    def find_field(self) -> None:
        """Choose the field that the byte under the cursor belongs to."""
        event, pane = self._selection.event, self._workspace.bytes_pane
        found = at(event, pane.tab, pane.byte) if event else None
        if found is None:
            return
        offset = pane.byte
        self._workspace.tree.choose(found)
        self.mark_bytes()
        pane.byte = offset
        pane.refresh()
        self._status.update()
