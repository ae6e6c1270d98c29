"""PostgreSQL's log, written with log_line_prefix = '%n [%p] [%b] ': epoch seconds, process, kind of process.

`%n` cuts the time to milliseconds, so a line was written within the millisecond that begins there: the event stands in its
middle. (PostgreSQL's documentation, "Error Reporting and Logging", log_line_prefix.)
"""

import re

from ...model import Event, Field, Value
from ..record import record

KIND = "pglog"
HALF = 500_000  # ns

_LINE = re.compile(
    rb"(?P<time>\d{1,10}\.\d{3}) \[(?P<pid>\d+)\] \[(?P<process>[^\]]*)\] (?P<severity>[A-Z]+\d?): +(?P<message>.*)"
)
_LSN = re.compile(rb"\b(?P<lsn>[0-9A-F]{1,8}/[0-9A-F]{1,8})\b")


def load(data: bytes, node: str) -> list[Event]:
    """The lines of one log. A line without the prefix continues the one before."""
    whole: list[bytes] = []
    for line in data.splitlines():
        if _LINE.fullmatch(line):
            whole.append(line)
        elif whole:
            whole[-1] += b"\n" + line
    return [_event(number, line, node) for number, line in enumerate(whole, start=1)]


def _event(number: int, line: bytes, node: str) -> Event:
    first = line.split(b"\n", 1)[0]
    found = _LINE.fullmatch(first)
    assert found is not None, "only such lines begin an entry"
    seconds, _, part = found["time"].partition(b".")
    time = int(seconds) * 10**9 + int(part) * 10**6
    values: dict[str, Value] = {
        "time": time,
        "pid": int(found["pid"]),
        **{name: _text(found[name]) for name in ("process", "severity")},
    }
    fields = [
        Field("log", "", 0, len(line), "line", 0, "log"),
        *(Field(f"log.{name}", value, *found.span(name), "line", 0, "log") for name, value in values.items()),
        Field("log.message", _text(line[found.start("message") :]), found.start("message"), len(line), "line", 0, "log"),
    ]  # fmt: skip
    for lsn in _LSN.finditer(line, found.start("message")):
        fields.append(Field("log.lsn", _text(lsn["lsn"]), *lsn.span("lsn"), "line", 0, "log"))
    said = f"{_text(found['severity'])}: " if found["severity"] != b"LOG" else ""
    content = record(fields, {"line": line}, said + _text(found["message"]))
    return Event(number, time + HALF, KIND, content, "log", node=node, uncertainty=HALF, lane=node)


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace")
