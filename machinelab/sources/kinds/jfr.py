"""Events of Java's flight recorder (JFR), a line of JSON each, as a lab's program prints them from a recording.

    {"event":"lab.Task","start":1796101706213511236,"duration":200190746,"task":"task-2","thread":"pool-1"}

`start` is in nanoseconds since the epoch and `duration` in nanoseconds, as `jdk.jfr.consumer.RecordedEvent` has them; the rest are
the event's own fields. An event stands at its beginning; one that lasts is written when it ends.
"""

import json
import re

from ...model import Event, Field
from ..lines import Entry, entries, event

KIND = "jfr"
UNCERTAINTY = (
    1_000_000  # ns; the recorder's clock is set by the system's when a chunk of the recording begins
)
NUMBERS = ("queued", "threads")
WORDS = ("task", "thread", "policy")

_LINE = re.compile(
    rb'\{"event":"(?P<event>[\w.]{1,100})","start":(?P<start>\d{1,19}),"duration":(?P<duration>\d{1,18})(?P<rest>(?:,"\w+":(?:\d{1,18}|"[^"\\]*"))*)\}'
)
_FIELD = re.compile(rb'"(?P<name>\w+)":(?P<value>\d+|"(?P<word>[^"]*)")')


def load(data: bytes, node: str) -> list[Event]:
    """The events of one recording, in its order. Lines of another form are passed over."""
    return [_event(number, entry, node) for number, entry in enumerate(entries(data, _LINE), start=1)]


def _event(number: int, entry: Entry, node: str) -> Event:
    start, took = int(entry["start"]), int(entry["duration"])
    name = entry["event"].decode("ascii")
    fields = [
        entry.label("jfr"),
        entry.field("jfr.event", name, "event"),
        entry.field("jfr.start", start, "start"),
        *_own(entry),
    ]
    if took:
        fields.append(entry.field("jfr.duration", took, "duration"))
    return event(
        number, start, KIND, entry, fields, _summary(name, fields, took), node=node,
        uncertainty=UNCERTAINTY, protocol=KIND, lane=node,
    )  # fmt: skip


def _own(entry: Entry) -> list[Field]:
    """The event's own fields, those that have a name here."""
    found = []
    for each in _FIELD.finditer(entry.data, entry.found.start("rest")):
        name = each["name"].decode("ascii")
        if name in NUMBERS and each["word"] is None:
            found.append(entry.part(f"jfr.{name}", int(each["value"]), *each.span("value")))
        elif name in WORDS and each["word"] is not None:
            said = json.loads(each["value"].decode("utf-8", "replace"), strict=False)
            found.append(entry.part(f"jfr.{name}", said, *each.span("word")))
    return found


def _summary(name: str, fields: list[Field], took: int) -> str:
    """`Task  task-2  pool-1  200.2 ms`."""
    said = [str(field.value) for field in fields if field.name in ("jfr.task", "jfr.thread", "jfr.policy")]
    return "  ".join([name.rpartition(".")[2], *said, *([f"{took / 1e6:.1f} ms"] if took else [])])
