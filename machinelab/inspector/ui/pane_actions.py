"""What is done to panes: one is chosen, given more or less room, all are shown otherwise. (Which key does it: keys.py.)"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial

from . import layout
from .cursor import Cursor
from .workspace import Workspace


class PaneActions:
    """Actions on the panes."""

    def __init__(self, workspace: Workspace, cursor: Cursor) -> None:
        self._workspace, self._cursor = workspace, cursor

    def actions(self) -> Mapping[str, Callable[[], object]]:
        """Action → what it does."""
        workspace = self._workspace
        return {
            "into": partial(workspace.focus, "tree"),
            "next_pane": partial(self._turn, 1),
            "previous_pane": partial(self._turn, -1),
            **{f"pane_{name}": partial(workspace.focus, name) for name in layout.PANES},
            "view": self._view,
            "every": self._every,
            "zoom": self.zoom,
            "fold": self._fold,
            "taller": partial(workspace.resize, False, 4),
            "lower": partial(workspace.resize, False, -4),
            "wider": partial(workspace.resize, True, 4),
            "narrower": partial(workspace.resize, True, -4),
            "theme": self._theme,
        }

    def _turn(self, by: int) -> None:
        workspace = self._workspace
        folded, here = workspace.preferences.folded, workspace.focused
        names = [name for name in layout.PANES if name not in folded or name == here]
        workspace.focus(names[(names.index(here) + by) % len(names)])

    def _view(self) -> None:
        """The ladder in the list's place, or the list again."""
        workspace = self._workspace
        workspace.laddered = not workspace.laddered
        workspace.rearrange()
        self._cursor.update()
        if workspace.focused == "events":
            workspace.focus("events")

    def _every(self) -> None:
        self._workspace.ladder.every = not self._workspace.ladder.every
        self._cursor.update()

    def zoom(self) -> None:
        """The pane with the focus alone, or all panes again."""
        self._workspace.zoomed = not self._workspace.zoomed
        self._workspace.rearrange()

    def _fold(self) -> None:
        workspace, here = self._workspace, self._workspace.focused
        if workspace.fold(here) and here != "events" and here in workspace.preferences.folded:
            workspace.focus("events")
        workspace.rearrange()

    def fold_by_title(self, name: str) -> None:
        """A title was clicked twice: its pane folds, unless it is the last or folded already."""
        workspace = self._workspace
        if name and name not in workspace.preferences.folded and workspace.fold(name):
            folded = workspace.preferences.folded
            workspace.focus(next(other for other in layout.PANES if other not in folded))

    def _theme(self) -> None:
        preferences = self._workspace.preferences
        theme = "light" if preferences.theme == "dark" else "dark"
        self._workspace.preferences = replace(preferences, theme=theme)
        self._workspace.paint()
        self._cursor.update()
