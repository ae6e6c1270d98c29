"""Redis's log: a line for each thing that the server, a replica or a child thinks worth telling. serverLogRaw in Redis 8.0's server.c.

    226:M 01 Dec 2026 04:29:44.152 * Background saving started by pid 249

Process, its role, the date by the server's own zone (UTC in a container), how grave it is (`.` `-` `*` `#`), what it says. The time
is cut to milliseconds: the line was written within the one that begins there, and the event stands in its middle.
"""

import re
from datetime import UTC, datetime

from ...model import Event
from ..clock import SECOND
from ..lines import Entry, entries, event, text

KIND = "redislog"
HALF = 500_000  # ns
ROLES = {b"M": "master", b"S": "replica", b"C": "child", b"X": "sentinel"}
SEVERITIES = {b".": "debug", b"-": "verbose", b"*": "notice", b"#": "warning"}
MONTHS = (b"Jan", b"Feb", b"Mar", b"Apr", b"May", b"Jun", b"Jul", b"Aug", b"Sep", b"Oct", b"Nov", b"Dec")

_LINE = re.compile(
    rb"(?P<pid>\d{1,10}):(?P<process>[MSCX]) (?P<time>\d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d\.\d{3}) (?P<severity>[.*#-]) (?P<message>.*)"
)
_DATE = re.compile(rb"(\d\d) (\w{3}) (\d{4}) (\d\d):(\d\d):(\d\d)\.(\d{3})")


def load(data: bytes, node: str) -> list[Event]:
    """The lines of one log, in its order. Lines of another form (the banner) are passed over."""
    found = entries(data, _LINE, accept=lambda match: _moment(match["time"]) is not None)
    return [_event(number, entry, node) for number, entry in enumerate(found, start=1)]


def _moment(written: bytes) -> int | None:
    """Nanoseconds since the epoch; None if there is no such moment."""
    found = _DATE.fullmatch(written)
    if found is None or found[2] not in MONTHS:
        return None
    day, year, hour, minute, second, ms = (int(found[at]) for at in (1, 3, 4, 5, 6, 7))
    try:
        moment = datetime(year, MONTHS.index(found[2]) + 1, day, hour, minute, second, tzinfo=UTC)
    except ValueError:
        return None
    return int(moment.timestamp()) * SECOND + ms * 1_000_000


def _event(number: int, entry: Entry, node: str) -> Event:
    time, said = _moment(entry["time"]) or 0, text(entry["message"])
    fields = [
        entry.label("log"),
        entry.field("log.time", time, "time"),
        entry.field("log.pid", int(entry["pid"]), "pid"),
        entry.field("log.process", ROLES[entry["process"]], "process"),
        entry.field("log.severity", SEVERITIES[entry["severity"]], "severity"),
        entry.field("log.message", said, "message"),
    ]
    grave = "warning: " if entry["severity"] == b"#" else ""
    return event(
        number, time + HALF, KIND, entry, fields, grave + said, node=node, uncertainty=HALF, lane=node
    )
