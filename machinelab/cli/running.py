"""Experiments and commands of one's own, run and captured: run, try."""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from ..errors import UsageError
from .app import app
from .common import (
    DEFAULT,
    LEARN,
    AsJson,
    ExperimentName,
    Instance,
    LabName,
    NodeName,
    Settings,
    emit,
    knobs,
    look,
    note,
    progress,
)

if TYPE_CHECKING:
    from ..analysis.reading import Reading


@app.command(rich_help_panel=LEARN)
def run(
    lab: LabName,
    experiment: ExperimentName = None,
    settings: Settings = None,
    live: Annotated[bool, typer.Option("--live", help="Print packets as they come.")] = False,
    inspect: Annotated[
        bool, typer.Option("--inspect", help="With --live: follow it in the inspector.")
    ] = False,
    as_: Instance = DEFAULT,
    json: AsJson = False,
) -> None:
    """Run an experiment, capture it, and show each packet beside the guide's step."""
    from .. import workflow

    if inspect:
        _report_run(_followed(lab, experiment, settings, as_, live, json), json, already=False)
    if live and not json:
        watch = workflow.watcher(lab, experiment, look(), lambda line: emit([line]))
        found = workflow.run(lab, experiment, knobs(settings), as_, watch=watch)
    else:
        with progress() as tell:
            found = workflow.run(lab, experiment, knobs(settings), as_, progress=tell)
    _report_run(found, json, already=live)


def _followed(
    lab: str, experiment: str | None, settings: list[str] | None, instance: str, live: bool, json: bool
) -> "Reading":
    """A run that is followed in the inspector. Who leaves early waits for its end outside."""
    from .. import catalog, workflow
    from ..inspector import opening
    from ..inspector.live import Following
    from ..inspector.ui.living import Living

    if not live or json:
        raise UsageError("--inspect follows a run as it comes.", "Add --live, and leave --json out.")
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise UsageError(
            "The inspector needs a terminal.", "Leave --inspect out: --live prints packets as they come."
        )
    found = catalog.load_lab(lab)
    wanted = found.experiment(experiment) if experiment else found.experiments[0]
    turned = workflow.settings(wanted, knobs(settings))
    feed = Following(
        lab,
        wanted,
        lambda tell, watch: workflow.run(lab, wanted.id, turned, instance, progress=tell, watch=watch),
    )
    feed.start()
    Living(feed, opening.memory()).run()
    if feed.waiting or feed.result() is None:
        note("The run goes on to its end; Ctrl-C stops it.")
    feed.join()
    if feed.reading is None:
        raise feed.error or UsageError("The run did not begin.", "Start it again.")
    return feed.reading


@app.command("try", rich_help_panel=LEARN, context_settings={"ignore_unknown_options": True})
def try_(
    lab: LabName,
    node: NodeName,
    command: Annotated[list[str], typer.Argument(metavar="-- CMD", help="Any command that the node has.")],
    as_: Instance = DEFAULT,
    json: AsJson = False,
) -> None:
    """Your own command on a node, captured and annotated like any experiment."""
    from .. import workflow

    with progress() as tell:
        found = workflow.attempt(lab, node, command, as_, progress=tell)
    _report_run(found, json, already=False)


def _report_run(found: "Reading", json: bool, already: bool) -> None:
    from ..render import json as as_json
    from ..render import table, verdict

    view = found.view()
    if json:
        emit([as_json.run(view, found.info.id if found.info else None)])
    elif already:
        emit(["", *verdict.verdict(view, look()), *table.offers(found.offers(), look())])
    else:
        emit(table.said(found.said(), look()))
        for line in found.outputs():
            note(line)
        emit(table.report(view, look(), go_on=found.offers()))
    raise typer.Exit(0 if found.ok else 1)
