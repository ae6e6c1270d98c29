"""Application messages of a frame: each from the place where the first pass found it."""

from .core import View
from .data import dissect as rest


def dissect(view: View, start: int, stop: int) -> None:
    """The messages that complete in this frame; if there are none, the payload as plain bytes."""
    parts = view.note.parts
    if not parts:
        rest(view, start, stop)
        return
    for part in parts:
        view.protocols.append(part.protocol.layer)
        view.marks.append(len(view.out))
        part.protocol.dissect(view, part)
