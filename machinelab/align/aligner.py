"""The aligner: windows, tracks, replies, background, carriers, and what is left over."""

import itertools
from collections.abc import Iterator, Mapping, Sequence, Set

from .. import filter as display
from ..model import Alignment, Claim, Event, Experiment, Item, Missing, Step, Trace
from . import missing, roles, windows
from .evidence import Evidence
from .path import best_path, unanswered
from .windows import Window


def align(trace: Trace, experiment: Experiment, knobs: Mapping[str, str] | None = None) -> Alignment:
    """Bind the events of a trace to the steps of an experiment, as it was run with these knobs.

    Where the trace does not say who is who, roles are inferred. Raises LabError if a step is not well said.
    """
    knobs = {**experiment.defaults(), **(knobs or {})}
    steps = [step for step in experiment.steps if not step.when or display.condition(step.when)(knobs)]
    names = dict(trace.names()) or roles.infer(trace, experiment, steps)
    evidence = Evidence(trace, steps, names, experiment.background)
    found = _Findings(evidence, steps, experiment)
    for window in windows.find(evidence, experiment, steps):
        found.read(window)
    return found.alignment()


def best_fit(
    trace: Trace, experiments: Sequence[Experiment], knobs: Mapping[str, str] | None = None
) -> Alignment:
    """The alignment with the experiment that explains most of a trace whose experiment is not known."""

    def merit(result: Alignment) -> tuple[int, int, int]:
        claimed = sum(len(claim.items) for claim in result.claims)
        return claimed - _turned(result), -len(result.missing), -len(result.unclaimed)

    return max((align(trace, experiment, knobs) for experiment in experiments), key=merit)


def _turned(result: Alignment) -> int:
    """How often a step was seen before one that the guide tells earlier: the mark of a reading that does not fit."""
    times: dict[tuple[int, str], list[int]] = {}
    for claim in result.claims:
        times.setdefault((claim.exchange, claim.step.track), []).append(claim.items[0].event.time)
    return sum(later < earlier for row in times.values() for earlier, later in itertools.pairwise(row))


