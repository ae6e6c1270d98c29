"""The walk through a run, step by step, as the guide tells it."""

from collections.abc import Callable, Mapping

from .cursor import Cursor
from .navigation import Navigation
from .selection import Selection
from .status import Status
from .workspace import Workspace

COUNTED = 5000  # events up to which the steps are numbered: more take too long to look through at a key


class Walk:
    """Leads from one packet that the guide tells of to the next."""

    def __init__(
        self,
        selection: Selection,
        workspace: Workspace,
        cursor: Cursor,
        status: Status,
        navigation: Navigation,
    ) -> None:
        self._selection, self._workspace, self._cursor = selection, workspace, cursor
        self._status, self._navigation = status, navigation
        self._begun = False

    def actions(self) -> Mapping[str, Callable[[], object]]:
        """Action → what it does."""
        return {"walk": self._next, "back": self._previous}

    def _next(self) -> None:
        if not self._guided() or (self._begun and self._read_on()):
            return
        selection = self._selection
        begun, self._begun = self._begun, True
        if not begun and selection.at == 0 and selection.shown and selection.has_steps(0):
            self._cursor.move_to(0)
        elif not self._navigation.seek(selection.has_steps, 1):
            self._status.say(
                "That was the last step. b goes back, g to the beginning." + self._status.verdict()
            )
            return
        self._arrive()

    def _read_on(self) -> bool:
        """Show the next screenful of what the guide says here; whether there was more."""
        selection, guide = self._selection, self._workspace.guide
        there = selection.row is not None and selection.has_steps(selection.at)
        more = there and guide.cut
        if more:
            guide.page(1)
            self._status.say(self._sentence())
        return more

    def _previous(self) -> None:
        if not self._guided():
            return
        if not self._navigation.seek(self._selection.has_steps, -1):
            self._status.say("This is where it begins.")
            return
        self._arrive()

    def _guided(self) -> bool:
        """Whether there are steps to walk through; if not, that is said."""
        if self._selection.view.blind:
            self._status.say(
                "A question is open: the guide's steps are shown once it is answered. ↓ is the next packet."
            )
            return False
        if not self._selection.view.experiment.steps:
            self._status.say("There are no steps here: the capture is not read against a guide.")
            return False
        return True

    def _arrive(self) -> None:
        """Show in the tree what the step is about, and say its sentence."""
        tree = self._workspace.tree
        start = tree.start()
        node = tree.lines[start] if start < len(tree.lines) else None
        if node is not None and node.field is not None:
            tree.choose(node.field)
            self._cursor.mark_bytes()
        self._status.say(self._sentence())

    def _sentence(self) -> str:
        selection, row = self._selection, self._selection.row
        if row is None or not row.steps:
            return ""
        step, count = row.steps[0][0].id, len(selection.shown)
        in_steps = [at for at in range(count) if selection.has_steps(at)] if count < COUNTED else []
        where = f"{in_steps.index(selection.at) + 1} of {len(in_steps)}  " if selection.at in in_steps else ""
        return f"{where}{step}: {selection.view.words.sentence(step)}"
