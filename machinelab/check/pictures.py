"""Plots: of an experiment and a knob that there are, with a point at least from the reference."""

import shlex
from collections.abc import Iterator, Sequence

from ..errors import Problem
from ..model import Choice, Experiment, Lane, Plot, Run
from ..store import references
from .subject import Subject, near


def problems(subject: Subject) -> Iterator[Problem]:
    """All that is wrong with the lab's plots."""
    for plot in subject.lab.plots:
        yield from _one(subject, plot)


def _any(subject: Subject, plot: Plot) -> Iterator[Problem]:
    """A picture of whichever experiment is looked at."""
    shown = [reading.run for reading in subject.readings.values() if reading]
    if shown and not any(
        track.points for run in shown for lane in _lanes(plot, run) for track in lane.tracks
    ):
        said = f"The plot {plot.id} has no point from any reference."
        yield subject.at(plot.id, said, "Work its lanes out of what the references show.")


def _lanes(plot: Plot, run: Run) -> Sequence[Lane]:
    return plot.lanes(run) if plot.lanes is not None else ()


def _unrecorded(subject: Subject, plot: Plot, experiment: Experiment) -> Iterator[Problem]:
    """Values of the knob that a plot compares, of which there is no reference: the comparison would stay a claim."""
    knob = experiment.knobs.get(plot.over)
    for value in knob.options if isinstance(knob, Choice) else ():
        name = references.name_of(experiment, {plot.over: value})
        if name not in subject.readings and name not in subject.variants:
            setting = shlex.quote(f"{plot.over}={value}")
            fix = f"Record it: machinelab record {subject.lab.id} {experiment.id} --set {setting}"
            said = f"The plot {plot.id} compares {plot.over}, and there is no reference with {value}."
            yield subject.at(plot.id, said, fix)


def _one(subject: Subject, plot: Plot) -> Iterator[Problem]:
    if not plot.experiment and plot.lanes is not None:
        yield from _any(subject, plot)
        return
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
    if not found:
        return
    yield from _unrecorded(subject, plot, experiment)
    points = [series.points for series in plot.series([found.run])]
    if not any(points) and not any(track.points for lane in _lanes(plot, found.run) for track in lane.tracks):
        said = f"The plot {plot.id} has no point from the reference of {experiment.id}."
        yield subject.at(plot.id, said, "Work its points out of steps that the reference shows.")
