"""For authors: record, check, test, new."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ..errors import UsageError
from .app import app
from .common import (
    DEFAULT,
    AsJson,
    Instance,
    LabName,
    Settings,
    complete_lab,
    emit,
    knobs,
    note,
    progress,
    terminal,
)

if TYPE_CHECKING:
    from ..errors import Problem

AUTHOR = "For authors"


@app.command(rich_help_panel=AUTHOR)
def record(
    lab: LabName,
    experiments: Annotated[
        list[str] | None, typer.Argument(metavar="EXPERIMENT", help="All, if none is named.")
    ] = None,
    settings: Settings = None,
    as_: Instance = DEFAULT,
) -> None:
    """Record the reference captures anew, from live containers; with --set, one beside that of the defaults."""
    from .. import catalog
    from ..render.verdict import verdict
    from ..workflow import recording

    opened = catalog.load_lab(lab)
    with progress() as tell:
        found = recording.record(opened, experiments or (), knobs(settings), as_, progress=tell)
    for each in found:
        note(f"{each.name}: {len(each.reading.run.trace.events)} packets")
        for line in verdict(each.reading.view(), terminal()):
            note(line)
        if each.refused:
            note(f"Not kept as a reference: {each.refused}")
    raise typer.Exit(0 if all(each.reading.ok for each in found) else 1)


@app.command(rich_help_panel=AUTHOR)
def check(
    labs: Annotated[
        list[str] | None,
        typer.Argument(metavar="LAB", help="All, if none is named.", autocompletion=complete_lab),
    ] = None,
    fix: Annotated[
        bool,
        typer.Option(
            "--fix", help="First write today's packets into the guides' fences, and README's table of labs."
        ),
    ] = False,
    answers: Annotated[
        bool,
        typer.Option("--answers", help="List the answers that each question of the worksheet takes."),
    ] = False,
    elsewhere: Annotated[
        bool,
        typer.Option(
            "--elsewhere",
            help="List what each step's filter claims in the references of other labs and in look-alikes.",
        ),
    ] = False,
    json: AsJson = False,
) -> None:
    """Tell everything that is unfinished or wrong in a lab, with file, line and fix."""
    from .. import check as gate

    if answers:
        if fix:
            raise UsageError("--answers and --fix do not go together.", "Leave one of them out.")
        _accepted(labs or (), json)
        return
    if elsewhere:
        if fix:
            raise UsageError("--elsewhere and --fix do not go together.", "Leave one of them out.")
        _list_elsewhere(labs or (), json)
    if fix:
        for path in gate.mend(labs or ()):
            note(f"Wrote {_short(path)}")
    found = gate.check(labs or ())
    emit(_lines(found, json))
    if not found:
        note(f"✓ {', '.join(labs) if labs else 'Every lab'}: nothing to mend.")
    raise typer.Exit(4 if found else 0)


def _accepted(labs: "Sequence[str]", json: bool) -> None:
    """Every answer that is taken, a line for each question."""
    from ..check import accepted
    from ..render import escape

    for question in accepted.accepted(labs):
        emit([question.dump()] if json else [escape.terminal(question.line(), None)])


def _list_elsewhere(labs: "Iterable[str]", json: bool) -> None:
    """What the steps of these labs claim where it is not theirs; ends the command."""
    from dataclasses import asdict
    from json import dumps

    from ..check import elsewhere
    from ..errors import Problem

    ids = list(labs)
    if not ids:
        raise UsageError(
            "--elsewhere is about one lab's steps.", "Name the lab: machinelab check LAB --elsewhere"
        )
    wrong = []
    for id in ids:
        found = list(elsewhere.claimed(id))
        claims = [each for each in found if not isinstance(each, Problem)]
        emit((dumps(asdict(each)) for each in claims) if json else _wrapped(elsewhere.told(claims)))
        wrong += [each for each in found if isinstance(each, Problem)]
    emit(_lines(wrong, json))
    raise typer.Exit(4 if wrong else 0)


def _wrapped(lines: "Iterable[str]") -> "Iterator[str]":
    style = terminal()
    for line in lines:
        yield from style.hang(style.text(line), "", "    ")


@app.command(rich_help_panel=AUTHOR)
def own(
    lab: Annotated[
        str | None,
        typer.Argument(metavar="LAB", help="Which one; none: list them.", autocompletion=complete_lab),
    ] = None,
    to: Annotated[
        Path | None, typer.Option("--to", metavar="FOLDER", help="Copy it to this new folder of yours.")
    ] = None,
    give_up: Annotated[
        bool, typer.Option("--give-up", help="Use the shipped lab again; a copy without --to is removed.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    json: AsJson = False,
) -> None:
    """A copy of a lab that you can edit, however the kit was installed; every command uses it from then on."""
    from .. import catalog
    from ..catalog import own as copies
    from ..render.json import dump

    if lab is None:
        if to or give_up:
            raise UsageError("Which lab?", "Name it: machinelab own LAB")
        rows = [(id, str((copies.folder() / id).resolve())) for id in copies.copies()]
        emit(dump({"lab": id, "folder": place}) if json else f"{id}  {place}" for id, place in rows)
        if not rows:
            note("You have no copy of a lab. Make one: machinelab own LAB")
        return
    catalog.status(lab)
    if give_up:
        place = copies.copy_of(lab)
        if place and not place.is_symlink() and not yes:
            typer.confirm(f"Remove {place} and all your edits in it?", abort=True, err=True)
        root, kept = copies.give_up(lab)
        note(f"The shipped {lab} is used again. {'Your files stay in' if kept else 'Removed:'} {root}")
        return
    catalog.load_lab(lab)
    root = copies.take(lab, catalog.root(), to)
    emit([dump({"lab": lab, "folder": str(root)}) if json else str(root)])
    note(
        f"Edit it there: compose/{lab}, labs/{lab}, guides/{lab}.md. Then: machinelab up {lab}, reset {lab}, check {lab}"
    )


def _lines(found: "Iterable[Problem]", json: bool) -> "Iterator[str]":
    from json import dumps

    from ..render import escape

    for problem in found:
        placed = problem._replace(path=_short(problem.path))
        if json:
            yield dumps({**placed._asdict(), "path": str(placed.path)}, ensure_ascii=False)
        else:
            yield from (escape.terminal(line, None) for line in str(placed).splitlines())


def _short(path: Path) -> Path:
    """As seen from here, if it lies below."""
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path


@app.command(rich_help_panel=AUTHOR)
def test(
    lab: LabName,
    everything: Annotated[
        bool,
        typer.Option(
            "--all", help="Ask tshark about everything and run every live test, though nothing changed."
        ),
    ] = False,
    agree: Annotated[
        bool,
        typer.Option("--agree", help="Write down what tshark agreed to, and that the live tests passed."),
    ] = False,
    yes: Annotated[
        bool, typer.Option("--yes", "-y", help="Install what the tests need without asking.")
    ] = False,
) -> None:
    """Run the tests of one lab: its checks, its protocols and sources, tshark, real containers."""
    from .. import catalog
    from ..check import suite

    opened = catalog.load_lab(lab)
    suite.folder()
    if absent := suite.missing():
        note(f"The tests need {', '.join(absent)}.")
        if not yes and not typer.confirm("Install them with pip?", err=True):
            raise typer.Exit(2)
        suite.install()
    with progress() as tell:
        reason = suite.prepare(opened, tell)
    if reason:
        note(f"Left out: live tests and tshark. {reason}")
    words = [*(["--all"] if everything else []), *(["--agree"] if agree else [])]
    raise typer.Exit(0 if suite.run(opened, note, engine=not reason, words=words) else 1)


@app.command(rich_help_panel=AUTHOR)
def new(
    id: Annotated[str | None, typer.Argument(metavar="ID", help="The new lab's id, like my-lab.")] = None,
    protocol: Annotated[
        str | None,
        typer.Option("--protocol", metavar="NAME", help="A dissector in place of a lab, like memcache."),
    ] = None,
    source: Annotated[
        str | None,
        typer.Option("--source", metavar="NAME", help="A reader of a kind of evidence, like gclog."),
    ] = None,
) -> None:
    """Make a lab of two nodes that runs, a dissector, or a source of evidence; what to finish in it is told."""
    from ..check import scaffold

    wanted = [word for word in (id, protocol, source) if word is not None]
    if len(wanted) != 1:
        raise UsageError(
            "Name one thing to make.", "Use: new my-lab, new --protocol NAME or new --source NAME."
        )
    if id is not None:
        emit(f"Wrote {_short(path)}" for path in scaffold.new(id))
        note(f"Next:  machinelab up {id}   machinelab record {id}   machinelab check {id} --fix")
        return
    written = scaffold.protocol(protocol) if protocol is not None else scaffold.source(wanted[0])
    emit(f"Wrote {_short(path)}" for path in written)
    test = next(path for path in written if path.name.startswith("test_"))
    note(f"Next:  pytest {_short(test)}")
    note("It fails for now, and lists what is left to write.")
