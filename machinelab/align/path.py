"""The best way through the steps of one track: a dynamic program over (step, item), with *take*, *again*, *next*, *skip*."""

from collections.abc import Sequence
from dataclasses import dataclass

from ..model import Step
from .evidence import Evidence

TAKE = 1000  # a step seen
REQUIRED = 200  # … that had to be seen: between two readings, the one that leaves no required step out
REPLY = 400  # … whose reply is what the guide says: the reply weighs in, or the wrong server is taken for the right one
AGAIN = 1  # a repeat is worth nearly nothing, else repeats outbid steps


@dataclass(frozen=True, slots=True)
class Taken:
    """A node of the path, linked back: an item taken for a step (`place` in the track), or None at the start."""

    score: int
    place: int
    item: int
    again: bool
    answered: bool
    before: "Taken | None"


def best_path(
    evidence: Evidence, steps: Sequence[Step], replies: Sequence[Sequence[Step]], candidates: Sequence[int]
) -> dict[str, list[int]]:
    """Step id → the items it takes, in order. `replies` are the reply steps of each step. Ties go to the earlier item."""
    bits = [evidence.bit(step) for step in steps]
    best: list[Taken | None] = [None] * len(steps)
    for index in candidates:
        mask = evidence.masks[index]
        if mask and any(mask >> bit & 1 for bit in bits):
            best = _advance(evidence, steps, replies, best, index, mask, bits)
    return _trace_back(steps, best)


def _advance(
    evidence: Evidence,
    steps: Sequence[Step],
    replies: Sequence[Sequence[Step]],
    best: list[Taken | None],
    index: int,
    mask: int,
    bits: Sequence[int],
) -> list[Taken | None]:
    """What is best after one more item, for each step it could be."""
    after = list(best)
    ahead: Taken | None = None  # the best of all earlier steps, before this item
    for place, step in enumerate(steps):
        if mask >> bits[place] & 1:
            answered = bool(replies[place]) and evidence.reply_meets(index, replies[place])
            options = (
                _take(ahead, place, step, index, answered),
                _again(evidence, best[place], step, index, answered),
            )
            for option in options:
                if option and _better(option, after[place]):
                    after[place] = option
        if best[place] and _better(best[place], ahead):
            ahead = best[place]
    return after


def _take(ahead: Taken | None, place: int, step: Step, index: int, answered: bool) -> Taken:
    gain = TAKE + (0 if step.optional else REQUIRED) + (REPLY if answered else 0)
    return Taken((ahead.score if ahead else 0) + gain, place, index, False, answered, ahead)


def _again(evidence: Evidence, last: Taken | None, step: Step, index: int, answered: bool) -> Taken | None:
    """The same step once more: where it may repeat, or where the one before had no reply yet (a retry)."""
    if last is None:
        return None
    if step.times[1] == 1 and not unanswered(evidence, last.item, index):
        return None
    gain = AGAIN + (REPLY if answered and not last.answered else 0)
    return Taken(last.score + gain, last.place, index, True, answered or last.answered, last)


def unanswered(evidence: Evidence, earlier: int, later: int) -> bool:
    """Whether a request still had no reply when a later item was seen."""
    exchange = evidence.items[earlier].exchange
    if exchange is None or exchange.reply:
        return False
    answer = evidence.links.reply.get(earlier)
    return answer is None or answer > later


def retried(evidence: Evidence, earlier: int, later: int) -> bool:
    """Whether a later item asks again what got no reply: about the same thing. (The next ping is not the last one again.)"""
    one, other = evidence.items[earlier].exchange, evidence.items[later].exchange
    same = one is not None and other is not None and one.topic == other.topic
    return same and unanswered(evidence, earlier, later)


def _better(one: Taken | None, other: Taken | None) -> bool:
    return one is not None and (other is None or one.score > other.score)


def _trace_back(steps: Sequence[Step], best: Sequence[Taken | None]) -> dict[str, list[int]]:
    end: Taken | None = None
    for option in best:
        if _better(option, end):
            end = option
    found: dict[str, list[int]] = {}
    while end is not None:
        found.setdefault(steps[end.place].id, []).append(end.item)
        end = end.before
    return {id: items[::-1] for id, items in found.items()}
