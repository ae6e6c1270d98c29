"""How the long runs are counted: how often an experiment gave its reference's shape, and what else it gave."""

import difflib
import json
import os
import shutil
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, fields
from pathlib import Path

from machinelab import catalog
from machinelab.analysis.reading import Reading
from machinelab.errors import LabError
from machinelab.model import Lab
from machinelab.store import references, runs
from machinelab.workflow import running

TIMES = int(os.environ.get("MACHINELAB_SOAK_TIMES", "100"))
SECONDS = float(os.environ.get("MACHINELAB_SOAK_SECONDS", "60"))
FEWEST = 3  # however slow an experiment is: once says nothing about again
LABS = tuple(os.environ.get("MACHINELAB_SOAK_LABS", "").replace(",", " ").split())
REPORT = Path(os.environ.get("MACHINELAB_SOAK_REPORT", "soak.jsonl"))


@dataclass(slots=True)
class Tally:
    """What became of one experiment. `others` counts, by what was different, the runs that were not equal; `kept` holds them."""

    lab: str
    experiment: str
    equal: int = 0
    times: int = 0
    seconds: float = 0.0
    others: Counter[str] = field(default_factory=Counter)
    kept: list[str] = field(default_factory=list)

    def said(self) -> str:
        """One line of the table."""
        each = self.seconds / max(self.times, 1)
        name = f"{self.lab} {self.experiment}"
        return f"{name:<36} {self.equal:>4} of {self.times:<4} {each:7.2f} s each"


def chosen() -> Iterator[tuple[str, str]]:
    """Every experiment of the labs that were asked for (none: all)."""
    for lab in LABS or catalog.ready():
        yield from ((lab, each.id) for each in catalog.load_lab(lab).experiments)


def counted(lab: str, experiment: str, instance: str) -> Tally:
    """Run an experiment TIMES times, or as often as SECONDS let, and keep the folders of those runs that gave another shape."""
    loaded = catalog.load_lab(lab)
    shipped = (catalog.reference_folder(lab) / f"{experiment}.shape.txt").read_text(encoding="utf-8")
    tally, began = Tally(lab, experiment), time.monotonic()
    while tally.times < FEWEST or (tally.times < TIMES and tally.seconds < SECONDS):
        _once(tally, loaded, instance, shipped)
        tally.seconds = round(time.monotonic() - began, 2)
    return tally


def _once(tally: Tally, lab: Lab, instance: str, shipped: str) -> None:
    tally.times += 1
    try:
        found = running.run(lab, lab.experiment(tally.experiment), {}, instance)
    except LabError as error:
        tally.others[f"error: {error.message}"] += 1
        return
    assert found.info
    folder = runs.folder_of(tally.lab, instance) / str(found.info.id)
    if difference := _difference(found, shipped):
        tally.others[difference] += 1
        tally.kept.append(str(folder))
        return
    tally.equal += 1
    shutil.rmtree(folder)  # a hundred of each would fill a disk


def _difference(found: Reading, shipped: str) -> str:
    """What a run did differently; nothing, if it did not."""
    said = [f"missing {each.step.id}: {each.reason}" for each in found.run.alignment.missing]
    said += _changed(shipped, references.shape(found.run.alignment))
    return "\n".join(said) or ("" if found.ok else "the shape is the same, yet not all is well")


def _changed(before: str, after: str) -> list[str]:
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=0)
    return [line for line in lines if not line.startswith(("---", "+++", "@@"))]


def written(tally: Tally) -> None:
    """Add a tally to the report, a line of JSON each."""
    with REPORT.open("a", encoding="utf-8") as file:
        file.write(json.dumps({field.name: getattr(tally, field.name) for field in fields(tally)}) + "\n")


def table(tallies: Iterable[Tally]) -> Iterator[str]:
    """How often each gave its shape, and below it what else it gave."""
    for tally in tallies:
        yield tally.said()
        for difference, times in tally.others.most_common():
            yield f"    {times} ×"
            yield from (f"      {line}" for line in difference.splitlines())
        yield from (f"    kept: {folder}" for folder in tally.kept)
