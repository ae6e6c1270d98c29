"""What each command costs before it does anything: `machinelab COMMAND --help`, and the quick ones whole, against bare Python."""

import subprocess
import sys
from collections.abc import Iterator

from .dns import KIT, paired, timed

ROUNDS = 11
WHOLE = (
    ("list",),
    ("guide", "dns", "cold"),
    ("packets", "dns", "cold", "--reference"),
    ("packets", "dns", "cold", "--reference", "--json"),
    ("explain", "dns", "dns.flags.rcode"),
)


def commands() -> list[str]:
    """The commands, as the command line has them once its parts are loaded."""
    from machinelab.cli import program

    program.load()
    app = program.app
    return [each.name or each.callback.__name__ for each in app.registered_commands if each.callback]


def starts() -> Iterator[tuple[str, dict[str, float]]]:
    """Medians in seconds, and of the ratios to `python -c pass` taken in turn."""
    for words in [*((name, "--help") for name in commands()), *WHOLE]:
        subprocess.run([*KIT, *words], capture_output=True, check=True)
        ours, bare, ratio = paired(
            lambda words=words: timed([*KIT, *words]), lambda: timed([sys.executable, "-c", "pass"]), ROUNDS
        )  # type: ignore[misc]
        yield " ".join(words), {"ours_s": ours, "bare_python_s": bare, "ratio": ratio}
