"""Taking something along: marks, the clipboard, files of what is shown."""

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from textual.app import App

from ... import fields
from ...errors import LabError
from ...model import Event
from .prompting import Prompting
from .selection import Selection
from .status import Status
from .workspace import Workspace


class Output:
    """What keys do that keep something."""

    def __init__(
        self,
        app: App[None],
        selection: Selection,
        workspace: Workspace,
        status: Status,
        prompting: Prompting,
    ) -> None:
        self._app, self._selection, self._workspace = app, selection, workspace
        self._status, self._prompting = status, prompting

    def actions(self) -> Mapping[str, Callable[[], object]]:
        """Action → what it does."""
        return {
            "mark": self._mark,
            "copy": partial(self._copy, as_filter=False),
            "copy_filter": partial(self._copy, as_filter=True),
            "export": self._ask_file,
        }

    def _mark(self) -> None:
        """Mark, or take the mark away."""
        event, marks = self._selection.event, self._selection.marks
        if event:
            marks ^= {event.id}
            self._workspace.packet_list.marks = frozenset(marks)
            self._workspace.packet_list.refresh()
            self._status.say(f"{len(marks)} marked." if marks else "Nothing is marked.")

    def _copy(self, as_filter: bool) -> None:
        text = self._filter() if as_filter else self._text()
        if text:
            self._app.copy_to_clipboard(text)
            self._status.say(f"Copied: {text}")

    def _filter(self) -> str:
        """The field under the cursor as a filter."""
        from .complete import condition

        node = self._workspace.tree.node
        if self._selection.row is None or node is None:
            return ""
        return condition(node.field.name, node.field.value) if node.field else node.name

    def _text(self) -> str:
        """What the cursor is on: a value, bytes in hex, a line."""
        workspace, node, row = self._workspace, self._workspace.tree.node, self._selection.row
        if row is None:
            return ""
        if workspace.focused == "bytes":
            start, stop = workspace.bytes_pane.chosen
            return (workspace.bytes_pane.data[start:stop] or workspace.bytes_pane.data).hex(" ")
        if workspace.focused == "tree" and node and node.field:
            return fields.show(node.field.name, node.field.value)
        return f"{row.event.id}  {row.hop}  {row.event.content.summary()}"

    # ---- export ----

    def _ask_file(self) -> None:
        """The name of a file; its ending says what it becomes."""
        material = self._selection.material
        if material.export is None:
            self._status.say("This cannot be exported from here.")
            return
        self._prompting.ask("save as (.pcapng .html .svg .json)", self._export, f"{material.name}.html")

    def _export(self, text: str) -> None:
        """Write what is shown: the marked packets if there are some, else what the filter left."""
        export = self._selection.material.export
        if not text or export is None:
            self._prompting.close()
            return
        try:
            said = export(Path(text).expanduser(), self._chosen())
        except LabError as error:
            self._prompting.complain(error)
            return
        self._prompting.close()
        self._status.say(said)

    def _chosen(self) -> list[Event] | None:
        """The events to be written; None for all."""
        selection, evidence = self._selection, self._selection.evidence
        if selection.marks:
            return [evidence.event(place) for place in sorted(map(evidence.place, selection.marks))]
        return None if selection.complete else [evidence.event(place) for place in selection.shown]
