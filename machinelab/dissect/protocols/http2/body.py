"""Content in DATA frames: parts of a body, and with the last one the body as a whole: RFC 9113 §8.1."""

from ...content import by_media_type, decoded
from ...core import View
from . import frames
from .frames import Header
from .streams import Body

GROUP = "http2"


def dissect(view: View, start: int, stop: int, found: Header, body: Body | None) -> None:
    """The bytes of this frame; with the stream's last frame the whole body, dissected by its media type."""
    if body is None or not found.flags & frames.END_STREAM:
        if start < stop:
            view.add(("http2.data.data", view.data[start:stop], start, stop, view.buffer, 0, GROUP))
        if body is not None and body.ended:
            view.add(("http2.body.reassembled.in", body.ended, start, start, view.buffer, 0, GROUP))
        return
    whole(view, start, stop, body)


def whole(view: View, start: int, stop: int, body: Body) -> None:
    """A body that is complete, decoded; `start`:`stop` is where the bytes of this frame are."""
    if len(body.pieces) > 1 or start == stop:
        if sum(len(piece) for _, piece in body.pieces) < body.size:
            view.add(("http2.cut", True, start, stop, view.buffer, 0, GROUP))
            return
        view = view.enter(b"".join(piece for _, piece in body.pieces), "Reassembled body")
        start, stop = 0, len(view.data)
        _fragments(view, body)
    content, first, last, more = decoded(view, start, stop, body.headers.get(b"content-encoding"))
    if more:
        view.add(("http2.cut", True, start, stop, view.buffer, 0, GROUP))
    if first < last:
        content.add(("http2.data.data", content.data[first:last], first, last, content.buffer, 0, GROUP))
        by_media_type(content, first, last, body.headers.get(b"content-type"))


def _fragments(view: View, body: Body) -> None:
    """Which packet brought which part."""
    buffer, size, at = view.buffer, len(view.data), 0
    view.add(("http2.body.fragments", "", 0, size, buffer, 0, GROUP))
    for number, piece in body.pieces:
        view.add(("http2.body.fragment", number, at, at + len(piece), buffer, 0, GROUP))
        at += len(piece)
    view.out += (
        ("http2.body.fragment.count", len(body.pieces), 0, 0, buffer, 0, GROUP),
        ("http2.body.reassembled.length", size, 0, 0, buffer, 0, GROUP),
        ("http2.body.reassembled.data", view.data, 0, size, buffer, 0, GROUP),
    )
