"""Messages in several pieces, each of which is an item of its own: put together before steps choose among them."""

from collections.abc import Hashable, Sequence

from ..model import Event, Step
from .matches import Matches


def group(matches: Matches, steps: Sequence[Step]) -> None:
    """Put the pieces of each step's messages together (`matches.groups`); only the first piece can still be taken for the step."""
    if matches.groups is None:
        matches.groups = {step.id: _messages(matches, step) for step in steps if step.pieces or step.whole}


def further(matches: Matches, step: Step, first: int) -> Sequence[int]:
    """The further pieces of the message that an item begins."""
    return (matches.groups or {}).get(step.id, {}).get(first, ())


def _messages(matches: Matches, step: Step) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    begun: dict[Hashable, int] = {}  # the message that a sender has begun last → its first piece
    senders: set[Hashable] = set()
    bit = 0 if step.reply_to else 1 << matches.bit(step)
    for index, item in enumerate(matches.items):
        sender, begins = _sender(item.event), _begins(matches, step, index)
        if not begins and sender not in senders:
            continue
        value = matches.values(index, step.whole) if step.whole else None
        first = begun.get((sender, value)) if value != () else None
        if first is not None and _continues(matches, step, index, begins):
            found[first].append(index)
            matches.masks[index] &= ~bit
        elif begins:
            found[index] = []
            begun[sender, value] = index
            senders.add(sender)
    return found


def _begins(matches: Matches, step: Step, index: int) -> bool:
    """Whether an item could be the first piece: that of a reply is the one that the link names."""
    return (not step.reply_to or index in matches.links.request) and matches.meets(index, step)


def _continues(matches: Matches, step: Step, index: int, begins: bool) -> bool:
    pieces = matches.patterns[step.id].pieces
    if step.pieces:
        return pieces.matches(matches.items[index].fast_fields(pieces.names))
    return begins or (step.reply_to != "" and matches.looks_like(index, step))


def _sender(event: Event) -> Hashable:
    """Who sends in which conversation; of evidence that does not travel, where it happened."""
    if not (event.src or event.dst):
        return event.source, event.lane, event.node
    return event.source, event.stream or event.dst, event.src
