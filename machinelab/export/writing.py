"""Writes a run to a file: pcapng for Wireshark, an HTML page, the ladder as SVG, all events as JSON."""

import errno
import os
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from .. import catalog
from ..analysis.reading import Reading
from ..analysis.view import View
from ..errors import LabError, UsageError
from ..model import Event, Figure, Topology
from ..store import references, runs
from . import illustrating
from .illustrating import Illustrate

if TYPE_CHECKING:
    from ..render.page import Sources

ENDINGS = (".pcapng", ".html", ".svg", ".json")


@dataclass(frozen=True)
class ExportSource:
    """What an export contains: a view, the guide's sections, a run's id, knobs and TLS keys; figures, and the pictures of a
    view (worked out when asked for). `topology` is the lab's map."""

    view: View
    section: Callable[[str], str] = lambda step: ""
    secrets: bytes = b""
    id: int | None = None
    knobs: Mapping[str, str] = field(default_factory=dict)
    figures: Callable[[], Sequence[Figure]] = tuple
    pictures: Callable[[View], Sequence[Illustrate]] = lambda view: ()
    topology: Callable[[], Topology | None] = lambda: None


def export(
    found: Reading,
    path: Path,
    events: Sequence[Event] | None = None,
    keys: Path | None = None,
    *,
    redact: bool = False,
) -> str:
    """Write all events, or these, in the format that the file's suffix names. Returns a sentence that says what was written.

    `redact`: passwords, tokens and personal names are masked and TLS keys left out; encrypted packets stay encrypted.

    Raises UsageError for an unknown suffix, LabError if the file cannot be written.
    """
    from ..workflow.guide_text import Sections

    source = ExportSource(
        found.view(),
        Sections(found, found.origin == "reference").markdown,
        keys.read_bytes() if keys and keys.is_file() else secrets(found),
        found.info.id if found.info else None,
        found.run.knobs,
        lambda: figures(found),
        lambda view: illustrating.pictures_of(found, view),
        lambda: illustrating.topology_of(found),
    )
    return write(source, path, events, redact=redact)


def sources_of(found: Reading, *, shipped: bool) -> "Sources":
    """What the page of a run is made of beside its packets. `shipped`: the guide's other values are the references', too."""
    from ..render.page import Sources
    from ..workflow.guide_text import Sections

    view = found.view()
    return Sources(
        Sections(found, shipped).markdown,
        illustrating.topology_of(found),
        figures(found),
        illustrating.pictures_of(found, view),
    )


def write(
    source: ExportSource, path: Path, events: Sequence[Event] | None = None, *, redact: bool = False
) -> str:
    """The same for evidence that was read against no guide."""
    encode = _FORMATS.get(path.suffix.lower())
    if encode is None:
        hint = f"Name it like {path.stem or 'run'}.html"
        raise UsageError(f"{path.name} ends in none of {', '.join(ENDINGS)}.", hint)
    data, said = _redacted(encode, source, events) if redact else encode(source, events)
    _whole(path, data)
    return f"Wrote {path}: {said}, {len(data):,} bytes."


def _whole(path: Path, data: bytes) -> None:
    """Write a file whole or not at all: a full disk leaves what was there before. Raises LabError."""
    special = path.exists() and not path.is_file()  # a pipe, /dev/stdout: nothing can be put in its place
    draft = path if special else path.with_name(f".{path.name}.{os.getpid()}")
    try:
        draft.write_bytes(data)
        if draft != path:
            draft.replace(path)
    except OSError as error:
        if draft != path:
            with suppress(OSError):
                draft.unlink(missing_ok=True)
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        raise LabError(
            f"{path} cannot be written: {error.strerror}.",
            f"Free {len(data):,} bytes there, or name a file on another disk."
            if full
            else "Name a file in a folder of yours.",
        ) from error


def _redacted(encode: "Format", source: ExportSource, events: Sequence[Event] | None) -> tuple[bytes, str]:
    """The encoded file with confidential values masked: first in the events, then in the encoded bytes."""
    from . import redaction

    view, found = redaction.redact(source.view)
    masked = {event.id: event for event in view.trace.events}
    shown = None if events is None else [masked[event.id] for event in events]
    data, said = encode(replace(source, view=view, secrets=b""), shown)
    return redaction.scrub(data, found), f"{said}, secrets masked"


def secrets(found: Reading) -> bytes:
    """The TLS keys of a run, as its nodes logged them; empty if there are none."""
    if found.info is None:
        return b""
    if found.own:
        evidence = references.of_run(runs.folder_of(found.lab.id, found.info.instance) / str(found.info.id))
    else:
        folder = catalog.reference_folder(found.lab.id)
        evidence = references.Evidence(
            folder, folder, folder / f"{references.name_of(found.experiment, found.run.knobs)}.keys"
        )
    return evidence.keys.read_bytes() if evidence.keys.is_file() else b""


def figures(found: Reading) -> list[Figure]:
    """The plots of its experiment: of the reader's own runs or of the reference, as it is; none of a capture from elsewhere."""
    from ..analysis import plots

    if found.info is None:
        return []
    own = [plot for plot in found.lab.plots if plot.experiment in ("", found.experiment.id)]
    return [
        plots.figure(found.lab, plot, found.info.instance, shipped=not found.own)
        if plot.lanes is None
        else plots.of_one(found.lab, plot, found)
        for plot in own
    ]


def _pcapng(source: ExportSource, events: Sequence[Event] | None) -> tuple[bytes, str]:
    from ..render.pcapng import pcapng

    shown = source.view.trace.events if events is None else events
    packets = [event for event in shown if event.source == "packets"]
    rest = len(shown) - len(packets)
    left = f" ({rest} events that are no packets stayed out)" if rest else ""
    with_keys = " with their keys" if source.secrets.strip() else ""
    words = ", the guide's words as comments" if source.view.lab else ""
    return pcapng(source.view, events, source.secrets), f"{len(packets)} packets{with_keys}{words}{left}"


def _html(source: ExportSource, events: Sequence[Event] | None) -> tuple[bytes, str]:
    from ..render.page import Sources, page

    view = source.view
    sources = Sources(source.section, source.topology(), source.figures(), source.pictures(view))
    text = page(view, events, sources, source.knobs)
    return text.encode("utf-8", "backslashreplace"), "one page that needs nothing else"


def _svg(source: ExportSource, events: Sequence[Event] | None) -> tuple[bytes, str]:
    from ..render.ladder_svg import ladder_svg

    return ladder_svg(source.view, events).encode("utf-8", "backslashreplace"), "the ladder"


def _json(source: ExportSource, events: Sequence[Event] | None) -> tuple[bytes, str]:
    import json

    from ..render import json as made

    view = source.view
    listed = list(made.events(view, events, verbose=True))
    head = {
        **made.run_object(view, source.id),
        "origin": view.origin,
        "knobs": dict(source.knobs),
        "nodes": {name: [i.address for i in feet] for name, feet in view.trace.nodes.items()},
        "events": [],
    }
    # An event a line: what is indented is written by Python, not by C, at four times the cost.
    before, empty, after = json.dumps(head, indent=1).partition('\n "events": []')
    lines = ",\n".join(listed)
    text = f"{before}{empty[:-1]}\n{lines}\n ]{after}\n" if listed else f"{before}{empty}{after}\n"
    return text.encode(), f"{len(listed)} events with all fields"


Format = Callable[[ExportSource, Sequence[Event] | None], tuple[bytes, str]]
_FORMATS: Mapping[str, Format] = {".pcapng": _pcapng, ".html": _html, ".svg": _svg, ".json": _json}
