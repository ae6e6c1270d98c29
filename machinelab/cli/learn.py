"""What it means, and whether it was understood: learn, explain, guide, worksheet."""

import sys
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
    EvidenceOptions,
    ExperimentName,
    GuideOf,
    Instance,
    Keys,
    RunId,
    Shipped,
    What,
    complete_lab,
    emit,
    note,
    open_what,
    progress,
    tell,
    terminal,
)
from .pager import paged
from .quick import is_file

if TYPE_CHECKING:
    from ..analysis.reading import Reading
    from ..workflow.worksheet import Session

FIRST = "dns"  # the lab that a reader who names none begins with


@app.command(rich_help_panel=LEARN)
def learn(
    lab: Annotated[
        str | None,
        typer.Argument(metavar="LAB", help="A lab; else the one you were at.", autocompletion=complete_lab),
    ] = None,
    experiment: ExperimentName = None,
    decode_as: DecodeRules = None,
    as_: Instance = DEFAULT,
    json: AsJson = False,
) -> None:
    """A lab's core path, one thing at a time: a question, a prediction, the run, a look, your answer, the guide. Goes on where you were."""
    from .. import catalog
    from ..inspector import opening as inspecting
    from ..render.json import dump
    from ..sources.decoding import decoding
    from ..store import place
    from ..workflow import learning, running, starting
    from ..workflow import worksheet as opening

    kept = place.load()
    named, _, instance = kept.last.partition("/")
    if lab is None and catalog.status(named or FIRST) != catalog.READY:
        named, instance = FIRST, as_
    opened = catalog.load_lab(lab or named or FIRST)
    as_ = as_ if lab or as_ != DEFAULT else instance or as_
    start = opened.experiment(experiment).id if experiment else ""
    if start and start not in [each.id for each in opened.core_path]:
        raise UsageError(
            f"{start} is not on the core path of {opened.id}.", f"Run it: machinelab run {opened.id} {start}"
        )
    if json:
        at = kept.of(opened.id, as_)
        emit([dump({"lab": opened.id, "instance": as_, "at": start or at or None})])
        return
    ports = decoding(decode_as)
    session = opening.open_session(opened, as_, ports)
    tell(session.progress.notes)
    full_screen = sys.stdin.isatty() and sys.stdout.isatty()

    def perform(name: str) -> "Reading":
        with progress() as tell:
            return running.run(opened, opened.experiment(name), {}, as_, progress=tell, decode_as=ports)

    def begin() -> None:
        with progress() as tell:
            starting.up(opened, as_, tell)

    views = (inspecting.inspect_view, inspecting.inspect_reading) if full_screen else (None, None)
    means = learning.Means(perform, begin, *views)
    learning.hold(session, terminal(), sys.stdin, sys.stdout, means, start)


@app.command(rich_help_panel=LEARN)
def explain(
    what: Annotated[
        str,
        typer.Argument(
            metavar="LAB|FILE",
            help="A lab, or a capture FILE; by itself a TERM.",
            autocompletion=complete_lab,
        ),
    ],
    field: Annotated[
        str | None,
        typer.Argument(
            metavar="FIELD|TERM",
            help="A field's name, e.g. dns.flags.recdesired, or a term of the glossary, e.g. ISR.",
        ),
    ] = None,
    experiment: ExperimentName = None,
    guide: GuideOf = None,
    keys: Keys = None,
    run: RunId = None,
    reference: Shipped = False,
    decode_as: DecodeRules = None,
    as_: Instance = DEFAULT,
) -> None:
    """What a field means, with its values in your run or in a capture FILE; or what a term means."""
    from .. import fields
    from ..render import explain as draw

    if field is None or field not in fields.registry():
        emit(draw.term(what if field is None else field, terminal()))
        return
    found = open_what(EvidenceOptions(what, experiment, guide, keys, decode_as, run, reference, instance=as_))
    emit(draw.explain(field, terminal(), found.view()))


@app.command(rich_help_panel=LEARN)
def guide(
    what: What,
    experiment: ExperimentName = None,
    guide: GuideOf = None,
    keys: Keys = None,
    run: RunId = None,
    reference: Shipped = False,
    every: Annotated[
        bool,
        typer.Option("--all", help="Show each packet of a step that repeats, where the guide folds them."),
    ] = False,
    plain: Annotated[
        bool,
        typer.Option("--no-pager", help="Print it all at once, also where it does not fit on the screen."),
    ] = False,
    decode_as: DecodeRules = None,
    as_: Instance = DEFAULT,
) -> None:
    """The guide, with the values and packets of your own run or FILE; with an EXPERIMENT, what it says of that."""
    from ..render import markdown
    from ..workflow import guide_text

    found = open_what(EvidenceOptions(what, experiment, guide, keys, decode_as, run, reference, instance=as_))
    if not found.experiment.id:
        note(f"{found.origin} shows none of {found.lab.id}'s experiments: all values are of other runs.")
    text = guide_text.text(
        found,
        markdown.inside(terminal()),
        shipped=reference,
        alone=experiment is not None,
        whole=every,
    )
    paged(markdown.markdown(text, terminal()), wanted=not plain)


@app.command(rich_help_panel=LEARN)
def worksheet(
    what: What,
    experiment: ExperimentName = None,
    guide: GuideOf = None,
    keys: Keys = None,
    show: Annotated[bool, typer.Option("--print", help="Print all questions.")] = False,
    answers: Annotated[
        list[str] | None, typer.Option("--answer", metavar="ID=VALUE", help="Answer; may be repeated.")
    ] = None,
    decode_as: DecodeRules = None,
    as_: Instance = DEFAULT,
    json: AsJson = False,
) -> None:
    """Predict, run, look, answer: graded from your own packets, or from those of a FILE; with an EXPERIMENT, its questions only."""
    from ..inspector import opening as inspecting
    from ..render.worksheet import script
    from ..workflow import worksheet as opening

    if show and answers:
        raise UsageError("--print and --answer do not go together.", "Leave one of them out.")
    if json and not answers:
        raise UsageError("--json goes with --answer.", "Add --answer ID=VALUE, or leave --json out.")
    session = _session(what, experiment, guide, keys, decode_as, as_)
    if show or answers:
        tell(session.progress.notes)
    if show:
        emit(script.printed(session))
    elif answers:
        findings = script.answered(session, answers)
        emit((finding.dump() for finding in findings) if json else script.report(findings, terminal()))
        raise typer.Exit(0 if all(finding.ok for finding in findings) else 1)
    else:
        full_screen = sys.stdin.isatty() and sys.stdout.isatty()
        opening.hold(
            session, terminal(), sys.stdin, sys.stdout, inspecting.inspect_view if full_screen else None
        )


def _session(
    what: str,
    experiment: str | None,
    guide: str | None,
    keys: Path | None,
    decode_as: list[str] | None,
    instance: str,
) -> "Session":
    """The worksheet of a lab, or what it asks about the experiment that a FILE shows."""
    from .. import catalog
    from ..sources.decoding import decoding
    from ..workflow import worksheet as opening

    if is_file(what):
        found = open_what(EvidenceOptions(what, experiment, guide, keys, decode_as, instance=instance))
        return opening.open_file_session(found, what, instance)
    lab = catalog.load_lab(what)
    return opening.open_session(
        lab, instance, decoding(decode_as), lab.experiment(experiment).id if experiment else ""
    )
