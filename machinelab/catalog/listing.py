"""The guides as a reader finds them: on their shelves, and in the reading progressions."""

from dataclasses import dataclass

from .. import catalog
from ..errors import UsageError, nearest
from ..model import Choice, Experiment, Lab
from ..store import answers


@dataclass(frozen=True, slots=True)
class GuideListing:
    """A guide as it is listed: `experiments` are (id, title), `ran` how many of them the reader has run.

    `right` of `questions` on its worksheet are answered; `notes` are what the reader must be told of the answers kept.
    """

    id: str
    title: str
    shelf: str
    status: str
    experiments: tuple[tuple[str, str], ...] = ()
    ran: int = 0
    right: int = 0
    questions: int = 0
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ExperimentListing:
    """An experiment as it is listed: `knobs` are (name, values), the default first."""

    id: str
    title: str
    knobs: tuple[tuple[str, tuple[str, ...]], ...]
    ran: bool


@dataclass(frozen=True, slots=True)
class LabListing:
    """A lab's experiments, and how far the reader is with its worksheet. `alias` is what names an instance, if need be."""

    lab: str
    title: str
    experiments: tuple[ExperimentListing, ...]
    right: int
    questions: int
    notes: tuple[str, ...] = ()
    alias: str = ""


def shelf(instance: str = "default") -> list[GuideListing]:
    """Every guide as it is listed."""
    return [row(entry, instance) for entry in catalog.entries()]


def row(entry: catalog.Entry, instance: str = "default") -> GuideListing:
    """A guide as it is listed."""
    status = catalog.status(entry.id)
    if status != catalog.READY:
        return GuideListing(entry.id, entry.title, entry.shelf, status)
    lab = catalog.load_lab(entry.id)
    experiments = tuple((experiment.id, experiment.title) for experiment in lab.experiments)
    known = answers.summary(lab, instance)
    ran, asked = len(known.run), known.questions
    return GuideListing(
        entry.id, entry.title, entry.shelf, status, experiments, ran, known.right, asked, known.notes
    )


def experiments(lab: Lab, instance: str = "default") -> LabListing:
    """A lab's experiments, each with its knobs, and which of them were run."""
    known = answers.summary(lab, instance)
    listed = tuple(
        ExperimentListing(experiment.id, experiment.title, _knobs(experiment), experiment.id in known.run)
        for experiment in lab.experiments
    )
    title, alias = catalog.entry(lab.id).title, "" if instance == "default" else f" --as {instance}"
    return LabListing(lab.id, title, listed, known.right, known.questions, known.notes, alias)


def _knobs(experiment: Experiment) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Each knob's name and values, the default first."""
    return tuple(
        (name, knob.options if isinstance(knob, Choice) else (knob, "…"))
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
