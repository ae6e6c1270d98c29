"""What a value reference in a guide (`@step.field`) stands for: the value in a run. Those of a worksheet: worksheet/prose_values.py."""

from collections.abc import Callable
from dataclasses import dataclass

from .. import fields
from ..guide import Reference
from ..model import Lab, Run


@dataclass(frozen=True, slots=True)
class Values:
    """Values of the run that is being read, and of the lab's other experiments.

    `open` gives an experiment's newest run or reference, or None if it has neither; it is called only for references to
    other experiments.
    """

    lab: Lab
    run: Run
    open: Callable[[str], Run | None]

    def value(self, reference: Reference) -> str | None:
        """The value as people read it, with the standard's word where it has one; None if the run has no such value."""
        run = self._run_of(reference)
        items = run.items(reference.step) if run else []
        if not 0 < reference.index <= len(items):
            return None
        found = items[reference.index - 1].fields.get(reference.field)
        if not found:
            return None
        value = found[0].value
        word = fields.word(reference.field, value)
        shown = fields.show(reference.field, value)
        return f"{shown} ({word})" if word else shown

    def _run_of(self, reference: Reference) -> Run | None:
        """The run a reference speaks of: the experiment it names, else the one being read, else one that has the step."""
        if reference.experiment:
            return self._opened(reference.experiment)
        if self.run.claims(reference.step):
            return self.run
        having = (e.id for e in self.lab.experiments if any(s.id == reference.step for s in e.steps))
        return next((run for id in having if (run := self._opened(id)) and run.claims(reference.step)), None)

    def _opened(self, experiment: str) -> Run | None:
        return self.run if experiment == self.run.experiment.id else self.open(experiment)
