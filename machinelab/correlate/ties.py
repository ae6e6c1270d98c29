"""Which frame that leaves a node is which that arrived at it, and how sure that is."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from .boxes import Box
from .fingerprints import Fingerprint

STAY = 2_000_000_000
"""Nanoseconds that a packet may stay in a node: more than any queue of a lab, less than most retransmissions' third try."""

MANY = 100
"""Conversations with equal packets that are held against one another; with more, only what is known of them decides."""

PASSES = 6
"""Passes over what is still open, each of which has to find something: a longer chain of conclusions is no lab's."""

FIRST = 4
"""Departures of a conversation that are looked at to see whether another may be it; the rest goes with them."""

BACKWARDS = 64
"""Arrivals that are tried for one departure, the latest first: copies of one packet in one conversation."""

ALONE, KNOWN, PORT = "alone", "conversation", "port"
"""How sure a tie is: no other packet could be it; others could, and the conversation decides; others could, and the port
that was kept decides."""

Flow = tuple[int, int, bytes, bytes]


class Tie(NamedTuple):
    """The frame that arrived at `node` and the frame in which it left, with how sure that is."""

    node: str
    arrival: Fingerprint
    departure: Fingerprint
    sure: str


class _Group:
    """Frames that agree in all that stays: those that arrived and those that left, by conversation."""

    def __init__(self) -> None:
        self.arrived: dict[Flow, list[Fingerprint]] = defaultdict(list)
        self.left: dict[Flow, list[Fingerprint]] = defaultdict(list)

    def open(self) -> bool:
        return bool(self.arrived) and bool(self.left)


def tie(box: Box) -> list[Tie]:
    """All ties at a node, each frame in at most one."""
    groups: dict[tuple[int, int], _Group] = defaultdict(_Group)
    for each in box.arrived:
        groups[each.core, each.ttl].arrived[each.flow].append(each)
    for each in box.left:
        # One less than what arrived: RFC 1812 §5.3.1, RFC 8200 §3. A node's own packets begin anew, and find no partner.
        groups[each.core, each.ttl + 1].left[each.flow].append(each)
    return _Search(box.node, [group for group in groups.values() if group.open()]).ties()


class _Search:
    """Passes over the groups: what is alone first; then what the conversations found so far decide; then the ports."""

    def __init__(self, node: str, groups: list[_Group]) -> None:
        self.node = node
        self.groups = groups
        self.found: list[Tie] = []
        self.known: dict[Flow, set[Flow]] = defaultdict(
            set
        )  # a conversation that leaves → those it arrived as

    def ties(self) -> list[Tie]:
        for choose in (self._routed, self._alone):
            self._pass(choose)
        for _ in range(PASSES):
            if not (self._pass(self._by_conversation) or self._pass(self._alone)):
                break
        self._pass(self._by_port)
        self._pass(self._by_conversation)
        return sorted(self.found, key=lambda found: found.departure.number)

    def _pass(self, choose: "Callable[[_Group], Iterator[tuple[Flow, Flow, str]]]") -> bool:
        before = len(self.found)
        for group in self.groups:
            for came, went, sure in list(choose(group)):
                self._tie(group, came, went, sure)
        self.groups = [group for group in self.groups if group.open()]
        return len(self.found) > before

    def _routed(self, group: _Group) -> Iterator[tuple[Flow, Flow, str]]:
        """Nothing but routed: the addresses and ports are the same."""
        same: dict[tuple[object, ...], list[Flow]] = defaultdict(list)
        for came in group.arrived:
            same[came[1:]].append(came)
        for went in group.left:
            options = [f for f in same.get(went[1:], ()) if _pairs(group.arrived[f], group.left[went])]
            if options:
                yield options[0], went, ALONE

    def _alone(self, group: _Group) -> Iterator[tuple[Flow, Flow, str]]:
        """One conversation could be it, and it could be no other."""
        if len(group.arrived) > MANY or len(group.left) > MANY:
            return
        could = _candidates(group)
        wanted: dict[Flow, int] = defaultdict(int)
        for options in could.values():
            for flow in options:
                wanted[flow] += 1
        for went, options in could.items():
            if len(options) == 1 and wanted[options[0]] == 1:
                yield options[0], went, ALONE

    def _by_conversation(self, group: _Group) -> Iterator[tuple[Flow, Flow, str]]:
        """Other packets of the two conversations, either way, have shown that they are one."""
        for went in group.left:
            options = [f for f in self.known.get(went, ()) if f in group.arrived]
            options = [f for f in options if _pairs(group.arrived[f], group.left[went])]
            if len(options) == 1:
                yield options[0], went, KNOWN

    def _by_port(self, group: _Group) -> Iterator[tuple[Flow, Flow, str]]:
        """The translator kept the port (RFC 4787 §4.2.1), as far as one alone has it."""
        by_port: dict[tuple[bytes, bytes], list[Flow]] = defaultdict(list)
        for came in group.arrived:
            by_port[came[2][-2:], came[3]].append(came)
        for went in group.left:
            options = by_port.get((went[2][-2:], went[3]), [])
            if len(options) == 1 and _pairs(group.arrived[options[0]], group.left[went]):
                yield options[0], went, PORT

    def _tie(self, group: _Group, came: Flow, went: Flow, sure: str) -> None:
        pairs = _pairs(group.arrived.get(came, ()), group.left.get(went, ()))
        if not pairs:
            return
        self.found += [Tie(self.node, arrival, departure, sure) for arrival, departure in pairs]
        _remove(group.arrived, came, {arrival.number for arrival, _ in pairs})
        _remove(group.left, went, {departure.number for _, departure in pairs})
        self.known[went].add(came)
        self.known[_back(came)].add(_back(went))


