"""HAProxy's log, with `log … format iso` and its own HTTP and TCP formats: a line for each request or connection that is over,
and one for each change of a server's state. HAProxy Configuration Manual 3.0, §8.2.2, §8.2.3, §8.4, §8.5.

    2026-11-24T10:38:26.916954+00:00 198.18.72.21:59262 [24/Nov/2026:10:38:26.915] http pool/web1 0/0/0/1/1 200 206 - - ----
        1/1/0/0/0 0/0 "GET /http HTTP/1.1" 10.72.2.7:35288 > 10.72.2.11:80

The time in front is when the line was written. A line may go on with `%bi:%bp > %si:%sp`, the connection to the server.
"""

import re

from ...model import Event, Field
from ..clock import date
from ..lines import Entry, entries, event, text

KIND = "haproxy"
UNCERTAINTY = 1_000_000  # ns; HAProxy takes the time once for each round of its loop
LONGEST = 4000  # characters of a line

WRITTEN = re.compile(rb"(?P<time>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}[+-]\d\d:\d\d) .*")
TIMES = rb"(?P<times>[-+\d]+(?:/[-+\d]+){2,4})"
COUNTS = rb"(?P<actconn>\d+)/(?P<feconn>\d+)/(?P<beconn>\d+)/(?P<srvconn>\d+)/(?P<retries>\+?\d+) (?P<srvqueue>\d+)/(?P<bequeue>\d+)"
START = rb"(?P<src>[0-9a-fA-F.:]+):(?P<srcport>\d+) \[(?P<accepted>[^\]]+)\] (?P<frontend>[^ /]+) (?P<backend>[^ /]+)/(?P<server>\S+) "
WAY = rb"(?: (?P<from>[0-9a-fA-F.:-]+):(?P<fromport>\d+|-) > (?P<to>[0-9a-fA-F.:-]+):(?P<toport>\d+|-))?$"
HTTP = re.compile(
    START
    + TIMES
    + rb" (?P<status>-?\d+) (?P<bytes>\+?\d+) (?P<reqcookie>\S+) (?P<rescookie>\S+) (?P<state>\S{4}) "
    + COUNTS
    + rb'(?: \{(?P<captured>[^}]*)\})* "(?P<request>[^"]*)"'
    + WAY
)
TCP = re.compile(START + TIMES + rb" (?P<bytes>\+?\d+) (?P<state>\S{2}) " + COUNTS + WAY)
STATE = re.compile(rb"Server (?P<backend>[^ /]+)/(?P<server>\S+) is (?P<event>UP|DOWN|[A-Z]+)(?P<why>.*)$")

NUMBER = re.compile(rb"[+-]?[0-9]{1,18}")

HTTP_TIMES = ("time.request", "time.queue", "time.connect", "time.response", "time.active")
TCP_TIMES = ("time.queue", "time.connect", "time.total")
NUMBERS = frozenset(
    [
        "srcport",
        "status",
        "bytes",
        "actconn",
        "feconn",
        "beconn",
        "srvconn",
        "retries",
        "srvqueue",
        "bequeue",
        "fromport",
        "toport",
    ]
)


def load(data: bytes, node: str) -> list[Event]:
    """The events of one log, in its order. Lines of another form are passed over: HAProxy writes others when it starts."""
    events: list[Event] = []
    for entry in entries(data, WRITTEN, longest=LONGEST):
        fields, time = _fields(entry), date(entry["time"])
        if fields and time is not None:
            number, said = len(events) + 1, _summary(fields)
            events.append(
                event(
                    number, time, KIND, entry, fields, said, node=node, uncertainty=UNCERTAINTY, protocol="HAProxy", lane=node
                )
            )  # fmt: skip
    return events


def _fields(entry: Entry) -> list[Field]:
    """What a line tells; nothing if it is of another form."""
    for form, times in ((HTTP, HTTP_TIMES), (TCP, TCP_TIMES), (STATE, ())):
        found = form.match(entry.data, entry.found.end("time") + 1)
        if found is not None:
            return [entry.label("haproxy"), *_named(Entry(entry.data, found), times)]
    return []


def _named(entry: Entry, times: tuple[str, ...]) -> list[Field]:
    fields: list[Field] = []
    for name, value in entry.found.groupdict().items():
        if value is None or value == b"-" or name == "accepted":
            continue
        if name == "times":
            fields += _times(entry, times)
        elif name == "why":
            if why := text(value).strip(" ,."):
                fields.append(entry.field("haproxy.why", why, name))
        else:
            number = _number(value) if name in NUMBERS else None
            known = text(value) if number is None else number
            fields.append(entry.field(f"haproxy.{name}", known, name))
    return fields


def _times(entry: Entry, names: tuple[str, ...]) -> list[Field]:
    """Tq/Tw/Tc/Tr/Tt and their like, in milliseconds as HAProxy has them; −1: it never came so far (§8.4)."""
    fields = []
    start = entry.found.start("times")
    for name, part in zip(names, entry["times"].split(b"/"), strict=False):
        number = _number(part)
        if number is not None:
            fields.append(entry.part(f"haproxy.{name}", number, start, start + len(part)))
        start += len(part) + 1
    return fields


def _number(written: bytes) -> int | None:
    """A number as HAProxy writes it: with a plus, where it is what there was until then; None of what is none."""
    return int(written) if NUMBER.fullmatch(written) else None


def _summary(fields: list[Field]) -> str:
    """`GET /http  web1  200  ----  1 ms`, `web2 is DOWN: Layer4 connection problem`."""
    known = {field.name.removeprefix("haproxy."): field.value for field in fields}
    if "event" in known:
        why = str(known.get("why", "")).removeprefix("reason: ")
        return f"{known['server']!s} is {known['event']!s}" + (f": {why}" if why else "")
    what = str(known.get("request", "connection")).removesuffix(" HTTP/1.1")
    took = known.get("time.active", known.get("time.total"))
    parts = [what, str(known["server"]), str(known.get("status", "")), str(known["state"]), f"{took!s} ms"]
    if known.get("retries"):
        parts.append(f"{known['retries']!s} retries")
    return "  ".join(filter(None, parts))
