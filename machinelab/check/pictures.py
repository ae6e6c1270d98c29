"""Plots: of an experiment and a knob that there are, with a point at least from the reference."""

from collections.abc import Iterator

from ..model import Plot
from ..problems import Problem
from .subject import Subject, near


def problems(subject: Subject) -> Iterator[Problem]:
    """All that is wrong with the lab's plots."""
    for plot in subject.lab.plots:
        yield from _one(subject, plot)


def _one(subject: Subject, plot: Plot) -> Iterator[Problem]:
    experiment = next((each for each in subject.lab.experiments if each.id == plot.experiment), None)
    if experiment is None:
        ids = [each.id for each in subject.lab.experiments]
        said = f"The plot {plot.id} is of {plot.experiment!r}, no experiment of the lab."
        yield subject.at(plot.id, said, near(plot.experiment, ids, f"Name one of: {', '.join(ids)}."))
        return
    if plot.over and plot.over not in experiment.knobs:
        said = f"The plot {plot.id} goes over {plot.over!r}, no knob of {experiment.id}."
        yield subject.at(plot.id, said, near(plot.over, list(experiment.knobs), "Name one of its knobs."))
    found = subject.readings.get(experiment.id)
    if found and not any(series.points for series in plot.series([found.run])):
        said = f"The plot {plot.id} has no point from the reference of {experiment.id}."
        yield subject.at(plot.id, said, "Work its points out of steps that the reference shows.")
