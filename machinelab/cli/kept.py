"""Runs that are kept: runs."""

from typing import Annotated

import typer

from .app import app
from .common import DEFAULT, LEARN, AsJson, ExperimentName, Instance, complete_lab, emit, note, terminal


@app.command("runs", rich_help_panel=LEARN)
def runs_(
    lab: Annotated[
        str | None,
        typer.Argument(metavar="LAB", help="Those of one lab.", autocompletion=complete_lab),
    ] = None,
    experiment: ExperimentName = None,
    as_: Instance = DEFAULT,
    json: AsJson = False,
) -> None:
    """The runs you have, oldest first: their numbers for --run, when they were made, and with which knobs."""
    from .. import catalog
    from ..catalog import kept
    from ..render import runs as draw

    opened = catalog.load_lab(lab) if lab else None
    chosen = opened.experiment(experiment).id if opened and experiment else None
    found = kept.kept(opened, as_, chosen) if opened else kept.kept_of_all(as_)
    alias = "" if as_ == DEFAULT else f" --as {as_}"
    if json:
        emit(draw.as_json(found))
    elif found:
        emit(draw.as_text(found, terminal(), alias))
    else:
        note(f"No runs yet. Make one: machinelab run {lab or 'dns'}{f' {chosen}' if chosen else ''}{alias}")
