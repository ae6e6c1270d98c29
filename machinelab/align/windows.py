"""Where an exchange begins and ends: from the message that opens it to the reply that closes it."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from ..model import Experiment, Step
from .matches import Matches
from .path import unanswered


@dataclass(frozen=True, slots=True)
class Window:
    """Item indices `start` to `stop`, both inside; `exchange` counts from 1."""

    exchange: int
    start: int
    stop: int


def find(matches: Matches, experiment: Experiment, steps: Sequence[Step]) -> list[Window]:
    """One window per exchange. Without `encloses` (or where nothing opens one) the whole trace is one, be it empty."""
    whole = [Window(1, 0, len(matches.items) - 1)]
    opening = next((s for s in steps if experiment.encloses and s.id == experiment.encloses[0]), None)
    if opening is None:
        return whole
    openers = [i for i, mask in enumerate(matches.masks) if mask and matches.meets(i, opening)]
    windows: list[Window] = []
    for opener in openers:
        if windows and _is_retry(matches, windows[-1], opener):
            windows[-1] = Window(windows[-1].exchange, windows[-1].start, _end(matches, opener, openers))
        else:
            windows.append(Window(len(windows) + 1, opener, _end(matches, opener, openers)))
    return windows or whole


def _end(matches: Matches, opener: int, openers: Sequence[int]) -> int:
    """The reply's index; without one, the item before the next opener (or the last of all)."""
    answer = matches.links.reply.get(opener)
    if answer is not None:
        return answer
    following = bisect_right(openers, opener)
    return openers[following] - 1 if following < len(openers) else len(matches.items) - 1


def _is_retry(matches: Matches, window: Window, opener: int) -> bool:
    """Whether an opener asks again what the window's first one asked in vain: no reply yet, and the same question."""
    return unanswered(matches, window.start, opener) and _subject(matches, window.start) == _subject(
        matches, opener
    )


def _subject(matches: Matches, index: int) -> tuple[str, str, str]:
    event, exchange = matches.items[index].event, matches.items[index].exchange
    return event.src, event.dst, exchange.topic if exchange else ""
