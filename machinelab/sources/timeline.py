"""All of a run's evidence on one timeline: the packets, and what else its nodes gave.

A source is a module in `kinds/`, named as its kind: what it has to hold stands there.

An event's `source` is the kind. Sources are merged by time, and each keeps its own order: where a log says that one thing
came after another, no clock overrules it.
"""

import heapq
import importlib
import pkgutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import ModuleType

from ..dissect.decode_as import DecodeAs
from ..errors import LabError
from ..model import Event, Interface, Trace
from . import kinds as kinds_package
from . import pcap

PACKETS = "packets"


def load(
    capture: Path,
    evidence: Path,
    nodes: Mapping[str, tuple[Interface, ...]] | None = None,
    keys: Path | None = None,
    decode_as: DecodeAs | None = None,
    most: int | None = None,
) -> Trace:
    """The events of one run. What cannot be read of its evidence is told in the trace's warnings. `most`: packets at most.

    Raises LabError if the capture is there and is none.
    """
    empty = Trace((), dict(nodes or {}))
    trace = pcap.load(capture, nodes, keys, decode_as, most) if capture.exists() else empty
    found, warnings = _gathered(evidence)
    return join(trace, found, warnings) if found or warnings else trace


def join(trace: Trace, found: Mapping[str, Sequence[Event]], warnings: Iterable[str] = ()) -> Trace:
    """The packets of a trace and the events of other sources (kind → events), each in its place."""
    sources = {PACKETS: list(trace.events), **{kind: list(events) for kind, events in found.items()}}
    for kind in found:
        place = getattr(reader(kind), "place", None)
        if place is not None:
            others = {name: events for name, events in sources.items() if name != kind}
            sources[kind] = place(sources[kind], others, trace.names())
    events = tuple(heapq.merge(*sources.values(), key=lambda event: event.time))
    return Trace(events, trace.nodes, (*trace.warnings, *warnings))


def reader(kind: str) -> ModuleType | None:
    """The module that reads a kind of evidence, or None if there is none."""
    if not kind.isidentifier() or kind not in kinds():
        return None
    return importlib.import_module(f"{kinds_package.__name__}.{kind}")


def kinds() -> tuple[str, ...]:
    """Every kind of evidence that can be read, by name."""
    return tuple(module.name for module in pkgutil.iter_modules(kinds_package.__path__))


def _gathered(folder: Path) -> tuple[dict[str, list[Event]], list[str]]:
    """What lies in a run's evidence folder, by kind; and what could not be read."""
    files: dict[str, list[list[Event]]] = {}
    warnings: list[str] = []
    for path in sorted(folder.glob("*.*")) if folder.is_dir() else ():
        node, kind = path.stem, path.suffix.removeprefix(".")
        source = reader(kind)
        if source is None:
            warnings.append(f"evidence/{path.name} is of no kind that can be read.")
            continue
        try:
            files.setdefault(kind, []).append(source.load(path.read_bytes(), node))
        except (LabError, OSError) as error:
            warnings.append(f"evidence/{path.name} cannot be read: {error}")
    return {kind: _numbered(lists) for kind, lists in files.items()}, warnings


def _numbered(lists: Sequence[list[Event]]) -> list[Event]:
    """One source's events from all its nodes, numbered from 1 in the order of their times."""
    if len(lists) == 1:
        return lists[0]
    merged = heapq.merge(*lists, key=lambda event: event.time)
    return [replace(event, number=number) for number, event in enumerate(merged, start=1)]
