"""What the commands share: options, completion, and opening the evidence they were asked about."""

import sys
from collections.abc import Iterable, Iterator, Sized
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ..errors import UsageError
from .quick import is_file, path_of

if TYPE_CHECKING:
    from ..analysis.reading import Reading
    from ..model import Experiment, Lab
    from ..render.terminal import TerminalStyle
    from ..sources.decoding import DecodeAs
    from .progress import Reporter


def complete_lab(incomplete: str) -> list[str]:
    """Labs that are ready."""
    from .. import catalog

    return [id for id in catalog.ready() if id.startswith(incomplete)]


def complete_experiment(ctx: typer.Context, incomplete: str) -> list[str]:
    """Experiments of the lab named before."""
    from .. import catalog

    lab = ctx.params.get("guide") or ctx.params.get("lab") or ctx.params.get("what") or ""
    return (
        [e.id for e in catalog.load_lab(lab).experiments if e.id.startswith(incomplete)]
        if lab in catalog.ready()
        else []
    )


def complete_step(ctx: typer.Context, incomplete: str) -> list[str]:
    """Steps of the lab named before."""
    from .. import catalog

    lab = ctx.params.get("guide") or ctx.params.get("lab") or ctx.params.get("what") or ""
    if lab not in catalog.ready():
        return []
    ids = dict.fromkeys(
        step.id for experiment in catalog.load_lab(lab).experiments for step in experiment.steps
    )
    return [id for id in ids if id.startswith(incomplete)]


def complete_node(ctx: typer.Context, incomplete: str) -> list[str]:
    """Nodes of the lab named before."""
    from .. import catalog
    from ..engine import compose

    lab = ctx.params.get("lab") or ""
    if lab not in catalog.ready():
        return []
    services = compose.load(lab, catalog.compose_file(lab)).services
    return [node for node in services if node.startswith(incomplete)]


def complete_rule(incomplete: str) -> list[str]:
    """Ports and protocols of --decode-as."""
    from ..sources.decoding import completed

    return completed(incomplete)


def _of_whom(context: typer.Context, lab: str) -> str:
    """Say so where a lab is the reader's own copy: it is not what the project ships."""
    from ..catalog import own

    if not context.resilient_parsing and (place := own.copy_of(lab)):
        note(f"{lab} is your own copy, in {place.resolve()} (give it up: machinelab own {lab} --give-up)")
    return lab


