"""What there is to learn: list, path."""

from typing import Annotated

import typer

from .app import app
from .common import (
    DEFAULT,
    LEARN,
    AsJson,
    Instance,
    complete_lab,
    emit,
    tell,
    terminal,
)


@app.command("list", rich_help_panel=LEARN)
def list_(
    lab: Annotated[
        str | None,
        typer.Argument(metavar="LAB", help="Its experiments and their knobs.", autocompletion=complete_lab),
    ] = None,
    as_: Instance = DEFAULT,
    json: AsJson = False,
) -> None:
    """Every guide, its shelf, whether its lab is ready, and how far you are; with a LAB, its experiments."""
    from .. import catalog
    from ..catalog import listing
    from ..render import shelves

    if lab is not None and not json:
        known = listing.experiments(catalog.load_lab(lab), as_)
        tell(known.notes)
        emit(shelves.experiments(known, terminal()))
        return
    rows = listing.shelf(as_) if lab is None else [listing.row(catalog.entry(lab), as_)]
    tell(line for row in rows for line in row.notes)
    emit(shelves.as_json(rows) if json else shelves.as_text(rows, terminal()))


@app.command(rich_help_panel=LEARN)
def path(
    name: Annotated[str | None, typer.Argument(metavar="NAME", help="One progression alone.")] = None,
    as_: Instance = DEFAULT,
) -> None:
    """The reading progressions, and where you are on them."""
    from ..catalog import listing
    from ..render import shelves

    paths = listing.progressions(name, as_)
    tell(dict.fromkeys(line for _, _, rows in paths for row in rows for line in row.notes))
    emit(shelves.progressions(paths, terminal()))
