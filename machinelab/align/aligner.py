"""The aligner: windows, tracks, replies, background, carriers, and what is left over."""

import itertools
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass

from .. import filter as display
from ..model import Alignment, Claim, Event, Experiment, Item, Missing, Step, Trace
from . import equal, missing, order, pieces, roles, windows
from .looks import Looks
from .matches import Matches, match_items
from .path import best_path, retried, unanswered
from .windows import Window


def align(trace: Trace, experiment: Experiment, knobs: Mapping[str, str] | None = None) -> Alignment:
    """Bind the events of a trace to the steps of an experiment, as it was run with these knobs.

    Where the trace does not say who is who, roles are inferred. Raises LabError for a hop or filter with an error.
    """
    candidate = Candidate.of(trace, experiment, knobs)
    match_items(candidate.matches)
    return candidate.alignment()


def holds(trace: Trace, experiment: Experiment, knobs: Mapping[str, str], looks: Looks) -> bool:
    """Whether a trace is all that an experiment promises: `align(…).ok`, for one trace and many experiments.

    `looks` knows the filters of them all. Raises LabError for a hop or filter with an error.
    """
    if not all(step.optional or looks.seen(step.sees) for step in asked(experiment, knobs)):
        return False
    candidate = Candidate.of(trace, experiment, knobs, looks)
    match_items(candidate.matches)
    return candidate.alignment(explains=False).ok


@dataclass(frozen=True, slots=True)
class Candidate:
    """A trace with an experiment that it may show: the steps that these knobs ask for, and the items that meet each of them."""

    experiment: Experiment
    steps: Sequence[Step]
    matches: Matches

    @classmethod
    def of(
        cls,
        trace: Trace,
        experiment: Experiment,
        knobs: Mapping[str, str] | None,
        looks: Looks | None = None,
    ) -> "Candidate":
        """Compile the steps; items are matched later (`match_items`). Raises LabError for a hop or filter with an error."""
        steps = asked(experiment, knobs or {})
        names = dict(trace.names()) or roles.infer(trace, experiment, steps, looks)
        return cls(experiment, steps, Matches(trace, steps, names, experiment.background, looks))

    def alignment(self, *, explains: bool = True) -> Alignment:
        """The alignment; without `explains`, missing steps have no reason (finding the nearest miss takes a pass over all items)."""
        pieces.group(self.matches, self.steps)
        aligner = _Aligner(self.matches, self.steps, self.experiment, explains)
        for window in windows.find(self.matches, self.experiment, self.steps):
            aligner.align_window(window)
        return aligner.alignment()


def asked(experiment: Experiment, knobs: Mapping[str, str]) -> list[Step]:
    """The steps that an experiment has with these knobs, the others left as they are."""
    values = {**experiment.defaults(), **knobs}
    return [step for step in experiment.steps if not step.when or display.condition(step.when)(values)]


