"""JSON for scripts, one object a line. Wire text stays what it was; JSON's own escapes keep it harmless."""

import json
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from json.encoder import encode_basestring_ascii as quoted

from .. import fields, parallel
from ..analysis.failures import FailedCommand
from ..analysis.view import EventRow, View
from ..model import Event, Field, Figure, Missing
from .jsonline import FieldsWriter

Json = dict[str, object]


def events(view: View, shown: Sequence[Event] | None = None, verbose: bool = False) -> Iterator[str]:
    """A line for each event (`packets`, `events`, `annotate --json`). `verbose`: each value with its place in the bytes."""
    writer = FieldsWriter()
    for row in view.rows(shown):
        yield line(row, writer, verbose)


def pages(view: View) -> Iterator[str]:
    """The same lines for all events, many at a time, made by as many processes as there are processors."""
    all_events, writer = view.trace.events, FieldsWriter()
    for cached in ("start", "steps", "retries", "wholes", "names", "unexplained", "unwanted"):
        getattr(view, cached)  # worked out once, not in every process

    def page(start: int, stop: int) -> str:
        return "\n".join(line(row, writer) for row in view.rows(all_events[start:stop]))

    return parallel.blocks(len(all_events), page)


def listed(rows: Iterable[EventRow], verbose: bool = False) -> Iterator[str]:
    """The same lines for rows that come one by one, a batch at a time, each by as many processes as there are processors."""
    writer = FieldsWriter()
    return parallel.pages(rows, lambda batch: "\n".join(line(row, writer, verbose) for row in batch))


def line(row: EventRow, writer: FieldsWriter, verbose: bool = False) -> str:
    """`dump(event_object(row, verbose))`, at a tenth of its cost."""
    event, steps = row.event, tuple(dict.fromkeys(step.id for step, _ in row.steps))
    fields_text = (writer.write_placed if verbose else writer.write)(event.ordered())
    return (
        f'{{"number": {event.number}, "time": "{moment(event.time)}", "source": {_text(event.source)},'
        f' "network": {_text(event.network)}, "node": {_text(event.node)}, "src": {_text(row.src)},'
        f' "dst": {_text(row.dst)}, "protocol": {quoted(event.protocol)}, "summary": {quoted(event.content.summary())},'
        f' {_claims(steps)}, "exchange": {row.steps[0][1] if row.steps else "null"},'
        f' "background": {_text(row.background)}, "carriers": {"true" if row.state == "carrier" else "false"},'
        f' "same_as": {list(row.same_as)}, "fields": {fields_text}}}'
    )


def _text(word: str) -> str:
    return quoted(word) if word else "null"


@lru_cache(1024)
def _claims(steps: tuple[str, ...]) -> str:
    return f'"step": {_text(steps[0] if steps else "")}, "steps": [{", ".join(map(quoted, steps))}]'


def run(view: View, id: int | None) -> str:
    """The line of `run --json`. `id`: the run's number, None for a reference or a capture from elsewhere."""
    return dump(run_object(view, id))


def figure(found: Figure) -> str:
    """The line of `show --json` for a plot: the numbers of a picture, and where they come from."""
    plot = found.plot
    series = [
        {"name": each.name, "points": [list(point) for point in each.points], "marks": each.marks}
        for each in found.series
    ]
    return dump(
        {
            "lab": found.lab,
            "plot": plot.id,
            "title": plot.title,
            "experiment": plot.experiment,
            "x": plot.x,
            "y": plot.y,
            "series": series,
            "runs": list(found.origins),
            "missing": list(found.missing),
            "lanes": [
                {
                    "name": lane.name,
                    "tracks": [
                        {"name": track.name, "points": [list(point) for point in track.points]}
                        for track in lane.tracks
                    ],
                    "notes": [list(note) for note in lane.notes],
                }
                for lane in found.lanes
            ],
        }
    )


def dump(data: Json) -> str:
    """One line of printable ASCII: all else, DEL too, is written as `\\uXXXX`."""
    return json.dumps(data, ensure_ascii=True)


def event_object(row: EventRow, verbose: bool = False) -> Json:
    """One event. Keys that a kind of evidence has no value for (a log line's `network`) are null, never absent."""
    event = row.event
    steps = list(dict.fromkeys(step.id for step, _ in row.steps))
    return {
        "number": event.number,
        "time": moment(event.time),
        "source": event.source,
        "network": event.network or None,
        "node": event.node or None,
        "src": row.src or None,
        "dst": row.dst or None,
        "protocol": event.protocol,
        "summary": event.content.summary(),
        "step": steps[0] if steps else None,
        "steps": steps,
        "exchange": row.steps[0][1] if row.steps else None,
        "background": row.background or None,
        "carriers": row.state == "carrier",
        "same_as": list(row.same_as),
        "fields": {
            name: list(map(_placed if verbose else value, found)) for name, found in event.fields.items()
        },
    }


def moment(time: int) -> str:
    """Nanoseconds since the epoch as decimal seconds with nine places: a float would lose some 240 ns."""
    sign = "-" if time < 0 else ""
    return f"{sign}{abs(time) // 10**9}.{abs(time) % 10**9:09d}"


def value(field: Field) -> str | bool:
    """A value as `tshark -T fields` prints it; a flag as true or false."""
    return field.value if isinstance(field.value, bool) else fields.show(field.name, field.value)


def _placed(field: Field) -> Json:
    return {
        "value": value(field),
        "start": field.start,
        "stop": field.stop,
        "buffer": field.buffer,
        "mask": field.mask,
        "group": field.group,
    }


def reference(event: Event) -> int | str:
    """An event as lists cite it: a packet's number, `wal:3` for other evidence."""
    return event.number if event.id == str(event.number) else event.id


def run_object(view: View, id: int | None) -> Json:
    """A whole run: which steps were seen in which events, what is missing and why, what is left."""
    alignment = view.alignment
    return {
        "lab": view.lab,
        "experiment": view.experiment.id or None,
        "run": id,
        "ok": alignment.ok and not view.failed_commands,
        "knobs": dict(view.knobs),
        "headline": view.happened.text if view.happened else None,
        "harm": view.happened.harm if view.happened else None,
        "steps": _steps(view),
        "missing": [_missing(missing) for missing in alignment.missing],
        "undecided": [list(pair) for pair in alignment.undecided],
        "unclaimed": [reference(event) for event in alignment.unclaimed],
        "events": len(view.trace.events),
        "failed_commands": [_failed(view, failed) for failed in view.failed_commands],
    }


def _failed(view: View, failed: FailedCommand) -> Json:
    return {
        "phase": failed.phase,
        "node": failed.node,
        "command": failed.command,
        "exit": failed.exit,
        "stderr": failed.stderr,
        "hint": view.command("logs", failed.node) if view.own else "",
    }


def _steps(view: View) -> list[Json]:
    """Each step that was seen, in the experiment's order, with its events in time order, every part of its messages included."""
    found: dict[str, list[int | str]] = {}
    for event in view.trace.events:
        for id in dict.fromkeys(step.id for step, _ in view.steps.get(event.id, ())):
            found.setdefault(id, []).append(reference(event))
    order = [step.id for step in view.experiment.steps]
    seen = [id for id in order if id in found] + [id for id in found if id not in order]
    return [{"id": id, "events": found[id]} for id in seen]


def _missing(missing: Missing) -> Json:
    near = missing.near
    return {
        "id": missing.step.id,
        "reason": missing.reason,
        "near": near
        and {
            "event": reference(near.item.event),
            "failed": [{"field": c.field, "was": c.was, "wanted": c.wanted} for c in near.failed],
        },
    }
