"""What stands in an Ethernet frame after the packet: zeros up to the least length, somebody's trailer, the check sequence."""

from ..model import Field
from .core import View

LEAST = 60  # IEEE 802.3 §3.2.8, without the four bytes of the frame check sequence
CHECK = 4


def dissect(view: View, start: int, stop: int) -> None:
    """Padding, where zeros reach the least length; of what is behind it the last four bytes as check sequence, as Wireshark guesses."""
    if start >= stop or view.buffer != "frame" or view.info.frame.source.link != 1 or view.quoted:
        return
    data, buffer = view.data, view.buffer
    if start < LEAST <= stop and not any(data[start:LEAST]):
        view.add(Field("eth.padding", data[start:LEAST], start, LEAST, buffer, 0, "eth"))
        start = LEAST
    checked = stop >= LEAST + CHECK and stop - start >= CHECK
    end = stop - CHECK if checked else stop
    if start < end:
        view.add(Field("eth.trailer", data[start:end], start, end, buffer, 0, "eth"))
    if checked:
        value = int.from_bytes(data[end:stop], "big")
        view.add(Field("eth.fcs", value, end, stop, buffer, 0, "eth"))
        view.add(Field("eth.fcs.status", 2, end, end, buffer, 0, "eth"))
