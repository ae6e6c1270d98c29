"""Forms as they travel, in a body or behind a question mark: application/x-www-form-urlencoded (WHATWG URL §5)."""

from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple
from urllib.parse import unquote_plus

from ...core import View
from ...subdissector import Subdissector

MOST = 5000  # pairs of one form that are read: more than anybody looks at


class Pair(NamedTuple):
    """A name and its value; the value stands at `start`:`stop`, the name at `at`:`end`."""

    name: str
    value: str
    at: int
    end: int
    start: int
    stop: int


def pairs(data: bytes, start: int, stop: int) -> Iterator[Pair]:
    """What is between the ampersands; a name without `=` has an empty value."""
    at = start
    while at < stop:
        end = data.find(b"&", at, stop)
        end = stop if end < 0 else end
        middle = data.find(b"=", at, end)
        name_end, value_at = (end, end) if middle < 0 else (middle, middle + 1)
        if end > at:
            yield Pair(_plain(data, at, name_end), _plain(data, value_at, end), at, name_end, value_at, end)
        at = end + 1


def _plain(data: bytes, start: int, stop: int) -> str:
    return unquote_plus(data[start:stop].decode("utf-8", "replace"))


def dissect(view: View, start: int, stop: int) -> list[Pair]:
    """A body's fields as Wireshark names them; returns the pairs for the dissector that knows their meaning."""
    view.protocols.append("urlencoded-form")
    view.add(("urlencoded-form", "", start, stop, view.buffer, 0, "urlencoded-form"))
    found = list(islice(pairs(view.data, start, stop), MOST))
    if len(found) == MOST and found[-1].stop < stop - 1:
        view.add(("urlencoded-form.cut", True, found[-1].stop, stop, view.buffer, 0, "urlencoded-form"))
    for pair in found:
        for name, value, first, last in (
            ("key", pair.name, pair.at, pair.end),
            ("value", pair.value, pair.start, pair.stop),
        ):
            view.add((f"urlencoded-form.{name}", value, first, last, view.buffer, 0, "urlencoded-form"))
    return found


SUBDISSECTORS = (
    Subdissector(
        "media_type",
        lambda view, start, stop, known: dissect(view, start, stop),
        ("application/x-www-form-urlencoded",),
        ("urlencoded-form",),
    ),
)
