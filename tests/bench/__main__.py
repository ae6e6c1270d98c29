"""Every figure in one command: `python -m tests.bench [--json] [NAME …]`. Ratios taken side by side in one run; never pass or fail.

NAME is one or more of those printed by `--list`; without any, all of them (about half an hour). Start no other load beside it.
"""

import json
import subprocess
import sys
from collections.abc import Callable, Iterable
from typing import Any

from machinelab import catalog

from . import dns, elsewhere, labs, machine, protocols, starts

Rows = Iterable[tuple[str, dict[str, Any]]]


def module(name: str, *words: str) -> Callable[[], Rows]:
    """The rows of a bench that runs in a process of its own, since it measures this process's memory or signals."""

    def rows() -> Rows:
        told = subprocess.run(
            [sys.executable, "-m", f"tests.bench.{name}", "--json", *words],
            check=True,
            capture_output=True,
            text=True,
        )
        try:
            yield from json.loads(told.stdout).items()
        except json.JSONDecodeError:  # one row a line
            for line in told.stdout.splitlines():
                row = json.loads(line)
                yield f"{row.pop('listener')} at {row.pop('wanted')}/s", row

    return rows


BENCHES: dict[str, Callable[[], Rows]] = {
    "dns": lambda: ((name, figure()) for name, figure in dns.FIGURES.items()),
    "up": lambda: ((lab, labs.up(lab)) for lab in catalog.ready()),
    "cold": lambda: ((lab, labs.cold(lab)) for lab in catalog.ready()),
    "many": labs.many,
    "annotate": protocols.annotate,
    "elsewhere": elsewhere.elsewhere,
    "starts": starts.starts,
    "tap": module("tap"),
    "capture": module("capture"),
    "inspect": module("inspect"),
    "screen": module("screen", "--large"),
}


def main() -> None:
    """Measure what is named, or everything; a line as soon as it is known."""
    words = [word for word in sys.argv[1:] if not word.startswith("-")]
    if "--list" in sys.argv or any(word not in BENCHES for word in words):
        sys.exit(f"There are: {', '.join(BENCHES)}")
    about, found = machine.about(), {}
    if "--json" not in sys.argv:
        print("; ".join(f"{name} {value}" for name, value in about.items()))
    for name in words or BENCHES:
        found[name] = {}
        for row, figures in BENCHES[name]():
            found[name][row] = {**figures, "load": machine.load()}
            if "--json" not in sys.argv:
                shown = "  ".join(
                    f"{key} {value:.3g}" if isinstance(value, float) else f"{key} {value}"
                    for key, value in figures.items()
                )
                print(f"{name:9} {row:34} {shown}  (load {machine.load():.1f})", flush=True)
    if "--json" in sys.argv:
        print(json.dumps({"machine": about, "figures": found}, indent=1))


if __name__ == "__main__":
    main()
