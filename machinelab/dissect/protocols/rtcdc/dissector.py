"""Opening a data channel: RFC 8832 §5. Its messages are those of SCTP whose payload protocol is 50."""

from ...core import Short, View
from ...cursor import Cursor
from ...subdissector import Subdissector

OPEN, ACK, GROUP = 3, 2, "rtcdc"


def dissect(view: View, start: int, stop: int, known: object) -> None:
    """One message."""
    if "rtcdc" not in view.protocols:
        view.protocols.append("rtcdc")
    cursor = Cursor(view, start, stop, GROUP)
    cursor.heading(GROUP, cursor.left)
    try:
        if cursor.number("rtcdc.message_type", 1) == OPEN:
            _open(cursor)
    except Short:
        view.add(view.broken(GROUP, start))


def _open(cursor: Cursor) -> None:
    cursor.number("rtcdc.channel_type", 1)
    cursor.number("rtcdc.priority", 2)
    cursor.number("rtcdc.reliability_parameter", 4)
    size = cursor.number("rtcdc.label_length", 2)
    length = cursor.number("rtcdc.protocol_length", 2)
    cursor.text("rtcdc.label", size)
    cursor.text("rtcdc.protocol", length)


SUBDISSECTORS = (Subdissector("sctp.ppi", dissect, ("50",), ("rtcdc",)),)
