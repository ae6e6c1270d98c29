"""Messages that a node passes on byte for byte, over another connection: requests and replies of any protocol, and others.

HTTP has headers that a proxy rewrites, and is read by `requests`. Here only the number may differ by which a connection
pairs its requests with its replies (`Application.pairing`), for the node chooses its own.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

from ..dissect.core import PacketInfo
from ..dissect.packet import Packet
from ..model import Event, Trace
from . import http
from .requests import Exchanges, RelayedMessage, Server

LEAST = 32
"""Bytes of a message without an exchange: shorter ones are equal by rule, as TLS's ChangeCipherSpec or an acknowledgement is."""

MANY = 100
"""Equal messages at one node; of more, nothing can tell which is which."""

UNPAIRED: tuple[object, ...] = ()
"""The key of a message that is no request and no reply."""

Core = tuple[object, ...]


def exchanges(
    trace: Trace, names: Mapping[str, str], first: Mapping[int, bool], last: Mapping[int, bool]
) -> Exchanges:
    """The messages of each node that receives and sends equal ones, but for HTTP's.

    `names` says which addresses are one node's; `first` and `last` say of a packet that was seen several times whether it is its first or last sighting.
    """
    coming: dict[str, list[RelayedMessage]] = defaultdict(list)
    going: dict[str, list[RelayedMessage]] = defaultdict(list)
    replies: dict[Core, RelayedMessage] = {}
    for each in _messages(trace.events):
        event = each.event
        if event.messages[0].exchange is not None and event.messages[0].exchange.reply:
            replies[each.key] = each
            continue
        if last.get(event.number, True):
            coming[names.get(event.dst, event.dst)].append(each)
        if first.get(event.number, True):
            going[names.get(event.src, event.src)].append(each)
    nodes = sorted(coming.keys() & going.keys())
    servers = [server for node in nodes for server in _server(node, coming[node], going[node])]
    return Exchanges(servers, replies, exact=True)


def _server(node: str, arrived: list[RelayedMessage], left: list[RelayedMessage]) -> list[Server]:
    """The node with the messages of which it received and sent equal ones; nothing if there are none."""
    coming, going = (Counter(each.core for each in side) for side in (arrived, left))
    shared = {core for core in coming.keys() & going.keys() if max(coming[core], going[core]) <= MANY}
    if not shared:
        return []
    return [
        Server(node, [a for a in arrived if a.core in shared], [each for each in left if each.core in shared])
    ]


def _messages(events: Iterable[Event]) -> Iterable[RelayedMessage]:
    """Events in which exactly one message ends, and no other protocol's."""
    for event in events:
        if len(event.messages) != 1 or not isinstance(event.content, Packet):
            continue
        exchange = event.messages[0].exchange
        if http.is_http(exchange):
            continue
        core = _core(event.content.info, exchange is not None and exchange.reply)
        if core is not None and (exchange is not None or (_in_a_connection(event) and len(core[2]) >= LEAST)):
            yield RelayedMessage(event, exchange.key if exchange else UNPAIRED, core, {}, frozenset())


def _in_a_connection(event: Event) -> bool:
    """Whether a message is part of a TCP stream: equal datagrams without an exchange are also two ends of a tunnel, as TURN's are."""
    return event.stream is not None and event.stream[0] == "tcp"


def _core(info: PacketInfo, reply: bool) -> tuple[str, bool, bytes] | None:
    """A message's protocol, direction and bytes, the number that pairs it left out; None if it is not alone in its packet."""
    if len(info.parts) != 1:
        return None
    (part,) = info.parts
    data = info.data if part.data is None else part.data
    octets = bytes(data[part.start + part.framing : part.stop])
    if part.protocol.pairing is not None:
        number = part.protocol.pairing[reply]
        octets = octets[: number.start] + octets[number.stop :]
    return part.protocol.label, reply, octets