def _back(flow: Flow) -> Flow:
    return flow[0], flow[1], flow[3], flow[2]


def _remove(flows: dict[Flow, list[Fingerprint]], flow: Flow, numbers: set[int]) -> None:
    left = [each for each in flows[flow] if each.number not in numbers]
    if left:
        flows[flow] = left
    else:
        del flows[flow]


def _candidates(group: _Group) -> dict[Flow, list[Flow]]:
    """For each conversation that leaves, those it could have arrived as: the fewer changes the better."""
    found: dict[Flow, list[Flow]] = {}
    for went, departures in group.left.items():
        best: list[Flow] = []
        kept = 0
        for came, arrivals in group.arrived.items():
            same = (came[2] == went[2]) + (came[3] == went[3])
            if same < kept or not _pairs(arrivals, departures[:FIRST]):
                continue
            best = [*best, came] if same == kept else [came]
            kept = same
        if best:
            found[went] = best
    return found


def _pairs(
    arrivals: Iterable[Fingerprint], departures: Iterable[Fingerprint]
) -> list[tuple[Fingerprint, Fingerprint]]:
    """Arrivals and departures of two conversations, paired in order: each departure, the last first, with the latest arrival
    before it that is still free. So nothing overtakes, and what was dropped is what waited longest."""
    waiting = sorted(arrivals, key=lambda each: each.time)
    times = [each.time for each in waiting]
    pairs = []
    free = len(waiting)
    for departure in sorted(departures, key=lambda each: -each.time):
        last = min(free, bisect_right(times, departure.time + departure.uncertainty))
        tried = range(last - 1, max(-1, last - 1 - BACKWARDS), -1)
        place = next((p for p in tried if _could_be(waiting[p], departure)), -1)
        if place >= 0:
            pairs.append((waiting[place], departure))
            free = place
    return pairs[::-1]


def _could_be(arrival: Fingerprint, departure: Fingerprint) -> bool:
    """Two frames that agree in what stays: may one be the other, further on its way?"""
    if arrival.number == departure.number or (
        arrival.source == departure.source and not _turned(arrival, departure)
    ):
        return False
    slack = arrival.uncertainty + departure.uncertainty
    if not -slack <= departure.time - arrival.time <= STAY + slack:
        return False
    return arrival.balance == departure.balance or -1 in (arrival.balance, departure.balance)


def _turned(arrival: Fingerprint, departure: Fingerprint) -> bool:
    """Sent back into the network it came from (a hairpin): by the very hardware address that it was sent to."""
    return arrival.link[1] == departure.link[0] != ""
