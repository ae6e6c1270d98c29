"""System calls from `strace -f -ttt -T -y`: what a server asked of the kernel, when, and how long that took.

A call happened somewhere between its start and its return, so an event stands in the middle, and is uncertain by half of
its duration: two calls that overlap are in no order that anybody could know. (strace prints the start with `-ttt` and the
duration with `-T`, both to the microsecond: strace(1).)
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from ...model import Event, Field, Value
from ..clock import seconds
from ..lines import text
from ..record import record

KIND = "strace"
MICROSECOND = 1_000
LONGEST = 20  # characters of a file's name that a list shows whole

# The last numbers of these are how many events or pieces there may be, and for how long to wait: no length, no offset.
COUNTED = frozenset({b"epoll_wait", b"epoll_pwait", b"readv", b"writev"})
BY_NAME = frozenset({b"unlink", b"unlinkat", b"open", b"openat", b"rename", b"truncate"})

_LINE = re.compile(rb"(?:(?P<pid>\d+) +)?(?P<time>\d{1,10}\.\d{6}) (?P<rest>.*)")
_RESUMED = re.compile(rb"<\.\.\. (?P<name>\w+) resumed>(?P<rest>.*)")
_UNFINISHED = re.compile(rb"(?P<call>.*?) *<unfinished \.\.\.>$")
_CALL = re.compile(
    rb"(?P<name>\w+)\((?P<words>.*?)(?:\) += (?P<said>[^<]*?(?:<(?:->|[^>])*>)?)(?: <(?P<took>\d+\.\d{6})>)?)?$"
)
_RETURN = re.compile(rb"(?P<return>-?\d+|\?|0x[0-9a-f]+)(?: (?P<error>[A-Z]\w+))?")
# With -yy a socket's name has an arrow in it: `22<TCP:[198.18.0.20:80->198.18.0.10:44052]>`.
_FILE = re.compile(rb"(?P<fd>\d+)<(?P<path>(?:->|[^>])*)>")
_DATA = re.compile(rb'"(?P<data>(?:[^"\\]|\\.)*)"(?:\.\.\.)?')
_NUMBERS = re.compile(rb", (?P<length>\d+)(?:, (?P<offset>\d+))?$")
_ENDED = re.compile(rb"\+\+\+ (?:killed by (?P<signal>\w+)|exited with (?P<exit>\d+)).*\+\+\+")


def load(data: bytes, node: str) -> list[Event]:
    """The calls and the ends of processes in one trace, by time. A line that is none of them is passed over."""
    found = sorted(_events(data, node), key=lambda event: event.time)
    return [replace(event, number=number) for number, event in enumerate(found, start=1)]


def _events(data: bytes, node: str) -> Iterator[Event]:
    open_calls: dict[bytes, bytes] = {}
    for line in data.splitlines():
        parts = _LINE.fullmatch(line)
        if parts is None:
            continue
        pid, rest = parts["pid"] or b"", parts["rest"]
        if unfinished := _UNFINISHED.fullmatch(rest):
            open_calls[pid] = line[: parts.start("rest")] + unfinished["call"]
        elif resumed := _RESUMED.fullmatch(rest):
            if (before := open_calls.pop(pid, None)) is not None:
                yield from _event(before + resumed["rest"], node)
        else:
            if _ENDED.fullmatch(rest) and (before := open_calls.pop(pid, None)) is not None:
                yield from _event(before, node)
            yield from _event(line, node)
    for line in open_calls.values():
        yield from _event(line, node)


def _event(line: bytes, node: str) -> Iterator[Event]:
    parts = _LINE.fullmatch(line)
    if parts is None:
        return
    at, started = parts.start("rest"), seconds(parts["time"]) or 0
    pid = _Span("pid", int(parts["pid"] or 0), *(parts.span("pid") if parts["pid"] else (0, 0)))
    if ended := _ENDED.fullmatch(parts["rest"]):
        yield _end(line, node, started, pid, ended, at)
    elif call := _CALL.fullmatch(parts["rest"]):
        yield _call(line, node, started, parts.span("time"), pid, call, at)


class _Span:
    """A value and where in the line it stands."""

    __slots__ = ("name", "start", "stop", "value")

    def __init__(self, name: str, value: Value, start: int, stop: int) -> None:
        self.name, self.value, self.start, self.stop = name, value, start, stop

    def field(self, layer: str) -> Field:
        return Field(f"{layer}.{self.name}", self.value, self.start, self.stop, "line", 0, layer)


def _call(
    line: bytes, node: str, started: int, clock: tuple[int, int], pid: _Span, call: re.Match[bytes], at: int
) -> Event:
    took = (seconds(call["took"]) or 0) if call["took"] else 0
    spans = [
        _Span("started", started, *clock),
        pid,
        _Span("name", text(call["name"]), *_moved(call, "name", at)),
        *_words(call, at),
        *_answer(call, at),
    ]
    if call["took"]:
        spans.append(_Span("duration", took, *_moved(call, "took", at)))
    fields = [
        Field("syscall", "", 0, len(line), "line", 0, "syscall"),
        *(span.field("syscall") for span in spans),
    ]
    content = record(fields, {"line": line}, _summary({span.name: span.value for span in spans}))
    uncertain = took // 2 + MICROSECOND
    return Event(
        0,
        started + took // 2,
        KIND,
        content,
        "syscall",
        node=node,
        uncertainty=uncertain,
        lane=f"{node} {pid.value!s}",
    )


def _words(call: re.Match[bytes], at: int) -> Iterator[_Span]:
    """The arguments that say something: the file, the bytes, how many and where."""
    words, start = call["words"], at + call.start("words")
    file, data = _FILE.match(words), _DATA.search(words)
    if file:
        yield _Span("fd", int(file["fd"]), *_moved(file, "fd", start))
        yield _Span("path", text(file["path"]), *_moved(file, "path", start))
    if data and (file or call["name"] not in BY_NAME):
        yield _Span("data", text(data["data"]), *_moved(data, "data", start))
    elif data:
        yield _Span("path", text(data["data"]), *_moved(data, "data", start))
    if call["name"] not in COUNTED and (numbers := _NUMBERS.search(words)):
        yield _Span("length", int(numbers["length"]), *_moved(numbers, "length", start))
        if numbers["offset"]:
            yield _Span("offset", int(numbers["offset"]), *_moved(numbers, "offset", start))


def _answer(call: re.Match[bytes], at: int) -> Iterator[_Span]:
    said = _RETURN.match(call["said"] or b"")
    if said is None or said["return"] == b"?":
        return
    start = at + call.start("said")
    yield _Span("return", int(said["return"], 0), *_moved(said, "return", start))
    if said["error"]:
        yield _Span("error", text(said["error"]), *_moved(said, "error", start))


def _end(line: bytes, node: str, time: int, pid: _Span, ended: re.Match[bytes], at: int) -> Event:
    if ended["signal"]:
        how, said = _Span("signal", text(ended["signal"]), *_moved(ended, "signal", at)), "killed by "
    else:
        how, said = _Span("exit", int(ended["exit"]), *_moved(ended, "exit", at)), "ended with "
    fields = [
        Field("process", "", 0, len(line), "line", 0, "process"),
        pid.field("process"),
        how.field("process"),
    ]
    content = record(fields, {"line": line}, f"process {pid.value!s}: {said}{how.value!s}")
    return Event(
        0, time, KIND, content, "process", node=node, uncertainty=MICROSECOND, lane=f"{node} {pid.value!s}"
    )


def _summary(said: dict[str, Value]) -> str:
    """`fdatasync  pg_wal/…000001  4.7 ms`, `pwrite64  pg_wal/…000001  8192 bytes at 5496832  0.05 ms`."""
    words = [str(said["name"])]
    if path := said.get("path"):
        words.append("/".join(_short(part) for part in str(path).split("/")[-2:]))
    if "length" in said:
        where = f" at {said['offset']!s}" if "offset" in said else ""
        words.append(f"{said['length']!s} bytes{where}")
    if "error" in said:
        words.append(f"failed: {said['error']!s}")
    if "duration" in said:
        words.append(_milliseconds(int(said["duration"])))
    elif "return" not in said:
        words.append("never returned")
    return "  ".join(words)


def _milliseconds(nanoseconds: int) -> str:
    ms = nanoseconds / 1e6
    return f"{ms:.2f} ms" if ms < 1 else f"{ms:.1f} ms" if ms < 10 else f"{ms:.0f} ms"


def _short(part: str) -> str:
    """A part of a path, as far as it tells one from another in a list."""
    return part if len(part) <= LONGEST else f"…{part[-6:]}"


def _moved(found: re.Match[bytes], group: str, by: int) -> tuple[int, int]:
    start, stop = found.span(group)
    return start + by, stop + by
