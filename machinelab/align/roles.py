"""Who is who in a capture from elsewhere: addresses are given roles so that most steps, and their replies, find a place.

Candidates come from the steps' patterns alone; steps with the fewest are bound first, along a narrow beam. One address is
not two nodes. A role that nothing speaks for is not in the capture (a client-only capture is normal).
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations, pairwise
from typing import NamedTuple

from ..model import Background, Experiment, Sighting, Step, Trace
from . import hops
from .looks import Looks
from .matches import Matches, match_items

BEAM = 16  # bindings kept at each step
ANSWERED = 2.0  # what a step counts whose reply fits
SECOND_ADDRESS = 1.0  # subtracted where a binding gives a node a second address (a resolver has two)
SAMPLE = 5_000  # events looked at: who is who shows early, and every event of them is dissected for it
CANDIDATES = 8  # ways tried for each step, the most frequent first


class _Way(NamedTuple):
    """Who sent a packet first, whom it went to last, and the addresses that those in between gave it."""

    source: str
    target: str
    between: tuple[tuple[str, ...], ...] = ()

    def goes(self, hop: hops.Hop, names: Mapping[str, str]) -> bool:
        """Whether it is the way that a hop says, as far as who is who is known."""
        ends = ((self.source, hop.sender), (self.target, hop.receiver))
        passed = zip(self.between, hop.through, strict=False)
        return all(not wanted or names.get(address) in wanted for address, wanted in ends) and all(
            names.get(address) in wanted for own, wanted in passed for address in own
        )


class _Weight(NamedTuple):
    """What speaks for a step's way: whether a reply fits, and how many messages went it."""

    good: float
    weight: int

    @property
    def score(self) -> float:
        """The first, and the second where that is the same."""
        return self.good + min(self.weight, 100) / 1000


@dataclass(frozen=True, slots=True)
class _Binding:
    """Addresses with the names they may have (a group until the end), and what speaks for it."""

    score: float = 0.0
    names: Mapping[str, frozenset[str]] = field(default_factory=dict)


def infer(
    trace: Trace, experiment: Experiment, steps: Sequence[Step], looks: Looks | None = None
) -> dict[str, str]:
    """Address → node name, for as many as the steps speak for. Empty if nothing in the trace looks like a step."""
    loose = [_without_hop(step) for step in steps]
    quiet = [replace(entry, hop="") for entry in experiment.background if entry.hop]
    matches = Matches(trace if looks else Trace(trace.events[:SAMPLE]), loose, {}, quiet, looks)
    match_items(matches)
    del matches.masks[SAMPLE:]
    by_step = {step.id: step for step in steps}
    ways = {
        step.id: _ways(matches, step, loose, hops.parse(by_step[step.id].hop))
        for step in loose
        if not step.reply_to
    }
    beam = [_Binding()]
    bound = [id for id in ways if ways[id] and not by_step[id].never]
    for id in sorted(bound, key=lambda id: (len(ways[id]), bound.index(id))):
        hop = hops.parse(by_step[id].hop)
        options = [*beam, *(new for old in beam for new in _extended(old, hop, ways[id]))]
        beam = sorted(options, key=lambda binding: -binding.score)[:BEAM]
    names = _settle(beam[0].names)
    for id in bound:
        _name_the_rest(names, hops.parse(by_step[id].hop), ways[id])
    _exchange(names, [(by_step[id], ways[id]) for id in ways])
    _name_those_between(matches, by_step, names)
    names |= _more_clients(matches, experiment, by_step, names)
    _name_the_quiet(matches, [entry for entry in experiment.background if entry.hop], names)
    return names


def _without_hop(step: Step) -> Step:
    return Step(step.id, "", step.sees, step.reply_to, step.times, step.track)


def _ways(matches: Matches, step: Step, steps: Sequence[Step], hop: hops.Hop) -> list[tuple[_Way, _Weight]]:
    """The way of every item that meets the step's pattern, with how well: a reply that fits counts double.

    Where the hop says who passes it on, one that fewer or more have passed on is not the step's.
    """
    replies = [other for other in steps if other.reply_to == step.id]
    weight: Counter[_Way] = Counter()
    best: dict[_Way, float] = {}
    for index, mask in enumerate(matches.masks):
        if mask and matches.meets(index, step):
            sightings = matches.items[index].event.way
            if hop.through and len(sightings) != len(hop.through) + 1:
                continue
            way = _Way(sightings[0].src, sightings[-1].dst, _between(sightings) if hop.through else ())
            weight[way] += 1
            good = ANSWERED if matches.reply_meets(index, replies) else 1.0 if not replies else 0.5
            best[way] = max(best.get(way, 0.0), good)
    ranked = sorted(weight, key=lambda way: (-best[way], -weight[way], way))
    return [(way, _Weight(best[way], weight[way])) for way in ranked[:CANDIDATES]]


def _between(way: Sequence[Sighting]) -> tuple[tuple[str, ...], ...]:
    """The addresses of its own that each of those in between gave a packet: as its source, or where it was sent first."""
    return tuple(
        tuple(sorted({after.src} - {before.src} | {before.dst} - {after.dst}))
        for before, after in pairwise(way)
    )


def _extended(old: _Binding, hop: hops.Hop, ways: Sequence[tuple[_Way, _Weight]]) -> Iterator[_Binding]:
    for way, weight in ways:
        names: Mapping[str, frozenset[str]] | None = old.names
        cost = 0.0
        for address, wanted in ((way.source, hop.sender), (way.target, hop.receiver)):
            if names is not None and wanted:
                cost += SECOND_ADDRESS * _is_second_address(names, address, wanted)
                names = _bind(names, address, wanted)
        for own, between in zip(way.between, hop.through, strict=False):
            for address in own:
                names = _bind_any(names, address, between) if names is not None else None
        if names is not None:
            yield _Binding(old.score + weight.score - cost, names)


