"""How long a program had to wait before it could go on sending: a line for each call of its `send`, written when it returned.

    1796079683.736419 message 3 waited 0.008 s

The programs of the labs write it; no standard describes it. The time is of the system's clock, in seconds since the epoch.
"""

import re

from ...model import Event
from ..clock import seconds
from ..lines import Entry, entries, event, text

KIND = "sendlog"
UNCERTAINTY = 1_000_000  # ns; the program reads the clock after `send` has returned, and may be scheduled away in between

_LINE = re.compile(rb"(?P<time>[\d.]+) message (?P<number>\d{1,9}) waited (?P<waited>[\d.]+) s")


def load(data: bytes, node: str) -> list[Event]:
    """The events of one file, in its order. Lines of another form are passed over."""
    found = entries(data, _LINE, accept=_told)
    return [_event(number, entry, node) for number, entry in enumerate(found, start=1)]


def _told(found: re.Match[bytes]) -> bool:
    return seconds(found["time"]) is not None and seconds(found["waited"]) is not None


def _event(number: int, entry: Entry, node: str) -> Event:
    time, waited = seconds(entry["time"]) or 0, seconds(entry["waited"]) or 0
    fields = [
        entry.label("sendlog"),
        entry.field("sendlog.time", time, "time"),
        entry.field("sendlog.message", int(entry["number"]), "number"),
        entry.field("sendlog.waited", waited, "waited"),
    ]
    said = f"message {text(entry['number'])} waited {text(entry['waited'])} s"
    return event(
        number, time, KIND, entry, fields, said, node=node, uncertainty=UNCERTAINTY, protocol=KIND, lane=node
    )