class _Aligner:
    """Claims items for steps, window by window."""

    def __init__(
        self, matches: Matches, steps: Sequence[Step], experiment: Experiment, explains: bool
    ) -> None:
        self.matches = matches
        self.explains = explains
        self.steps = steps
        self.experiment = experiment
        self.free = set(range(len(matches.items)))
        self.pieces: dict[tuple[str, int], list[int]] = {}
        self.claims: list[Claim] = []
        self.missing: list[Missing] = []
        self.undecided: list[tuple[str, str]] = []

    def align_window(self, window: Window) -> None:
        """Claim the items of a window, track by track; then record claims, differences and undecided orders."""
        taken: dict[str, list[int]] = {}
        asked: list[tuple[list[int], list[Step]]] = []
        for track in order.tracks(self.steps):
            candidates = [index for index in range(window.start, window.stop + 1) if index in self.free]
            replies = [[r for r in self.steps if r.reply_to == step.id] for step in track]
            path = best_path(self.matches, track, replies, candidates, taken)
            for step, answers in zip(track, replies, strict=True):
                if step.id in path:
                    self._claim(taken, step, path[step.id])
                    asked.append((path[step.id], answers))
            self._claim_replies(taken, asked)
            self._claim_overlapping(taken, track, candidates)
        self._record(window, taken)
        self.missing += self._differences(window, taken)
        self.undecided += order.undecided(self.matches, self.steps, taken)

    def _claim(self, taken: dict[str, list[int]], step: Step, indices: Sequence[int]) -> None:
        taken.setdefault(step.id, []).extend(indices)
        self.free.difference_update(indices)
        if step.pieces or step.whole:
            for index in indices:
                parts = [part for part in pieces.further(self.matches, step, index) if part in self.free]
                self.pieces[step.id, index] = parts
                self.free.difference_update(parts)

    def _is(self, index: int, step: Step, taken: Mapping[str, Sequence[int]]) -> bool:
        """Whether an item meets a step, and equals what other steps claimed where it has to."""
        return self.matches.meets(index, step) and equal.met(self.matches, index, step, taken)

    def _claim_replies(
        self, taken: dict[str, list[int]], asked: Sequence[tuple[Sequence[int], Sequence[Step]]]
    ) -> None:
        """Reply steps follow their link: each reply goes to the first reply step that it meets.

        Again until none is added: one may have to come after another, or after a request of a later track.
        """
        before = -1
        while before != len(self.free):
            before = len(self.free)
            for requests, answers in asked:
                self._claim_replies_of(taken, requests, answers)

    def _claim_replies_of(
        self, taken: dict[str, list[int]], requests: Sequence[int], answers: Sequence[Step]
    ) -> None:
        for index in sorted({self.matches.links.reply[r] for r in requests if r in self.matches.links.reply}):
            step = next((s for s in answers if index in self.free and self._is(index, s, taken)), None)
            if step is not None:
                self._claim(taken, step, [index])

    def _claim_overlapping(
        self, taken: dict[str, list[int]], track: Sequence[Step], candidates: Sequence[int]
    ) -> None:
        """A step that seems out of order, where the clocks cannot tell the order: it is there, and the order is undecided."""
        for place, step in enumerate(track):
            if step.id in taken:
                continue
            before = [i for earlier in track[:place] for i in taken.get(earlier.id, ())]
            after = [i for later in track[place + 1 :] for i in taken.get(later.id, ())]
            for index in candidates:
                here = index in self.free and self._is(index, step, taken)
                if here and self._could_stand_between(index, before, after):
                    self._claim(taken, step, [index])
                    break

    def _could_stand_between(self, index: int, before: Sequence[int], after: Sequence[int]) -> bool:
        items = self.matches.items

        def unsettled(other: int) -> bool:
            return order.unsettled(items[other].event, items[index].event)

        return all(i < index or unsettled(i) for i in before) and all(
            i > index or unsettled(i) for i in after
        )

    def _record(self, window: Window, taken: Mapping[str, list[int]]) -> None:
        for step in self.steps:
            if indices := taken.get(step.id):
                items = tuple(self.matches.items[index] for index in indices)
                asked = itertools.pairwise(self._asked(step, indices))
                retries = tuple(
                    self.matches.items[later]
                    for later, pair in zip(indices[1:], asked, strict=True)
                    if retried(self.matches, *pair)
                )
                self.claims.append(Claim(step, window.exchange, items, retries, self._parts(step, indices)))

    def _parts(self, step: Step, indices: Sequence[int]) -> tuple[tuple[Item, ...], ...]:
        """The further pieces of each item that a step claimed; nothing if its messages have none."""
        if not (step.pieces or step.whole):
            return ()
        return tuple(
            tuple(self.matches.items[part] for part in self.pieces[step.id, index]) for index in indices
        )

    def _differences(self, window: Window, taken: Mapping[str, list[int]]) -> Iterator[Missing]:
        before: dict[str, Step] = {}
        for step in self.steps:
            if step.never:
                yield from self._nevers(window, step, taken)
                continue
            seen = taken.get(step.id, [])
            if not seen and not step.optional:
                last = before.get(step.track)
                yield (
                    missing.explain(self.matches, step, window, taken, last, self.free)
                    if self.explains
                    else Missing(step, window.exchange, "")
                )
            elif seen and not any(
                _counts(step, len(seen) - retries) for retries in self._retries(step, seen)
            ):
                yield missing.count(step, window, [self.matches.items[i] for i in seen])
            if not step.reply_to and not step.optional:
                before[step.track] = step

    def _retries(self, step: Step, seen: Sequence[int]) -> tuple[int, int]:
        """How many of a step's items only ask again: about the same thing; about anything (as a resolver may that tries another way)."""
        pairs = list(itertools.pairwise(self._asked(step, seen)))
        same = sum(retried(self.matches, a, b) for a, b in pairs)
        return same, sum(unanswered(self.matches, a, b) for a, b in pairs)

    def _asked(self, step: Step, seen: Sequence[int]) -> Sequence[int]:
        """A step's items, or what they reply to: a server that was slow may answer a question and its retry, both."""
        return [self.matches.links.request.get(i, i) for i in seen] if step.reply_to else seen

    def _nevers(self, window: Window, step: Step, taken: Mapping[str, Sequence[int]]) -> Iterator[Missing]:
        for index in range(window.start, window.stop + 1):
            if index in self.free and self._is(index, step, taken):
                self.free.discard(index)
                yield missing.unwanted(self.matches, step, window, index)
                return

    def alignment(self) -> Alignment:
        """Background, carriers, and what is left over; then the whole."""
        parts = {id for claim in self.claims for item in claim.all_items for id in self._frames(item)}
        background = self._background()
        carriers = self._carriers(background)
        places = {step.id: place for place, step in enumerate(self.steps)}
        return Alignment(
            experiment=self.experiment,
            claims=tuple(sorted(self.claims, key=lambda claim: (claim.exchange, places[claim.step.id]))),
            missing=tuple(self.missing),
            background={other: entry for id, entry in background.items() for other in self._all(id)},
            carriers=frozenset(other for id in carriers for other in self._all(id)),
            unclaimed=self._left_over(parts | background.keys()),
            undecided=tuple(dict.fromkeys(self.undecided)),
            roles=dict(self.matches.names),
            sightings=self.matches.sightings,
        )

    def _all(self, id: str) -> tuple[str, ...]:
        """A packet by every number that it was seen under."""
        return self.matches.sightings.get(id, (id,))

    def _everywhere(self, event: Event) -> list[Event]:
        """A packet at each of its sightings: a request that a proxy passed on was seen in two connections."""
        again = self.matches.again
        return [event, *(again[id] for id in self._all(event.id) if id in again)]

    def _frames(self, item: Item) -> list[str]:
        return [other for id in frames(item) for other in self._all(id)]

    def _left_over(self, parts: Set[str]) -> tuple[Event, ...]:
        """Events with a message (or, having none, themselves) that nothing claims. A fragment goes with its message."""
        free = [self.matches.items[index] for index in sorted(self.free)]
        events = {
            item.event.id: item.event for item in free if item.message >= 0 or item.event.id not in parts
        }
        again = [
            self.matches.again[id] for first in events for id in self._all(first) if id in self.matches.again
        ]
        return tuple(
            sorted((*events.values(), *again), key=lambda event: event.time) if again else events.values()
        )

    def _background(self) -> dict[str, str]:
        """Steps claim before background. A background message takes the other parts of itself along."""
        entries = self.experiment.background
        found: dict[str, str] = {}
        for index in sorted(self.free):
            item, place = self.matches.items[index], self.matches.background(index)
            if place >= 0:
                found.update(dict.fromkeys(self._frames(item), entries[place].id))
                self.free.discard(index)
        return found

    def _carriers(self, background: dict[str, str]) -> set[str]:
        """Events without a message of their own, in a stream that holds a claimed (or background) message."""
        claimed = {
            (event.source, event.stream)
            for claim in self.claims
            for item in claim.all_items
            for event in self._everywhere(item.event)
            if event.stream
        }
        quiet = {
            (i.event.source, i.event.stream): background[i.event.id]
            for i in self.matches.items
            if i.event.stream and i.event.id in background
        }
        carriers: set[str] = set()
        for index in sorted(self.free):
            event = self.matches.items[index].event
            # A datagram carries nothing but itself.
            if event.stream is None or event.stream[0] != "tcp" or event.messages:
                continue
            if (event.source, event.stream) in claimed:
                carriers.add(event.id)
                self.free.discard(index)
            elif entry := quiet.get((event.source, event.stream)):
                background[event.id] = entry
                self.free.discard(index)
        return carriers


def _counts(step: Step, times: int) -> bool:
    low, high = step.times
    return low <= times and (high is None or times <= high)


def frames(item: Item) -> list[str]:
    """The ids of all events that hold a part of what was claimed."""
    if item.message < 0:
        return [item.event.id]
    return [str(number) for number in item.event.messages[item.message].frames] or [item.event.id]
