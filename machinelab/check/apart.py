"""Two experiments that nobody could tell apart: a reference of one that is just as well a reference of the other."""

from collections.abc import Iterator

from ..align import align
from ..analysis.reading import Reading
from ..errors import LabError, Problem
from ..model import Experiment
from .subject import Subject


def problems(subject: Subject) -> Iterator[Problem]:
    """Each reference, read as every other experiment, must miss a step, hit a *never*, or leave a packet unexplained."""
    for found in subject.readings.values():
        for other in subject.lab.experiments:
            if not _related(found.experiment, other) and found.run.alignment.ok and _fits(found, other):
                yield _same(subject, found.experiment, other)


def _related(one: Experiment, other: Experiment) -> bool:
    return one.id == other.id or one.id == other.variant_of or other.id == one.variant_of


def _fits(found: Reading, other: Experiment) -> bool:
    """Whether the run is all that the other experiment promises, with the same knobs where it has them."""
    knobs = {name: value for name, value in found.run.knobs.items() if name in other.knobs}
    try:
        return align(found.run.trace, other, knobs).ok
    except (LabError, ValueError):
        return False  # the other experiment is not well said: `naming` tells


def _same(subject: Subject, one: Experiment, other: Experiment) -> Problem:
    said = f"{one.id} cannot be told from {other.id}: its reference is all that {other.id} promises."
    fix = f'Add what must not happen to {other.id} (a step with times=(0, 0)), or say variant_of="{one.id}" in it.'
    return subject.at(other.id, said, fix)
