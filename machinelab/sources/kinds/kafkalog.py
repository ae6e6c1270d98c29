"""A Kafka broker's log: `[2026-11-24 10:57:12,744] INFO what it says (who says it)`, the time in UTC.

The time is cut to milliseconds, so a line was written within the millisecond that begins there: the event stands in its middle.
(Apache Kafka's config/log4j2.yaml: the pattern `[%d] %p %m (%c)%n`.)
"""

import re
from datetime import UTC, datetime

from ...model import Event, Field, Value
from ..record import record

KIND = "kafkalog"
HALF = 500_000  # ns

_LINE = re.compile(
    rb"\[(?P<time>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3})\] (?P<severity>[A-Z]+) (?P<message>.*?)(?: \((?P<logger>[\w.$-]+)\))?"
)


def load(data: bytes, node: str) -> list[Event]:
    """The lines of one log. A line without a time continues the one before (a stack trace)."""
    whole: list[bytes] = []
    for line in data.splitlines():
        if _begins(line):
            whole.append(line)
        elif whole:
            whole[-1] += b"\n" + line
    return [_event(number, line, node) for number, line in enumerate(whole, start=1)]


def _begins(line: bytes) -> bool:
    found = _LINE.fullmatch(line)
    return found is not None and _nanoseconds(found["time"]) is not None


def _nanoseconds(text: bytes) -> int | None:
    """`2026-11-24 10:57:12,744` since the epoch; None if there is no such moment."""
    try:
        second = datetime.strptime(text[:19].decode("ascii"), "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC)
    except ValueError:
        return None
    return int(second.timestamp()) * 10**9 + int(text[20:]) * 10**6


def _event(number: int, line: bytes, node: str) -> Event:
    first = line.split(b"\n", 1)[0]
    found = _LINE.fullmatch(first)
    assert found is not None, "only such lines begin an entry"
    time = _nanoseconds(found["time"]) or 0
    end = found.end("message") if len(first) == len(line) else len(line)
    said = line[found.start("message") : end]
    values: list[tuple[str, Value, tuple[int, int]]] = [
        ("time", time, found.span("time")),
        ("severity", _text(found["severity"]), found.span("severity")),
        ("message", _text(said), (found.start("message"), end)),
    ]
    if found["logger"]:
        values.append(("logger", _text(found["logger"]), found.span("logger")))
    fields = [
        Field("log", "", 0, len(line), "line", 0, "log"),
        *(Field(f"log.{name}", value, *span, "line", 0, "log") for name, value, span in values),
    ]
    grave = f"{_text(found['severity'])}: " if found["severity"] != b"INFO" else ""
    content = record(fields, {"line": line}, grave + _text(said.split(b"\n", 1)[0]))
    return Event(number, time + HALF, KIND, content, "log", node=node, uncertainty=HALF, lane=node)


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace")
