"""The guides as a reader finds them: on their shelves, and in the reading progressions."""

from . import catalog, progress
from .errors import UsageError, nearest
from .render.shelves import Row


def shelf() -> list[Row]:
    """Every guide as it is listed."""
    return [_row(entry, catalog.status(entry.id)) for entry in catalog.entries()]


def _row(entry: catalog.Entry, status: str) -> Row:
    if status != catalog.READY:
        return Row(entry.id, entry.title, entry.shelf, status)
    lab = catalog.load_lab(entry.id)
    experiments = tuple((experiment.id, experiment.title) for experiment in lab.experiments)
    known = progress.summary(lab)
    ran, asked = len(known.run), known.questions
    return Row(entry.id, entry.title, entry.shelf, status, experiments, ran, known.right, asked, known.notes)


def progressions(name: str | None) -> list[tuple[str, str, list[Row]]]:
    """The reading progressions, or the one named. Raises UsageError if there is none of that name."""
    known = [progression.id for progression in catalog.PROGRESSIONS]
    if name is not None and name not in known:
        raise UsageError(
            f"There is no progression {name!r}.", nearest(name, known) or f"There are: {', '.join(known)}."
        )
    rows = {row.id: row for row in shelf()}
    return [
        (p.id, p.title, [rows[id] for id in p.guides]) for p in catalog.PROGRESSIONS if name in (None, p.id)
    ]
