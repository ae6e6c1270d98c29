"""Taking things along: marks, copies, files of what is shown."""

from pathlib import Path

from ... import fields
from ...errors import LabError
from ...model import Event
from .asking import Asking


class Taking(Asking):
    """What keys do that keep something."""

    def _do_mark(self) -> None:
        """Mark, or take the mark away."""
        event = self.event
        if event:
            self.marks ^= {event.id}
            self.packets.marks = frozenset(self.marks)
            self.packets.refresh()
            self.say(f"{len(self.marks)} marked." if self.marks else "Nothing is marked.")

    def _do_copy(self) -> None:
        """What the cursor is on: a value, bytes in hex, a line."""
        self._copy(self._under(as_filter=False))

    def _do_copy_filter(self) -> None:
        """The field under the cursor as a filter."""
        self._copy(self._under(as_filter=True))

    def _under(self, as_filter: bool) -> str:
        node = self.outline.node
        row = self.row
        if row is None:
            return ""
        if as_filter:
            name = node.field.name if node and node.field else (node.name if node else "")
            from .complete import condition

            return condition(name, node.field.value) if node and node.field else name
        if self.here == "bytes":
            start, stop = self.octets.chosen
            return (self.octets.data[start:stop] or self.octets.data).hex(" ")
        if self.here == "tree" and node and node.field:
            return fields.show(node.field.name, node.field.value)
        return f"{row.event.id}  {row.hop}  {row.event.content.summary()}"

    def _copy(self, text: str) -> None:
        if text:
            self.copy_to_clipboard(text)
            self.say(f"Copied: {text}")

    # ---- export ----

    def _do_export(self) -> None:
        """The name of a file; its ending says what it becomes."""
        if self.material.export is None:
            self.say("This cannot be exported from here.")
            return
        self.ask("export", "save as (.pcapng .html .svg .json)", f"{self.material.name}.html")

    def asked_export(self, text: str) -> None:
        """Write what is shown: the marked packets if there are some, else what the filter left."""
        if not text or self.material.export is None:
            self.close_prompt()
            return
        evidence = self.material.evidence
        events: list[Event] | None = None
        if self.marks:
            events = [evidence.event(place) for place in sorted(map(evidence.place, self.marks))]
        elif len(self.shown) != len(evidence):
            events = [evidence.event(place) for place in self.shown]
        try:
            said = self.material.export(Path(text).expanduser(), events)
        except LabError as error:
            self.prompt.complain(error)
            return
        self.close_prompt()
        self.say(said)
