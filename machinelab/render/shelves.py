"""`machinelab list` and `path`: the guides by shelf, and the reading progressions."""

import json
from collections.abc import Iterator, Sequence

from ..catalog.listing import ExperimentListing, GuideListing, LabListing
from ..catalog.shelves import SHELVES
from .terminal import TerminalStyle, cells, pad


def experiments(known: LabListing, terminal: TerminalStyle) -> Iterator[str]:
    """The core path in order, numbered, then the further experiments, each with title and knobs; what has been run is ticked."""
    yield terminal.paint(terminal.text(known.title), "bold")
    core = [listed for listed in known.experiments if listed.core]
    further = [listed for listed in known.experiments if not listed.core]
    wide = max((cells(listed.id) for listed in known.experiments), default=0)
    for heading, part in (("The core path, in this order:", core), ("Further:", further)):
        if part and further:
            yield from ("", heading)
        elif part:
            yield ""
        for place, listed in enumerate(part, 1):
            yield from _experiment(listed, place if listed.core else 0, wide, terminal)
    ran, walked = sum(listed.ran for listed in known.experiments), sum(listed.ran for listed in core)
    yield ""
    yield f"{walked} of {len(core)} on the core path run, {ran} of {len(known.experiments)} in all; {known.right} of {known.questions} questions right."
    if known.experiments:
        first = next(listed for listed in known.experiments if listed.id == known.next)
        yield f"Run one:     machinelab run {known.lab} {first.id}{known.alias}"
        closed = [(name, values[1]) for name, values in first.knobs if values[1:] not in ((), ("…",))]
        for name, value in closed[:1]:
            yield f"Turn a knob: machinelab run {known.lab} {first.id} --set {name}={value}{known.alias}"


def _experiment(listed: ExperimentListing, place: int, wide: int, terminal: TerminalStyle) -> Iterator[str]:
    """One experiment; `place` is its number on the core path, 0 if it is not on it."""
    mark = terminal.draw("✓") if listed.ran else " "
    number = f"{place}" if place else " "
    yield from terminal.hang(terminal.text(listed.title), f"{mark} {number} {pad(listed.id, wide)}  ")
    knobs = [terminal.text(f"{name}={'|'.join(values)}") for name, values in listed.knobs]
    for line in terminal.flow(knobs, "  ", terminal.width - wide - 6):
        yield " " * (wide + 6) + terminal.paint(terminal.draw(line), "dim")


def as_json(rows: Sequence[GuideListing]) -> Iterator[str]:
    """One object a line."""
    for row in rows:
        experiments = [{"id": id, "title": title, "core": id in row.core} for id, title in row.experiments]
        yield json.dumps(
            {
                "id": row.id,
                "title": row.title,
                "shelf": row.shelf,
                "status": row.status,
                "experiments": experiments,
            },
            ensure_ascii=False,
        )


def as_text(rows: Sequence[GuideListing], terminal: TerminalStyle) -> Iterator[str]:
    """Shelf by shelf; what is ready stands out."""
    wide = max(cells(row.id) for row in rows)
    shelf = ""
    for row in rows:
        if row.shelf != shelf:
            yield from ([""] if shelf else [])
            shelf = row.shelf
            yield terminal.paint(SHELVES.get(shelf, shelf), "bold")
        yield terminal.cut(f"  {pad(row.id, wide)}  {row.title}  {_state(row)}", terminal.width)
    ready = [row.id for row in rows if row.status == "ready"]
    yield ""
    first = ready[0] if ready else "dns"
    yield f"{len(ready)} of {len(rows)} labs {'is' if len(ready) == 1 else 'are'} ready."
    yield f"Look into one: machinelab list {first}    Begin: machinelab up {first}"


def _state(row: GuideListing) -> str:
    if row.status != "ready":
        return "(planned)"
    ran = f", {row.core_ran} of {len(row.core)} on the core path run" if row.ran else ""
    right = f", {row.right} of {row.questions} questions right" if row.right else ""
    return f"· ready, {len(row.experiments)} experiments{ran}{right}"


def progressions(
    paths: Sequence[tuple[str, str, Sequence[GuideListing]]], terminal: TerminalStyle
) -> Iterator[str]:
    """Each progression with its guides in order: what is ready, what has been run; ticked is whose core path is done."""
    for id, title, rows in paths:
        yield terminal.paint(f"{id}: {title}", "bold")
        wide = max(cells(row.id) for row in rows)
        for row in rows:
            mark = terminal.draw("✓") if row.core and row.core_ran == len(row.core) else " "
            yield terminal.cut(f"  {mark} {pad(row.id, wide)}  {row.title}  {_state(row)}", terminal.width)
        yield ""
