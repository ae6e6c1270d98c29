"""The fields of events: WHATWG HTML §9.2.5, §9.2.6. Offered one by one as they come, or all that a body holds."""

import re

from ...core import View
from ...subdissector import Subdissector

LINE = re.compile(rb"([^\r\n]*)(?:\r\n|\n|\r|$)")
BOM = b"\xef\xbb\xbf"
MOST = 1000  # events of one body
TEXTS = {b"id": "sse.id", b"event": "sse.event"}


def dissect(view: View, start: int, stop: int, known: object) -> None:
    """The events between two places of a buffer."""
    if "sse" not in view.protocols:
        view.protocols.append("sse")
    at, count = start + (len(BOM) if view.data.startswith(BOM, start, stop) else 0), 0
    ends = [found.end() for found in END.finditer(view.data, at, stop)][:MOST]
    for end in ends if ends[-1:] == [stop] else [*ends, stop]:
        if at < end:
            count += 1
            group = "sse" if len(ends) < 2 else f"sse/Events/{count}"
            view.add(("sse", "", at, end, view.buffer, 0, group))
            _event(view, at, end, group)
        at = end


END = re.compile(rb"(?:\r\n|\n|\r(?!\n))(?:\r\n|\n|\r)")


def _event(view: View, start: int, stop: int, group: str) -> None:
    data: list[tuple[int, int]] = []
    for line in LINE.finditer(view.data, start, stop):
        first, last = line.span(1)
        colon = view.data.find(b":", first, last)
        name = view.data[first : colon if colon >= 0 else last]
        if colon < 0 or first == last:
            continue
        at = colon + 1 + (view.data[colon + 1 : colon + 2] == b" ")
        at = min(at, last)
        if name == b"data":
            data.append((at, last))
        elif name in TEXTS or not name:
            view.add((TEXTS.get(name, "sse.comment"), _text(view, at, last), at, last, view.buffer, 0, group))
        elif name == b"retry" and view.data[at:last].isdigit() and last - at < 10:
            view.add(("sse.retry", int(view.data[at:last]), at, last, view.buffer, 0, group))
    if data:
        said = "\n".join(_text(view, at, last) for at, last in data)
        view.add(("sse.data", said, data[0][0], data[-1][1], view.buffer, 0, group))


def _text(view: View, start: int, stop: int) -> str:
    return view.data[start:stop].decode("utf-8", "replace")


SUBDISSECTORS = (Subdissector("media_type", dissect, ("text/event-stream",), ("sse",)),)
