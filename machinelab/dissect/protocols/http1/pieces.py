"""What is shown of a stream of events: its chunks, and each event by whoever reads that media type."""

from ...core import Part, View
from ...registry import offer
from .streaming import Piece

MEDIA_TYPE = "text/event-stream"
WORDS = 40  # characters of an event in the packet list


def dissect(view: View, part: Part, piece: Piece) -> None:
    """A chunk, and the events that end in it."""
    start, stop, buffer = part.start, part.stop, view.buffer
    view.add(("http", "", start, stop, buffer, 0, "http"))
    first, last = start + piece.start, start + piece.stop
    if piece.chunked:
        view.add(("http.chunk_size", last - first, start, first, buffer, 0, "http"))
        if last > first:
            view.add(("http.chunk_data", view.data[first:last], first, last, buffer, 0, "http"))
            view.add(("http.chunk_boundary", view.data[last:stop], last, stop, buffer, 0, "http"))
    for number, event in enumerate(piece.events):
        if number:
            view.marks.append(len(view.out))
        if event.data is not None:
            inner = view.enter(event.data, "Reassembled event")
            offer(inner, "media_type", MEDIA_TYPE, 0, len(event.data))
        else:
            offer(view, "media_type", MEDIA_TYPE, start + event.start, start + event.stop)


def summary(payload: bytes, piece: Piece) -> str:
    """`event  news 3  {"n": 3}`, `2 events`, `end of the stream`, `part of an event, 12 bytes`."""
    if piece.last:
        return "end of the stream"
    if not piece.events:
        return f"part of an event, {piece.stop - piece.start} bytes"
    if len(piece.events) > 1:
        return f"{len(piece.events)} events"
    (event,) = piece.events
    text = (event.data or payload[event.start : event.stop]).decode("utf-8", "replace")
    said = "  ".join(text.split("\n")).strip()
    return f"event  {said if len(said) <= WORDS else said[:WORDS] + '…'}"
