"""How the evidence compares with the guide: every step seen, or what is missing, why, and where to look."""

import shlex
from collections.abc import Callable, Iterator, Sequence

from .. import fields
from ..analysis.view import View
from ..fields.sighting import CERTAIN
from ..model import Event, Missing, Near, Step
from .headline import headline
from .terminal import TerminalStyle

_LISTED = 8  # numbers of packets that a sentence names before it says "and 12 more"


def verdict(view: View, terminal: TerminalStyle) -> Iterator[str]:
    """The lines under a table: what happened; then whether the evidence is as the guide says: ✓ or ✗ with the count, what is missing, what is unexplained, what the clocks leave open."""
    if not view.named:
        yield from _nameless(view, terminal)
        return
    yield from headline(view, terminal)
    yield from _score(view, terminal)
    yield from _failed(view, terminal)
    yield from _strictly(view, terminal) if view.strict else _loosely(view, terminal)
    yield from _kept(view, terminal)
    yield from _quiet(view, terminal)
    yield from _undecided(view, terminal)
    yield from _unsure(view, terminal)
    for warning in view.trace.warnings:
        yield from terminal.hang(terminal.text(warning), "  ! ")


def _nameless(view: View, terminal: TerminalStyle) -> Iterator[str]:
    """For a capture that shows none of the guide's experiments: the messages that the guide knows by themselves, or that there are none."""
    known = {item.event.id for claim in view.alignment.claims for item in claim.items}
    possible = view.alignment.possible
    if possible:
        apart = "tells them apart" if len(possible) > 1 else "shows that it is that one"
        text = f"The packets are as in {' or '.join(possible)}; what {apart} is in no packet."
        yield from _marked(terminal.text(text), "·", terminal)
    if known:
        ids = ", ".join(dict.fromkeys(claim.step.id for claim in view.alignment.claims))
        none = "" if possible else "This is none of the guide's experiments. "
        text = f"{none}What the guide says of single messages stands beside {len(known)} of them: {ids}."
        yield from _marked(terminal.text(text), "·", terminal)
    if possible and view.origin:
        command = (
            f"machinelab annotate {shlex.quote(view.origin)} --guide {view.lab} --experiment {possible[0]}"
        )
        yield f"    Read it as {possible[0]}:  {terminal.paint(terminal.text(command), 'command')}"
    elif not known:
        yield from _marked("Nothing of this guide is in this capture.", "·", terminal)
        if view.origin:
            command = f"machinelab packets {shlex.quote(view.origin)}"
            yield f"    List it:  {terminal.paint(terminal.text(command), 'command')}"
    for warning in view.trace.warnings:
        yield from terminal.hang(terminal.text(warning), "  ! ")


def _score(view: View, terminal: TerminalStyle) -> Iterator[str]:
    """`✓ 9 of 9 steps, in order. Nothing on the wire is left unexplained.`"""
    alignment = view.alignment
    missed = {(m.step.id, m.exchange) for m in alignment.missing if not m.step.never}
    seen = {(c.step.id, c.exchange) for c in alignment.claims if c.items and not c.step.never} - missed
    total = len(seen) + len(missed)
    if not total:
        return
    if not view.strict:
        yield from _found(list(dict.fromkeys(id for id, _ in sorted(seen, key=_order(view)))), terminal)
        return
    exchanges = f" in {len({exchange for _, exchange in seen | missed})} exchanges" if view.several else ""
    said = "" if alignment.missing else "As the guide says: "
    text = f"{said}{len(seen)} of {total} step{'s' if total != 1 else ''}{exchanges}"
    text += ", in order." if len(seen) == total > 1 else "."
    if alignment.ok:
        where = " on the wire" if _only_packets(view.trace.events) else ""
        text += f" Nothing{where} is left unexplained."
    yield from _marked(text, "✗" if alignment.missing else "✓", terminal)


def _order(view: View) -> Callable[[tuple[str, int]], int]:
    places = {step.id: place for place, step in enumerate(view.experiment.steps)}
    return lambda entry: places.get(entry[0], len(places))


