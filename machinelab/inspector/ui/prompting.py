"""Asking the reader for a line of text: the prompt is opened, answered or dropped."""

from collections.abc import Callable, Sequence

from textual.app import App

from ...errors import LabError
from .prompt import Completer
from .status import Status
from .workspace import Workspace


class Prompting:
    """The prompt, and what is done with the line that is being asked for."""

    def __init__(self, app: App[None], workspace: Workspace, status: Status) -> None:
        self._app, self._workspace, self._status = app, workspace, status
        self._answered: Callable[[str], None] = lambda text: None

    def ask(
        self,
        label: str,
        answered: Callable[[str], None],
        text: str = "",
        history: Sequence[str] = (),
        completer: Completer | None = None,
        explain: Callable[[str], str] = lambda word: "",
    ) -> None:
        """Open the prompt; `answered` is given the line."""
        workspace = self._workspace
        workspace.asking = True
        self._status.message = ""
        self._answered = answered
        workspace.prompt.display = True
        workspace.prompt.explain = explain
        workspace.prompt.ask(label, text, history, completer)
        self._app.screen.set_focus(workspace.prompt, scroll_visible=False)  # at once: keys may wait behind
        workspace.rearrange()

    def answer(self, text: str) -> None:
        """Enter was pressed."""
        self._answered(text.strip())

    def complain(self, error: LabError) -> None:
        """Show what is wrong with the line, which stays open."""
        self._workspace.prompt.complain(error)

    def close(self) -> None:
        """Back to the panes."""
        workspace = self._workspace
        workspace.asking = False
        workspace.prompt.display = False
        workspace.focus(workspace.focused)
        self._status.update()
