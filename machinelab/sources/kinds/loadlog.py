"""How long a page took to load: a line for each load, written when the last object was complete.

    1796079683.736419 h3 delay 40 loss 2 % load 3 complete in 0.446 s

A lab's client writes it; no standard describes it. The time is of the system's clock, in seconds since the epoch.
"""

import re

from ...model import Event
from ..clock import seconds
from ..lines import Entry, entries, event, text

KIND = "loadlog"
UNCERTAINTY = 1_000_000  # ns; the program reads the clock after the loading program has ended

_LINE = re.compile(
    rb"(?P<time>[\d.]+) (?P<protocol>\w{1,8}) delay (?P<delay>\d{1,6}) loss (?P<loss>\d{1,3}) % load (?P<number>\d{1,6}) complete in (?P<took>[\d.]+) s"
)


def load(data: bytes, node: str) -> list[Event]:
    """The events of one file, in its order. Lines of another form are passed over."""
    found = entries(data, _LINE, accept=_told)
    return [_event(number, entry, node) for number, entry in enumerate(found, start=1)]


def _told(found: re.Match[bytes]) -> bool:
    return seconds(found["time"]) is not None and seconds(found["took"]) is not None


def _event(number: int, entry: Entry, node: str) -> Event:
    time, took = seconds(entry["time"]) or 0, seconds(entry["took"]) or 0
    fields = [
        entry.label("loadlog"),
        entry.field("loadlog.time", time, "time"),
        entry.field("loadlog.protocol", text(entry["protocol"]), "protocol"),
        entry.field("loadlog.delay", int(entry["delay"]), "delay"),
        entry.field("loadlog.loss", int(entry["loss"]), "loss"),
        entry.field("loadlog.number", int(entry["number"]), "number"),
        entry.field("loadlog.took", took, "took"),
    ]
    said = f"{text(entry['protocol'])}, {text(entry['delay'])} ms each way, {text(entry['loss'])} % lost: complete in {text(entry['took'])} s"
    return event(
        number, time, KIND, entry, fields, said, node=node, uncertainty=UNCERTAINTY, protocol=KIND, lane=node
    )