def _found(ids: list[str], terminal: TerminalStyle) -> Iterator[str]:
    """What of the guide is there, where nothing of it has to be."""
    steps = f"{len(ids)} step{'s' if len(ids) != 1 else ''} of the guide"
    yield from _marked(
        terminal.text(f"{steps} seen: {', '.join(ids)}." if ids else "No step of the guide seen."),
        "·",
        terminal,
    )


_STYLES = {"✓": "good", "✗": "bad", "·": ""}


def _marked(text: str, mark: str, terminal: TerminalStyle) -> Iterator[str]:
    drawn = terminal.draw(mark)
    lines = terminal.hang(text, f"  {drawn} ")
    yield lines[0].replace(drawn, terminal.paint(drawn, _STYLES[mark]), 1)
    yield from lines[1:]


def _strictly(view: View, terminal: TerminalStyle) -> Iterator[str]:
    """`✗ root-refers was not seen. Packet 5 is the reply …`, the nearest miss, a command that helps; then the unexplained."""
    said: set[str] = set()
    for missing in view.alignment.missing:
        yield from _marked(terminal.text(fate(view, missing)), "✗", terminal)
        if missing.near and (near := nearest_miss(view, missing.near, missing.reason)):
            yield from terminal.hang(terminal.text(near), "    ")
        node = asked_of(view, missing.step)
        if node and view.own and node not in said:
            said.add(node)
            command = terminal.paint(terminal.text(view.command("logs", node)), "command")
            yield f"    What does {terminal.text(node)} say?  {command}"
    yield from _unexplained(view, terminal)


def _failed(view: View, terminal: TerminalStyle) -> Iterator[str]:
    """`✗ `dig …` on stub failed with exit code 9: …`, and where to look."""
    for failed in view.failed_commands:
        text = str(failed)
        yield from _marked(
            terminal.text(text if text.endswith((".", "!", "?")) else f"{text}."), "✗", terminal
        )
        if view.own:
            command = terminal.paint(terminal.text(view.command("logs", failed.node)), "command")
            yield f"    What does {terminal.text(failed.node)} say?  {command}"


def fate(view: View, missing: Missing) -> str:
    """What became of a step, in one or two sentences."""
    step = missing.step.id + (f" (exchange {missing.exchange})" if view.several else "")
    if missing.step.never:
        return f"{step} must not happen, and did. {missing.reason}"
    if any(
        c.items and c.step.id == missing.step.id and c.exchange == missing.exchange
        for c in view.alignment.claims
    ):
        return f"{step}: {missing.reason}"
    place = " where it belongs" if missing.near and not missing.near.failed else ""
    return f"{step} was not seen{place}. {missing.reason}"


def _loosely(view: View, terminal: TerminalStyle) -> Iterator[str]:
    """What of the guide is not here, where that is no fault: one line, and more only where a packet came near."""
    absent = []
    for missing in view.alignment.missing:
        if missing.near:
            yield from _marked(terminal.text(fate(view, missing)), "·", terminal)
        else:
            absent.append(missing.step.id)
    if absent:
        yield from _marked(
            terminal.text(f"Not in this capture: {', '.join(dict.fromkeys(absent))}."), "·", terminal
        )
    if n := len(view.alignment.unclaimed):
        text = (
            f"{n} {_noun(view.alignment.unclaimed)}{'s do' if n != 1 else ' does'} not belong to this guide."
        )
        yield from _marked(text, "·", terminal)


def nearest_miss(view: View, near: Near, reason: str = "") -> str:
    """`Nearest: packet 4 resolver > root: dns.flags.recdesired was 1, wanted 0.`; empty if the reason has said it all."""
    failed = [str(condition) for condition in near.failed if str(condition) not in reason]
    if not failed:
        return ""
    event = near.item.event
    kind = "packet " if event.id.isdecimal() else ""
    hop = " > ".join(event.path(view.names))
    return f"Nearest: {kind}{event.id} {hop}: {'; '.join(failed)}."


