"""Sightings of one packet or request on several networks (router, NAT, proxy), tied together.

It sees packets only: no log, no table of a translator.

    fingerprints      what of a packet survives a router and a translator, and what it may change
    boxes      who forwards: which frames arrive at a node, which leave it
    ties       which frame that leaves is which that arrived, and how sure that is
    requests   what of an HTTP request survives a proxy
    messages   messages of other protocols, which a node passes on byte for byte
    relays     which request that a proxy sends is which it received, and how sure that is
    crossing   what a node changed, as generated fields
    loopback   two programs at one address, told apart by port

A router takes one off the TTL (RFC 1812 §5.3.1) and sends from a hardware address of its own. A translator changes
addresses and ports too, and corrects the transport checksum by exactly that much (RFC 3022 §4.1, RFC 1624). All else
stays: identification, length, sequence numbers, options, payload. A tie is made where these agree, the TTL is one less, and
the frame was sent by the node that the other was sent to. Where several packets agree in all of that, the conversations that
are known decide; where those do not, no tie is made: a missing tie is better than a wrong one.

Requests, replies and streams are tied by their addresses, so the same exchange has another key on each network that it
crosses. Where one packet is in two of them, they are one, and are given one key.

A proxy passes no packet on: it ends a connection and opens another one. There it is the request that is the same, tied by
itself, and its reply with it; the two packets that complete it are then two sightings of it, and their exchanges are one.
Their connections stay two. Of HTTP, headers may change on the way; a message of any other protocol is passed on byte for byte, but
for the number that pairs requests with replies on one connection.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

from ..model import Event, Sighting, Trace
from . import messages, requests
from .boxes import forwarders
from .crossing import Crossing, Sighted, Vain
from .loopback import tell_apart
from .relays import Attempt, Relay, relay
from .ties import Tie, tie

__all__ = ["correlate", "tell_apart"]

PACKETS = "packets"


def correlate(trace: Trace) -> Trace:
    """The same trace; each event that is one of several sightings of a packet or a request says so, and what changed on the way."""
    ties: list[Tie] = [found for box in forwarders(trace) for found in tie(box)]
    names = trace.names()
    relays, attempts = _relayed(trace, ties, names)
    # Where nobody says who is who, a request that was tied shows two addresses of one proxy: they tie others.
    if not names and (sides := _sides(relays)):
        relays, attempts = _relayed(trace, ties, sides)
    if not (ties or relays):
        return trace
    return _told(trace, [*ties, *relays], attempts)


def _relayed(
    trace: Trace, ties: Sequence[Tie], names: Mapping[str, str]
) -> tuple[list[Relay], list[Attempt]]:
    """The messages that proxies passed on; `names` says which addresses are one node's."""
    arrived, left = {t.arrival.number for t in ties}, {t.departure.number for t in ties}
    relays: list[Relay] = []
    attempts: list[Attempt] = []
    for exchanges in (requests.exchanges, messages.exchanges):
        found = exchanges(trace, names, dict.fromkeys(left, False), dict.fromkeys(arrived, False))
        passed_on, vain = relay(found)
        relays += passed_on
        attempts += vain
    return relays, attempts


def _sides(relays: Sequence[Relay]) -> dict[str, str]:
    """Each address of a proxy → the first of them: where a message arrived, and from where it was sent on."""
    one = _Same()
    for each in relays:
        one.join(each.arrival.dst, each.departure.src)
    addresses = {address for each in relays for address in (each.arrival.dst, each.departure.src)}
    return {address: one.top(address) for address in addresses}


def _told(trace: Trace, ties: Sequence[Tie | Relay], attempts: Iterable[Attempt]) -> Trace:
    packets = {event.number: event for event in trace.events if event.source == PACKETS}
    names = trace.names()
    same = _Same()
    told: dict[int, Event] = {}
    for chain in _chains(ties):
        seen = [packets[chain[0].arrival.number], *(packets[found.departure.number] for found in chain)]
        sightings = tuple(Sighting(e.number, e.network, e.src, e.dst, e.link) for e in seen)
        crossing = Crossing(replace(seen[0], sightings=sightings).path(names), chain)
        for found, (earlier, later) in zip(chain, pairwise(seen), strict=True):
            same.packet(earlier, later, isinstance(found, Tie))
        for event in seen:
            told[event.number] = replace(event, content=Sighted(event.content, crossing), sightings=sightings)
    for attempt in attempts:
        event = told.get(attempt.departure.number, attempt.departure)
        told[event.number] = replace(event, content=Sighted(event.content, Vain(attempt)))
    events = (told.get(e.number, e) if e.source == PACKETS else e for e in trace.events)
    return replace(trace, events=tuple(map(same.renamed, events)))


def _chains(ties: Iterable[Tie | Relay]) -> list[list[Tie | Relay]]:
    """Ties joined end to end. A frame arrives at one node and left one, so no way forks."""
    following = {found.arrival.number: found for found in ties}
    reached = {found.departure.number for found in following.values()}
    chains = []
    for start in sorted(following.keys() - reached):
        chain = [following[start]]
        while (last := chain[-1].departure.number) in following:
            chain.append(following[last])
        chains.append(chain)
    return chains


class _Same:
    """Which exchanges and streams are one, for a packet is in both: a union-find over their keys."""

    def __init__(self) -> None:
        self._above: dict[Hashable, Hashable] = {}

    def packet(self, one: Event, other: Event, whole: bool) -> None:
        """Two sightings of a packet: its streams are one (if it is the `whole` packet, and no message that another one carries
        on), and so are the exchanges of its messages, each with each."""
        if whole and one.stream and other.stream:
            self.join(one.stream, other.stream)
        if len(one.messages) == len(other.messages):
            for mine, theirs in zip(one.messages, other.messages, strict=True):
                if mine.exchange and theirs.exchange:
                    self.join(mine.exchange.key, theirs.exchange.key)

    def renamed(self, event: Event) -> Event:
        """The event with the one key for each of its exchanges, and the one stream."""
        if not self._concerns(event):
            return event
        messages = tuple(
            replace(m, exchange=m.exchange._replace(key=self.top(m.exchange.key))) if m.exchange else m
            for m in event.messages
        )
        stream = self.top(event.stream) if event.stream else None
        return replace(event, messages=messages, stream=stream)

    def _concerns(self, event: Event) -> bool:
        return event.stream in self._above or any(
            m.exchange and m.exchange.key in self._above for m in event.messages
        )

    def top(self, key: Any) -> Any:
        """The one key that stands for all that are one with it."""
        while key in self._above:
            key = self._above[key]
        return key

    def join(self, one: Hashable, other: Hashable) -> None:
        """The two are one."""
        one, other = self.top(one), self.top(other)
        if one != other:
            self._above[other] = one
