"""What a learner types: run, try, packets, ladder, plot, explain, guide, worksheet, annotate, list, path."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ..errors import UsageError
from .app import app
from .common import (
    DEFAULT,
    AsJson,
    ExperimentName,
    FilterText,
    GuideOf,
    Instance,
    Keys,
    LabName,
    NodeName,
    RunId,
    Settings,
    Shipped,
    StepName,
    What,
    complete_lab,
    emit,
    knobs,
    look,
    note,
    open_what,
    progress,
    tell,
)
from .quick import is_file, plain

if TYPE_CHECKING:
    from ..model import Event
    from ..reading import Reading

LEARN = "Learn"
Verbose = Annotated[bool, typer.Option("-v", "--verbose", help="Every field, with what it means.")]
Bytes = Annotated[bool, typer.Option("-x", "--hex", help="The bytes, with the fields marked in them.")]


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
    from .. import catalog, listing
    from ..render import shelves

    if lab is not None and not json:
        known = listing.experiments(catalog.load_lab(lab), as_)
        tell(known.notes)
        emit(shelves.experiments(known, look()))
        return
    rows = listing.shelf(as_) if lab is None else [listing.row(catalog.entry(lab), as_)]
    tell(line for row in rows for line in row.notes)
    emit(shelves.as_json(rows) if json else shelves.as_text(rows, look()))


@app.command(rich_help_panel=LEARN)
def path(
    name: Annotated[str | None, typer.Argument(metavar="NAME", help="One progression alone.")] = None,
    as_: Instance = DEFAULT,
) -> None:
    """The reading progressions, and where you are on them."""
    from .. import listing
    from ..render import shelves

    paths = listing.progressions(name, as_)
    tell(dict.fromkeys(line for _, _, rows in paths for row in rows for line in row.notes))
    emit(shelves.progressions(paths, look()))


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
    from .. import catalog, inspecting, workflow
    from ..following import Following
    from ..render.tui.living import Living

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
    Living(feed, inspecting.memory()).run()
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


@app.command(rich_help_panel=LEARN)
def packets(
    what: What,
    experiment: ExperimentName = None,
    filter: FilterText = "",
    step: StepName = None,
    guide: GuideOf = None,
    keys: Keys = None,
    run: RunId = None,
    reference: Shipped = False,
    as_: Instance = DEFAULT,
    json: AsJson = False,
    verbose: Verbose = False,
    hex: Bytes = False,
    count: Annotated[
        int | None,
        typer.Option("--count", metavar="N", min=0, help="Of a FILE without a guide, the first N only."),
    ] = None,
) -> None:
    """The packets of a run beside the guide's steps, or those of any capture; with -v their fields, with -x their bytes."""
    if is_file(what) and guide is None and experiment is None and step is None:
        _foreign(Path(what), filter, count, json, verbose, hex, keys)
        return
    if count is not None:
        raise UsageError("--count goes with a file that no guide explains.", "Leave --count or --guide out.")
    found = open_what(what, experiment, guide=guide, keys=keys, instance=as_, run=run, shipped=reference)
    _list(
        found,
        [e for e in found.run.trace.events if e.network or e.source == "packets"],
        filter,
        step,
        json,
        verbose,
        hex,
    )


def _foreign(
    path: Path, expression: str, count: int | None, json: bool, verbose: bool, hex: bool, keys: Path | None
) -> None:
    """A capture that no guide explains."""
    from .. import filter as display
    from .. import foreign
    from ..render import detail, jsonline
    from ..render import json as as_json
    from ..render import plain as draw

    if not (expression or json or verbose or hex or keys):
        plain(path, count)
        return
    capture = foreign.open_capture(path, keys)
    display.compile(expression)  # what is wrong with it is said before anything is printed
    found = foreign.select(capture, expression, count)
    start = int(capture.index.time[0]) if len(capture) else 0
    if json:
        writer = jsonline.FieldsWriter()
        rows = (foreign.row(event, start) for event in found)
        emit(
            as_json.dump(as_json.event_object(row, True)) if verbose else as_json.line(row, writer)
            for row in rows
        )
    elif verbose or hex:
        for event in found:
            emit([*detail.detail(foreign.view(path.name), event, look(), listed=verbose, bytes_too=hex), ""])
    else:
        emit(draw.lines(found, look(), start, sys.stdout.isatty()))
    for warning in capture.warnings:
        note(warning)


@app.command(rich_help_panel=LEARN)
def events(
    what: What,
    experiment: ExperimentName = None,
    filter: FilterText = "",
    step: StepName = None,
    guide: GuideOf = None,
    keys: Keys = None,
    run: RunId = None,
    reference: Shipped = False,
    as_: Instance = DEFAULT,
    json: AsJson = False,
    verbose: Verbose = False,
    hex: Bytes = False,
) -> None:
    """Packets and every other kind of evidence of a run, on one timeline."""
    found = open_what(what, experiment, guide=guide, keys=keys, instance=as_, run=run, shipped=reference)
    _list(found, found.run.trace.events, filter, step, json, verbose, hex)


