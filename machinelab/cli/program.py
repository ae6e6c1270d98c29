"""The program: loads the commands, runs the app, and is the one place where an error becomes a line and an exit code."""

import gc
import importlib
import sys
from typing import NoReturn

import typer

from ..errors import LabError
from .app import app, debugging

# The files that add commands; `--help` shows them in this order, learners' first.
FILES = (
    "shelf", "running", "kept", "evidence", "capture", "console", "pictures", "learn", "inspect", "site", "engine", "author",
)  # fmt: skip

# New objects between two searches for garbage. A dissected capture is a million small tuples that stay: at Python's 700 (2,000
# from 3.13 on) a third of the processor time of `check load-balancing` went into looking through them; memory was the same.
UNCOLLECTED = 50_000


def load() -> None:
    """Have each file add its commands, and put them in the files' order, whichever was imported first."""
    for file in FILES:
        importlib.import_module(f"{__package__}.{file}")
    places = {f"{__package__}.{file}": at for at, file in enumerate(FILES)}
    app.registered_commands.sort(
        key=lambda info: places.get(getattr(info.callback, "__module__", ""), len(FILES))
    )


def main() -> NoReturn:
    """Run the command line. Exit codes: 0 well, 1 differs or wrong, 2 usage, 3 the engine, 4 a broken lab, 130 Ctrl-C."""
    gc.set_threshold(UNCOLLECTED)
    load()
    try:
        # Out of standalone mode, click gives the code of an Exit back in place of raising it.
        code = app(prog_name="machinelab", standalone_mode=False)
    except BaseException as error:  # noqa: BLE001 - no traceback reaches a learner unless asked for
        report(error)
    sys.exit(code if isinstance(code, int) else 0)


def report(error: BaseException) -> NoReturn:
    """An error as its line and its exit code."""
    match error:
        case SystemExit():
            raise error
        case typer.Exit():
            sys.exit(error.exit_code)
        case typer.Abort() | KeyboardInterrupt():
            sys.stderr.write("\nStopped.\n")
            sys.exit(130)
        case LabError():
            _stop(error)
        case BrokenPipeError():
            _close_quietly()
        case Exception():
            _stop_usage(error)
        case _:
            raise error


def _stop(error: LabError) -> NoReturn:
    if debugging():
        raise error
    from ..filter import FilterError
    from ..render.escape import terminal

    # A server's last words come as lines of their own; each is escaped, the line ends are ours.
    first, *more = error.message.splitlines() or [""]
    sys.stderr.write(f"✗ {terminal(first, None)}\n")
    place = error.caret().splitlines() if isinstance(error, FilterError) else []
    for line in (*more, *place, *error.hint.splitlines()):
        sys.stderr.write(f"  {terminal(line, None)}\n")
    sys.exit(error.exit_code)


def _stop_usage(error: Exception) -> NoReturn:
    """The parser's own complaints are usage (2); anything else is a fault of ours, reported in one line."""
    # Typer has had its parser as a package of its own (click) and inside itself: asked for by what it can do.
    show = getattr(error, "show", None)
    if callable(show) and hasattr(error, "exit_code"):
        show()
        sys.exit(2)
    if debugging():
        raise error
    sys.stderr.write(f"✗ machinelab itself failed: {type(error).__name__}: {error}\n")
    sys.stderr.write("  Run it again with --debug before the command, and report what it prints.\n")
    sys.exit(70)


def _close_quietly() -> NoReturn:
    """Whoever read our output has gone (`| head`): that is no error."""
    import os

    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(0)
