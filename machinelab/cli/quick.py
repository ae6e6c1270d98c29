"""`machinelab packets FILE [--count N]` and `machinelab inspect LAB [EXPERIMENT] [--reference]` without the command line's own
machinery, which takes longer than the packets do, and a fifth of the time to the inspector's first paint.

What is not exactly that goes the usual way, where the same command is declared with all its options.
"""

import sys
from collections.abc import Sequence
from pathlib import Path

STDIN = "-"


def quick(words: Sequence[str]) -> bool:
    """List a file's packets or inspect a lab's, if that is all the words ask for; False if they ask for anything else."""
    match list(words):
        case ["inspect", *rest]:
            return inspected(rest)
        case ["packets", what] if is_file(what):
            count = None
        case ["packets", what, "--count", number] | ["packets", "--count", number, what] if is_file(what):
            if not number.isascii() or not number.isdigit():
                return False
            count = int(number)
        case _:
            return False
    plain(path_of(what), count)
    return True


def inspected(words: Sequence[str]) -> bool:
    """Open the inspector, where nothing but a lab, an experiment and `--reference` is named, and there is a terminal."""
    names = [word for word in words if word != "--reference"]
    plain_names = not any(name.startswith("-") or is_file(name) for name in names)
    if not (len(names) in (1, 2) and plain_names and sys.stdin.isatty() and sys.stdout.isatty()):
        return False
    from ..inspector import opening

    opening.inspect_lab(names[0], names[1] if len(names) > 1 else None, shipped="--reference" in words)
    return True


def is_file(what: str) -> bool:
    """Whether an argument is a capture file and not a lab; `-` is standard input."""
    return what == STDIN or (not what.startswith("-") and ("/" in what or "." in what))


def path_of(what: str) -> Path:
    """The file that an argument names."""
    return Path("/dev/stdin") if what == STDIN else Path(what)


def plain(path: Path, count: int | None) -> None:
    """The packets of a capture, one line each, as they are read; the first `count` of them."""
    import gc
    from itertools import islice

    gc.disable()  # what is imported stays: looking through it for garbage is a tenth of the time to the first packets
    from ..errors import UsageError
    from ..render import plain as draw
    from ..render.terminal import terminal_style
    from ..sources import pcap

    if not path.exists():
        raise UsageError(f"There is no file {path}.", "Give the path of a pcap or pcapng file.")
    warnings: list[str] = []
    if count is None:
        gc.enable()
    events = pcap.stream(path, warnings, first=1 << 15 if count is not None else pcap.CHUNK)
    shown = draw.lines(islice(events, count), terminal_style(sys.stdout), cut=sys.stdout.isatty())
    for line in shown:
        sys.stdout.write(line + "\n")
    sys.stdout.flush()
    for warning in warnings:
        sys.stderr.write(warning + "\n")
