"""Application messages of a frame: each from the place where the first pass found it."""

from functools import lru_cache

from ..model import Field
from .core import Contents, Part, View
from .data import dissect as rest
from .registry import carried

CONTENT = "media_type"  # the table of what any application's messages may hold


def dissect(view: View, start: int, stop: int) -> None:
    """The messages that complete in this frame; where the stream has no dissector, the payload as data."""
    info = view.info
    flow = info.quoted if view.quoted else info.flow
    if flow is None or flow.application is None:
        rest(view, start, stop)
        return
    if view.quoted:
        if start < stop:
            view.protocols.append(flow.application.layer)
            flow.application.dissect(view, Part(flow.application, start, stop, to_server=flow.to_server))
        return
    if not info.parts and flow.stream.kind == "udp" and flow.application.is_datagram is not None:
        rest(view, start, stop)
    for part in info.parts:
        if part.messages:
            view.marks.append(len(view.out))
        inner = view if part.data is None else view.enter(part.data, part.buffer)
        if flow.stream.kind == "tcp":
            _stream(view, part, inner.buffer if part.data is not None else part.buffer)
        if flow.announced and part.protocol.layer != flow.announced and flow.announced not in view.protocols:
            view.protocols.append(flow.announced)
        if part.protocol.layer not in view.protocols:
            view.protocols.append(part.protocol.layer)
        if view.wanted is None or asked_for(view.wanted, part):
            part.protocol.dissect(inner, part)


def asked_for(wanted: frozenset[str], part: Part) -> bool:
    """Whether a message may have a field of the layers that are wanted; of one with others inside that is not known."""
    return isinstance(part.state, Contents) or not wanted.isdisjoint(
        layers_of(part.protocol.layer, part.protocol.gives)
    )


@lru_cache(256)
def layers_of(layer: str, gives: tuple[str, ...]) -> frozenset[str]:
    """The layers of the fields in an application's messages (its own, and what it `gives`), what parts of them hold included."""
    return frozenset((layer, *gives, "data", *carried(CONTENT)))


def _stream(view: View, part: Part, buffer: str) -> None:
    """How the message was cut out of the byte stream: TCP's own fields, yet each message's own."""
    size = part.stop - part.start
    group = "tcp/Segments"
    if part.protocol.sized and part.announced:
        view.add(("tcp.pdu.size", max(size, part.announced), part.start, part.stop, buffer, 0, "tcp"))
    if part.data is None:
        return
    view.add(("tcp.segments", "", 0, size, buffer, 0, group))
    known = 0
    for frame, offset, length in part.pieces:
        view.add(("tcp.segment", frame, offset, offset + length, buffer, 0, group))
        if offset < known:
            view.add(("tcp.segment.overlap", True, 0, 0, buffer, 0, group))
        known = max(known, offset + length)
    view.out += (
        Field("tcp.segment.count", len(part.pieces), group=group),
        Field("tcp.reassembled.length", size, group=group),
        ("tcp.reassembled.data", part.data, 0, size, buffer, 0, group),
    )
