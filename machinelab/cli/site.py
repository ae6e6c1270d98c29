"""Everything as static pages: site."""

from pathlib import Path
from typing import Annotated

import typer

from .app import app
from .common import DEFAULT, LEARN, AsJson, Instance, emit, note, progress

FOLDER = Path("machinelab-site")


@app.command(rich_help_panel=LEARN)
def site(
    output: Annotated[
        Path, typer.Option("-o", "--output", metavar="DIR", help="The folder, new or one written before.")
    ] = FOLDER,
    mine: Annotated[
        bool, typer.Option("--mine", help="Your newest runs in place of the shipped captures.")
    ] = False,
    as_: Instance = DEFAULT,
    json: AsJson = False,
) -> None:
    """All guides, experiments and worksheets as pages that open in a browser, with no engine and no server."""
    from json import dumps

    from ..export import site as writing

    with progress() as reporter:
        built = writing.build(output, mine=mine, instance=as_, tell=reporter)
    if mine:
        note("The pages hold what your runs hold, names, tokens and passwords of the labs included.")
    if json:
        emit(
            [
                dumps(
                    {
                        "folder": str(built.folder),
                        "pages": built.pages,
                        "bytes": built.size,
                        "ready": built.ready,
                        "guides": built.guides,
                    }
                )
            ]
        )
        return
    emit(
        [
            f"Wrote {built.pages} pages ({built.size / 1e6:.1f} MB) of {built.ready} guides into {built.folder}.",
            f"Open {built.folder / 'index.html'} in a browser, or put the folder on any web host.",
        ]
    )
