"""Sightings of one packet on several networks, tied together. It sees packets only: no log, no table of a translator.

    faces      what of a packet survives a router and a translator, and what it may change
    boxes      who forwards: which frames arrive at a node, which leave it
    ties       which frame that leaves is which that arrived, and how sure that is
    crossing   what a node changed, as generated fields

A router takes one off the TTL (RFC 1812 §5.3.1) and sends from a hardware address of its own. A translator changes
addresses and ports too, and corrects the transport checksum by exactly that much (RFC 3022 §4.1, RFC 1624). All else
stays: identification, length, sequence numbers, options, payload. A tie is made where these agree, the TTL is one less, and
the frame was sent by the node that the other was sent to. Where several packets agree in all of that, the conversations that
are known decide; where those do not, no tie is made: a missing tie is better than a wrong one.
"""

from dataclasses import replace

from ..model import Event, Sighting, Trace
from .boxes import forwarders
from .crossing import Crossing, Sighted
from .ties import Tie, tie

__all__ = ["correlate"]


def correlate(trace: Trace) -> Trace:
    """The same trace; each event that is one of several sightings of a packet says so, and what changed on the way."""
    ties = [found for box in forwarders(trace) for found in tie(box)]
    if not ties:
        return trace
    by_number = {event.number: event for event in trace.events if event.network or event.source == "packets"}
    told: dict[int, Event] = {}
    for way in _ways(ties):
        events = [by_number[number] for number in way.numbers]
        sightings = tuple(Sighting(e.number, e.network, e.src, e.dst, e.link) for e in events)
        crossing = Crossing(sightings, way.ties, trace.names())
        for event in events:
            content = Sighted(event.content, crossing)
            told[event.number] = replace(event, content=content, sightings=sightings)
    events = tuple(told.get(e.number, e) if e.number in by_number and by_number[e.number] is e else e for e in trace.events)
    return replace(trace, events=events)


class _Way:
    """A packet's way: the numbers of its sightings in order, and the ties between them."""

    def __init__(self, ties: list[Tie]) -> None:
        self.ties = tuple(ties)
        self.numbers = [ties[0].arrival.number, *(found.departure.number for found in ties)]


def _ways(ties: list[Tie]) -> list[_Way]:
    """Ties joined end to end. Each frame arrives at one node and left one, so no way forks."""
    following = {found.arrival.number: found for found in ties}
    reached = {found.departure.number for found in ties}
    ways = []
    for start in sorted(following.keys() - reached):
        chain = []
        at = start
        while at in following:
            chain.append(following[at])
            at = following[at].departure.number
        ways.append(_Way(chain))
    return ways
