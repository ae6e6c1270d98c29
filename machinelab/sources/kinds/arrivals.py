"""When news reached a client: a line for each message, with the time at which the server made it.

    1796098770.686882 message 2 made 1796098770.680928

The realtime lab's client writes it; no standard describes it. Both times are of the system's clock, in seconds since the epoch: the two
programs are on one host.
"""

import re

from ...model import Event
from ..clock import seconds
from ..lines import Entry, entries, event, text

KIND = "arrivals"
UNCERTAINTY = 1_000_000  # ns; a program reads the clock once it has been woken, and has read the message

_LINE = re.compile(rb"(?P<time>[\d.]+) message (?P<number>\d{1,9}) made (?P<made>[\d.]+)")


def load(data: bytes, node: str) -> list[Event]:
    """The events of one file, in its order. Lines of another form are passed over."""
    found = entries(data, _LINE, accept=_told)
    return [_event(number, entry, node) for number, entry in enumerate(found, start=1)]


def _told(found: re.Match[bytes]) -> bool:
    return seconds(found["time"]) is not None and seconds(found["made"]) is not None


def _event(number: int, entry: Entry, node: str) -> Event:
    time, made = seconds(entry["time"]) or 0, seconds(entry["made"]) or 0
    fields = [
        entry.label("arrivals"),
        entry.field("arrivals.time", time, "time"),
        entry.field("arrivals.message", int(entry["number"]), "number"),
        entry.field("arrivals.made", made, "made"),
        entry.field("arrivals.wait", time - made, "made"),
    ]
    said = f"message {text(entry['number'])} is here, {(time - made) / 1e6:.1f} ms after it was made"
    return event(
        number, time, KIND, entry, fields, said, node=node, uncertainty=UNCERTAINTY, protocol=KIND, lane=node
    )
