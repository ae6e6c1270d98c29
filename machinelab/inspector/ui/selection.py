"""What is selected: the events that are shown, the cursor among them, and what narrowed them down. No Textual in here."""

from bisect import bisect_left
from collections.abc import Sequence

from ...analysis.view import EventRow, View
from ...model import Event
from .evidence import Evidence
from .material import Material


class Selection:
    """The events shown, as places in the evidence and in order, and the cursor: `at` counts in `shown`."""

    def __init__(self, material: Material) -> None:
        self.material = material
        self.shown: Sequence[int] = range(len(material.evidence))
        self.at = 0
        self.expression = ""
        self.step = ""
        self.marks: set[str] = set()
        self.busy = False  # a thread is at work on the evidence: only the list may be read

    @property
    def evidence(self) -> Evidence:
        """What is listed."""
        return self.material.evidence

    @property
    def view(self) -> View:
        """The run as it was read against its guide."""
        return self.material.view

    @property
    def event(self) -> Event | None:
        """The event under the cursor."""
        return self.evidence.event(self.shown[self.at]) if self.at < len(self.shown) else None

    @property
    def row(self) -> EventRow | None:
        """The same with its steps."""
        return self.evidence.row(self.shown[self.at]) if self.at < len(self.shown) else None

    @property
    def place(self) -> int:
        """The place in the evidence of the event under the cursor."""
        return self.shown[self.at] if self.at < len(self.shown) else 0

    @property
    def readable(self) -> bool:
        """Whether events can be had at once."""
        return self.evidence.ready and not self.busy

    @property
    def complete(self) -> bool:
        """Whether all of the evidence is shown."""
        return len(self.shown) == len(self.evidence)

    @property
    def filtered_by(self) -> str:
        """The step and the filter that narrow the list down; empty if nothing does."""
        return " and ".join(filter(None, (self.step and f"step {self.step}", self.expression)))

    def index(self, place: int) -> int:
        """Where a place stands among those shown; −1 if it is not."""
        at = bisect_left(self.shown, place)
        return at if place >= 0 and at < len(self.shown) and self.shown[at] == place else -1

    def show(self, found: Sequence[int], place: int) -> None:
        """Show these places; the cursor goes to `place`, or to the next that is left."""
        self.shown = range(len(found)) if len(found) == len(self.evidence) else found
        self.at = min(bisect_left(self.shown, place), max(0, len(self.shown) - 1))

    def has_steps(self, at: int) -> bool:
        """Whether an event of those shown belongs to a step of the guide."""
        return bool(self.evidence.row(self.shown[at]).steps)
