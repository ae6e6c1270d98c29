"""A run, written into a file that others open: pcapng for Wireshark, a page for a browser, a picture, data."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from . import catalog, reference, runs
from .errors import LabError, UsageError
from .model import Event
from .reading import Reading

ENDINGS = (".pcapng", ".html", ".svg", ".json")


def export(
    found: Reading, path: Path, events: Sequence[Event] | None = None, keys: Path | None = None
) -> str:
    """Write it, as the ending says: all events, or these. Gives a sentence about what was written.

    Raises UsageError for an ending that is none of ours, LabError where it cannot be written.
    """
    make = _MAKERS.get(path.suffix.lower())
    if make is None:
        raise UsageError(
            f"{path.name} ends in none of {', '.join(ENDINGS)}.", f"Name it like {path.stem or 'run'}.html"
        )
    data, said = make(found, events, keys)
    try:
        path.write_bytes(data)
    except OSError as error:
        raise LabError(
            f"{path} cannot be written: {error.strerror}.", "Name a file in a folder of yours."
        ) from error
    return f"Wrote {path}: {said}, {len(data):,} bytes."


def secrets(found: Reading) -> bytes:
    """The TLS keys of a run, as its nodes logged them; empty if there are none."""
    if found.info is None:
        return b""
    if found.own:
        evidence = reference.of_run(runs.folder_of(found.lab.id, found.info.instance) / str(found.info.id))
    else:
        folder = catalog.reference_folder(found.lab.id)
        evidence = reference.Evidence(folder, folder, folder / f"{found.experiment.id}.keys")
    return evidence.keys.read_bytes() if evidence.keys.is_file() else b""


def _pcapng(found: Reading, events: Sequence[Event] | None, keys: Path | None) -> tuple[bytes, str]:
    from .render.pcapng import pcapng

    secret = keys.read_bytes() if keys and keys.is_file() else secrets(found)
    shown = found.run.trace.events if events is None else events
    packets = [event for event in shown if event.source == "packets"]
    left = (
        f" ({len(shown) - len(packets)} events that are no packets stayed out)"
        if len(shown) > len(packets)
        else ""
    )
    with_keys = " with their keys" if secret.strip() else ""
    return pcapng(
        found.view(), events, secret
    ), f"{len(packets)} packets{with_keys}, the guide's words as comments{left}"


def _html(found: Reading, events: Sequence[Event] | None, keys: Path | None) -> tuple[bytes, str]:
    from .inspecting import Sections
    from .render.page import page

    text = page(found.view(), events, Sections(found, found.origin == "reference").markdown)
    return text.encode("utf-8", "backslashreplace"), "one page that needs nothing else"


def _svg(found: Reading, events: Sequence[Event] | None, keys: Path | None) -> tuple[bytes, str]:
    from .render.svg import svg

    return svg(found.view(), events).encode("utf-8", "backslashreplace"), "the ladder"


def _json(found: Reading, events: Sequence[Event] | None, keys: Path | None) -> tuple[bytes, str]:
    import json

    from .render import json as made

    view = found.view()
    whole = {
        **made.run_object(view, found.info.id if found.info else None),
        "origin": found.origin,
        "knobs": dict(found.run.knobs),
        "nodes": {name: [i.address for i in feet] for name, feet in view.trace.nodes.items()},
        "events": [made.event_object(row, verbose=True) for row in view.rows(events)],
    }
    return (json.dumps(whole, indent=1) + "\n").encode(), f"{len(whole['events'])} events with all fields"  # type: ignore[arg-type]


Maker = Callable[[Reading, Sequence[Event] | None, Path | None], tuple[bytes, str]]
_MAKERS: Mapping[str, Maker] = {".pcapng": _pcapng, ".html": _html, ".svg": _svg, ".json": _json}
