"""The log of Python's asyncio in debug mode, written by `logging` with the format `%(created)f %(levelname)s %(name)s: %(message)s`.

    1796098796.550793 WARNING asyncio: Executing <Task finished name='Task-4' …> took 0.301 seconds

In debug mode the loop logs each callback that took longer than `slow_callback_duration`, 0.1 s: Python's documentation,
"Developing with asyncio". The line is written when the callback has returned.
"""

import re

from ...model import Event
from ..clock import seconds
from ..lines import Entry, entries, event, text

KIND = "asynciolog"
UNCERTAINTY = 1_000_000  # ns; the line's time is read after the callback has returned

_LINE = re.compile(
    rb"(?P<time>\d{1,10}\.\d{1,9}) (?P<level>[A-Z]+) (?P<logger>[\w.]+): "
    rb"(?P<message>(?:Executing (?P<what>.*) took (?P<took>\d{1,9}\.\d{1,9}) seconds)|.*)"
)
_NAME = re.compile(r"name='([^']*)'")


def load(data: bytes, node: str) -> list[Event]:
    """The events of one log, in its order. Lines of another form are passed over."""
    found = entries(data, _LINE)
    return [_event(number, entry, node) for number, entry in enumerate(found, start=1)]


def _event(number: int, entry: Entry, node: str) -> Event:
    time = seconds(entry["time"]) or 0
    fields = [
        entry.label("asyncio"),
        entry.field("asyncio.time", time, "time"),
        entry.field("asyncio.level", text(entry["level"]), "level"),
        entry.field("asyncio.logger", text(entry["logger"]), "logger"),
        entry.field("asyncio.message", text(entry["message"]), "message"),
    ]
    if entry["took"]:
        fields.append(entry.field("asyncio.duration", seconds(entry["took"]) or 0, "took"))
    return event(
        number, time, KIND, entry, fields, _summary(entry), node=node,
        uncertainty=UNCERTAINTY, protocol="asyncio", lane=node,
    )  # fmt: skip


def _summary(entry: Entry) -> str:
    """`WARNING  Task-4 took 0.301 s`; any other message as it is."""
    said = text(entry["message"])
    if entry["took"]:
        task = _NAME.search(text(entry["what"]))
        said = f"{task[1] if task else 'a callback'} took {text(entry['took'])} s"
    return f"{text(entry['level'])}  {said}"
