"""STUN: RFC 8489 §5; TURN's ChannelData: RFC 8656 §12.4. Found by its ports, and on any other by its looks."""

from ...core import Application, Part, Short, View
from ...data import dissect as rest
from .attributes import attributes
from .exchange import MessageState, Transactions
from .message import COOKIE, HEADER, is_channel, is_message
from .summary import summary as line

MARKS = tuple((4 + place, COOKIE[place : place + 1]) for place in range(4))


def is_datagram(payload: bytes, known: bool) -> bool:
    """Whether a datagram is STUN: on any port by its cookie, in a stream that is STUN also as a channel's data."""
    return is_message(payload) or (known and is_channel(payload))


def dissect(view: View, part: Part) -> None:
    """A message, or a channel's data with what is inside."""
    payload = view.data[part.start : part.stop]
    if is_channel(payload):
        _channel(view, part.start, part.stop)
    elif is_message(payload) or (view.quoted and len(payload) >= HEADER and payload[4:8] == COOKIE):
        state = part.state if isinstance(part.state, MessageState) else _quoted(view, payload)
        _message(view, part.start, part.stop, state)
    else:
        view.protocols.pop()
        rest(view, part.start, part.stop)


def _quoted(view: View, payload: bytes) -> MessageState | None:
    """What is known of a message that an ICMP error quotes."""
    session = view.info.quoted.session if view.quoted and view.info.quoted else None
    return session.known(payload) if isinstance(session, Transactions) else None


def _message(view: View, start: int, stop: int, state: MessageState | None) -> None:
    data, buffer = view.data, view.buffer
    kind, length = data[start] << 8 | data[start + 1], data[start + 2] << 8 | data[start + 3]
    view.add(("stun", "", start, stop, buffer, 0, "stun"))
    if state is not None:
        view.out += state.fields(view.info, start, buffer)
    two = (start, start + 2, buffer)
    view.out += (
        ("stun.type", kind, *two, 0, "stun"),
        ("stun.type.class", (kind & 0x110) >> 4, *two, 0x110, "stun/Type"),
        ("stun.type.method", kind & 0x3EEF, *two, 0x3EEF, "stun/Type"),
        ("stun.type.method-assignment", kind >> 13 & 1, *two, 0x2000, "stun/Type"),
        ("stun.length", length, start + 2, start + 4, buffer, 0, "stun"),
        ("stun.cookie", data[start + 4 : start + 8], start + 4, start + 8, buffer, 0, "stun"),
        ("stun.id", data[start + 8 : start + 20], start + 8, start + 20, buffer, 0, "stun"),
    )
    if not length:
        return
    at = start + HEADER
    view.add(("stun.network_version", 3, at, at, buffer, 0, "stun"))
    end = min(stop, at + length)
    view.add(("stun.attributes", "", at, end, buffer, 0, "stun/Attributes"))
    try:
        attributes(view, start, at, end)
    except Short:
        if not view.quoted:
            view.add(view.broken("stun", start))


def _channel(view: View, start: int, stop: int) -> None:
    """RFC 8656 §12.4: four bytes, then what the peer sent or is to be sent."""
    data, buffer = view.data, view.buffer
    length = data[start + 2] << 8 | data[start + 3]
    view.out += (
        ("stun", "", start, start + 4, buffer, 0, "stun"),
        ("stun.channel", data[start] << 8 | data[start + 1], start, start + 2, buffer, 0, "stun"),
        ("stun.length", length, start + 2, start + 4, buffer, 0, "stun"),
    )
    # A message inside is not dissected, as in Wireshark; the summary names it.
    rest(view, start + 4, min(stop, start + 4 + length))


def summary(payload: bytes, part: Part) -> str:
    """`Binding request`, `Binding success  198.18.0.2:61207`, `channel 0x4000: Binding request`."""
    return line(payload)


APPLICATIONS = (
    Application(
        "STUN", "stun", Transactions, dissect, summary, udp=(3478, 3479), is_datagram=is_datagram, marks=MARKS
    ),
)
