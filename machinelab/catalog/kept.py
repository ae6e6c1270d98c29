"""The runs that a reader has, as `machinelab runs` lists them."""

import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from .. import catalog
from ..model import NANOSECONDS, Lab
from ..store import runs

TRIED = "try"  # what a run of a learner's own command is called in place of an experiment


@dataclass(frozen=True, slots=True)
class RunListing:
    """One run. `turned` are the knobs that did not stand at their defaults, or the command of a `try`; times in nanoseconds since the epoch."""

    lab: str
    id: int
    experiment: str
    knobs: Mapping[str, str]
    turned: str
    started: int
    ended: int

    @property
    def when(self) -> str:
        """When it began, on the reader's own clock."""
        return datetime.fromtimestamp(self.started / NANOSECONDS).strftime("%Y-%m-%d %H:%M:%S")


def kept(lab: Lab, instance: str = "default", experiment: str | None = None) -> list[RunListing]:
    """A lab's runs, oldest first; of one experiment, if it is named."""
    found = runs.infos(lab.id, instance)
    return [_row(info, lab) for info in found if experiment in (None, info.experiment)]


def kept_of_all(instance: str = "default") -> list[RunListing]:
    """The runs of all labs. Labs that nobody has run are not loaded."""
    ran = [id for id in catalog.ready() if runs.listing(id, instance)]
    return [row for id in ran for row in kept(catalog.load_lab(id), instance)]


def _row(info: runs.RunInfo, lab: Lab) -> RunListing:
    defaults = next((each.defaults() for each in lab.experiments if each.id == info.experiment), {})
    if info.experiment == TRIED:
        turned = next((f"{one.node}: {shlex.join(one.argv)}" for one in info.commands), "")
    else:
        moved = (name for name, value in info.knobs.items() if defaults.get(name) != value)
        turned = " ".join(f"{name}={info.knobs[name]}" for name in moved)
    return RunListing(info.lab, info.id, info.experiment, info.knobs, turned, info.started, info.ended)
