"""What the inspector is given: the evidence, and what can be asked about it. It opens nothing itself."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from ...analysis.view import View
from ...model import Event, Run
from .evidence import Evidence, ViewEvidence

if TYPE_CHECKING:
    from ...analysis.comparison import Difference
    from ...analysis.pictures import Shown
    from ...model import Figure
    from ...worksheet.session import Session


def _nothing(step: str) -> str:
    return ""


def _no_session() -> "Session | None":
    return None


@dataclass(frozen=True)
class Material:
    """A run read against its guide. No slots: the evidence is made once.

    `section`: the guide's Markdown for a step or background id, "" for the experiment's opening. `session`: the worksheet, if
    the lab has one. `others`: runs it can be compared with, name → how to compare. `export` writes some events into a file
    and says what it wrote; it raises LabError. `figures`: the lab's plots of this run, title → how to make it; `pictures`: title → how
    to make it as it was at a moment (ns since the epoch). `given`: evidence
    other than the view's own events.
    """

    view: View
    run: Run | None = None
    section: Callable[[str], str] = _nothing
    session: Callable[[], "Session | None"] = _no_session
    others: Callable[[], Mapping[str, Callable[[], "Difference"]]] = dict
    export: Callable[[Path, Sequence[Event] | None], str] | None = None
    name: str = "capture"
    figures: Callable[[], Mapping[str, Callable[[], "Figure"]]] = dict
    pictures: Callable[[], Mapping[str, Callable[[int], "Shown"]]] = dict
    given: Evidence | None = None
    _made: dict[str, Evidence] = field(default_factory=dict)

    def blind(self) -> "Material":
        """The same for as long as a question is open: the evidence, and nothing that says what it is."""
        from ...analysis.blind import blind

        return Material(blind(self.view), self.run, session=self.session, name=self.name, given=self.given)

    @property
    def evidence(self) -> Evidence:
        """What is listed."""
        if self.given is not None:
            return self.given
        if "view" not in self._made:
            self._made["view"] = ViewEvidence(self.view)
        return self._made["view"]
