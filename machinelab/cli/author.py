"""For authors: record, check, new."""

from typing import Annotated

import typer

from .app import app
from .common import DEFAULT, Instance, LabName, look, note, progress

AUTHOR = "For authors"


@app.command(rich_help_panel=AUTHOR)
def record(
    lab: LabName,
    experiments: Annotated[
        list[str] | None, typer.Argument(metavar="[EXPERIMENT]…", help="All, if none is named.")
    ] = None,
    as_: Instance = DEFAULT,
) -> None:
    """Record the reference captures anew, from live containers."""
    from .. import workflow
    from ..render.verdict import verdict

    with progress() as tell:
        found = workflow.record(lab, experiments or (), tell, as_)
    for each in found:
        note(f"{each.experiment.id}: {len(each.run.trace.events)} packets")
        for line in verdict(each.view(), look()):
            note(line)
    raise typer.Exit(0 if all(each.ok for each in found) else 1)
