"""A run in the background, with its packets as they come: what `run --live --inspect` follows."""

import threading
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING

from .. import catalog, guide
from ..align.matches import compile_step
from ..analysis.reading import Reading
from ..errors import LabError
from ..model import Alignment, Claim, Event, Experiment, Interface, Item, Trace

if TYPE_CHECKING:
    from ..engine.progress import Progress
    from ..engine.topology import RunningLab
    from .ui.material import Material

Run = Callable[["Progress", Callable[[Event, "RunningLab"], None]], Reading]
"""Performs the run, telling how it goes and every packet as it comes."""


class LiveRun:
    """Performs a run on a thread and implements `ui.live_feed.Feed`. The thread only ever appends."""

    def __init__(self, lab: str, experiment: Experiment, run: Run) -> None:
        self.lab, self.experiment = lab, experiment
        self.stage = "starting"
        self.reading: Reading | None = None
        self.error: LabError | None = None
        self._run = run
        self._inbox: deque[Event] = deque()
        self._events: list[Event] = []
        self._claims: list[Claim] = []
        self._nodes: dict[str, tuple[Interface, ...]] = {}
        self._names: dict[str, str] = {}
        self._patterns = [
            compile_step(step) for step in experiment.steps if not step.reply_to and not step.never
        ]
        self._words = guide.words(guide.load(catalog.guide_file(lab)), experiment.id)
        self._thread = threading.Thread(target=self._perform, name="run", daemon=True)

    def start(self) -> None:
        """Begin the run."""
        self._thread.start()

    def join(self) -> None:
        """Wait until it has ended."""
        self._thread.join()

    def _perform(self) -> None:
        try:
            self.reading = self._run(self._tell, self._watch)
        except LabError as error:
            self.error = error
        except Exception as error:  # noqa: BLE001 - shown on the inspector's screen; an exception in a thread would be lost
            self.error = LabError(f"The run failed: {type(error).__name__}: {error}")

    def _tell(self, what: str, state: str, fraction: float | None = None, /) -> None:
        self.stage = f"{what}: {state}"

    def _watch(self, event: Event, where: "RunningLab") -> None:
        if not self._nodes:
            self._nodes = dict(where.nodes)
        self._inbox.append(event)

    @property
    def waiting(self) -> int:
        """How many have come that were not taken yet."""
        return len(self._inbox)

    def take(self) -> "Material":
        """All so far, annotated as far as one packet alone tells: whose step its hop and pattern fit."""
        from ..analysis.view import View
        from .ui.material import Material

        if self._nodes and not self._names:
            self._names = Trace((), self._nodes).names()
        for _ in range(len(self._inbox)):
            event = self._inbox.popleft()
            self._events.append(event)
            fits = [
                p.step
                for p in self._patterns
                if p.hop.matches(event, self._names) and p.sees.matches(event.fields)
            ]
            self._claims += [Claim(step, 1, (Item(event, -1),)) for step in fits[:1]]
        alignment = Alignment(self.experiment, tuple(self._claims), (), {}, frozenset(), (), (), {})
        trace = Trace(tuple(self._events), self._nodes)
        return Material(View(self.lab, trace, alignment, self._words, "live"), section=self._section)

    def _section(self, step: str) -> str:
        """Heading and first sentence; the values of the rest are known when the run has ended."""
        heading, sentence = self._words.heading(step), self._words.sentence(step)
        return f"## {heading}\n\n{sentence}" if sentence else ""

    def result(self) -> "Material | LabError | None":
        """The whole run, or why there is none."""
        from . import opening

        if self._thread.is_alive():
            return None
        if self.reading is not None:
            return opening.material(self.reading)
        return self.error or LabError("The run did not begin.")
