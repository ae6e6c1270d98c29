"""A run in Python: console."""

import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated

import typer

from .app import app
from .common import (
    DEFAULT,
    LEARN,
    EvidenceOptions,
    ExperimentName,
    GuideOf,
    Instance,
    Keys,
    RunId,
    Shipped,
    What,
    open_what,
)

if TYPE_CHECKING:
    from ..api import AnnotatedRun


@app.command(rich_help_panel=LEARN)
def console(
    what: What,
    experiment: ExperimentName = None,
    code: Annotated[
        str | None, typer.Option("-c", "--code", metavar="CODE", help="Run one statement and exit.")
    ] = None,
    guide: GuideOf = None,
    keys: Keys = None,
    run: RunId = None,
    reference: Shipped = False,
    as_: Instance = DEFAULT,
) -> None:
    """A Python prompt with a run in it: its events, and its packets as Scapy's."""
    from ..api import AnnotatedRun

    found = open_what(
        EvidenceOptions(what, experiment, guide, keys, run=run, shipped=reference, instance=as_)
    )
    names = _names(AnnotatedRun(found))
    if code is not None:
        raise typer.Exit(_run(code, names))
    _prompt(names)


def _names(run: "AnnotatedRun") -> dict[str, object]:
    import machinelab

    return {
        "__name__": "__console__",
        "machinelab": machinelab,
        "run": run,
        "events": run.events,
        "packets": run.scapy(),
    }


def _run(code: str, names: dict[str, object]) -> int:
    """One statement as the prompt runs it, an expression's value printed; 1 where it raises."""
    import traceback

    try:
        exec(compile(code + "\n", "<code>", "single"), names)
    except (BrokenPipeError, KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # noqa: BLE001 - the code is the reader's own, and so is its traceback
        own = error.__traceback__.tb_next if error.__traceback__ else None
        traceback.print_exception(type(error), error, own)
        return 1
    return 0


def _prompt(names: dict[str, object]) -> None:
    """IPython's prompt on a terminal where it is installed, else Python's own, with completion where the system has it."""
    from importlib import import_module
    from importlib.util import find_spec

    banner = _banner(names)
    if sys.stdin.isatty() and find_spec("IPython"):
        from .common import emit

        emit([banner])
        import_module("IPython").start_ipython(argv=["--no-banner", "--no-confirm-exit"], user_ns=dict(names))
        return
    from code import interact

    _complete(names)
    interact(banner, local=names, exitmsg="")


def _banner(names: Mapping[str, object]) -> str:
    run = names["run"]
    return f"{run!r}  Here are run, events (each with .step and .sentence) and packets (Scapy's PacketList); try events[0]"


def _complete(names: dict[str, object]) -> None:
    """Tab, where there is readline (not on Windows)."""
    from importlib.util import find_spec

    if not (sys.stdin.isatty() and find_spec("readline")):
        return
    import readline
    from rlcompleter import Completer

    readline.set_completer(Completer(names).complete)
    readline.parse_and_bind("tab: complete")