def asked_of(view: View, step: Step) -> str:
    """The node whose log may say why a step did not happen: who was to reply, or to send; empty if it may be anyone."""
    sender = ""
    if step.reply_to:
        request = next((s for s in view.experiment.steps if s.id == step.reply_to), None)
        sender = request.hop.rpartition(">")[2] if request else ""
    else:
        sender = step.hop.partition(">")[0]
    node = sender.split("|")[0].strip()
    return "" if node == "any" else node


def _unexplained(view: View, terminal: TerminalStyle) -> Iterator[str]:
    events = [event for event in view.alignment.unclaimed if event.id not in view.unwanted]
    ids = [event.id for event in events]
    if not ids:
        return
    text = f"{len(ids)} {_noun(events)}{'s are' if len(ids) != 1 else ' is'} explained by no step: {listed(ids)}."
    yield from _marked(terminal.text(text), "✗", terminal)
    numbers = [id for id in ids if id.isdecimal()][:_LISTED]
    if numbers and view.own:
        expression = f"'frame.number in {{{', '.join(numbers)}}}'"
        command = view.command("packets", view.experiment.id, "--filter", expression, "-v")
        yield "    " + terminal.paint(terminal.text(command), "command")


def _only_packets(events: Sequence[Event]) -> bool:
    return all(event.source == "packets" for event in events)


def _noun(events: Sequence[Event]) -> str:
    """What these are: "packet" if they all are, else "event"."""
    return "packet" if _only_packets(events) else "event"


def listed(ids: list[str]) -> str:
    """`3, 5, 8`; of many the first, and how many more there are."""
    text = ", ".join(ids[:_LISTED])
    return f"{text} and {len(ids) - _LISTED} more" if len(ids) > _LISTED else text


def _kept(view: View, terminal: TerminalStyle) -> Iterator[str]:
    """The steps that must not happen and did not. One with a condition on knobs may not have applied: not claimed here."""
    hit = {missing.step.id for missing in view.alignment.missing}
    seen = any(claim.items for claim in view.alignment.claims)
    for step in view.experiment.steps:
        if view.strict and seen and step.never and step.id not in hit and not step.when:
            sentence = view.words.sentence(step.id)
            yield from _marked(
                terminal.text(f"{step.id}, which must not happen, did not. {sentence}".rstrip()),
                "✓",
                terminal,
            )


def _quiet(view: View, terminal: TerminalStyle) -> Iterator[str]:
    """What the rows marked with a dot are."""
    alignment = view.alignment
    parts = []
    if n := len(alignment.carriers):
        parts.append(
            f"{n} packet{'s' if n != 1 else ''} only carr{'y' if n != 1 else 'ies'} the messages' TCP streams"
        )
    counts: dict[str, int] = {}
    for id in alignment.background.values():
        counts[id] = counts.get(id, 0) + 1
    if counts:
        parts.append("background: " + ", ".join(f"{terminal.text(id)} ({n})" for id, n in counts.items()))
    if parts:
        dot = terminal.draw("·")
        yield from (
            terminal.paint(line, "dim") for line in terminal.hang("; ".join(parts) + ".", f"  {dot} ")
        )


def _undecided(view: View, terminal: TerminalStyle) -> Iterator[str]:
    for first, second in view.alignment.undecided:
        text = (
            f"Which came first, {first} or {second}, is undecided: they are closer than the clocks can tell."
        )
        yield from terminal.hang(terminal.text(text), "  " + terminal.draw("·") + " ")


def _unsure(view: View, terminal: TerminalStyle) -> Iterator[str]:
    """Packets captured several times that cannot be matched with certainty: their path is likely, not certain."""
    weak: dict[str, list[str]] = {}
    for event in view.once():
        if event.sightings and (sure := event["sighting.sure"]) not in CERTAIN:
            weak.setdefault(fields.word("sighting.sure", sure).lower(), []).append(event.id)
    for word, ids in weak.items():
        noun = "packets" if len(ids) > 1 else "packet"
        text = f"The way of {noun} {listed(ids)} is likely, not certain: {word}."
        yield from terminal.hang(terminal.text(text), "  " + terminal.draw("·") + " ")
