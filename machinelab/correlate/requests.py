"""Requests as a proxy receives and sends them: what of one survives a proxy that ends its connection and opens another."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from ..dissect.core import Part
from ..dissect.packet import Packet
from ..model import Event, Fields, Trace
from . import http

HOP_BY_HOP = frozenset(
    [
        "connection",
        "keep-alive",
        "proxy-connection",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
        "content-length",
    ]
)
"""Headers about one connection, which is not the next one: RFC 9110 §7.6.1 (length and trailer with them: they come and go with chunks)."""

FORWARDED = b"forwarded-for"

Line = tuple[str, str]


class RelayedMessage(NamedTuple):
    """A request at one place, or a reply: the packet that completes it, and what it says.

    `core` is what no proxy changes unasked: method, target, body (of a reply: status and body); `lines` are its headers, names in
    small letters; `kept` those of them that are meant for the server at the end, the host aside: it may be named anew (RFC 9110 §7.2).
    """

    event: Event
    key: tuple[object, ...]
    core: tuple[object, ...]
    lines: dict[str, str]
    kept: frozenset[Line]

    @property
    def number(self) -> int:
        """The packet's."""
        return self.event.number

    @property
    def forwarded(self) -> str:
        """The client that the last proxy names; empty if none does."""
        return self.lines.get("x-forwarded-for", "").rpartition(",")[2].strip()


@dataclass(slots=True)
class Server:
    """A node (its name; empty: not known) that is asked, and asks itself; replies by their exchange."""

    node: str
    arrived: list[RelayedMessage] = field(default_factory=list)
    left: list[RelayedMessage] = field(default_factory=list)


class Exchanges(NamedTuple):
    """All nodes that may be proxies, and every reply by the key of its exchange.

    `exact`: a message is passed on byte for byte or not at all, and so is its reply.
    """

    servers: list[Server]
    replies: dict[tuple[object, ...], RelayedMessage]
    exact: bool = False


def exchanges(
    trace: Trace, names: Mapping[str, str], first: Mapping[int, bool], last: Mapping[int, bool]
) -> Exchanges:
    """The requests at each node that both receives and sends some.

    `names` says which addresses are one node's (empty: of none is it known); `first` and `last` say of a packet that was seen several times whether it is its first or last sighting: a router passes
    requests on, too, and asks for nothing.
    """
    # Where several messages of HTTP end in one packet, none of them can be told apart from it.
    asked = [event for event in trace.events if http.place(event) >= 0]
    ends: dict[str, Server] = {}

    def server(address: str) -> Server:
        name = names.get(address, address) if names else ""
        return ends.setdefault(name, Server(name))

    replies: dict[tuple[object, ...], Event] = {}
    coming, going = defaultdict(list), defaultdict(list)
    for event in asked:
        exchange = event.messages[http.place(event)].exchange
        assert exchange is not None
        if exchange.reply:
            replies[exchange.key] = event
            continue
        if last.get(event.number, True):
            coming[server(event.dst).node].append(event)
        if first.get(event.number, True):
            going[server(event.src).node].append(event)
    found = []
    for node in sorted(coming.keys() & going.keys()):
        arrived, left = coming[node], going[node]
        if not node:
            arrived, left = _passing(arrived, left)
        found.append(Server(node, [_asked(e) for e in arrived], [_asked(e) for e in left]))
    wanted = {each.key for one in found for each in (*one.arrived, *one.left)}
    return Exchanges(found, {key: _asked(event) for key, event in replies.items() if key in wanted})


def _passing(arrived: Sequence[Event], left: Sequence[Event]) -> tuple[list[Event], list[Event]]:
    """Of requests to and from nobody knows whom, those that somebody may have passed on; only these need be dissected.

    Whoever passes a request on has been sent one by somebody else than it now asks, or names in a header whom it asks for.
    """
    hops = {(event.src, event.dst) for event in arrived}
    asking = defaultdict(set)
    for src, dst in hops:
        asking[dst].add(src)
    onward = [e for e in left if asking[e.src] - {e.dst} or _names_another(e)]
    if any(map(_names_another, onward)):
        return list(arrived), onward
    senders = {event.src for event in onward}
    return [event for event in arrived if event.dst in senders], onward


def _names_another(event: Event) -> bool:
    """Whether a request may say for whom it is made; what does not stand plainly in its bytes may."""
    if not isinstance(event.content, Packet):
        return True
    info = event.content.info
    return not info.parts or any(_holds(part, info.data) for part in info.parts)


def _holds(part: Part, frame: bytes) -> bool:
    if part.protocol.layer != "http" or (part.data is None and part.buffer != "frame"):
        return True
    data = frame if part.data is None else part.data
    return FORWARDED in data[part.start : part.stop].lower()


def _asked(event: Event) -> RelayedMessage:
    exchange = event.messages[http.place(event)].exchange
    assert exchange is not None
    fields = http.fields(event)
    said = lines(fields)
    kept = frozenset(line for line in said if line[0] not in HOP_BY_HOP and line[0] != "host")
    return RelayedMessage(event, exchange.key, http.core(fields, exchange.reply), dict(said), kept)


def lines(fields: Fields) -> tuple[Line, ...]:
    """The headers of a message, in order, names in small letters."""
    return tuple((name.lower(), value) for name, value in http.headers(fields))
