"""PostgreSQL's log, written with log_line_prefix = '%n [%p] [%b] ': epoch seconds, process, kind of process.

`%n` cuts the time to milliseconds, so a line was written within the millisecond that begins there: the event stands in its
middle. (PostgreSQL's documentation, "Error Reporting and Logging", log_line_prefix.)
"""

import re

from ...model import Event
from ..clock import seconds
from ..lines import Entry, entries, event, text

KIND = "pglog"
HALF = 500_000  # ns

_LINE = re.compile(
    rb"(?P<time>\d{1,10}\.\d{3}) \[(?P<pid>\d+)\] \[(?P<process>[^\]]*)\] (?P<severity>[A-Z]+\d?): +(?P<message>.*)"
)
_LSN = re.compile(rb"\b([0-9A-F]{1,8}/[0-9A-F]{1,8})\b")


def load(data: bytes, node: str) -> list[Event]:
    """The lines of one log. A line without the prefix continues the one before."""
    found = entries(data, _LINE, continued=True)
    return [_event(number, entry, node) for number, entry in enumerate(found, start=1)]


def _event(number: int, entry: Entry, node: str) -> Event:
    time, start = seconds(entry["time"]) or 0, entry.found.start("message")
    fields = [
        entry.label("log"),
        entry.field("log.time", time, "time"),
        entry.field("log.pid", int(entry["pid"]), "pid"),
        *(entry.field(f"log.{name}", text(entry[name]), name) for name in ("process", "severity")),
        entry.part("log.message", text(entry.data[start:]), start, len(entry.data)),
        *entry.many("log.lsn", _LSN, start),
    ]
    severity = f"{text(entry['severity'])}: " if entry["severity"] != b"LOG" else ""
    said = severity + text(entry["message"])
    return event(number, time + HALF, KIND, entry, fields, said, node=node, uncertainty=HALF, lane=node)
