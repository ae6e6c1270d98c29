"""Who is who in a capture from elsewhere: addresses are given roles so that most steps, and their replies, find a place.

Candidates come from the steps' patterns alone; steps with the fewest are bound first, along a narrow beam. One address is
not two nodes. A role that nothing speaks for is not in the capture (a client-only capture is normal).
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from ..model import Experiment, Step, Trace
from . import hops
from .looks import Looks
from .matches import Matches, match_items

BEAM = 16  # bindings kept at each step
ANSWERED = 2.0  # what a step counts whose reply fits
SECOND_ADDRESS = 1.0  # subtracted where a binding gives a node a second address (a resolver has two)
SAMPLE = 5_000  # events looked at: who is who shows early, and every event of them is dissected for it
CANDIDATES = 8  # pairs of addresses tried for each step, the most frequent first


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
    matches = Matches(trace if looks else Trace(trace.events[:SAMPLE]), loose, {}, looks=looks)
    match_items(matches)
    del matches.masks[SAMPLE:]
    by_step = {step.id: step for step in steps}
    pairs = {step.id: _pairs(matches, step, loose) for step in loose if not step.reply_to and not step.never}
    beam = [_Binding()]
    for id in sorted(
        (id for id in pairs if pairs[id]), key=lambda id: (len(pairs[id]), list(pairs).index(id))
    ):
        hop = hops.parse(by_step[id].hop)
        options = [*beam, *(new for old in beam for new in _extended(old, hop, pairs[id]))]
        beam = sorted(options, key=lambda binding: -binding.score)[:BEAM]
    names = _settle(beam[0].names)
    for id, found in pairs.items():
        _name_the_rest(names, hops.parse(by_step[id].hop), found)
    _name_those_between(matches, by_step, names)
    return names | _more_clients(matches, experiment, by_step, names)


def _without_hop(step: Step) -> Step:
    return Step(step.id, "", step.sees, step.reply_to, step.times, step.track)


def _pairs(matches: Matches, step: Step, steps: Sequence[Step]) -> list[tuple[tuple[str, str], float]]:
    """(from, to) of every item that meets the step's pattern, with how well: a reply that fits counts double."""
    replies = [other for other in steps if other.reply_to == step.id]
    weight: Counter[tuple[str, str]] = Counter()
    best: dict[tuple[str, str], float] = {}
    for index, mask in enumerate(matches.masks):
        if mask and matches.meets(index, step):
            event = matches.items[index].event
            pair = (event.way[0].src, event.way[-1].dst)
            weight[pair] += 1
            good = ANSWERED if matches.reply_meets(index, replies) else 1.0 if not replies else 0.5
            best[pair] = max(best.get(pair, 0.0), good)
    ranked = sorted(weight, key=lambda pair: (-best[pair], -weight[pair], pair))
    return [(pair, best[pair] + min(weight[pair], 100) / 1000) for pair in ranked[:CANDIDATES]]


def _extended(
    old: _Binding, hop: hops.Hop, pairs: Sequence[tuple[tuple[str, str], float]]
) -> Iterator[_Binding]:
    for (source, target), score in pairs:
        names: Mapping[str, frozenset[str]] | None = old.names
        cost = 0.0
        for address, wanted in ((source, hop.sender), (target, hop.receiver)):
            if names is not None and wanted:
                cost += SECOND_ADDRESS * _is_second_address(names, address, wanted)
                names = _bind(names, address, wanted)
        if names is not None:
            yield _Binding(old.score + score - cost, names)


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


def _settle(names: Mapping[str, frozenset[str]]) -> dict[str, str]:
    """One name for each address: those with no choice first, the others in order."""
    settled: dict[str, str] = {}
    for address, options in sorted(names.items(), key=lambda entry: (len(entry[1]), entry[0])):
        free = sorted(options - set(settled.values())) or sorted(options)
        settled[address] = free[0]
    return settled


def _name_the_rest(
    names: dict[str, str], hop: hops.Hop, pairs: Sequence[tuple[tuple[str, str], float]]
) -> None:
    """A step that several servers may take: those of its names that are still free go to those that took it, too.

    One whose only name is taken, and that gave the reply that fits, is that node at a second address.
    """
    for (source, target), score in pairs:
        if target in names or names.get(source) not in hop.sender:
            continue
        free = sorted(hop.receiver - set(names.values()))
        if free:
            names[target] = free[0]
        elif len(hop.receiver) == 1 and score >= ANSWERED:
            names[target] = min(hop.receiver)


def _name_those_between(matches: Matches, steps: Mapping[str, Step], names: dict[str, str]) -> None:
    """Who passes a step's packet on in other words gave it an address of its own: as its source, or where it was sent first."""
    for pattern in matches.direct:
        hop = hops.parse(steps[pattern.step.id].hop)
        if not hop.through:
            continue
        for index, mask in enumerate(matches.masks):
            way = matches.items[index].event.way
            if not mask or len(way) == 1 or not matches.meets(index, pattern.step):
                continue
            if hop.matches(matches.items[index].event, names):
                for between, before, after in zip(hop.through, way, way[1:], strict=False):
                    source = {after.src} - {before.src}
                    target = {before.dst} - {after.dst}
                    for own in source | target if len(between) == 1 else ():
                        names.setdefault(own, min(between))


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
