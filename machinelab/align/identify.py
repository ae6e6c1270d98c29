"""Which experiment of a lab a trace shows, if it is not known; or none, and what messages of the lab are in it by themselves.

An experiment is named only where all of it was seen, in order: every step that has to be there, and nothing that must not.
What other evidence would show, or packets that one node does not see, may be missing only where the author names steps by
which the experiment is known all the same (`Experiment.telling`). Where two experiments fit equally well, neither is named.
"""

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from ..model import Alignment, Choice, Claim, Experiment, Step, Trace
from . import hops
from .aligner import Candidate, asked, frames
from .looks import Looks, filters_of
from .matches import match_items

VARIANTS = 32  # ways to turn the knobs of one experiment that are tried
MOST = 0.8  # of the messages that the lab knows, so many belong to an experiment that is named
FEWEST = 2  # steps that are seen of an experiment that is named: one packet alone may be anything
NONE = Experiment("", "", (), ())
"""What a trace shows that is none of the lab's experiments."""


@dataclass(frozen=True, slots=True)
class Identity:
    """What a trace shows: its alignment, and how the knobs seem to have been turned. `alignment.experiment.id` is empty if it is none."""

    alignment: Alignment
    knobs: Mapping[str, str]


def identify(
    trace: Trace, experiments: Sequence[Experiment], knobs: Mapping[str, str] | None = None
) -> Identity:
    """The experiment that a trace shows whole; where it shows none of them, the messages that the guide knows by themselves.

    Raises LabError for a hop or filter with an error.
    """
    found = [way for experiment in experiments for way in _ways(experiment, knobs or {})]
    alone = _alone(experiments)
    looks = Looks(trace, _filters(experiments, alone))
    fits = [fit for way in found if (fit := _fit(trace, way, looks))]
    best = _best([fit for fit in fits if not fit.partial])
    if best is None:
        return Identity(replace(_by_themselves(trace, alone, looks), possible=_possible(fits)), {})
    return Identity(_without_incomplete(best.alignment, best.whole), best.way.knobs)


@dataclass(frozen=True, slots=True)
class _Way:
    """An experiment with its knobs turned one way, and the steps that it then has."""

    experiment: Experiment
    knobs: Mapping[str, str]
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class _Fit:
    """A trace that shows an experiment, `whole` in these exchanges; `partial`: but for evidence that is in no packet."""

    way: _Way
    alignment: Alignment
    whole: frozenset[int]
    partial: bool = False

    @property
    def steps(self) -> frozenset[str]:
        """The steps seen in whole exchanges."""
        return frozenset(claim.step.id for claim in self.alignment.claims if claim.exchange in self.whole)

    @property
    def weight(self) -> tuple[bool, int, int, bool, bool]:
        """What speaks for it: steps that tell it from all others; how much it explains.

        Of two that explain as much, a variant says more than what it is a variant of.
        """
        told = bool(_telling(self.way))
        complete = not self.alignment.missing
        return told, self.explained, len(self.steps), complete, bool(self.way.experiment.variant_of)

    @property
    def explained(self) -> int:
        """How many messages it explains."""
        return sum(len(c.all_items) for c in self.alignment.claims if c.exchange in self.whole)

    @property
    def turned(self) -> int:
        """How many knobs have to be turned for it."""
        experiment, knobs = self.way.experiment, self.way.knobs
        return sum(knobs[name] != value for name, value in experiment.defaults().items())


def _ways(experiment: Experiment, given: Mapping[str, str]) -> Iterator[_Way]:
    """An experiment with its knobs as given, then turned otherwise, wherever that gives it other steps."""
    conditions = " ".join(step.when for step in experiment.steps)
    free = {
        name: knob.options
        for name, knob in experiment.knobs.items()
        if isinstance(knob, Choice) and name not in given and name in conditions
    }
    known: list[tuple[Step, ...]] = []
    for values in itertools.islice(itertools.product(*free.values()), VARIANTS):
        knobs = {**experiment.defaults(), **given, **dict(zip(free, values, strict=True))}
        steps = tuple(asked(experiment, knobs))
        if steps not in known:
            known.append(steps)
            yield _Way(experiment, knobs, steps)


def _filters(experiments: Sequence[Experiment], alone: Sequence[Step]) -> Iterator[str]:
    for experiment in experiments:
        yield from filters_of(experiment)
    yield from (step.sees for step in alone)


def _fit(trace: Trace, way: _Way, looks: Looks) -> _Fit | None:
    """The experiment found in the trace, in one exchange at least; None where it is not. What cannot be it is given up early."""
    packets = all(event.source == "packets" for event in trace.events)
    telling = _telling(way)
    needed = [
        step
        for step in way.steps
        if not step.optional and (step.id in telling or not (telling or (packets and _at_a_node(step))))
    ]
    partial = packets and not telling and any(_at_a_node(step) and not step.optional for step in way.steps)
    if not needed or not all(looks.seen(step.sees) for step in needed):
        return None
    candidate = Candidate.of(trace, way.experiment, way.knobs, looks)
    match_items(candidate.matches)
    seen = 0
    for mask in candidate.matches.masks:
        seen |= mask
    if not all(step.reply_to or seen >> candidate.matches.bit(step) & 1 for step in needed):
        return None
    alignment = candidate.alignment(explains=False)
    whole = _whole_exchanges(way, alignment, partial)
    if not whole or not _is_most(alignment, whole, candidate, looks):
        return None
    found = _Fit(way, alignment, whole, partial)
    return found if len(found.steps) >= FEWEST else None


def _telling(way: _Way) -> frozenset[str]:
    """The telling steps that the experiment has with its knobs so."""
    return frozenset(step.id for step in way.steps if step.id in way.experiment.telling)


