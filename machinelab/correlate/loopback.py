"""Two programs of one machine, told apart by port: on the loopback client and server have one address.

The server's end is the one that the conversation was opened to; it is named with its port (`127.0.0.1:8080`). The client's ports
differ from one conversation to the next, so its end keeps the bare address.
"""

from collections.abc import Iterator
from dataclasses import replace

from ..model import Event, Trace

Ends = tuple[int, int]
"""The ports of a packet, sender's and receiver's."""


def tell_apart(trace: Trace) -> Trace:
    """The trace, the server's end of each conversation of an address with itself named with its port."""
    if not any(_with_itself(event) for event in trace.events):
        return trace
    return replace(trace, events=tuple(_told_apart(trace)))


def _with_itself(event: Event) -> bool:
    return bool(event.src) and event.src == event.dst and not event.sightings


def _told_apart(trace: Trace) -> Iterator[Event]:
    servers: dict[object, int] = {}
    for event in trace.events:
        ports = _ports(event) if _with_itself(event) else None
        if ports is None:
            yield event
            continue
        server = servers.setdefault(event.stream or frozenset(ports), _server(event, ports))
        address = f"[{event.src}]" if ":" in event.src else event.src
        named = f"{address}:{server}"
        yield replace(event, src=named) if ports[0] == server else replace(event, dst=named)


def _ports(event: Event) -> Ends | None:
    for protocol in ("tcp", "udp"):
        name = f"{protocol}.srcport"
        if name in event:
            return int(event[name]), int(event[f"{protocol}.dstport"])
    return None


def _server(event: Event, ports: Ends) -> int:
    """The server's port, by the first packet of a conversation: whom it opens it to; else the lower one, as servers choose theirs."""
    flags = [event[name] for name in ("tcp.flags.syn", "tcp.flags.ack") if name in event]
    if flags and not flags[0]:
        return min(ports)
    return ports[0] if flags == [True, True] else ports[1]
