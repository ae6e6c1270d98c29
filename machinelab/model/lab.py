"""A lab, and what it declares beside its experiments: questions, plots and their data."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from ..errors import UsageError, nearest
from .experiment import At, Experiment, Gather
from .outcome import Run
from .pictures import Picture

Answer = str | int | float | frozenset[str]
"""A number, a word, a choice's letter, or the ids of every event that is a right place to point at."""


@dataclass(frozen=True, slots=True)
class Question:
    """A worksheet question whose right answer is worked out from the learner's own run.

    `kind` is predict (asked before the run), observe (point at a packet), explain (choose the cause), order (put the choices
    in order: the answer is their letters, such as "cab") or work-out (a number or a word that follows from the evidence).
    `needs` are steps that must have been seen. `wrong` are the common misunderstandings, each a function of the run too; where
    one comes out equal to the right answer on this run, the question is not asked of this run. `evidence` names the steps whose
    packets the grade cites. `knobs` are the settings that the run must have been made with, for a question about a knob turned.
    `also` are further right answers, each under the reason why it is right; `within` is how far off a number may be; `steady` says why
    a count is the same in every run, though its step may come any number of times (`check` asks).
    """

    id: str
    experiment: str
    kind: str
    answer: Callable[[Run], Answer]
    wrong: Mapping[str, Callable[[Run], Answer]] = field(default_factory=dict)
    needs: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    knobs: Mapping[str, str] = field(default_factory=dict)
    also: Mapping[str, Callable[[Run], Answer]] = field(default_factory=dict)
    within: float = 0.0
    steady: str = ""


class Series(NamedTuple):
    """A row of points under one name: (x, y) each. Where x is a word, the points are drawn as bars.

    `marks`: each point stands for itself, with no line from one to the next.
    """

    name: str
    points: tuple[tuple[float | str, float], ...]
    marks: bool = False


class Track(NamedTuple):
    """Something that moves along a lane: (x, place) each time it does; until the next it stays. `sign` is its one letter.

    Of those without a sign the first two are shown as what the lane is filled with: up to the first, and more strongly up to the second.
    """

    name: str
    points: tuple[tuple[float, int], ...]
    sign: str = ""


class Lane(NamedTuple):
    """A sequence that things move along, such as a partition's offsets: where each of them is at which moment.

    `notes` are what else is to be known, with the moment from which it holds.
    """

    name: str
    tracks: tuple[Track, ...]
    notes: tuple[tuple[float, str], ...] = ()


def _no_series(runs: Sequence[Run]) -> Sequence[Series]:
    return ()


@dataclass(frozen=True, slots=True)
class Plot:
    """A picture of several runs of one experiment: numbers only, for whoever draws them.

    `x` and `y` say what the axes are, units included. `series` works the points out of the runs, oldest first; `over` is the knob whose values
    make the picture whole, so that a reader can be told which are still to be run; `by` a second one, with a series for each value. A picture with `lanes` is of one run, the newest; without an
    `experiment` it may be one of any. Where x is time in a run, `since` says from which step's first packet it counts, and in how many ms
    a unit: a page's picture then follows its reader.
    """

    id: str
    title: str
    experiment: str
    x: str
    y: str
    series: Callable[[Sequence[Run]], Sequence[Series]] = _no_series
    over: str = ""
    by: str = ""
    lanes: Callable[[Run], Sequence[Lane]] | None = None
    since: tuple[str, float] | None = None


@dataclass(frozen=True, slots=True)
class Figure:
    """A plot with its numbers, for the terminal, a page or a file. `origins` says which runs they come from, `missing` which values of its knob nobody ran."""

    lab: str
    plot: Plot
    series: tuple[Series, ...]
    origins: tuple[str, ...]
    missing: tuple[str, ...]
    lanes: tuple[Lane, ...] = ()

    @property
    def bars(self) -> bool:
        """Whether the points stand at words, and not at numbers."""
        return any(isinstance(x, str) for series in self.series for x, _ in series.points)


@dataclass(frozen=True, slots=True)
class Lab:
    """A lab whole. `minutes` and `memory` (MiB) are what a learner is told before it starts.

    `warm_up` commands let freshly started nodes find their neighbours, so that a first run is like all others; `reset`
    commands bring nodes that have been at work back to the known state (caches empty). `descriptions` says in a few words
    what runs on each node. `gather` is evidence fetched after a command of the learner's own (`try`); experiments
    name theirs. `core` are the ids of the four to six experiments that tell the lab's story, in order; the others go further.
    """

    id: str
    experiments: tuple[Experiment, ...]
    questions: tuple[Question, ...] = ()
    minutes: int = 30
    memory: int = 100
    reset: tuple[At, ...] = ()
    warm_up: tuple[At, ...] = ()
    gather: tuple[Gather, ...] = ()
    descriptions: Mapping[str, str] = field(default_factory=dict)
    plots: tuple[Plot, ...] = ()
    pictures: tuple[Picture, ...] = ()
    core: tuple[str, ...] = ()

    @property
    def core_path(self) -> tuple[Experiment, ...]:
        """The experiments of the core, in order; all of them where none is marked. An id that there is not is left out."""
        known = {experiment.id: experiment for experiment in self.experiments}
        return tuple(known[id] for id in self.core if id in known) or self.experiments

    @property
    def further(self) -> tuple[Experiment, ...]:
        """The experiments beside the core path, in the lab's order."""
        core = self.core_path
        return tuple(experiment for experiment in self.experiments if experiment not in core)

    @property
    def in_order(self) -> tuple[Experiment, ...]:
        """Every experiment in the order in which a reader takes them: the core path, then the further ones."""
        return (*self.core_path, *self.further)

    def next_after(self, ran: Collection[str]) -> Experiment:
        """What a reader does next who has run these: along the core path, then the further ones; at the end the first again."""
        return next((each for each in self.in_order if each.id not in ran), self.in_order[0])

    def experiment(self, id: str) -> Experiment:
        """The experiment of that id. Raises UsageError, with the nearest spelling, if there is none."""
        for experiment in self.experiments:
            if experiment.id == id:
                return experiment
        known = [experiment.id for experiment in self.experiments]
        raise UsageError(
            f"{self.id} has no experiment {id!r}.",
            nearest(id, known) or f"Choose one of: {', '.join(known)}.",
        )