def _at_a_node(step: Step) -> bool:
    """Whether a step is evidence that does not travel: no capture of packets shows it."""
    return bool(hops.parse(step.hop).at)


def _whole_exchanges(way: _Way, alignment: Alignment, partial: bool) -> frozenset[int]:
    """The exchanges in which nothing is missing; or nothing that has to be seen, where its telling steps are.

    `partial`: nothing but evidence that is in no packet.
    """
    missing: dict[int, list[Step]] = {}
    unwanted = set()
    for entry in alignment.missing:
        missing.setdefault(entry.exchange, []).append(entry.step)
        if entry.step.never or any(
            claim.step is entry.step and claim.exchange == entry.exchange for claim in alignment.claims
        ):
            unwanted.add(entry.exchange)
    exchanges = {claim.exchange for claim in alignment.claims} - unwanted
    return frozenset(
        exchange
        for exchange in exchanges
        if not missing.get(exchange)
        or (partial and all(_at_a_node(step) for step in missing[exchange]))
        or _is_told(way, [c.step for c in alignment.claims if c.exchange == exchange], missing[exchange])
    )


def _is_told(way: _Way, seen: Sequence[Step], missing: Sequence[Step]) -> bool:
    """Whether all telling steps are seen, and of the others all but what is no packet, or what one node could see who saw the rest."""
    ids = {step.id for step in seen}
    telling = _telling(way)
    if not telling or not ids.issuperset(telling):
        return False
    lacking = [_ends(way, step) for step in missing if not _at_a_node(step)]
    there = [_ends(way, step) for step in seen if not _at_a_node(step)]
    return not lacking or any(
        all(node in ends for ends in there) and not any(node in ends for ends in lacking) for node in there[0]
    )


def _ends(way: _Way, step: Step) -> frozenset[str]:
    """The nodes that see a step's packet; of a reply those that see the request."""
    request = next((other for other in way.steps if other.id == step.reply_to), step)
    return hops.parse(step.hop or request.hop).nodes


def _is_most(alignment: Alignment, whole: frozenset[int], candidate: Candidate, looks: Looks) -> bool:
    """Whether most of the messages that the lab knows belong to the experiment: one exchange in a thousand others is not it."""
    explained = {item.event.id for claim in alignment.claims for item in claim.all_items}
    explained |= alignment.carriers | alignment.background.keys()
    known = [item.event.id for item, mask in zip(looks.items, looks.masks, strict=True) if mask]
    return sum(id in explained for id in known) >= MOST * len(known)


def _best(fits: Sequence[_Fit]) -> _Fit | None:
    """The fit that explains most; None where two experiments explain as much.

    With its knobs turned, an experiment may be an everyday exchange: it is named where its telling steps are seen.
    """
    if not fits:
        return None
    best = max(fits, key=lambda fit: (fit.weight, -fit.turned))
    rivals = {fit.way.experiment.id for fit in fits if fit.weight == best.weight}
    return best if len(rivals) == 1 and (not best.turned or _telling(best.way)) else None


def _possible(fits: Sequence[_Fit]) -> tuple[str, ...]:
    """The experiments that explain most of a trace, but for evidence that is in no packet."""
    partial = {fit.way.experiment.id: fit.explained for fit in fits if fit.partial}
    return tuple(id for id, explained in partial.items() if explained == max(partial.values()))


def _without_incomplete(alignment: Alignment, whole: frozenset[int]) -> Alignment:
    """The alignment with what belongs to whole exchanges alone: of the others no step is sure."""
    claims = tuple(claim for claim in alignment.claims if claim.exchange in whole)
    if len(claims) == len(alignment.claims):
        return alignment
    kept = {id for claim in claims for item in claim.all_items for id in frames(item)}
    dropped = [
        item.event
        for claim in alignment.claims
        if claim.exchange not in whole
        for item in claim.all_items
        if item.event.id not in kept
    ]
    unclaimed = {event.id: event for event in sorted((*alignment.unclaimed, *dropped), key=lambda e: e.time)}
    missing = tuple(entry for entry in alignment.missing if entry.exchange in whole)
    return replace(alignment, claims=claims, missing=missing, unclaimed=tuple(unclaimed.values()))


def _alone(experiments: Sequence[Experiment]) -> tuple[Step, ...]:
    """The messages that the lab's guide knows by themselves, as steps that may be seen any number of times, anywhere."""
    found: dict[str, Step] = {}
    for experiment in experiments:
        for step in experiment.steps:
            if step.alone:
                id, sees = step.alone
                found.setdefault(id, Step(id, sees=sees, times=(0, None), track=id))
    return tuple(found.values())


def _by_themselves(trace: Trace, alone: Sequence[Step], looks: Looks) -> Alignment:
    """What the guide knows of single messages, of whose experiment nothing is known."""
    claims = []
    taken: set[str] = set()
    for step in alone:
        bit = looks.bit(step.sees)
        items = tuple(item for item, mask in zip(looks.items, looks.masks, strict=True) if mask >> bit & 1)
        if items:
            claims.append(Claim(step, 1, items))
            taken.update(id for item in items for id in frames(item))
    sightings = {
        event.id: tuple(str(each.number) for each in event.sightings)
        for event in trace.events
        if event.sightings
    }
    taken |= {other for id in taken for other in sightings.get(id, ())}
    return Alignment(
        replace(NONE, steps=tuple(alone)),
        tuple(claims),
        (),
        {},
        frozenset(),
        tuple(event for event in trace.events if event.id not in taken),
        (),
        trace.names(),
        sightings,
    )
