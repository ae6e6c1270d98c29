"""The best way through the steps of one track: a dynamic program over (step, item), with *take*, *again*, *next*, *skip*."""

from collections.abc import Sequence
from dataclasses import dataclass

from ..model import Step
from .equal import NOTHING, Claimed, Memory, Remembered
from .matches import Matches

TAKE = 1000  # a step seen
REQUIRED = 200  # … that had to be seen: between two paths, the one that leaves no required step out
REPLY = 400  # … whose reply is what the guide says: the reply weighs in, or the wrong server is taken for the right one
REPEAT = 1  # a repeat is worth nearly nothing, else repeats outbid steps
PATHS = (
    64  # to one step, with different values remembered: more than the messages of a lab that differ in them
)


@dataclass(frozen=True, slots=True)
class PathNode:
    """A node of the path, linked back: an item taken for the step at `place` in the track.

    `remembered` are values that later steps must be equal to; paths that remember different ones are kept beside each other.
    """

    score: int
    place: int
    item: int
    answered: bool
    before: "PathNode | None"
    remembered: Remembered = NOTHING


Best = dict[Remembered, PathNode]
"""The best path that ends at one step, for each set of remembered values (where nothing is remembered: one)."""


def best_path(
    matches: Matches,
    steps: Sequence[Step],
    replies: Sequence[Sequence[Step]],
    candidates: Sequence[int],
    claimed: Claimed,
) -> dict[str, list[int]]:
    """Step id → the items it takes, in order. `replies` are the reply steps of each step, `claimed` is what earlier tracks took.

    Ties go to the earlier item.
    """
    track = _Track(matches, steps, replies, Memory.of(matches, steps, replies, claimed))
    best: list[Best] = [{} for _ in steps]
    for index in candidates:
        mask = matches.masks[index]
        if mask and any(mask >> bit & 1 for bit in track.bits):
            for option in track.options(best, index, mask):
                _add(best[option.place], option)
    return _trace_back(steps, [option for row in best for option in row.values()])


class _Track:
    """The steps of one track, made ready for the program."""

    def __init__(
        self,
        matches: Matches,
        steps: Sequence[Step],
        replies: Sequence[Sequence[Step]],
        memory: Memory | None,
    ) -> None:
        self.matches = matches
        self.steps = steps
        self.replies = replies
        self.memory = memory
        self.bits = [matches.bit(step) for step in steps]

    def options(self, best: Sequence[Best], index: int, mask: int) -> list[PathNode]:
        """All paths that end with this item, taken for each step that it could be."""
        found: list[PathNode] = []
        ahead: Best = {}  # the best of all earlier steps, before this item
        for place, row in enumerate(best):
            if mask >> self.bits[place] & 1:
                answers = self.replies[place]
                answered = bool(answers) and self.matches.reply_meets(index, answers)
                for path in ahead.values() or (None,):
                    if self._allows(index, place, path):
                        found.append(self._take(path, place, index, answered))
                for last in row.values():
                    if self._may_repeat(last, index) and self._allows(index, place, last):
                        found.append(self._repeat(last, index, answered))
            for remembered, path in row.items():
                if _better(path, ahead.get(remembered)):
                    ahead[remembered] = path
        return found

    def _allows(self, index: int, place: int, path: PathNode | None) -> bool:
        return self.memory is None or self.memory.allows(index, place, path.remembered if path else NOTHING)

    def _take(self, ahead: PathNode | None, place: int, index: int, answered: bool) -> PathNode:
        gain = TAKE + (0 if self.steps[place].optional else REQUIRED) + (REPLY if answered else 0)
        score = (ahead.score if ahead else 0) + gain
        return PathNode(score, place, index, answered, ahead, self._remembered(ahead, place, index))

    def _repeat(self, last: PathNode, index: int, answered: bool) -> PathNode:
        gain = REPEAT + (REPLY if answered and not last.answered else 0)
        remembered = self._remembered(last, last.place, index)
        return PathNode(last.score + gain, last.place, index, answered or last.answered, last, remembered)

    def _may_repeat(self, last: PathNode, index: int) -> bool:
        """Whether it is the same step once more: where it may repeat, or where the one before had no reply yet (a retry)."""
        return self.steps[last.place].times[1] != 1 or unanswered(self.matches, last.item, index)

    def _remembered(self, path: PathNode | None, place: int, index: int) -> Remembered:
        if self.memory is None:
            return NOTHING
        return (path.remembered if path else NOTHING) | self.memory.more(index, place)


def _add(row: Best, path: PathNode) -> None:
    """Keep a path, unless another one is as good and remembers as much; of very many keep the best."""
    if any(other.score >= path.score and other.remembered >= path.remembered for other in row.values()):
        return
    for remembered in [r for r, other in row.items() if path.score >= other.score and path.remembered >= r]:
        del row[remembered]
    row[path.remembered] = path
    if len(row) > PATHS:
        del row[min(row.values(), key=lambda each: each.score).remembered]


def unanswered(matches: Matches, earlier: int, later: int) -> bool:
    """Whether a request still had no reply when a later item was seen, which the same node sent: two may ask in vain."""
    exchange = matches.items[earlier].exchange
    if exchange is None or exchange.reply or _sender(matches, earlier) != _sender(matches, later):
        return False
    answer = matches.links.reply.get(earlier)
    return answer is None or answer > later


def _sender(matches: Matches, index: int) -> str:
    """The node, for it may have several addresses; where nobody knows who is who, anyone."""
    return matches.names.get(matches.items[index].event.src, "")


def retried(matches: Matches, earlier: int, later: int) -> bool:
    """Whether a later item asks again what got no reply: about the same thing. (The next ping is not the last one again.)"""
    one, other = matches.items[earlier].exchange, matches.items[later].exchange
    same = one is not None and other is not None and one.topic == other.topic
    return same and unanswered(matches, earlier, later)


def _better(one: PathNode, other: PathNode | None) -> bool:
    return other is None or one.score > other.score


def _trace_back(steps: Sequence[Step], ends: Sequence[PathNode]) -> dict[str, list[int]]:
    at = max(ends, key=lambda end: end.score, default=None)  # the first of the best ones
    found: dict[str, list[int]] = {}
    while at is not None:
        found.setdefault(steps[at.place].id, []).append(at.item)
        at = at.before
    return {id: items[::-1] for id, items in found.items()}