def _is_second_address(names: Mapping[str, frozenset[str]], address: str, wanted: frozenset[str]) -> bool:
    """Whether an address could only be one more of a node that has one already."""
    return address not in names and sum(bool(name & wanted) for name in names.values()) >= len(wanted)


def _bind(
    names: Mapping[str, frozenset[str]], address: str, wanted: frozenset[str]
) -> Mapping[str, frozenset[str]] | None:
    """The names with one more address bound, or None where that contradicts them."""
    both = names.get(address, wanted) & wanted
    holders = sum(bool(name & wanted) for other, name in names.items() if other != address)
    return {**names, address: both} if both and holders <= len(wanted) else None


def _bind_any(
    names: Mapping[str, frozenset[str]], address: str, wanted: frozenset[str]
) -> Mapping[str, frozenset[str]] | None:
    """The same for one who passes packets on, and has an address on each side."""
    both = names.get(address, wanted) & wanted
    return {**names, address: both} if both else None


def _settle(names: Mapping[str, frozenset[str]]) -> dict[str, str]:
    """One name for each address: those with no choice first, the others in order."""
    settled: dict[str, str] = {}
    for address, options in sorted(names.items(), key=lambda entry: (len(entry[1]), entry[0])):
        free = sorted(options - set(settled.values())) or sorted(options)
        settled[address] = free[0]
    return settled


def _exchange(names: dict[str, str], seen: Sequence[tuple[Step, Sequence[tuple[_Way, _Weight]]]]) -> None:
    """Nodes that one step may all be take each other's place where more messages are then as their steps say, and fewer as none may be."""
    parsed = [(step, hops.parse(step.hop), ways) for step, ways in seen if step.hop]
    groups = {
        side for _, hop, _ in parsed for side in (hop.sender, hop.receiver, *hop.through) if len(side) > 1
    }
    pairs = sorted({pair for side in groups for pair in combinations(sorted(side), 2)})

    def fits(named: Mapping[str, str]) -> tuple[int, float]:
        gone = [(step, [w for way, w in ways if way.goes(hop, named)]) for step, hop, ways in parsed]
        seen = sum(bool(weights) for step, weights in gone if not step.never)
        return seen, sum(
            -each.weight if step.never else each.good * each.weight
            for step, weights in gone
            for each in weights
        )

    best = fits(names)
    for one, other in pairs:
        swap = {one: other, other: one}
        changed = {address: swap.get(name, name) for address, name in names.items()}
        if (better := fits(changed)) > best:
            best = better
            names.update(changed)


def _name_the_rest(names: dict[str, str], hop: hops.Hop, ways: Sequence[tuple[_Way, _Weight]]) -> None:
    """A step that several servers may take: those of its names that are still free go to those that took it, too.

    One whose only name is taken, and that gave the reply that fits, is that node at a second address.
    """
    for (source, target, _), weight in ways:
        if target in names or names.get(source) not in hop.sender:
            continue
        free = sorted(hop.receiver - set(names.values()))
        if free:
            names[target] = free[0]
        elif len(hop.receiver) == 1 and weight.good >= ANSWERED:
            names[target] = min(hop.receiver)


def _name_those_between(matches: Matches, steps: Mapping[str, Step], names: dict[str, str]) -> None:
    """Who passes a step's packet on is known by its own addresses: those it gave the packet, and its hardware's on either side."""
    for pattern in matches.direct:
        hop = hops.parse(steps[pattern.step.id].hop)
        if not hop.through:
            continue
        for index, mask in enumerate(matches.masks):
            way = matches.items[index].event.way
            if not mask or len(way) == 1 or not matches.meets(index, pattern.step):
                continue
            if hop.matches(matches.items[index].event, names):
                for between, own, (before, after) in zip(
                    hop.through, _between(way), pairwise(way), strict=False
                ):
                    known = {names[address] for address in own if names.get(address) in between}
                    name = min(known if len(between) > 1 else between, default="")
                    for address in (*own, before.link[1], after.link[0]) if name else ():
                        if address:
                            names.setdefault(address, name)


def _name_the_quiet(matches: Matches, entries: Sequence[Background], names: dict[str, str]) -> None:
    """Who is known by background traffic alone: one of an entry's nodes that nobody is yet, speaking with one who is known."""
    parsed = [hops.parse(entry.hop) for entry in entries]
    for index, mask in enumerate(matches.masks):
        place = matches.background(index) if mask else -1
        if place < 0:
            continue
        way, hop = matches.items[index].event.way, parsed[place]
        ends = ((way[0].src, hop.sender), (way[-1].dst, hop.receiver))
        for (address, wanted), (other, others) in (ends, ends[::-1]):
            if address in names or not others or names.get(other) not in others:
                continue
            free = sorted(wanted - set(names.values()))
            if free:
                names[address] = free[0]


def _more_clients(
    matches: Matches, experiment: Experiment, steps: Mapping[str, Step], names: Mapping[str, str]
) -> dict[str, str]:
    """Others that open exchanges with the same server play the same role."""
    opening = steps.get(experiment.encloses[0]) if experiment.encloses else None
    if opening is None:
        return {}
    hop, loose = hops.parse(opening.hop), matches.patterns[opening.id].step
    if not hop.sender:
        return {}
    asked = (
        matches.items[i].event for i, mask in enumerate(matches.masks) if mask and matches.meets(i, loose)
    )
    clients = (
        event.src for event in asked if names.get(event.dst) in hop.receiver and event.src not in names
    )
    return dict.fromkeys(clients, min(hop.sender))