LabName = Annotated[
    str,
    typer.Argument(
        metavar="LAB", help="A lab: see `machinelab list`.", autocompletion=complete_lab, callback=_of_whom
    ),
]
What = Annotated[
    str,
    typer.Argument(
        metavar="LAB|FILE",
        help="A lab, or a capture file (with --guide).",
        autocompletion=complete_lab,
        callback=_of_whom,
    ),
]
ExperimentName = Annotated[
    str | None,
    typer.Argument(
        metavar="EXPERIMENT", help="One of the lab's experiments.", autocompletion=complete_experiment
    ),
]
NodeName = Annotated[
    str, typer.Argument(metavar="NODE", help="One of the lab's nodes.", autocompletion=complete_node)
]
Instance = Annotated[
    str,
    typer.Option("--as", metavar="NAME", help="An instance of your own beside others.", show_default=False),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, for scripts.")]
RunId = Annotated[int | None, typer.Option("--run", metavar="ID", help="That run, not the newest.")]
Every = Annotated[
    bool,
    typer.Option("--all", help="Show each packet beside the point, where stretches of them are one line."),
]
Shipped = Annotated[bool, typer.Option("--reference", help="The capture that ships with the lab.")]
GuideOf = Annotated[
    str | None,
    typer.Option(
        "--guide", metavar="LAB", help="Read a FILE against this lab's guide.", autocompletion=complete_lab
    ),
]
Keys = Annotated[
    Path | None, typer.Option("--keys", metavar="FILE", help="TLS secrets (SSLKEYLOGFILE) of a FILE.")
]
FilterText = Annotated[str, typer.Option("--filter", metavar="EXPR", help="A Wireshark display filter.")]
StepName = Annotated[
    str | None,
    typer.Option("--step", metavar="ID", help="Only this step's packets.", autocompletion=complete_step),
]
DecodeRules = Annotated[
    list[str] | None,
    typer.Option(
        "--decode-as",
        metavar="RULE",
        help="A protocol on a port of its own, like tshark's -d: tcp.port==29092,kafka; may be repeated.",
        autocompletion=complete_rule,
    ),
]
Recorded = Annotated[
    list[str] | None,
    typer.Option(
        "--set", metavar="KNOB=VALUE", help="With --reference: the one recorded with this knob turned."
    ),
]
Settings = Annotated[
    list[str] | None, typer.Option("--set", metavar="KNOB=VALUE", help="Turn a knob; may be repeated.")
]

LEARN = "Learn"  # the heading of `--help` under which learners find their commands
DEFAULT = "default"


@dataclass(frozen=True, slots=True)
class EvidenceOptions:
    """Which evidence a command is asked about, as it was typed: a lab's run or reference, or a FILE and its guide."""

    what: str
    experiment: str | None = None
    guide: str | None = None
    keys: Path | None = None
    decode_as: list[str] | None = None
    run: int | None = None
    shipped: bool = False
    settings: list[str] | None = None
    instance: str = DEFAULT


def open_what(asked: EvidenceOptions) -> "Reading":
    """The evidence a command was asked about. Says on standard error when it falls back to the reference."""
    from .. import catalog
    from ..sources.decoding import decoding

    _only_recorded(asked.settings, asked.shipped)
    what, ports = asked.what, decoding(asked.decode_as)
    if is_file(what):
        if not asked.guide:
            raise UsageError(
                f"{what} is a file: which guide shall explain it?", "Add --guide LAB, e.g. --guide dns."
            )
        return opened_file(path_of(what), asked.guide, asked.experiment, asked.keys, ports)
    lab = catalog.load_lab(what)
    return open_of(lab, asked.experiment, asked.instance, asked.run, asked.shipped, asked.settings, ports)


def open_of(
    lab: "Lab",
    experiment: str | None,
    instance: str = DEFAULT,
    run: int | None = None,
    shipped: bool = False,
    settings: list[str] | None = None,
    ports: "DecodeAs | None" = None,
    most: int | None = None,
) -> "Reading":
    """The same, of a lab that is loaded already. `most`: of a run, its first packets alone."""
    from ..analysis import reading

    _only_recorded(settings, shipped)
    if settings:
        chosen = lab.experiment(experiment) if experiment else lab.core_path[0]
        return reading.open_reference(lab, chosen.id, turned(chosen, settings), ports)
    found = reading.open_lab(
        lab, experiment, instance=instance, run=run, shipped=shipped, decode_as=ports, most=most
    )
    if found.origin == "reference" and not shipped:
        alias = "" if instance == DEFAULT else f" --as {instance}"
        own = f"machinelab run {lab.id} {found.experiment.id}{alias}"
        note(f"No run of your own yet: this is the reference capture that ships with the lab. Yours: {own}")
    return found


def _only_recorded(settings: list[str] | None, shipped: bool) -> None:
    if settings and not shipped:
        raise UsageError(
            "--set chooses among the captures that ship with a lab.",
            "Add --reference, or run the experiment with it: machinelab run LAB EXPERIMENT --set KNOB=VALUE",
        )


def opened_file(
    file: Path, guide: str, experiment: str | None, keys: Path | None, decode_as: "DecodeAs | None"
) -> "Reading":
    """A capture from elsewhere, read against a guide. Says on standard error what may be hidden behind other ports."""
    from .. import catalog
    from ..analysis import absent, reading

    found = reading.open_file(file, catalog.load_lab(guide), experiment, keys, decode_as)
    tell(absent.hints(found.lab, found.run.trace))
    return found


def turned(experiment: "Experiment", settings: list[str] | None) -> dict[str, str]:
    """`--set K=V` held against an experiment's knobs. Raises UsageError for a knob or a value that there is not."""
    from ..workflow import running

    return running.settings(experiment, knobs(settings))


def note(text: str) -> None:
    """A remark on standard error, out of the way of what a pipe reads."""
    from textwrap import wrap

    from ..render.terminal import terminal_style

    # A path or a command that is broken in two cannot be copied.
    lines = wrap(text, terminal_style(sys.stderr).width, break_long_words=False, break_on_hyphens=False)
    sys.stderr.writelines(line + "\n" for line in lines)


def tell(lines: Iterable[str]) -> None:
    """Remarks, a line each."""
    for line in lines:
        note(line)


def counted(things: Sized, name: str) -> str:
    """`1 network`, `2 networks`."""
    return f"{len(things)} {name}{'' if len(things) == 1 else 's'}"


def emit(lines: Iterable[str]) -> None:
    """Lines on standard output."""
    sys.stdout.writelines(line + "\n" for line in lines)
    sys.stdout.flush()


@contextmanager
def progress() -> "Iterator[Reporter]":
    """Progress on standard error, taken away again at the end."""
    from .progress import on_stderr

    reporter = on_stderr()
    try:
        yield reporter
    finally:
        reporter.close()


def terminal() -> "TerminalStyle":
    """How standard output can be drawn on."""
    from ..render.terminal import terminal_style

    return terminal_style(sys.stdout)


def knobs(settings: list[str] | None) -> dict[str, str]:
    """`--set K=V` as a table. Raises UsageError for what has no `=`."""
    table = {}
    for setting in settings or ():
        name, sign, value = setting.partition("=")
        if not sign or not name:
            raise UsageError(
                f"--set {setting} is not KNOB=VALUE.", "Write it like --set name=www.example.test"
            )
        table[name] = value
    return table
