"""Linux's connection tracking, as `conntrack -E -o timestamp,extended,id` tells it (conntrack(8)): one event a line.

    [1795500355.334792]  [NEW] ipv4  2 udp  17 30 src=… dst=… sport=… dport=… [UNREPLIED] src=… dst=… sport=… dport=… id=…

The first four are the conversation as its first packet had it; the next four what an answer will look like, before the
translation is undone. So the answer's destination is the mapping's outside address.
"""

import re

from ...model import Event, Field
from ..clock import seconds
from ..lines import Entry, entries, event, text

KIND = "conntrack"
UNCERTAINTY = (
    5_000_000  # ns; the time is that of the reader, which wakes up when the kernel has something to tell
)

LINE = re.compile(
    rb"\[(?P<time>\d+\.\d{6})\]\s+\[(?P<event>NEW|UPDATE|DESTROY)\]\s+\S+\s+\d+\s+(?P<protocol>\S+)\s+\d+(?:\s+(?P<timeout>\d+))?"
    rb"(?:\s+(?P<state>[A-Z_]+)\b)?\s.*"
)
PAIR = re.compile(rb"(src|dst|sport|dport|id)=(\S+)")
MARKS = {b"[UNREPLIED]": "conntrack.unreplied", b"[ASSURED]": "conntrack.assured"}
NAMES = {b"src": "src", b"dst": "dst", b"sport": "srcport", b"dport": "dstport"}
LONGEST = 1000  # characters of a line; a real one has some 250


def load(data: bytes, node: str) -> list[Event]:
    """The events of one node's log, in its order. Lines that are none are passed over: the last one may be half written."""
    found = entries(data, LINE, longest=LONGEST)
    return [_event(number, entry, node) for number, entry in enumerate(found, start=1)]


def _event(number: int, entry: Entry, node: str) -> Event:
    fields, time = _fields(entry), seconds(entry["time"]) or 0
    return event(
        number, time, KIND, entry, fields, _summary(fields), node=node, uncertainty=UNCERTAINTY, protocol=KIND
    )


def _fields(entry: Entry) -> list[Field]:
    fields = [
        entry.label("conntrack"),
        entry.field("conntrack.event", text(entry["event"]), "event"),
        entry.field("conntrack.protocol", text(entry["protocol"]), "protocol"),
    ]
    if entry["timeout"]:
        fields.append(entry.field("conntrack.timeout", int(entry["timeout"]), "timeout"))
    if entry["state"]:
        fields.append(entry.field("conntrack.state", text(entry["state"]), "state"))
    for mark, name in MARKS.items():
        if (at := entry.data.find(mark)) >= 0:
            fields.append(entry.part(name, True, at, at + len(mark)))
    return fields + _ends(entry)


def _ends(entry: Entry) -> list[Field]:
    """Both directions, the first as it came; the number at the end names the entry."""
    fields: list[Field] = []
    seen: dict[bytes, int] = {}
    pairs = list(PAIR.finditer(entry.data))
    for pair in pairs:
        key, value = pair[1], pair[2]
        if key == b"id":
            continue
        seen[key] = seen.get(key, 0) + 1
        prefix = "conntrack." if seen[key] == 1 else "conntrack.reply."
        known = int(value) if value.isdigit() else text(value)
        fields.append(entry.part(prefix + NAMES[key], known, *pair.span(2)))
    if pairs and pairs[-1][1] == b"id" and pairs[-1][2].isdigit():
        fields.append(entry.part("conntrack.id", int(pairs[-1][2]), *pairs[-1].span(2)))
    return fields


def _summary(fields: list[Field]) -> str:
    """`NEW udp 10.71.1.10:5000 → 198.18.71.10:7000, seen outside as 198.18.71.2:59605`."""
    known = {field.name.removeprefix("conntrack."): str(field.value) for field in fields}

    def end(prefix: str, side: str) -> str:
        port = known.get(f"{prefix}{side}port")
        return known.get(prefix + side, "?") + (f":{port}" if port is not None else "")

    said = f"{known['event']} {known['protocol']} {end('', 'src')} → {end('', 'dst')}"
    if end("", "src") != end("reply.", "dst"):
        said += f", outside {end('reply.', 'dst')}"
    if end("", "dst") != end("reply.", "src"):
        said += f", inside {end('reply.', 'src')}"
    return said + (", no answer yet" if known.get("unreplied") else "")
