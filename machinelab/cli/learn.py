"""What it means, and whether it was understood: explain, guide, worksheet."""

import sys
from typing import Annotated

import typer

from ..errors import UsageError
from .app import app
from .common import (
    DEFAULT,
    LEARN,
    AsJson,
    DecodeRules,
    ExperimentName,
    Instance,
    LabName,
    RunId,
    Shipped,
    emit,
    open_what,
    tell,
    terminal,
)


@app.command(rich_help_panel=LEARN)
def explain(
    lab: LabName,
    field: Annotated[str, typer.Argument(metavar="FIELD", help="A field's name, e.g. dns.flags.recdesired.")],
    experiment: ExperimentName = None,
    run: RunId = None,
    reference: Shipped = False,
    decode_as: DecodeRules = None,
    as_: Instance = DEFAULT,
) -> None:
    """What a field means, with its values in your run."""
    from .. import fields
    from ..render import explain as draw

    fields.known(field)
    found = open_what(lab, experiment, instance=as_, run=run, shipped=reference, decode_as=decode_as)
    emit(draw.explain(field, terminal(), found.view()))


@app.command(rich_help_panel=LEARN)
def guide(
    lab: LabName,
    experiment: ExperimentName = None,
    run: RunId = None,
    reference: Shipped = False,
    decode_as: DecodeRules = None,
    as_: Instance = DEFAULT,
) -> None:
    """The guide, with the values and packets of your own run; with an EXPERIMENT, what it says of that."""
    from ..render import markdown
    from ..workflow import guide_text

    found = open_what(lab, experiment, instance=as_, run=run, shipped=reference, decode_as=decode_as)
    text = guide_text.text(
        found, markdown.inside(terminal()), shipped=reference, alone=experiment is not None
    )
    emit(markdown.markdown(text, terminal()))


@app.command(rich_help_panel=LEARN)
def worksheet(
    lab: LabName,
    show: Annotated[bool, typer.Option("--print", help="Print all questions.")] = False,
    answers: Annotated[
        list[str] | None, typer.Option("--answer", metavar="ID=VALUE", help="Answer; may be repeated.")
    ] = None,
    decode_as: DecodeRules = None,
    as_: Instance = DEFAULT,
    json: AsJson = False,
) -> None:
    """Predict, run, look, answer: graded from your own packets."""
    from .. import catalog
    from ..render.worksheet import script
    from ..sources.decoding import decoding
    from ..workflow import worksheet as opening

    if show and answers:
        raise UsageError("--print and --answer do not go together.", "Leave one of them out.")
    if json and not answers:
        raise UsageError("--json goes with --answer.", "Add --answer ID=VALUE, or leave --json out.")
    session = opening.open_session(catalog.load_lab(lab), as_, decoding(decode_as))
    if show or answers:
        tell(session.progress.notes)
    if show:
        emit(script.printed(session))
    elif answers:
        findings = script.answered(session, answers)
        emit((finding.dump() for finding in findings) if json else script.report(findings, terminal()))
        raise typer.Exit(0 if all(finding.ok for finding in findings) else 1)
    else:
        opening.hold(session, terminal(), sys.stdin, sys.stdout)
