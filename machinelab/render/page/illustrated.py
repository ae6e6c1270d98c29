"""Pictures in a guide's text, as they stand on the page of one run.

Those of the run itself follow the reader beside the text; only the opening shows them a second time, as they are at the end.
Those of another run, and comparisons of runs that this page has no figures of, stay where the text speaks of them.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from ..escape import terminal
from .document import fragment
from .moments import Plate

TOPOLOGY = "topology"  # the map stands above


@dataclass(frozen=True, slots=True)
class Illustrated:
    """A fence of a guide → what stands in its place. `plates` are drawn there; `beside` are the ids of pictures that stand beside the text."""

    experiment: str
    beside: Collection[str]
    plates: Sequence[Plate] = ()

    def __call__(self, info: str, content: str) -> Markup | None:
        """None: the fence stays."""
        kind, id, experiment = (*info.split(), "", "", "")[:3]
        if kind != "picture":
            return None
        own = experiment in ("", self.experiment)
        if id == TOPOLOGY or (own and id in self.beside):
            plate = next((each for each in self.plates if each.id == id), None)
            return _drawn(plate.title, plate.svg) if plate and plate.svg else Markup("")
        lines = [terminal(line, None) for line in content.splitlines()]
        return fragment("elsewhere.html", id=id, experiment=experiment, lines=lines)


def _drawn(title: str, svg: Markup) -> Markup:
    return Markup('<div class="wide" tabindex="0" role="group" aria-label="{}">{}</div>').format(title, svg)
