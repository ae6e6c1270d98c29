"""`machinelab explain LAB FIELD`: what a field means, and which values it has in the packets at hand."""

from collections.abc import Iterator, Sequence

from .. import fields
from ..analysis import terms
from ..analysis.view import View
from ..model import Step
from .detail import value_text
from .terminal import TerminalStyle, cells, pad

_KINDS = {
    "bool": "a bit: 1 or 0",
    "uint": "a number, never negative",
    "int": "a number",
    "float": "a number with a fraction",
    "string": "text",
    "bytes": "bytes, in hex",
    "ipv4": "an IPv4 address",
    "ipv6": "an IPv6 address",
    "ether": "a hardware address",
    "time": "a moment, in seconds since 1970",
    "duration": "a length of time, in seconds",
    "none": "a heading: being there is all it says",
}

_VALUES = 20
_PACKETS = 12
_WORDS = 40  # of an enumeration, shown where the run has no value to show instead


def explain(name: str, terminal: TerminalStyle, view: View | None = None, source: str = "") -> Iterator[str]:
    """The lines about one field. `source`: where it is defined, if the caller knows more than its meaning says.

    Raises UsageError, with the nearest spelling, if there is no such field.
    """
    kind = fields.known(name)
    traits = [_KINDS.get(kind.kind, kind.kind), terminal.text(source)]
    traits += ["differs from run to run"] if kind.volatile else []
    yield terminal.paint(name, "bold") + "  " + terminal.draw(" · ").join(filter(None, traits))
    yield from ("  " + line for line in terminal.wrap(terminal.text(kind.meaning), terminal.width - 2))
    if view:
        yield from _in_guide(name, view, terminal)
        yield from _in_run(name, view, terminal)
    if kind.names:
        yield ""
        yield from _enumeration(name, terminal)


def term(word: str, terminal: TerminalStyle) -> Iterator[str]:
    """The lines about a term, from the glossary; of a field, if it is one. Raises UsageError, with the nearest spelling, if it is neither."""
    if word in fields.registry():
        return explain(word, terminal)
    return (line for entry in terms.look_up(word) for line in _entry(entry, terminal))


def _entry(entry: terms.Entry, terminal: TerminalStyle) -> Iterator[str]:
    also = f"  {terminal.text(', '.join(entry.also))}" if entry.also else ""
    yield (
        terminal.paint(terminal.text(entry.term), "bold")
        + also
        + terminal.draw(" · ")
        + terminal.text(entry.part)
    )
    plain = entry.text.replace("*", "").replace("`", "")
    yield from ("  " + line for line in terminal.wrap(terminal.text(plain), terminal.width - 2))


def _in_guide(name: str, view: View, terminal: TerminalStyle) -> Iterator[str]:
    """What the guide says of it, once for the whole lab and where a step says something of its own."""
    general = view.words.meaning("", name)
    said: dict[str, str] = {"": general} if general else {}
    for step in view.experiment.steps:
        if (own := view.words.meaning(step.id, name)) and own != general:
            said[step.id] = own
    if said:
        yield ""
        yield "In the guide:"
    for step_id, text in said.items():
        front = f"  {terminal.text(step_id)}: " if step_id else "  "
        yield from terminal.hang(terminal.text(text), front, "    ")


def _in_run(name: str, view: View, terminal: TerminalStyle) -> Iterator[str]:
    """Each value with the packets that have it, first seen first."""
    found: dict[str, list[str]] = {}
    for event in view.trace.events:
        for shown in dict.fromkeys(value_text(field) for field in event.fields.get(name, ())):
            found.setdefault(shown, []).append(event.id)
    origin = view.origin or "this capture"
    where = terminal.text(f"{view.experiment.id} ({origin})" if view.named else origin)
    yield ""
    if not found:
        yield f"In no packet of {where}."
        return
    yield f"In {where}:"
    values = {terminal.text(shown, 200): ids for shown, ids in list(found.items())[:_VALUES]}
    width = min(max(map(cells, values)), terminal.width // 2)
    for shown, ids in values.items():
        yield from _value(shown, _packets(ids, view, terminal), width, terminal)
    if len(found) > _VALUES:
        yield f"  {terminal.draw('…')} and {len(found) - _VALUES} more values"


def _value(shown: str, packets: str, width: int, terminal: TerminalStyle) -> Iterator[str]:
    first, *more = terminal.wrap(shown, terminal.width - 2) if cells(shown) > width else [shown]
    if more or cells(first) > width:
        yield from ("  " + line for line in (first, *more))
        first = ""
    lines = terminal.wrap(packets, terminal.width - width - 4)
    yield f"  {pad(first, width)}  {lines[0]}"
    yield from (" " * (width + 4) + line for line in lines[1:])


def _packets(ids: Sequence[str], view: View, terminal: TerminalStyle) -> str:
    """`packets 1, 11 (ask-resolver, answer)`: where to look, and in which steps."""
    numbers = ", ".join(ids[:_PACKETS]) + (f" and {len(ids) - _PACKETS} more" if len(ids) > _PACKETS else "")
    steps: dict[str, Step] = {step.id: step for id in ids for step, _ in view.steps.get(id, ())}
    named = f" ({', '.join(list(steps)[:6])}{', …' if len(steps) > 6 else ''})" if steps else ""
    noun = "packet" if len(ids) == 1 else "packets"
    return terminal.text(f"{noun} {numbers}{named}" if ids[0].isdecimal() else f"{numbers}{named}")


def _enumeration(name: str, terminal: TerminalStyle) -> Iterator[str]:
    """The standard's words for its numbers."""
    words = list(fields.known(name).names.items())
    parts = [terminal.text(f"{fields.show(name, number)} {word}") for number, word in words[:_WORDS]]
    parts += [f"{len(words) - _WORDS} more"] if len(words) > _WORDS else []
    yield "Its values by name:"
    yield from ("  " + line for line in terminal.flow(parts, " · ", terminal.width - 2))
