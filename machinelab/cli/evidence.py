"""What was captured: packets, events, ladder, annotate."""

import sys
from collections.abc import Sequence
from pathlib import Path
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
    EvidenceOptions,
    ExperimentName,
    FilterText,
    GuideOf,
    Instance,
    Keys,
    Recorded,
    RunId,
    Shipped,
    StepName,
    What,
    emit,
    note,
    open_what,
    opened_file,
    terminal,
)
from .quick import is_file, path_of, plain

if TYPE_CHECKING:
    from ..analysis.reading import Reading
    from ..model import Event

Verbose = Annotated[bool, typer.Option("-v", "--verbose", help="Every field, with what it means.")]
Bytes = Annotated[bool, typer.Option("-x", "--hex", help="The bytes, with the fields marked in them.")]


@app.command(rich_help_panel=LEARN)
def packets(
    what: What,
    experiment: ExperimentName = None,
    filter: FilterText = "",
    step: StepName = None,
    guide: GuideOf = None,
    keys: Keys = None,
    decode_as: DecodeRules = None,
    run: RunId = None,
    reference: Shipped = False,
    settings: Recorded = None,
    as_: Instance = DEFAULT,
    json: AsJson = False,
    verbose: Verbose = False,
    hex: Bytes = False,
    count: Annotated[
        int | None,
        typer.Option("--count", metavar="N", min=0, help="Of a FILE without a guide, the first N only."),
    ] = None,
    every: Every = False,
) -> None:
    """The packets of a run beside the guide's steps, or those of any capture; with -v their fields, with -x their bytes."""
    if is_file(what) and guide is None and experiment is None and step is None:
        list_capture(path_of(what), filter, count, json, verbose, hex, keys, decode_as)
        return
    if count is not None:
        raise UsageError("--count goes with a file that no guide explains.", "Leave --count or --guide out.")
    found = open_what(
        EvidenceOptions(what, experiment, guide, keys, decode_as, run, reference, settings, as_)
    )
    _list(
        found,
        [e for e in found.run.trace.events if e.network or e.source == "packets"],
        filter,
        step,
        json,
        verbose,
        hex,
        every,
    )


def list_capture(
    path: Path,
    expression: str,
    count: int | None,
    json: bool,
    verbose: bool,
    hex: bool,
    keys: Path | None,
    decode_as: list[str] | None = None,
) -> None:
    """A capture that no guide explains."""
    from ..analysis import plain_capture
    from ..render import detail
    from ..render import json as as_json
    from ..render import plain as draw
    from ..sources.decoding import decoding

    if not (expression or json or verbose or hex or keys or decode_as):
        plain(path, count)
        return
    listing = plain_capture.listing(path, expression, count, keys, decoding(decode_as))
    found, start = listing.events, listing.start
    if json:
        emit(as_json.listed((plain_capture.row(event, start) for event in found), verbose))
    elif verbose or hex:
        emit(detail.details(plain_capture.view(path.name), found, terminal(), listed=verbose, bytes_too=hex))
    else:
        emit(draw.lines(found, terminal(), start, sys.stdout.isatty()))
    for warning in listing.warnings:
        note(warning)


@app.command(rich_help_panel=LEARN)
def events(
    what: What,
    experiment: ExperimentName = None,
    filter: FilterText = "",
    step: StepName = None,
    guide: GuideOf = None,
    keys: Keys = None,
    decode_as: DecodeRules = None,
    run: RunId = None,
    reference: Shipped = False,
    settings: Recorded = None,
    as_: Instance = DEFAULT,
    json: AsJson = False,
    verbose: Verbose = False,
    hex: Bytes = False,
) -> None:
    """Packets and every other kind of evidence of a run, on one timeline."""
    found = open_what(
        EvidenceOptions(what, experiment, guide, keys, decode_as, run, reference, settings, as_)
    )
    _list(found, found.run.trace.events, filter, step, json, verbose, hex)


def _list(
    found: "Reading",
    events: Sequence["Event"],
    filter: str,
    step: str | None,
    json: bool,
    verbose: bool,
    hex: bool,
    every: bool = False,
) -> None:
    from ..render import detail, table
    from ..render import json as as_json

    view = found.view()
    shown = found.select(events, filter, step)
    if not shown and (step or filter) and not json:
        chosen = " and ".join(filter_ for filter_ in (f"of the step {step}" * bool(step), filter) if filter_)
        note(
            f"Nothing in {found.origin} is {chosen}."
            if step
            else f"Nothing in {found.origin} passes {filter}."
        )
    if json:
        emit(as_json.events(view, shown, verbose))
    elif verbose or hex:
        for event in view.once(shown):
            emit([*detail.detail(view, event, terminal(), listed=verbose, bytes_too=hex), ""])
    elif filter or step:
        emit([*table.title(view, terminal(), shown), "", *table.table(view, terminal(), shown)])
    elif len(shown) < len(view.trace.events):
        shipped = ("--reference",) if found.origin == "reference" else ()
        more = [("With all other evidence", view.command("events", view.experiment.id, *shipped))]
        emit(table.report(view, terminal(), shown, more, every=every))
    else:
        emit(table.report(view, terminal(), every=every))


@app.command(rich_help_panel=LEARN)
def ladder(
    what: What,
    experiment: ExperimentName = None,
    filter: FilterText = "",
    step: StepName = None,
    guide: GuideOf = None,
    keys: Keys = None,
    decode_as: DecodeRules = None,
    run: RunId = None,
    reference: Shipped = False,
    settings: Recorded = None,
    as_: Instance = DEFAULT,
) -> None:
    """The same packets as a sequence diagram between the nodes."""
    from ..render import headline, table
    from ..render import ladder as draw

    found = open_what(
        EvidenceOptions(what, experiment, guide, keys, decode_as, run, reference, settings, as_)
    )
    view, shown = found.view(), found.select(found.run.trace.events, filter, step)
    happened = [*headline.headline(view, terminal()), ""] if view.happened else []
    emit([*table.title(view, terminal(), shown), "", *happened, *draw.ladder(view, terminal(), shown)])


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
    decode_as: DecodeRules = None,
    json: AsJson = False,
) -> None:
    """Your own capture, from your own machine, read against a guide."""

    from ..sources.decoding import decoding

    found = opened_file(path_of(str(file)), guide, experiment, keys, decoding(decode_as))
    report_capture(found, json)


def report_capture(found: "Reading", json: bool) -> None:
    """A capture from elsewhere beside the guide's steps."""
    from ..render import json as as_json
    from ..render import table

    if json:
        emit(as_json.pages(found.view()))
    else:
        emit(table.report(found.view(), terminal()))
