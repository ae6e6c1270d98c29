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
    DecodeRules,
    Every,
    ExperimentName,
    Instance,
    LabName,
    NodeName,
    Settings,
    emit,
    knobs,
    note,
    progress,
    terminal,
)

if TYPE_CHECKING:
    from ..analysis.reading import Reading
    from ..model import Experiment, Lab
    from ..sources.decoding import DecodeAs


@app.command(rich_help_panel=LEARN)
def run(
    lab: LabName,
    experiment: ExperimentName = None,
    settings: Settings = None,
    live: Annotated[bool, typer.Option("--live", help="Print packets as they come.")] = False,
    inspect: Annotated[
        bool, typer.Option("--inspect", help="With --live: follow it in the inspector.")
    ] = False,
    decode_as: DecodeRules = None,
    every: Every = False,
    as_: Instance = DEFAULT,
    json: AsJson = False,
) -> None:
    """Run an experiment (without a name: the next of the core path), capture it, and show each packet beside the guide's step."""
    from .. import catalog
    from ..sources.decoding import decoding
    from ..workflow import running

    if inspect:
        _require_live(live, json)
    ports = decoding(decode_as)
    opened = catalog.load_lab(lab)
    chosen = opened.experiment(experiment) if experiment else _next(opened, as_)
    if inspect:
        _report_run(_followed(opened, chosen, knobs(settings), as_, ports), json, already=False)
    if live and not json:
        from ..workflow import watching

        printer = watching.printer(opened, chosen, terminal(), lambda line: emit([line]))
        found = running.run(opened, chosen, knobs(settings), as_, on_event=printer, decode_as=ports)
    else:
        with progress() as tell:
            found = running.run(opened, chosen, knobs(settings), as_, progress=tell, decode_as=ports)
    _report_run(found, json, already=live, every=every)


def _next(lab: "Lab", instance: str) -> "Experiment":
    """The experiment that the reader's runs have not done: the next of the core path, then of the others. Says which."""
    from ..store import answers

    ran = answers.experiments_run(lab.id, instance)
    chosen = lab.next_after(ran)
    path = [experiment.id for experiment in lab.core_path]
    place = f"{path.index(chosen.id) + 1} of {len(path)} on the core path" if chosen.id in path else "further"
    again = "All have been run; from the start: " if chosen.id in ran else ""
    note(f"{again}{chosen.id}, {place}: {chosen.title}")
    return chosen


def _require_live(live: bool, json: bool) -> None:
    """Raises UsageError where --inspect cannot be meant."""
    if not live or json:
        raise UsageError("--inspect follows a run as it comes.", "Add --live, and leave --json out.")
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise UsageError(
            "The inspector needs a terminal.", "Leave --inspect out: --live prints packets as they come."
        )


def _followed(
    lab: "Lab", experiment: "Experiment", given: dict[str, str], instance: str, ports: "DecodeAs | None"
) -> "Reading":
    """A run that is followed in the inspector. Whoever leaves it early waits here for the run's end."""
    from ..inspector import opening
    from ..inspector.live import LiveRun
    from ..inspector.ui.app import Inspector
    from ..workflow import running

    turned = running.settings(experiment, given)
    feed = LiveRun(
        lab.id,
        experiment,
        lambda tell, watch: running.run(
            lab, experiment, turned, instance, progress=tell, on_event=watch, decode_as=ports
        ),
    )
    feed.start()
    Inspector(feed.take(), opening.memory(), feed=feed).run()
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
    decode_as: DecodeRules = None,
    as_: Instance = DEFAULT,
    json: AsJson = False,
) -> None:
    """Your own command on a node, captured and annotated like any experiment."""
    from .. import catalog
    from ..sources.decoding import decoding
    from ..workflow import running

    ports = decoding(decode_as)
    opened = catalog.load_lab(lab)
    with progress() as tell:
        found = running.attempt(opened, node, command, as_, progress=tell, decode_as=ports)
    _report_run(found, json, already=False)


def _report_run(found: "Reading", json: bool, already: bool, every: bool = False) -> None:
    from ..render import json as as_json
    from ..render import table, verdict

    view = found.view()
    if json:
        emit([as_json.run(view, found.info.id if found.info else None)])
    elif already:
        emit(["", *verdict.verdict(view, terminal()), *table.offers(found.offers(), terminal())])
    else:
        emit(table.said(found.said(), terminal()))
        for line in found.outputs():
            note(line)
        emit(table.report(view, terminal(), go_on=found.offers(), every=every))
    raise typer.Exit(0 if found.ok else 1)
