"""Node.js's trace events (`--trace-event-categories`): JSON in the form of Chrome's Trace Event Format, times in microseconds.

    {"pid":28,"tid":28,"ts":663862184,"ph":"b","cat":"node,node.console","name":"time::quick","dur":0,"id":"0x0","args":{}}

What begins (`b`) and ends (`e`) is one event, at its beginning: a stretch of a program between `console.time` and
`console.timeEnd` (node.console), a call to the file system or to the resolver (node.fs.async, node.dns.native), from when it was asked
for until its callback could run. `ts` counts from the machine's start, so the program writes the epoch's time into names of
its own: `time::clock 1796098699677.845`, in milliseconds.
"""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from ...model import Event, Field
from ..clock import Anchor, seconds
from ..lines import Entry, event, text

KIND = "nodetrace"
UNCERTAINTY = 1_000_000  # ns; the program has read the clock a little before the trace notes the time
MICROSECOND = 1_000  # ns
CATEGORIES = {"node.console": "time::", "node.fs.async": "", "node.dns.native": ""}

_BEGIN = re.compile(rb'\{"pid":')
# What every event begins with, in Node's order; a name is a JSON string.
_HEAD = re.compile(
    rb'\{"pid":\d+,"tid":(?P<thread>\d{1,9}),"ts":(?P<ts>\d{1,18}),"tts":\d+,"ph":"(?P<phase>[a-zA-Z])",'
    rb'"cat":"(?P<category>[^"]*)","name":"(?P<name>(?:[^"\\]|\\.)*)".*?(?:"id":"(?P<id>0x[0-9a-f]+)".*)?',
    re.DOTALL,
)
_ARGUMENT = re.compile(rb'"(?:path|hostname)":"(?P<what>(?:[^"\\]|\\.)*)"')
_CLOCK = re.compile(rb"time::clock (?P<epoch>\d{1,13}(?:\.\d+)?)")


@dataclass(slots=True)
class _Begun:
    """Something that has begun, and when it ended: microseconds of the trace's clock, None while it has not."""

    entry: Entry
    ended: int | None = None


def load(data: bytes, node: str) -> list[Event]:
    """What one trace tells of its program, by time. Empty if the trace does not say what its clock counts from."""
    entries = list(_entries(data))
    anchor = _anchor(entries)
    if anchor is None:
        return []
    begun = sorted(_begun(entries), key=lambda each: int(each.entry["ts"]))
    return [_event(number, each, anchor, node) for number, each in enumerate(begun, start=1)]


def _entries(data: bytes) -> Iterator[Entry]:
    """Each event of the trace, at its bytes."""
    starts = [found.start() for found in _BEGIN.finditer(data)]
    for start, stop in zip(starts, [*starts[1:], len(data)], strict=True):
        piece = data[start:stop].rstrip(b",]}\n") if stop == len(data) else data[start:stop].rstrip(b",\n")
        if (found := _HEAD.fullmatch(piece)) is not None:
            yield Entry(piece, found)


def _category(entry: Entry) -> str:
    return text(entry["category"]).rpartition(",")[2]


def _anchor(entries: Iterable[Entry]) -> Anchor | None:
    """Of all pairs of times the one whose two readings were nearest: a delay between them only makes the difference smaller."""
    pairs = [
        (epoch // 1000, int(entry["ts"]) * MICROSECOND)
        for entry in entries
        if entry["phase"] == b"b" and (found := _CLOCK.fullmatch(entry["name"]))
        if (epoch := seconds(found["epoch"])) is not None
    ]
    if not pairs:
        return None
    epoch, own = max(pairs, key=lambda pair: pair[0] - pair[1])
    return Anchor(epoch, own, UNCERTAINTY)


def _begun(entries: Iterable[Entry]) -> Iterator[_Begun]:
    """What began, each with its end: the next one of the same category, name and id."""
    told = (each for each in entries if _category(each) in CATEGORIES and not _CLOCK.fullmatch(each["name"]))
    ordered = sorted(told, key=_key)
    for _, group in groupby(ordered, key=_key):
        running: _Begun | None = None
        for entry in sorted(group, key=lambda each: int(each["ts"])):
            if entry["phase"] == b"b":
                if running:
                    yield running
                running = _Begun(entry)
            elif entry["phase"] == b"e" and running:
                running.ended = int(entry["ts"])
                yield running
                running = None
        if running:
            yield running


def _key(entry: Entry) -> tuple[str, bytes, bytes]:
    return _category(entry), entry["name"], entry["id"]


def _event(number: int, begun: _Begun, anchor: Anchor, node: str) -> Event:
    entry = begun.entry
    own = int(entry["ts"]) * MICROSECOND
    category = _category(entry)
    name = _string(entry["name"]).removeprefix(CATEGORIES[category])
    fields = [
        entry.label("nodetrace"),
        entry.field("nodetrace.thread", int(entry["thread"]), "thread"),
        entry.field("nodetrace.ts", own, "ts"),
        entry.field("nodetrace.category", category, "category"),
        entry.field("nodetrace.name", name, "name"),
        *_argument(entry),
    ]
    took = None if begun.ended is None else begun.ended * MICROSECOND - own
    if took is not None:
        fields.append(entry.field("nodetrace.duration", took, "ts"))
    return event(
        number, anchor.time(own), KIND, entry, fields, _summary(fields, took), node=node,
        uncertainty=anchor.doubt(own), protocol=KIND, lane=node,
    )  # fmt: skip


def _argument(entry: Entry) -> list[Field]:
    """The file or the name that the call is about."""
    found = _ARGUMENT.search(entry.data)
    return (
        [] if found is None else [entry.part("nodetrace.what", _string(found["what"]), *found.span("what"))]
    )


def _string(written: bytes) -> str:
    """The characters of a JSON string, without its quotes; as they are written if it is none."""
    try:
        return str(json.loads(b'"%b"' % written))
    except ValueError:
        return text(written)


def _summary(fields: Iterable[Field], took: int | None) -> str:
    said = [str(field.value) for field in fields if field.name in ("nodetrace.name", "nodetrace.what")]
    return "  ".join([*said, "never ended" if took is None else f"{took / 1e6:.1f} ms"])
