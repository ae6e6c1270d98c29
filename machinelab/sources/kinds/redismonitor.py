r"""What MONITOR shows: every command when the server has carried it out. Redis's documentation, "MONITOR"; replicationFeedMonitors.

    1796098769.004927 [0 127.0.0.1:41278] "SET" "a b" "c\n\"d"

Seconds since the epoch, the database, who asked (an address; `lua` for a script, `unix:` and a path), then the words, quoted.
"""

import re
from collections.abc import Iterator

from ...model import Event, Field
from ..clock import seconds
from ..lines import Entry, entries, event, text

KIND = "redismonitor"
UNCERTAINTY = 1_000  # ns; the time is written to the microsecond
MOST = 100  # words of a command that become fields

_LINE = re.compile(rb'(?P<time>\d{1,10}\.\d{6}) \[(?P<db>\d{1,9}) (?P<client>[^\]]*)\] (?P<words>".*)')
_WORD = re.compile(rb'"((?:[^"\\]|\\.)*)"')
_ESCAPED = re.compile(rb"\\(x[0-9a-f]{2}|.)")
_PLAIN = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"a": b"\a", b"b": b"\b"}


def load(data: bytes, node: str) -> list[Event]:
    """The commands of one listening, in order. Lines of another form (the first OK) are passed over."""
    found = entries(data, _LINE, accept=lambda match: seconds(match["time"]) is not None)
    return [_event(number, entry, node) for number, entry in enumerate(found, start=1)]


def _event(number: int, entry: Entry, node: str) -> Event:
    time, words = seconds(entry["time"]) or 0, list(_words(entry))
    fields = [
        entry.label("redismonitor"),
        entry.field("redismonitor.time", time, "time"),
        entry.field("redismonitor.db", int(entry["db"]), "db"),
        entry.field("redismonitor.client", text(entry["client"]), "client"),
        *words,
    ]
    said = " ".join(str(word.value) for word in words[:6])[:120]
    return event(
        number,
        time,
        KIND,
        entry,
        fields,
        said,
        node=node,
        uncertainty=UNCERTAINTY,
        protocol="MONITOR",
        lane=node,
    )


def _words(entry: Entry) -> Iterator[Field]:
    """The command in capitals, and what it was given, each at its bytes between the quotes."""
    for number, found in enumerate(_WORD.finditer(entry.data, entry.found.start("words"))):
        if number == MOST:
            return
        said = text(_ESCAPED.sub(_unescaped, found[1]))
        name = "redismonitor.argument" if number else "redismonitor.command"
        yield entry.part(name, said if number else said.upper(), *found.span(1))


def _unescaped(found: re.Match[bytes]) -> bytes:
    return bytes((int(found[1][1:], 16),)) if len(found[1]) == 3 else _PLAIN.get(found[1], found[1])
