"""Why a step was not seen: the sentence a learner reads, and the event that came nearest."""

from collections.abc import Mapping, Sequence

from ..model import Condition, Item, Missing, Near, Step
from . import equal
from .matches import CompiledStep, Matches
from .windows import Window


def name(item: Item) -> str:
    """How an event is spoken of in a sentence."""
    event = item.event
    return f"packet {event.id}" if event.source == "packets" else f"event {event.id}"


def names(items: Sequence[Item]) -> str:
    """Several events, spoken of: "packets 8, 9"."""
    if len(items) == 1:
        return name(items[0])
    noun = "packets" if items[0].event.source == "packets" else "events"
    return f"{noun} {', '.join(item.event.id for item in items)}"


def explain(
    matches: Matches,
    step: Step,
    window: Window,
    taken: Mapping[str, list[int]],
    before: Step | None,
    free: set[int],
) -> Missing:
    """Why a required step has no event in this window.

    `taken` is what the window's steps claimed, `before` the required step that comes before it in its track, `free` the
    items no step claimed.
    """
    if step.reply_to:
        return _reply(matches, step, window, taken)
    inside = [index for index in range(window.start, window.stop + 1) if index in free]
    whole = [i for i in inside if matches.meets(i, step) and equal.met(matches, i, step, taken)]
    if whole:
        item = matches.items[whole[0]]
        return Missing(step, window.exchange, f"It is there, but out of order: {name(item)}.", Near(item, ()))
    if near := _nearest(matches, step, inside, taken):
        return Missing(step, window.exchange, _nearest_reason(matches, near), near)
    if before is not None and before.id not in taken:
        return Missing(step, window.exchange, f"It comes after {before.id}, which was not seen.")
    return Missing(
        step,
        window.exchange,
        f"There is no packet {step.hop}." if ">" in step.hop else "Nothing like it was seen.",
    )


def _reply(matches: Matches, step: Step, window: Window, taken: Mapping[str, list[int]]) -> Missing:
    requests = taken.get(step.reply_to, [])
    if not requests:
        return Missing(step, window.exchange, f"It is the reply to {step.reply_to}, which was not seen.")
    answers = [matches.links.reply[index] for index in requests if index in matches.links.reply]
    if not answers:
        return Missing(
            step, window.exchange, f"There is no reply to {names([matches.items[i] for i in requests])}."
        )
    item = matches.items[answers[0]]
    failed = _failed(matches, step, answers[0], taken)
    asked = names([matches.items[i] for i in requests if matches.links.reply.get(i) == answers[0]])
    why = ", ".join(map(str, failed)) or "out of order"
    sentence = f"{name(item).capitalize()} is the reply to {step.reply_to} ({asked}), but {why}."
    return Missing(step, window.exchange, sentence, Near(item, failed))


def _failed(
    matches: Matches, step: Step, index: int, taken: Mapping[str, list[int]]
) -> tuple[Condition, ...]:
    """What an item does not meet of a step: conditions of its pattern, then fields that must equal another message's."""
    failed = matches.patterns[step.id].sees.failed(matches.items[index].fields)
    return failed + equal.unmet(matches, index, step, taken)


def _nearest(
    matches: Matches, step: Step, inside: Sequence[int], taken: Mapping[str, list[int]]
) -> Near | None:
    """The unclaimed item on the step's hop that fails the fewest conditions; else one of the same sender that meets the pattern."""
    pattern = matches.patterns[step.id]
    best: Near | None = None
    for index in inside:
        item = matches.items[index]
        if step.hop and pattern.hop.matches(item.event, matches.names):
            failed = _failed(matches, step, index, taken)
            if best is None or len(failed) < len(best.failed):
                best = Near(item, failed)
    if best is None and step.sees:
        other = next(
            (i for i in inside if _misdirected(matches, pattern, i) and equal.met(matches, i, step, taken)),
            None,
        )
        best = Near(matches.items[other], ()) if other is not None else None
    return best


def _misdirected(matches: Matches, pattern: CompiledStep, index: int) -> bool:
    """Whether the side that should have sent the step's message sent this item, which meets the pattern, to another node."""
    item = matches.items[index]
    return pattern.hop.could_be_sent_by(item.event, matches.names) and pattern.sees.matches(item.fields)


def _nearest_reason(matches: Matches, near: Near) -> str:
    """The sentence for a nearest miss."""
    event, known = near.item.event, matches.names
    way = " > ".join(event.path(known))
    if near.failed:
        return f"The nearest is {name(near.item)}, {way}: {', '.join(map(str, near.failed))}."
    return f"The nearest is {name(near.item)}: it looks right, but goes {way}."


def unwanted(matches: Matches, step: Step, window: Window, index: int) -> Missing:
    """A step that must never happen, and did."""
    item = matches.items[index]
    return Missing(step, window.exchange, f"{name(item).capitalize()} should not be there.", Near(item, ()))


def count(step: Step, window: Window, seen: Sequence[Item]) -> Missing:
    """A step seen too seldom or too often."""
    low, high = step.times
    wanted = f"at least {low}" if high is None or len(seen) < low else f"at most {high}"
    return Missing(
        step,
        window.exchange,
        f"It was seen {'once' if len(seen) == 1 else f'{len(seen)} times'} ({names(seen)}), wanted {wanted}.",
    )