class _Findings:
    """What has been claimed so far, window by window."""

    def __init__(self, evidence: Evidence, steps: Sequence[Step], experiment: Experiment) -> None:
        self.evidence = evidence
        self.steps = steps
        self.experiment = experiment
        self.free = set(range(len(evidence.items)))
        self.claims: list[Claim] = []
        self.missing: list[Missing] = []
        self.undecided: list[tuple[str, str]] = []

    def read(self, window: Window) -> None:
        """Claim the window's items, track by track; then say what is missing in it."""
        taken: dict[str, list[int]] = {}
        for track in _tracks(self.steps):
            candidates = [index for index in range(window.start, window.stop + 1) if index in self.free]
            replies = [[r for r in self.steps if r.reply_to == step.id] for step in track]
            path = best_path(self.evidence, track, replies, candidates)
            for step, answers in zip(track, replies, strict=True):
                if step.id in path:
                    self._claim(taken, step, path[step.id])
                    self._claim_replies(taken, path[step.id], answers)
        self._record(window, taken)
        self.missing += self._differences(window, taken)
        self.undecided += _undecided(self.evidence, self.steps, taken)

    def _claim(self, taken: dict[str, list[int]], step: Step, indices: Sequence[int]) -> None:
        taken.setdefault(step.id, []).extend(indices)
        self.free.difference_update(indices)

    def _claim_replies(
        self, taken: dict[str, list[int]], requests: Sequence[int], answers: Sequence[Step]
    ) -> None:
        """Reply steps follow their link: each reply goes to the first reply step that it meets."""
        for index in sorted(
            {self.evidence.links.reply[r] for r in requests if r in self.evidence.links.reply}
        ):
            step = next((s for s in answers if index in self.free and self.evidence.meets(index, s)), None)
            if step is not None:
                self._claim(taken, step, [index])

    def _record(self, window: Window, taken: Mapping[str, list[int]]) -> None:
        for step in self.steps:
            if indices := taken.get(step.id):
                items = tuple(self.evidence.items[index] for index in indices)
                retries = tuple(
                    self.evidence.items[later]
                    for earlier, later in itertools.pairwise(indices)
                    if not step.reply_to and unanswered(self.evidence, earlier, later)
                )
                self.claims.append(Claim(step, window.exchange, items, retries))

    def _differences(self, window: Window, taken: Mapping[str, list[int]]) -> Iterator[Missing]:
        before: dict[str, Step] = {}
        for step in self.steps:
            if step.never:
                yield from self._nevers(window, step)
                continue
            seen = taken.get(step.id, [])
            if not seen and not step.optional:
                yield missing.explain(self.evidence, step, window, taken, before.get(step.track), self.free)
            elif seen and not _counts(step, len(seen) - self._retries(step, seen)):
                yield missing.count(step, window, [self.evidence.items[i] for i in seen])
            if not step.reply_to and not step.optional:
                before[step.track] = step

    def _retries(self, step: Step, seen: Sequence[int]) -> int:
        if step.reply_to:
            return 0
        return sum(unanswered(self.evidence, a, b) for a, b in itertools.pairwise(seen))

    def _nevers(self, window: Window, step: Step) -> Iterator[Missing]:
        for index in range(window.start, window.stop + 1):
            if index in self.free and self.evidence.meets(index, step):
                self.free.discard(index)
                yield missing.unwanted(self.evidence, step, window, index)
                return

    def alignment(self) -> Alignment:
        """Background, carriers, and what is left over; then the whole."""
        parts = {id for claim in self.claims for item in claim.items for id in frames(item)}
        background = self._background()
        carriers = self._carriers(background)
        order = {step.id: place for place, step in enumerate(self.steps)}
        return Alignment(
            experiment=self.experiment,
            claims=tuple(sorted(self.claims, key=lambda claim: (claim.exchange, order[claim.step.id]))),
            missing=tuple(self.missing),
            background=background,
            carriers=frozenset(carriers),
            unclaimed=self._left_over(parts | background.keys()),
            undecided=tuple(dict.fromkeys(self.undecided)),
            roles=dict(self.evidence.names),
        )

    def _left_over(self, parts: Set[str]) -> tuple[Event, ...]:
        """Events with a message (or, having none, themselves) that nothing claims. A fragment goes with its message."""
        free = [self.evidence.items[index] for index in sorted(self.free)]
        events = {
            item.event.id: item.event for item in free if item.message >= 0 or item.event.id not in parts
        }
        return tuple(events.values())

    def _background(self) -> dict[str, str]:
        """Steps claim before background. A background message takes the other parts of itself along."""
        entries = self.experiment.background
        found: dict[str, str] = {}
        for index in sorted(self.free):
            item, place = self.evidence.items[index], self.evidence.background(index)
            if place >= 0:
                found.update(dict.fromkeys(frames(item), entries[place].id))
                self.free.discard(index)
        return found

    def _carriers(self, background: dict[str, str]) -> set[str]:
        """Events without a message of their own, in a stream that holds a claimed (or background) message."""
        claimed = {(i.event.source, i.event.stream) for c in self.claims for i in c.items if i.event.stream}
        quiet = {
            (i.event.source, i.event.stream): background[i.event.id]
            for i in self.evidence.items
            if i.event.stream and i.event.id in background
        }
        carriers: set[str] = set()
        for index in sorted(self.free):
            event = self.evidence.items[index].event
            if event.stream is None or event.messages:
                continue
            if (event.source, event.stream) in claimed:
                carriers.add(event.id)
                self.free.discard(index)
            elif entry := quiet.get((event.source, event.stream)):
                background[event.id] = entry
                self.free.discard(index)
        return carriers


def _tracks(steps: Sequence[Step]) -> list[list[Step]]:
    """The asked steps of each track, in order, the first track first."""
    tracks: dict[str, list[Step]] = {}
    for step in steps:
        if not step.reply_to and not step.never:
            tracks.setdefault(step.track, []).append(step)
    return list(tracks.values())


def _counts(step: Step, times: int) -> bool:
    low, high = step.times
    return low <= times and (high is None or times <= high)


def frames(item: Item) -> list[str]:
    """The ids of all events that hold a part of what was claimed."""
    if item.message < 0:
        return [item.event.id]
    return [str(number) for number in item.event.messages[item.message].frames] or [item.event.id]


def _undecided(
    evidence: Evidence, steps: Sequence[Step], taken: Mapping[str, list[int]]
) -> list[tuple[str, str]]:
    """Neighbouring steps of a track whose times overlap within their clocks' uncertainty."""
    pairs: list[tuple[str, str]] = []
    last: dict[str, tuple[Step, int]] = {}
    for step in steps:
        if step.id not in taken:
            continue
        if step.track in last:
            before, index = last[step.track]
            one, other = evidence.items[index].event, evidence.items[taken[step.id][0]].event
            if one is not other and abs(other.time - one.time) < one.uncertainty + other.uncertainty:
                pairs.append((before.id, step.id))
        last[step.track] = (step, taken[step.id][-1])
    return pairs
