"""The beginning of an HTTP message of which the capture did not keep its head's end, as far as Wireshark reads it, too."""

from collections.abc import Callable
from http import HTTPMethod
from typing import NamedTuple

from ...core import View
from .framing import REPLY, REQUEST, line_end


class Readers(NamedTuple):
    """What reads a whole start line, a piece of one, and a header's line."""

    request: Callable[[View, int, int], None]
    reply: Callable[[View, int, int], None]
    say: Callable[[View, str, int, int], None]
    header: Callable[[View, str, str, int, int], None]


METHODS = {method.value.encode() for method in HTTPMethod}


def dissect(view: View, start: int, stop: int, read: Readers) -> None:
    """The start line, the header lines, each as far as it is there; then the mark that the rest is not."""
    data = view.data
    end, following = _line(data, start, stop)
    kind = "response" if data.startswith(b"HTTP/", start) else "request"
    place = len(view.out)
    view.add(("http", "", start, stop, view.buffer, 0, "http"))
    if following > end and (REPLY if kind == "response" else REQUEST).match(data, start):
        (read.reply if kind == "response" else read.request)(view, start, end)
    elif data.endswith(b"\r", start, end) or not _start(view, start, end, read, kind):
        del view.out[place:]
        view.add(view.broken("http", stop))
        return
    if _headers(view, following, stop, kind, read):
        view.add((f"http.{kind}", True, start, start, view.buffer, 0, "http"))
    view.add(view.broken("http", stop))


def _line(data: bytes, at: int, stop: int) -> tuple[int, int]:
    """Where a line ends, and where the next begins; both the end where the line does not end."""
    return line_end(data, at) if data.find(b"\n", at, stop) >= 0 else (stop, stop)


def _start(view: View, start: int, stop: int, read: Readers, kind: str) -> bool:
    """The parts of a start line without an end; False if it is none."""
    words = view.data[start:stop].split(b" ", 2)
    if kind == "request" and words[0] not in METHODS:
        return False
    if kind == "response" and len(words) > 1 and REPLY.match(view.data[start:stop] + b" \r\n"):
        read.reply(view, start, stop)
        return True
    if kind == "request" and REQUEST.match(view.data[start:stop] + b"\r\n"):
        read.request(view, start, stop)
        return True
    names = ("method", "uri", "version") if kind == "request" else ("version",)
    at = start
    for name, word in zip(names, words, strict=False):
        if word:
            read.say(view, f"{kind}.{name}", at, at + len(word))
        at += len(word) + 1
    return True


def _headers(view: View, at: int, stop: int, kind: str, read: Readers) -> bool:
    """The lines; False if the last one ends before its colon."""
    while at < stop:
        last, following = _line(view.data, at, stop)
        name, colon, value = view.data[at:last].partition(b":")
        if not colon:
            return False
        said = value.decode("utf-8", "replace").strip()
        read.header(view, name.decode("latin-1").strip().lower(), said, at, following)
        read.say(view, f"{kind}.line", at, following)
        at = following
    return True
