"""What is longer than the screen, shown by the reader's pager."""

import os
import shlex
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterable
from contextlib import suppress

from .common import emit, note


def paged(lines: Iterable[str], wanted: bool = True) -> None:
    """Lines on standard output; by `$PAGER` (else less), where that is a terminal that they do not fit on."""
    text = list(lines)
    command = _pager() if wanted and sys.stdout.isatty() and _too_long(text) else []
    if not command or not _shown(command, text):
        emit(text)


def _too_long(text: list[str]) -> bool:
    return len(text) >= shutil.get_terminal_size().lines


def _pager() -> list[str]:
    """The pager as a command; empty where there is none, or the reader wants none (`PAGER=` or `PAGER=cat`)."""
    command = shlex.split(os.environ.get("PAGER", "less"))
    return [] if command in ([], ["cat"]) else command


def _shown(command: list[str], text: list[str]) -> bool:
    """Give the text to a pager and wait until it is left. False if it cannot be started."""
    # As git does: colours as colours (R), and no waiting at a text that fits (F).
    environment = {"LESS": "FRX", "LV": "-c", **os.environ}
    # Ctrl-C is the pager's business while it runs; less stops a search with it.
    before = signal.signal(signal.SIGINT, lambda signum, frame: None)
    try:
        with subprocess.Popen(command, stdin=subprocess.PIPE, env=environment) as running:
            assert running.stdin is not None
            with suppress(BrokenPipeError), running.stdin as pipe:  # left before the end
                pipe.write("".join(f"{line}\n" for line in text).encode(sys.stdout.encoding, "replace"))
        return True
    except OSError as error:
        if "PAGER" in os.environ:
            note(f"PAGER cannot be started ({command[0]}: {error.strerror}).")
        return False
    finally:
        signal.signal(signal.SIGINT, before)
