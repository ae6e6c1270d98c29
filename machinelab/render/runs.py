"""`machinelab runs`: what was run, when, and with which knobs turned."""

import json
from collections.abc import Iterator, Sequence
from itertools import groupby

from ..catalog.kept import RunListing
from .terminal import TerminalStyle, cells, pad


def as_text(found: Sequence[RunListing], terminal: TerminalStyle, alias: str = "") -> Iterator[str]:
    """A line for each run: its number, its time on the reader's own clock, its experiment and the knobs that were turned. `alias`: the option that names the instance."""
    numbers = max((len(str(row.id)) for row in found), default=0)
    wide = max((cells(row.experiment) for row in found), default=0)
    for lab, rows in groupby(found, key=lambda row: row.lab):
        yield terminal.paint(lab, "bold")
        for row in rows:
            line = f"  {row.id:>{numbers}}  {row.when}  {pad(row.experiment, wide)}  {row.turned}"
            yield terminal.cut(terminal.text(line.rstrip()), terminal.width)
    if found:
        yield ""
        yield f"Look at one: machinelab packets {found[-1].lab}{alias} --run {found[-1].id}"


def as_json(found: Sequence[RunListing]) -> Iterator[str]:
    """One object a line; times in nanoseconds since the epoch."""
    for row in found:
        yield json.dumps(
            {
                "lab": row.lab,
                "run": row.id,
                "experiment": row.experiment,
                "knobs": dict(row.knobs),
                "started": row.started,
                "ended": row.ended,
            },
            ensure_ascii=False,
        )
