"""Linux's connection tracking, as `conntrack -E -o timestamp,extended,id` tells it (conntrack(8)): one event a line.

    [1795500355.334792]  [NEW] ipv4  2 udp  17 30 src=… dst=… sport=… dport=… [UNREPLIED] src=… dst=… sport=… dport=… id=…

The first four are the conversation as its first packet had it; the next four what an answer will look like, before the
translation is undone. So the answer's destination is the mapping's outside address.
"""

import re

from ...model import NANOSECONDS, Event, Field
from ..record import record

KIND = "conntrack"
UNCERTAINTY = (
    5_000_000  # ns; the time is that of the reader, which wakes up when the kernel has something to tell
)

LINE = re.compile(
    r"\[(\d+)\.(\d{6})\]\s+\[(NEW|UPDATE|DESTROY)\]\s+(\S+)\s+\d+\s+(\S+)\s+(\d+)(?:\s+(\d+))?(?:\s+([A-Z_]+)\b)?\s"
)
PAIR = re.compile(r"(src|dst|sport|dport|id)=(\S+)")
MARKS = {"UNREPLIED": "conntrack.unreplied", "ASSURED": "conntrack.assured"}
NAMES = {"src": "src", "dst": "dst", "sport": "srcport", "dport": "dstport"}
LONGEST = 1000  # characters of a line; a real one has some 250


def load(data: bytes, node: str) -> list[Event]:
    """The events of one node's log, in its order. Lines that are none are passed over: the last one may be half written."""
    events: list[Event] = []
    for line in data.decode("ascii", "replace").splitlines():
        found = LINE.match(line) if len(line) <= LONGEST else None
        if found is not None:
            events.append(_event(len(events) + 1, line, found, node))
    return events


def _event(number: int, line: str, found: "re.Match[str]", node: str) -> Event:
    time = int(found[1]) * NANOSECONDS + int(found[2]) * 1000
    fields = _fields(line, found)
    content = record(fields, {"line": line.encode("ascii", "replace")}, _summary(fields))
    return Event(number, time, KIND, content, "conntrack", node=node, uncertainty=UNCERTAINTY)


def _fields(line: str, found: "re.Match[str]") -> list[Field]:
    fields = [
        _field("conntrack", "", 0, len(line)),
        _field("conntrack.event", found[3], *found.span(3)),
        _field("conntrack.protocol", found[5], *found.span(5)),
    ]
    if found[7]:
        fields.append(_field("conntrack.timeout", int(found[7]), *found.span(7)))
    if found[8]:
        fields.append(_field("conntrack.state", found[8], *found.span(8)))
    for word, name in MARKS.items():
        if (at := line.find(f"[{word}]")) >= 0:
            fields.append(_field(name, True, at, at + len(word) + 2))
    return fields + _ends(line)


def _ends(line: str) -> list[Field]:
    """Both directions, the first as it came; the number at the end names the entry."""
    fields: list[Field] = []
    seen: dict[str, int] = {}
    pairs = list(PAIR.finditer(line))
    for pair in pairs:
        key, value = pair[1], pair[2]
        if key == "id":
            continue
        seen[key] = seen.get(key, 0) + 1
        prefix = "conntrack." if seen[key] == 1 else "conntrack.reply."
        fields.append(_field(prefix + NAMES[key], int(value) if value.isdecimal() else value, *pair.span(2)))
    if pairs and pairs[-1][1] == "id" and pairs[-1][2].isdecimal():
        fields.append(_field("conntrack.id", int(pairs[-1][2]), *pairs[-1].span(2)))
    return fields


def _field(name: str, value: "str | int | bool", start: int, stop: int) -> Field:
    return Field(name, value, start, stop, "line", 0, "conntrack")


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
