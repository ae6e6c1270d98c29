"""The guides as a reader finds them: on their shelves, and in the reading progressions."""

from dataclasses import dataclass

from .. import catalog
from ..errors import UsageError, nearest
from ..model import Choice, Experiment, Lab
from ..store import answers


@dataclass(frozen=True, slots=True)
class GuideListing:
    """A guide as it is listed: `experiments` are (id, title), the core path (`core`) first; `ran` is how many the reader has run.

    `right` of `questions` on its worksheet are answered; `notes` are what the reader must be told of the answers kept.
    """

    id: str
    title: str
    shelf: str
    status: str
    experiments: tuple[tuple[str, str], ...] = ()
    ran: int = 0
    core: tuple[str, ...] = ()
    core_ran: int = 0
    right: int = 0
    questions: int = 0
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ExperimentListing:
    """An experiment as it is listed: `knobs` are (name, values), the default first; `core`, whether it is on the core path."""

    id: str
    title: str
    knobs: tuple[tuple[str, tuple[str, ...]], ...]
    ran: bool
    core: bool = True


@dataclass(frozen=True, slots=True)
class LabListing:
    """A lab's experiments, and how far the reader is with its worksheet. `alias` is what names an instance, if need be; `next` the experiment to run."""

    lab: str
    title: str
    experiments: tuple[ExperimentListing, ...]
    right: int
    questions: int
    notes: tuple[str, ...] = ()
    alias: str = ""
    next: str = ""


def shelf(instance: str = "default") -> list[GuideListing]:
    """Every guide as it is listed."""
    return [row(entry, instance) for entry in catalog.entries()]


def row(entry: catalog.Entry, instance: str = "default") -> GuideListing:
    """A guide as it is listed."""
    status = catalog.status(entry.id)
    if status != catalog.READY:
        return GuideListing(entry.id, entry.title, entry.shelf, status)
    lab = catalog.load_lab(entry.id)
    known = answers.summary(lab, instance)
    core = tuple(experiment.id for experiment in lab.core_path)
    return GuideListing(
        entry.id,
        entry.title,
        entry.shelf,
        status,
        tuple((experiment.id, experiment.title) for experiment in lab.in_order),
        len(known.run),
        core,
        sum(id in known.run for id in core),
        known.right,
        known.questions,
        known.notes,
    )


def experiments(lab: Lab, instance: str = "default") -> LabListing:
    """A lab's experiments, each with its knobs, the core path first, and which of them were run."""
    known, core = answers.summary(lab, instance), lab.core_path
    listed = tuple(
        ExperimentListing(each.id, each.title, _knobs(each), each.id in known.run, each in core)
        for each in lab.in_order
    )
    title, alias = catalog.entry(lab.id).title, "" if instance == "default" else f" --as {instance}"
    return LabListing(
        lab.id, title, listed, known.right, known.questions, known.notes, alias, lab.next_after(known.run).id
    )


def _knobs(experiment: Experiment) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Each knob's name and values, the default first."""
    return tuple(
        (name, knob.options if isinstance(knob, Choice) else (experiment.defaults()[name], "…"))
        for name, knob in experiment.knobs.items()
    )


def progressions(name: str | None, instance: str = "default") -> list[tuple[str, str, list[GuideListing]]]:
    """The reading progressions, or the one named. Raises UsageError if there is none of that name."""
    known = [progression.id for progression in catalog.PROGRESSIONS]
    if name is not None and name not in known:
        raise UsageError(
            f"There is no progression {name!r}.", nearest(name, known) or f"There are: {', '.join(known)}."
        )
    rows = {row.id: row for row in shelf(instance)}
    return [
        (p.id, p.title, [rows[id] for id in p.guides]) for p in catalog.PROGRESSIONS if name in (None, p.id)
    ]
