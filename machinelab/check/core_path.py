"""The core path: four to six experiments (of a smaller lab, all), each there. And every experiment has packets or a picture in the guide."""

from collections.abc import Iterator

from ..analysis import pictures
from ..errors import Problem
from .subject import Subject, near

LEAST, MOST = 4, 6  # experiments: what a reader does in one sitting


def problems(subject: Subject) -> Iterator[Problem]:
    """All that is wrong with the path."""
    lab, ids = subject.lab, [experiment.id for experiment in subject.lab.experiments]
    least = min(LEAST, len(ids))
    if not least <= len(lab.core) <= MOST:
        said = f"The core path has {len(lab.core)} experiments: it is {least} to {MOST} of them, in the order in which they tell the story."
        yield subject.at(lab.id, said, f'Name them in the Lab: core=("{ids[0] if ids else "…"}", …).')
    for id in dict.fromkeys(lab.core):
        if lab.core.count(id) > 1:
            yield subject.at(id, f"The core path names {id} more than once.", "Name it once.")
        if id not in ids:
            fix = near(id, ids, f"Name one of: {', '.join(ids)}.")
            yield subject.at(id, f"The core path names {id!r}, no experiment of the lab.", fix)
    yield from _unseen(subject)


def _unseen(subject: Subject) -> Iterator[Problem]:
    """Experiments, on the path or not, that the guide tells of and shows nothing of."""
    if not subject.guide.path.exists():
        return  # the catalog tells
    shown = _shown(subject)
    for experiment in subject.lab.experiments:
        if experiment.id not in shown:
            said = f"The guide shows neither packets of {experiment.id} nor a picture of it."
            fix = f"Put a fence into its section: packets {experiment.id} FIRST..LAST."
            yield subject.at(experiment.id, said, fix)


def _shown(subject: Subject) -> set[str]:
    """The experiments of which the guide has packets or a picture. A plot is of its own experiment."""
    lab = subject.lab
    first = {each.id: each.experiments[0] for each in lab.pictures if each.experiments}
    first |= {plot.id: plot.experiment for plot in lab.plots}
    drawn = {
        fence.experiment or first.get(fence.id, "")
        for fence in subject.guide.pictures
        if fence.id != pictures.TOPOLOGY
    }
    return drawn | {fence.experiment for fence in subject.guide.fences}
