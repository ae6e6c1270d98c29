"""Two experiments that nobody could tell apart: a reference of one that is just as well a reference of the other."""

from collections.abc import Iterator, Sequence

from .. import filter as display
from ..align import Looks, filters_of, holds
from ..analysis.reading import Reading
from ..errors import LabError, Problem
from ..model import Experiment
from .subject import Subject


def problems(subject: Subject) -> Iterator[Problem]:
    """Each reference, read as every other experiment, must miss a step, hit a *never*, or leave a packet unexplained."""
    sound = [each for each in subject.lab.experiments if _compiles(each)]
    for found in subject.readings.values():
        others = [each for each in sound if not _related(found.experiment, each)]
        if found.run.alignment.ok and others:
            yield from (_same(subject, found.experiment, other) for other in _fitting(found, others))


def _compiles(experiment: Experiment) -> bool:
    """Whether all its filters are filters; where they are not, `naming` tells."""
    try:
        for text in filters_of(experiment):
            display.compile(text)
    except LabError:
        return False
    return True


def _related(one: Experiment, other: Experiment) -> bool:
    return one.id == other.id or one.id == other.variant_of or other.id == one.variant_of


def _fitting(found: Reading, others: Sequence[Experiment]) -> Iterator[Experiment]:
    """The others of which the run is all that they promise. Each message is asked once for the filters of all of them."""
    looks = Looks(found.run.trace, (text for other in others for text in filters_of(other)))
    yield from (other for other in others if _fits(found, other, looks))


def _fits(found: Reading, other: Experiment, looks: Looks) -> bool:
    """Whether the run is all that the other experiment promises, with the same knobs where it has them."""
    knobs = {name: value for name, value in found.run.knobs.items() if name in other.knobs}
    try:
        return holds(found.run.trace, other, knobs, looks)
    except (LabError, ValueError):
        return False  # the other experiment is not well said: `naming` tells


def _same(subject: Subject, one: Experiment, other: Experiment) -> Problem:
    said = f"{one.id} cannot be told from {other.id}: its reference is all that {other.id} promises."
    fix = f'Add what must not happen to {other.id} (a step with times=(0, 0)), or say variant_of="{one.id}" in it.'
    return subject.at(other.id, said, fix)
