"""What is laid over the panes for a while: help, a conversation, a step to choose."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from textual.app import App

from ...model import Event
from ...render.terminal import cells, pad
from .filtering import Filtering
from .keys import help_text
from .pane import Piece
from .selection import Selection
from .status import Status
from .workspace import Workspace

if TYPE_CHECKING:
    from .overlay import OverlayPane


class Overlays:
    """Lays an overlay over the panes, and gives the keys back to them when it is closed."""

    def __init__(self, app: App[None], workspace: Workspace) -> None:
        self._app, self._workspace = app, workspace

    def open(
        self,
        called: str,
        lines: Callable[[int, "OverlayPane"], Sequence[list[Piece]]],
        then: Callable[[int], None] | None = None,
        at: int = 0,
        how: str = "",
    ) -> None:
        """Open one; with `then`, a line of it is chosen; `how` says by which keys."""
        from .overlay import Overlay, OverlayPane

        workspace = self._workspace
        pane = OverlayPane(called, lines, then is not None, at, how)
        pane.palette = workspace.palette

        def done(chosen: int | None) -> None:
            workspace.focus(workspace.focused)
            if then and chosen is not None and chosen >= 0:
                then(chosen)

        self._app.push_screen(Overlay(pane), done)

    def choose(self, called: str, names: Sequence[str], then: Callable[[str], None]) -> None:
        """Let the reader choose one of some names."""
        self.open(
            called,
            lambda width, pane: [[(pane.terminal.text(name), pane.palette.text)] for name in names],
            lambda chosen: then(names[chosen]),
        )


class Help:
    """The keys of the place one is in. `with_worksheet`: whether one is open."""

    def __init__(self, workspace: Workspace, overlays: Overlays, with_worksheet: Callable[[], bool]) -> None:
        self._workspace, self._overlays, self._with_worksheet = workspace, overlays, with_worksheet

    def actions(self) -> Mapping[str, Callable[[], object]]:
        """Action → what it does."""
        return {"help": self._open}

    def _open(self) -> None:
        from .prose import prose

        workspace = self._workspace
        where = "ladder" if workspace.laddered and workspace.focused == "events" else workspace.focused
        text = help_text(where, self._with_worksheet())
        self._overlays.open(
            "help", lambda width, pane: list(prose(text, min(width, 100), pane.terminal, pane.palette))
        )


class Conversation:
    """The conversation of the packet under the cursor, as text."""

    def __init__(self, selection: Selection, overlays: Overlays) -> None:
        self._selection, self._overlays = selection, overlays

    def actions(self) -> Mapping[str, Callable[[], object]]:
        """Action → what it does."""
        return {"follow": self._open}

    def _open(self) -> None:
        from .follow import MOST, follow

        event, evidence, view = self._selection.event, self._selection.evidence, self._selection.view
        if event is None:
            return
        places = evidence.conversation(event)
        found = [evidence.event(place) for place in places[: MOST + 1]]
        if event.stream and event.stream[0] == "tcp":
            called = f"{event.stream[0]} stream {event.stream[1]}"
        else:
            called, found = "this exchange", _exchange(event, found)
        self._overlays.open(
            f"{called}, {len(places)} packets",
            lambda width, pane: list(follow(view, found, width, pane.terminal, pane.palette)),
        )


def _exchange(event: Event, found: list[Event]) -> list[Event]:
    keys = {m.exchange.key for m in event.messages if m.exchange}
    return [e for e in found if not keys or any(m.exchange and m.exchange.key in keys for m in e.messages)]


class StepChooser:
    """The guide's steps, one of which can be seen alone."""

    def __init__(
        self, selection: Selection, status: Status, overlays: Overlays, filtering: Filtering
    ) -> None:
        self._selection, self._status = selection, status
        self._overlays, self._filtering = overlays, filtering

    def actions(self) -> Mapping[str, Callable[[], object]]:
        """Action → what it does."""
        return {"steps": self._open}

    def _open(self) -> None:
        ids = ["", *(step.id for step in self._selection.view.experiment.steps)]
        if len(ids) == 1:
            self._status.say("There are no steps here: the capture is not read against a guide.")
            return
        step = self._selection.step
        self._overlays.open(
            "steps",
            lambda width, pane: self._lines(ids, width, pane),
            lambda chosen: self._filtering.choose_step(ids[chosen]),
            ids.index(step) if step in ids else 0,
        )

    def _counts(self) -> Mapping[str, int]:
        counts: dict[str, int] = {}
        for claimed in self._selection.view.steps.values():
            for id in dict.fromkeys(step.id for step, _ in claimed):
                counts[id] = counts.get(id, 0) + 1
        return counts

    def _lines(self, ids: Sequence[str], width: int, pane: "OverlayPane") -> list[list[Piece]]:
        p, terminal, counts = pane.palette, pane.terminal, self._counts()
        named = {id: terminal.cut(terminal.text(id), max(8, width // 2)) for id in ids}
        wide = max(map(cells, named.values()))
        made: list[list[Piece]] = [[("all packets", p.heading)]]
        for id in ids[1:]:
            count = counts.get(id, 0)
            sentence = terminal.text(self._selection.view.words.sentence(id))
            made.append(
                [
                    (pad(named[id], wide), p.step if count else p.dim),
                    (f"{count:>4}  " if count else "   -  ", p.number),
                    (terminal.cut(sentence, max(0, width - wide - 9)), p.text),
                ]
            )
        return made
