"""The guides as a reader finds them: on their shelves, and in the reading progressions."""

from . import catalog, runs
from .errors import LabError, UsageError, nearest
from .render.shelves import Row


def shelf() -> list[Row]:
    """Every guide as it is listed."""
    rows = []
    for entry in catalog.entries():
        status = catalog.status(entry.id)
        experiments = catalog.load_lab(entry.id).experiments if status == catalog.READY else ()
        ran = _ran(entry.id)
        listed = tuple((e.id, e.title) for e in experiments)
        rows.append(
            Row(entry.id, entry.title, entry.shelf, status, listed, len(ran & {id for id, _ in listed}))
        )
    return rows


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


def _ran(lab: str) -> set[str]:
    """The experiments that were run; a run that cannot be read is nobody's loss here."""
    found = set()
    for id in runs.listing(lab):
        try:
            found.add(runs.read(runs.folder_of(lab) / str(id)).experiment)
        except LabError:
            continue
    return found
