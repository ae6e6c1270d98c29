"""What memory a process has for itself and what it shares, over and over: from /proc/PID/smaps_rollup, proc_pid_smaps(5).

    1796099384.459585 process 226 shared 30468 kB private 6248 kB
    1796099384.460382 process 249 child of 226 shared 23544 kB private 5196 kB

The programs of the labs write it: a line for a process and a moment, the four sums of smaps_rollup (shared and private, clean and
dirty) added up to two.
"""

import re

from ...model import Event
from ..clock import seconds
from ..lines import Entry, entries, event, text

KIND = "smaps"
UNCERTAINTY = (
    2_000_000  # ns; the kernel walks the process's pages, and the program reads the clock after that
)
KILO = 1024

_LINE = re.compile(
    rb"(?P<time>\d{1,10}\.\d{6}) process (?P<pid>\d{1,10})(?: child of (?P<parent>\d{1,10}))?"
    rb" shared (?P<shared>\d{1,15}) kB private (?P<private>\d{1,15}) kB"
)


def load(data: bytes, node: str) -> list[Event]:
    """The samples of one file, in its order. Lines of another form are passed over."""
    found = entries(data, _LINE, accept=lambda match: seconds(match["time"]) is not None)
    return [_event(number, entry, node) for number, entry in enumerate(found, start=1)]


def _event(number: int, entry: Entry, node: str) -> Event:
    time = seconds(entry["time"]) or 0
    fields = [
        entry.label("smaps"),
        entry.field("smaps.time", time, "time"),
        entry.field("smaps.pid", int(entry["pid"]), "pid"),
        entry.field("smaps.shared", int(entry["shared"]) * KILO, "shared"),
        entry.field("smaps.private", int(entry["private"]) * KILO, "private"),
    ]
    if entry["parent"]:
        fields.append(entry.field("smaps.parent", int(entry["parent"]), "parent"))
    who = "child" if entry["parent"] else "parent"
    said = f"{who}: {text(entry['shared'])} kB shared, {text(entry['private'])} kB its own"
    return event(
        number, time, KIND, entry, fields, said, node=node, uncertainty=UNCERTAINTY, protocol=KIND, lane=node
    )
