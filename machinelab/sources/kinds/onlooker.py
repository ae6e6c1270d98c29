"""What somebody on the path read and did: a line for each DNS query and each ClientHello that went by.

    1796079683.736419 198.18.160.10:43512 > 198.18.161.40:443 tls name secret.test ech no dropped
    1796079683.736419 198.18.160.10:50123 > 198.18.161.53:53 dns name secret.test passed

A program of the labs writes it; no standard describes it. The time is of the system's clock, in seconds since the epoch.
"""

import re

from ...model import Event
from ..clock import seconds
from ..lines import Entry, entries, event, text

KIND = "onlooker"
UNCERTAINTY = (
    1_000_000  # ns; the program reads the clock when it has read the packet, and may be scheduled away before
)

_LINE = re.compile(
    rb"(?P<time>[\d.]+) (?P<source>[\d.]{7,15}):(?P<sport>\d{1,5}) > (?P<target>[\d.]{7,15}):(?P<dport>\d{1,5})"
    rb" (?P<what>dns|tls) name (?P<name>[!-~]{1,255})(?: ech (?P<ech>yes|no))? (?P<verdict>passed|dropped|reset)"
)


def load(data: bytes, node: str) -> list[Event]:
    """The events of one file, in its order. Lines of another form are passed over."""
    found = entries(data, _LINE, accept=lambda found: seconds(found["time"]) is not None)
    return [_event(number, entry, node) for number, entry in enumerate(found, start=1)]


def _event(number: int, entry: Entry, node: str) -> Event:
    time, hidden = seconds(entry["time"]) or 0, entry["ech"]
    fields = [
        entry.label("onlooker"),
        entry.field("onlooker.time", time, "time"),
        entry.field("onlooker.src", text(entry["source"]), "source"),
        entry.field("onlooker.srcport", int(entry["sport"]), "sport"),
        entry.field("onlooker.dst", text(entry["target"]), "target"),
        entry.field("onlooker.dstport", int(entry["dport"]), "dport"),
        entry.field("onlooker.what", text(entry["what"]), "what"),
        entry.field("onlooker.name", text(entry["name"]), "name"),
        entry.field("onlooker.verdict", text(entry["verdict"]), "verdict"),
    ]
    if hidden:
        fields.append(entry.field("onlooker.ech", hidden == b"yes", "ech"))
    said = f"{text(entry['what'])}: {text(entry['name'])}, {text(entry['verdict'])}"
    return event(
        number, time, KIND, entry, fields, said, node=node, uncertainty=UNCERTAINTY, protocol=KIND, lane=node
    )
