"""What a lab declares: commands, steps, experiments, questions, pictures."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from .outcome import Run


@dataclass(frozen=True, slots=True)
class At:
    """A command on a node, run without a shell. `{knob}` is filled in after the words are split, so a value stays one word.

    `background` commands are started, and ended with the run. `exits` are the exit codes that are no failure: with any other,
    a run is not ok. In `reset`, `warm_up` and `after`, a `parallel` command runs at the same time as the one before it.
    """

    node: str
    command: str
    background: bool = False
    exits: tuple[int, ...] = (0,)
    parallel: bool = False


@dataclass(frozen=True, slots=True)
class Gather:
    """Evidence that is no packet, fetched when a run has ended: what `command` writes on `node`, read as `kind`.

    `kind` names a module of `sources/`. "keys" are the TLS secrets that the node logged (the NSS key log format), which
    the packets are read with. `{knob}` is filled in as in `At`; `{started}` is when the run began, in seconds since the epoch.
    """

    node: str
    kind: str
    command: str


@dataclass(frozen=True, slots=True)
class Choice:
    """A knob with a closed set of values; the first is the default."""

    options: tuple[str, ...]

    @property
    def default(self) -> str:
        """The value used when `--set` says nothing."""
        return self.options[0]


@dataclass(frozen=True, slots=True)
class Step:
    """One thing the guide says happens.

    `hop` is "from > to" in node names: `a|b` for one of several, `any` for whoever; or a single node for evidence that
    does not travel. A packet that routers pass on is one packet: "alice > server" names the ends of its way, "alice > nat-a
    > server" the way. `sees` is a display filter. `reply_to` names the step whose reply this is (then `hop` is not needed).
    `times` is how often at least and at most (None: no limit); (0, 0) means *never*. Steps of one `track` are in order;
    tracks run side by side. `when` is a condition on knobs ("type != A").
    """

    id: str
    hop: str = ""
    sees: str = ""
    reply_to: str = ""
    times: tuple[int, int | None] = (1, 1)
    track: str = ""
    when: str = ""

    @property
    def never(self) -> bool:
        """Whether the step says what must not happen."""
        return self.times[1] == 0

    @property
    def optional(self) -> bool:
        """Whether its absence is no difference from the guide."""
        return self.times[0] == 0


@dataclass(frozen=True, slots=True)
class Background:
    """Traffic that is known and explained, but no step of the experiment."""

    id: str
    sees: str
    hop: str = ""


@dataclass(frozen=True, slots=True)
class Experiment:
    """Commands run on nodes, knobs, and the steps the guide says they take.

    `reset` runs before the tap listens, `run` while it does, until the step `until` is seen and every open exchange is
    answered, or `limit` seconds are over; then `gather` fetches what else there is to see, and `after` puts things right. `encloses` names the step that opens a window and the reply that closes it.
    """

    id: str
    title: str
    run: tuple[At, ...]
    steps: tuple[Step, ...]
    reset: tuple[At, ...] = ()
    gather: tuple[Gather, ...] = ()
    after: tuple[At, ...] = ()
    until: str = ""
    limit: float = 20.0
    knobs: Mapping[str, "str | Choice"] = field(default_factory=dict)
    encloses: tuple[str, str] | None = None
    background: tuple[Background, ...] = ()
    variant_of: str = ""

    def defaults(self) -> dict[str, str]:
        """The knobs as they stand when nobody turns them."""
        return {name: knob.default if isinstance(knob, Choice) else knob for name, knob in self.knobs.items()}


Answer = str | int | float | frozenset[str]
"""A number, a word, a choice's letter, or the ids of every event that is a right place to point at."""


@dataclass(frozen=True, slots=True)
class Question:
    """A worksheet question whose right answer is worked out from the learner's own run.

    `kind` is predict (asked before the run), observe (point at a packet) or explain (choose the cause). `needs` are steps
    that must have been seen. `wrong` are the common misunderstandings, each a function of the run too; where one comes out
    equal to the right answer on this run, the question is not asked of this run. `evidence` names the steps whose packets
    the grade cites.
    """

    id: str
    experiment: str
    kind: str
    answer: Callable[["Run"], Answer]
    wrong: Mapping[str, Callable[["Run"], Answer]] = field(default_factory=dict)
    needs: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()


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


def _no_series(runs: Sequence["Run"]) -> Sequence[Series]:
    return ()


@dataclass(frozen=True, slots=True)
class Plot:
    """A picture of several runs of one experiment: numbers only, for whoever draws them.

    `x` and `y` say what the axes are, units included. `series` works the points out of the runs, oldest first; `over` is the knob whose values
    make the picture whole, so that a reader can be told which are still to be run. A picture with `lanes` is of one run, the newest; without an
    `experiment` it may be one of any.
    """

    id: str
    title: str
    experiment: str
    x: str
    y: str
    series: Callable[[Sequence["Run"]], Sequence[Series]] = _no_series
    over: str = ""
    lanes: "Callable[[Run], Sequence[Lane]] | None" = None


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
    name theirs.
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

    def experiment(self, id: str) -> Experiment:
        """The experiment of that id. Raises UsageError, with the nearest spelling, if there is none."""
        from ..errors import UsageError, nearest

        for experiment in self.experiments:
            if experiment.id == id:
                return experiment
        known = [experiment.id for experiment in self.experiments]
        raise UsageError(
            f"{self.id} has no experiment {id!r}.",
            nearest(id, known) or f"Choose one of: {', '.join(known)}.",
        )
