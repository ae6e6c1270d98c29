"""The inspector: its parts put together, keys and messages handed to the part that they are for."""

import gc
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import ClassVar

from textual import events
from textual.app import App, ComposeResult
from textual.screen import Screen

from ...errors import LabError
from .commentary import Commentary
from .comparison import Comparison
from .cursor import Cursor
from .filtering import Filtering
from .job import Job
from .keys import find
from .live_feed import Feed, LiveFeed
from .loading import Load, Loading
from .material import Material
from .navigation import Navigation
from .output import Output
from .overlays import Conversation, Help, Overlays, StepChooser
from .pane import Pane
from .pane_actions import PaneActions
from .pending import Pending
from .pictures import Pictures
from .player import Player
from .prompt import Prompt
from .prompting import Prompting
from .search import Search
from .selection import Selection
from .status import Status
from .terms import Terms
from .walk import Walk
from .worksheet import Worksheet
from .workspace import PaneScreen, Workspace

# What can be done before the first packet has been dissected.
EARLY = frozenset(
    ("down", "up", "page_down", "page_up", "first", "last", "filter", "help", "clear", "leave", "theme", "zoom",
     "taller", "lower")
)  # fmt: skip


class Inspector(App[None]):
    """`machinelab inspect`. `load` brings what takes longer than a first paint; `feed` is a run that goes on."""

    ENABLE_COMMAND_PALETTE = False
    ALLOW_SELECT = False
    CSS = "Screen { layers: base over; overflow: hidden hidden; } Pane, Bar { overflow: hidden hidden; }"
    BINDINGS: ClassVar = []

    def __init__(
        self,
        material: Material,
        memory: Path | None = None,
        load: Load | None = None,
        feed: Feed | None = None,
    ) -> None:
        super().__init__()
        pending: list[Pending] = []
        selection = self.selection = Selection(material)
        workspace = self.workspace = Workspace(self, memory)
        status = self.status = Status(selection, workspace, pending)
        prompting = self.prompting = Prompting(self, workspace, status)
        commentary = Commentary(selection, workspace, pending)
        self.worksheet = Worksheet(selection, workspace, status, commentary, prompting)
        cursor = self.cursor = Cursor(self, selection, workspace, status, self.worksheet.update)
        job = self.job = Job(status.fail)
        filtering = self.filtering = Filtering(selection, workspace, cursor, status, prompting, job)
        self.loading = Loading(self, selection, workspace, cursor, status, filtering, load)
        self.worksheet.renew = self.loading.renew
        self.live = (
            LiveFeed(self, feed, selection, workspace, cursor, status, self.loading, job) if feed else None
        )
        pending += [self.loading, *([self.live] if self.live else [])]
        self.player = Player(self, selection, workspace, cursor, status)
        self.navigation = Navigation(selection, workspace, cursor, status, filtering.find_odd)
        self.pane_actions = PaneActions(workspace, cursor)
        overlays = Overlays(self, workspace)
        self.actions: Mapping[str, Callable[[], object]] = {
            **self.navigation.actions(),
            **self.pane_actions.actions(),
            **self.player.actions(),
            **Walk(selection, workspace, cursor, status, self.navigation).actions(),
            **filtering.actions(),
            **Terms(workspace, overlays, prompting).actions(),
            **Search(selection, workspace, cursor, status, prompting, job).actions(),
            **Output(self, selection, workspace, status, prompting).actions(),
            **Help(workspace, overlays, lambda: self.worksheet.open).actions(),
            **Conversation(selection, overlays).actions(),
            **StepChooser(selection, status, overlays, filtering).actions(),
            **Comparison(selection, cursor, status, overlays, filtering).actions(),
            **Pictures(selection, workspace, cursor, status, overlays, filtering).actions(),
            **self.worksheet.actions(),
            "play": self._play,
            "point": self._point,
            "clear": self._clear,
            "leave": self.exit,
        }

    # ---- beginning and end ----

    def get_default_screen(self) -> Screen[None]:
        """The panes' screen."""
        return PaneScreen(self.workspace)

    def compose(self) -> ComposeResult:
        """All panes, at once."""
        yield from self.workspace.widgets()

    def on_mount(self) -> None:
        """Paint the packets first; all that is slower comes after."""
        workspace = self.workspace
        workspace.paint()
        workspace.packet_list.fill_with(self.selection.evidence, self.selection.shown)
        workspace.prompt.display = False
        workspace.packet_list.focus(scroll_visible=False)
        self.call_after_refresh(self._settle)

    def _settle(self) -> None:
        """After the first paint: dissect, and read against the guide."""
        gc.enable()
        self.workspace.packet_list.whole = True
        self.cursor.begin()
        gc.freeze()
        self.loading.start()
        if self.live is not None:
            self.live.start()

    def on_unmount(self) -> None:
        """Remember how the panes stood; what was kept from the garbage collector is given back."""
        gc.unfreeze()
        self.workspace.save()

    # ---- keys ----

    async def on_event(self, event: events.Event) -> None:
        """A key is done as it comes, before the next one is looked at: what is typed after `/` belongs to the line that it opens.

        Left to bubble up from the pane that has the focus, it would come after those that were typed meanwhile.
        """
        action = self._meant(event) if isinstance(event, events.Key) and not event.is_forwarded else None
        if action is None:
            await super().on_event(event)
            return
        self.status.message = self.status.message if self.player.playing else ""
        self._act(action)

    def _meant(self, event: events.Key) -> str | None:
        """What a key does here: one table says it. None where it is for a line or an overlay that is open."""
        workspace = self.workspace
        if workspace.asking or not workspace.in_front:
            return None
        here = workspace.focused
        places: tuple[str, ...] = ("ladder",) if workspace.laddered and here == "events" else (here,)
        if self.worksheet.open:
            places = ("worksheet", *places) if here != "tree" else (*places, "worksheet")
        places = (*places, "move")
        return find(event.key, places) or find(event.character or "", places) or None

    def _act(self, action: str) -> None:
        if not self.selection.readable and action not in EARLY:
            self.status.say("A moment: the packets are still being read.")
            return
        try:
            self.actions[action]()
        except LabError as error:
            self.status.fail(error)
        except Exception as error:  # noqa: BLE001 - a fault of ours costs the reader a key, not the screen
            self.status.say(f"✗ The inspector failed at {action!r}: {type(error).__name__}: {error}")

    def _play(self) -> None:
        """Play; while a run goes on, hold back what comes."""
        if self.live is not None and not self.live.ended:
            self.live.pause()
        else:
            self.player.toggle()

    def _point(self) -> None:
        """This packet is the answer, where a packet is asked for; else look into it."""
        if self.worksheet.point():
            return
        if self.workspace.focused == "tree":
            self.navigation.toggle()
        else:
            self.workspace.focus("tree")

    def _clear(self) -> None:
        """Esc: stop what is going on, else show all again."""
        if self.player.playing:
            self.player.toggle()
        elif self.job.stop():
            self.status.say("Stopping …")
        elif self.workspace.zoomed:
            self.pane_actions.zoom()
        elif not self.filtering.clear():
            self.status.say("")

    # ---- messages of widgets ----

    def on_prompt_done(self, message: Prompt.Done) -> None:
        """Enter in the prompt."""
        self.prompting.answer(message.text)

    def on_prompt_dropped(self, message: Prompt.Dropped) -> None:
        """Esc in the prompt."""
        self.prompting.close()

    def on_pane_moved(self, message: Pane.Moved) -> None:
        """A pane's cursor was moved by the reader."""
        self.cursor.follow(message.pane)

    def on_pane_dragged(self, message: Pane.Dragged) -> None:
        """A title was dragged."""
        self.workspace.drag_title(message.pane, message.y)

    def on_pane_folded(self, message: Pane.Folded) -> None:
        """A title was clicked twice."""
        self.pane_actions.fold_by_title(self.workspace.name_of(message.pane))

    def on_pane_pointed(self, message: Pane.Pointed) -> None:
        """The mouse leads to a pane."""
        if self.workspace.in_front and not self.workspace.asking:
            self.workspace.focus(self.workspace.name_of(message.pane) or "events")

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """The focus stays where the reader is."""
        self.workspace.keep_focus(event.widget)
