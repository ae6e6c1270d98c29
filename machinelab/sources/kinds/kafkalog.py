"""A Kafka broker's log: `[2026-11-24 10:57:12,744] INFO what it says (who says it)`, the time in UTC.

The time is cut to milliseconds, so a line was written within the millisecond that begins there: the event stands in its middle.
(Apache Kafka's config/log4j2.yaml: the pattern `[%d] %p %m (%c)%n`.)
"""

import re

from ...model import Event
from ..clock import date
from ..lines import Entry, entries, event, text

KIND = "kafkalog"
HALF = 500_000  # ns

_LINE = re.compile(
    rb"\[(?P<time>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3})\] (?P<severity>[A-Z]+) (?P<message>.*?)(?: \((?P<logger>[\w.$-]+)\))?"
)


def load(data: bytes, node: str) -> list[Event]:
    """The lines of one log. A line without a time continues the one before (a stack trace)."""
    found = entries(data, _LINE, continued=True, accept=lambda found: date(found["time"]) is not None)
    return [_event(number, entry, node) for number, entry in enumerate(found, start=1)]


def _event(number: int, entry: Entry, node: str) -> Event:
    time = date(entry["time"]) or 0
    first = len(entry.found.string)
    start, end = entry.found.start("message"), len(entry.data)
    if first == end:  # of one line, and so the last word of it is who said it
        end = entry.found.end("message")
    said = entry.data[start:end]
    fields = [
        entry.label("log"),
        entry.field("log.time", time, "time"),
        entry.field("log.severity", text(entry["severity"]), "severity"),
        entry.part("log.message", text(said), start, end),
    ]
    if entry["logger"]:
        fields.append(entry.field("log.logger", text(entry["logger"]), "logger"))
    severity = f"{text(entry['severity'])}: " if entry["severity"] != b"INFO" else ""
    summary = severity + text(said.split(b"\n", 1)[0])
    return event(number, time + HALF, KIND, entry, fields, summary, node=node, uncertainty=HALF, lane=node)
