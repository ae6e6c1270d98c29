"""The guides as a reader finds them: on their shelves, and in the reading progressions."""

from . import catalog, progress
from .errors import UsageError, nearest
from .model import Choice, Experiment, Lab
from .render.shelves import Known, Listed, Row


def shelf(instance: str = "default") -> list[Row]:
    """Every guide as it is listed."""
    return [row(entry, instance) for entry in catalog.entries()]


def row(entry: catalog.Entry, instance: str = "default") -> Row:
    """A guide as it is listed."""
    status = catalog.status(entry.id)
    if status != catalog.READY:
        return Row(entry.id, entry.title, entry.shelf, status)
    lab = catalog.load_lab(entry.id)
    experiments = tuple((experiment.id, experiment.title) for experiment in lab.experiments)
    known = progress.summary(lab, instance)
    ran, asked = len(known.run), known.questions
    return Row(entry.id, entry.title, entry.shelf, status, experiments, ran, known.right, asked, known.notes)


def experiments(lab: Lab, instance: str = "default") -> Known:
    """A lab's experiments, each with its knobs, and which of them were run."""
    known = progress.summary(lab, instance)
    listed = tuple(
        Listed(experiment.id, experiment.title, _knobs(experiment), experiment.id in known.run)
        for experiment in lab.experiments
    )
    title, alias = catalog.entry(lab.id).title, "" if instance == "default" else f" --as {instance}"
    return Known(lab.id, title, listed, known.right, known.questions, known.notes, alias)


def _knobs(experiment: Experiment) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Each knob's name and values, the default first."""
    return tuple(
        (name, knob.options if isinstance(knob, Choice) else (knob, "…"))
        for name, knob in experiment.knobs.items()
    )


def progressions(name: str | None, instance: str = "default") -> list[tuple[str, str, list[Row]]]:
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
