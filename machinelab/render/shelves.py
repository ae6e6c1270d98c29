"""`machinelab list` and `path`: the guides by shelf, and the reading progressions."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..shelves import SHELVES
from .look import Look, cells, pad


@dataclass(frozen=True, slots=True)
class Row:
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


def as_json(rows: Sequence[Row]) -> Iterator[str]:
    """One object a line."""
    for row in rows:
        experiments = [{"id": id, "title": title} for id, title in row.experiments]
        yield json.dumps(
            {
                "id": row.id,
                "title": row.title,
                "shelf": row.shelf,
                "status": row.status,
                "experiments": experiments,
            },
            ensure_ascii=False,
        )


def as_text(rows: Sequence[Row], look: Look) -> Iterator[str]:
    """Shelf by shelf; what is ready stands out."""
    wide = max(cells(row.id) for row in rows)
    shelf = ""
    for row in rows:
        if row.shelf != shelf:
            yield from ([""] if shelf else [])
            shelf = row.shelf
            yield look.paint(SHELVES.get(shelf, shelf), "bold")
        yield look.cut(f"  {pad(row.id, wide)}  {row.title}  {_state(row)}", look.width)
    ready = [row.id for row in rows if row.status == "ready"]
    yield ""
    yield f"{len(ready)} of {len(rows)} labs are ready. Begin with: machinelab up {ready[0] if ready else 'dns'}"


def _state(row: Row) -> str:
    if row.status != "ready":
        return "(planned)"
    ran = f", {row.ran} run" if row.ran else ""
    right = f", {row.right} of {row.questions} questions right" if row.right else ""
    return f"· ready, {len(row.experiments)} experiments{ran}{right}"


def progressions(paths: Sequence[tuple[str, str, Sequence[Row]]], look: Look) -> Iterator[str]:
    """Each progression with its guides in order: what is ready, and what has been run."""
    for id, title, rows in paths:
        yield look.paint(f"{id}: {title}", "bold")
        wide = max(cells(row.id) for row in rows)
        for row in rows:
            mark = look.draw("✓") if row.ran else " "
            yield look.cut(f"  {mark} {pad(row.id, wide)}  {row.title}  {_state(row)}", look.width)
        yield ""