def _list(
    found: "Reading",
    events: Sequence["Event"],
    filter: str,
    step: str | None,
    json: bool,
    verbose: bool,
    hex: bool,
) -> None:
    from ..render import detail, table
    from ..render import json as as_json

    view = found.view()
    shown = found.select(events, filter, step)
    if json:
        emit(as_json.events(view, shown, verbose))
    elif verbose or hex:
        for event in view.once(shown):
            emit([*detail.detail(view, event, look(), listed=verbose, bytes_too=hex), ""])
    elif filter or step:
        emit([*table.title(view, look(), shown), "", *table.table(view, look(), shown)])
    elif len(shown) < len(view.trace.events):
        shipped = ("--reference",) if found.origin == "reference" else ()
        more = [("With all other evidence", view.command("events", view.experiment.id, *shipped))]
        emit(table.report(view, look(), shown, more))
    else:
        emit(table.report(view, look()))


@app.command(rich_help_panel=LEARN)
def ladder(
    what: What,
    experiment: ExperimentName = None,
    filter: FilterText = "",
    step: StepName = None,
    guide: GuideOf = None,
    keys: Keys = None,
    run: RunId = None,
    reference: Shipped = False,
    as_: Instance = DEFAULT,
) -> None:
    """The same packets as a sequence diagram between the nodes."""
    from ..render import ladder as draw
    from ..render import table

    found = open_what(what, experiment, guide=guide, keys=keys, instance=as_, run=run, shipped=reference)
    view, shown = found.view(), found.select(found.run.trace.events, filter, step)
    emit([*table.title(view, look(), shown), "", *draw.ladder(view, look(), shown)])


@app.command(rich_help_panel=LEARN)
def plot(
    lab: LabName,
    name: Annotated[
        str | None, typer.Argument(metavar="PLOT", help="One of the lab's plots; else all.")
    ] = None,
    reference: Shipped = False,
    as_: Instance = DEFAULT,
    json: AsJson = False,
) -> None:
    """What several runs show together, drawn: latency against clients, bytes against settings."""
    from .. import catalog, plots
    from ..render import json as as_json
    from ..render import plot as draw

    opened = catalog.load_lab(lab)
    for each in plots.named(opened, name):
        found = plots.figure(opened, each, as_, reference)
        emit([as_json.figure(found)] if json else [*draw.plot(found, look()), ""])


@app.command(rich_help_panel=LEARN)
def annotate(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="A pcap or pcapng, gzip'd or not, from anywhere.")
    ],
    guide: Annotated[str, typer.Option("--guide", metavar="LAB", help="The guide to read it against.")],
    experiment: Annotated[
        str | None, typer.Option("--experiment", metavar="ID", help="Read it as this experiment.")
    ] = None,
    keys: Keys = None,
    json: AsJson = False,
) -> None:
    """Your own capture, from your own machine, read against a guide."""
    from .. import catalog, reading
    from ..render import json as as_json
    from ..render import table

    found = reading.open_file(file, catalog.load_lab(guide), experiment, keys)
    if json:
        emit(as_json.pages(found.view()))
    else:
        emit(table.report(found.view(), look()))


@app.command(rich_help_panel=LEARN)
def explain(
    lab: LabName,
    field: Annotated[str, typer.Argument(metavar="FIELD", help="A field's name, e.g. dns.flags.recdesired.")],
    experiment: ExperimentName = None,
    run: RunId = None,
    reference: Shipped = False,
    as_: Instance = DEFAULT,
) -> None:
    """What a field means, with its values in your run."""
    from .. import fields
    from ..render import explain as draw

    fields.known(field)
    found = open_what(lab, experiment, instance=as_, run=run, shipped=reference)
    emit(draw.explain(field, look(), found.view()))


@app.command(rich_help_panel=LEARN)
def guide(
    lab: LabName,
    experiment: ExperimentName = None,
    run: RunId = None,
    reference: Shipped = False,
    as_: Instance = DEFAULT,
) -> None:
    """The guide, with your packets woven in; with an EXPERIMENT, what it says of that."""
    from .. import woven
    from ..render import markdown

    found = open_what(lab, experiment, instance=as_, run=run, shipped=reference)
    text = woven.text(found, markdown.inside(look()), shipped=reference, alone=experiment is not None)
    emit(markdown.markdown(text, look()))


@app.command(rich_help_panel=LEARN)
def worksheet(
    lab: LabName,
    show: Annotated[bool, typer.Option("--print", help="Print all questions.")] = False,
    answers: Annotated[
        list[str] | None, typer.Option("--answer", metavar="ID=VALUE", help="Answer; may be repeated.")
    ] = None,
    as_: Instance = DEFAULT,
    json: AsJson = False,
) -> None:
    """Predict, run, look, answer: graded from your own packets."""
    from .. import workflow
    from ..worksheet import script

    if show and answers:
        raise UsageError("--print and --answer do not go together.", "Leave one of them out.")
    if json and not answers:
        raise UsageError("--json goes with --answer.", "Add --answer ID=VALUE, or leave --json out.")
    desk = workflow.desk(lab, as_)
    if show or answers:
        tell(desk.progress.notes)
    if show:
        emit(script.printed(desk))
    elif answers:
        findings = script.answered(desk, answers)
        emit((finding.dump() for finding in findings) if json else script.told(findings, look()))
        raise typer.Exit(0 if all(finding.ok for finding in findings) else 1)
    else:
        workflow.sit(desk, look(), sys.stdin, sys.stdout)
