"""What stands in an Ethernet frame after the packet: zeros up to the least length, or somebody's trailer."""

from ..model import Field
from .core import View

LEAST = 60  # IEEE 802.3 §3.2.8, without the four bytes of the frame check sequence


def dissect(view: View, start: int, stop: int) -> None:
    """Padding, where the frame is of the least length and the rest is zeros; else a trailer."""
    if start >= stop or view.buffer != "frame" or view.info.frame.source.link != 1 or view.quoted:
        return
    data = view.data[start:stop]
    name = "eth.padding" if stop <= LEAST and not any(data) else "eth.trailer"
    view.add(Field(name, data, start, stop, view.buffer, 0, "eth"))
