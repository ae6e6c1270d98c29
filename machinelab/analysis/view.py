"""A trace read against a guide, and its rows: what every view of a run has in common."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from ..model import Alignment, Event, Experiment, Run, Step, Trace, Value
from .failures import FailedCommand
from .headline import Happened, happened
from .words import SILENT, Words

BROADCAST = "ff:ff:ff:ff:ff:ff"  # every station of the network


@dataclass(frozen=True)
class View:
    """What is shown: a trace, how it aligned, the guide's words, and where it comes from.

    `origin`: how people call it ("run 7"). `strict`: whether differences from the guide count; they do not for a learner's
    own command or a capture from elsewhere. `own`: whether it is a run of machines that hints may name. `same_as`: event
    id → the numbers of other sightings of that very packet. `run` is what a headline is worked out from. `blind`: a question about it is open. No slots: what is worked out from it is kept with it.
    """

    lab: str
    trace: Trace
    alignment: Alignment
    words: Words = SILENT
    origin: str = ""
    strict: bool = True
    own: bool = True
    instance: str = "default"
    same_as: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    failed_commands: tuple[FailedCommand, ...] = ()
    run: Run | None = None
    blind: bool = False

    @property
    def experiment(self) -> Experiment:
        """The experiment it was read against."""
        return self.alignment.experiment

    @property
    def named(self) -> bool:
        """Whether it was read as an experiment; a capture from elsewhere may be none."""
        return bool(self.experiment.id)

    @cached_property
    def happened(self) -> Happened | None:
        """What happened, in a sentence: of a run that is named; of a capture from elsewhere only where it can be told."""
        found = happened(self.run) if self.run is not None and self.named else None
        return found if found is None or found.known or self.strict else None

    @property
    def knobs(self) -> Mapping[str, str]:
        """What the run's knobs stood at; empty where none are known."""
        return self.run.knobs if self.run is not None else {}

    @cached_property
    def start(self) -> int:
        """The time of the first event, in nanoseconds since the epoch; 0 if there is none."""
        return self.trace.events[0].time if self.trace.events else 0

    @cached_property
    def steps(self) -> Mapping[str, list[tuple[Step, int]]]:
        """Event id → the steps that claim it, each with its exchange."""
        return self.alignment.steps_of()

    @cached_property
    def retries(self) -> frozenset[str]:
        """The ids of events that repeat an unanswered one."""
        return frozenset(item.event.id for claim in self.alignment.claims for item in claim.retries)

    @cached_property
    def wholes(self) -> Mapping[str, str]:
        """Id of an event that holds only a part of a claimed message → id of the event that the message is shown at.

        That is the event that completes it, or, where the pieces are messages themselves, the first of them.
        """
        items = [item for claim in self.alignment.claims for item in claim.all_items if item.message >= 0]
        own = {item.event.id for item in items}
        parts = {str(n): item.event.id for item in items for n in item.event.messages[item.message].frames}
        wholes = {part: whole for part, whole in parts.items() if part not in own}
        for first, further in self.pieces.items():
            wholes.update(dict.fromkeys(further, first))
        return wholes

    @cached_property
    def pieces(self) -> Mapping[str, tuple[str, ...]]:
        """Id of the event that begins a message in several pieces → ids of the events with its further ones."""
        found: dict[str, dict[str, None]] = {}
        for claim in self.alignment.claims:
            for item, further in zip(claim.items, claim.pieces, strict=False):
                others = {piece.event.id: None for piece in further if piece.event.id != item.event.id}
                if others:
                    found.setdefault(item.event.id, {}).update(others)
        return {first: tuple(others) for first, others in found.items()}

    @cached_property
    def several(self) -> bool:
        """Whether there is more than one exchange to tell apart."""
        exchanges = {claim.exchange for claim in self.alignment.claims}
        return len(exchanges | {missing.exchange for missing in self.alignment.missing}) > 1

    @cached_property
    def names(self) -> Mapping[str, str]:
        """Address → node."""
        return {**self.trace.names(), **self.alignment.roles}

    @cached_property
    def unexplained(self) -> frozenset[str]:
        """The ids of events that no step and no background entry claims."""
        return frozenset(event.id for event in self.alignment.unclaimed)

    @cached_property
    def unwanted(self) -> Mapping[str, list[tuple[Step, int]]]:
        """Event id → the steps that must not happen and did in it."""
        found: dict[str, list[tuple[Step, int]]] = {}
        for missing in self.alignment.missing:
            if missing.step.never and missing.near:
                found.setdefault(missing.near.item.event.id, []).append((missing.step, missing.exchange))
        return found

    def name(self, address: str) -> str:
        """The node that has an address, else the address."""
        return self.names.get(address, address)

    def command(self, verb: str, *words: str) -> str:
        """A machinelab command about this lab, with the instance it concerns."""
        alias = () if self.instance == "default" or not self.own else ("--as", self.instance)
        return " ".join(("machinelab", verb, self.lab, *words, *alias))

    @cached_property
    def _packets(self) -> Mapping[int, Event]:
        return {event.number: event for event in self.trace.events if event.id == str(event.number)}

    def packet(self, number: int) -> Event:
        """The packet of a number. Raises KeyError if there is none."""
        return self._packets[number]

    def once(self, events: Sequence[Event] | None = None) -> list[Event]:
        """These events (all of them by default), each packet once however often it was seen: at the first sighting among them."""
        shown = self.trace.events if events is None else events
        numbers = {event.number for event in shown if event.sightings}
        return [event for event in shown if not self._is_repeat(event, numbers)]

    def _is_repeat(self, event: Event, shown: set[int]) -> bool:
        if not event.again:
            return False
        earlier = [s.number for s in event.sightings]
        return any(number in shown for number in earlier[: earlier.index(event.number)])

    def rows(self, events: Sequence[Event] | None = None) -> Iterator["EventRow"]:
        """A row for each of these events (all of them by default), in the order given."""
        for event in self.trace.events if events is None else events:
            yield self.row(event)

    def row(self, event: Event) -> "EventRow":
        """The row of one event."""
        id = event.id
        return EventRow(
            event,
            (event.time - self.start) / 1e6,
            self.name(event.src),
            self.name(event.dst),
            tuple(self.steps.get(id, ()) or self.unwanted.get(id, ())),
            self._state(id),
            id in self.retries,
            self.wholes.get(id, ""),
            self.alignment.background.get(id, ""),
            self.same_as.get(id, ()),
            tuple(event.path(self.names)[1:-1]) if event.sightings else (),
            self.name(event.way[0].src),
            self.name(event.way[-1].dst),
            self.pieces.get(id, ()),
        )

    def _state(self, id: str) -> str:
        if id in self.unwanted:
            return "never"
        if id in self.steps:
            return "claimed"
        if id in self.alignment.background:
            return "background"
        if id in self.alignment.carriers:
            return "carrier"
        # In a capture from elsewhere, traffic that the guide does not speak of is the normal thing.
        return "unclaimed" if id in self.unexplained and self.strict else ""


@dataclass(frozen=True, slots=True)
class EventRow:
    """One event as the views show it. `ms` counts from the first event; `src` and `dst` are names where they are known.

    `state`: claimed, never (claimed by a step that must not happen), carrier, background, unclaimed, or "" (not known).
    `whole` is the event that completes (or begins) the message of which this one holds only a part, `pieces` are the events
    with the further pieces of the message that this one begins. A packet that was seen several times
    went from `first` to `last`, and `through` those in between. Nothing is escaped yet.
    """

    event: Event
    ms: float
    src: str
    dst: str
    steps: tuple[tuple[Step, int], ...] = ()
    state: str = ""
    retry: bool = False
    whole: str = ""
    background: str = ""
    same_as: tuple[int, ...] = ()
    through: tuple[str, ...] = ()
    first: str = ""
    last: str = ""
    pieces: tuple[str, ...] = ()

    @property
    def path(self) -> tuple[str, ...]:
        """The nodes on its way: two or more; one for evidence that does not travel."""
        if not self.src and not self.dst:
            return (self.event.node or "-",)
        return (
            self.first or self.src or "?",
            *self.through,
            "everybody" if self.dst == BROADCAST else self.last or self.dst or "?",
        )

    @property
    def hop(self) -> str:
        """Where it went: `stub → resolver`, `alice → nat-a → server`; for evidence that does not travel, where it happened."""
        return " → ".join(self.path)

    @property
    def answers(self) -> bool:
        """Whether it was claimed as the reply to another step."""
        return any(step.reply_to for step, _ in self.steps)

    @property
    def quiet(self) -> bool:
        """Whether it is known traffic that no step speaks of: shown dim and short."""
        return self.state in ("carrier", "background")


def label(row: EventRow, several: bool) -> str:
    """The steps of a row as one word or more: `ask-root`, with the exchange's number where there are several."""
    if row.steps:
        return ", ".join(f"{step.id} ({exchange})" if several else step.id for step, exchange in row.steps)
    if row.state == "background":
        return f"({row.background})"
    return {"carrier": "(carrier)", "unclaimed": "?"}.get(row.state, "")


def note(row: EventRow, words: Words, said: set[str]) -> str:
    """What a row says happens. No sentence twice in a listing: `said` holds those that it has printed, and gets these."""
    fresh = [sentence for sentence in dict.fromkeys(_sentences(row, words)) if sentence not in said]
    said.update(fresh)
    return " ".join(fresh)


def _sentences(row: EventRow, words: Words) -> Iterator[str]:
    """The guide's sentences, and what is particular to this row."""
    if row.retry or row.whole:
        yield _repetition(row)
    if row.state == "never":
        yield "This must not happen here."
    elif row.state == "unclaimed":
        yield "No step explains this."
    for step, _ in row.steps if not row.whole else ():
        if sentence := words.sentence(step.id):
            yield sentence
    if row.pieces:
        pieces = f"{noun(row.pieces[0])}{'s' if row.pieces[1:] else ''} {listed(row.pieces)}"
        yield f"In {len(row.pieces) + 1} pieces, with {pieces}."
    yield from _sighting(row)
    yield from faces(row.event)


def faces(event: Event) -> list[str]:
    """What nodes on its way made of it: `nat-a turns the source 10.71.1.10:5000 into 198.18.71.2:59605.`"""
    if not hasattr(event.content, "crossing"):  # which spares dissecting it
        return []
    return [
        sentence
        for prefix, says in (("nat", _translated), ("proxied", _passed_on))
        for group in _groups(event, prefix)
        for sentence in says(group)
    ]


def _groups(event: Event, prefix: str) -> list[dict[str, list[Value]]]:
    """The generated fields of one kind, a table for each node on the way."""
    groups: dict[str, dict[str, list[Value]]] = {}
    for name in event.fields if prefix in event else ():
        if name.startswith(prefix + "."):
            for part in event.fields[name]:
                groups.setdefault(part.group, {}).setdefault(name, []).append(part.value)
    return list(groups.values())


def _translated(values: Mapping[str, list[Value]]) -> list[str]:
    return [_face(values, words) for words in _SIDES if f"nat.{words[0]}.before" in values]


def _passed_on(values: Mapping[str, list[Value]]) -> list[str]:
    """`l7 sends it on over another connection and adds X-Forwarded-For.`"""
    node = str(values.get("proxied.node", ["a proxy"])[0])
    attempt = values.get("proxied.attempt", [1])[0]
    if "proxied.in_vain" in values:
        return [f"{node} tries for packet {values['proxied.for'][0]!s}, in vain (attempt {attempt!s})."]
    done = ["sends it on over another connection"]
    for name, verb in (("added", "adds"), ("removed", "leaves out"), ("rewritten", "rewrites")):
        if said := values.get(f"proxied.{name}"):
            done.append(f"{verb} {listed([str(value).partition(':')[0] for value in said])}")
    again = "" if attempt == 1 else f" (attempt {attempt!s})"
    return [f"{node} {listed(done)}{again}."]


def listed(words: Sequence[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    return " and ".join(filter(None, (", ".join(words[:-1]), *words[-1:])))


_SIDES = (("src", "source"), ("dst", "destination"))


def _face(values: Mapping[str, list[Value]], words: tuple[str, str]) -> str:
    side, word = words
    ends = [
        f"{values[f'nat.{side}.{moment}'][0]!s}" + (f":{port[0]!s}" if port else "")
        for moment in ("before", "after")
        for port in (values.get(f"nat.{side}port.{moment}"),)
    ]
    return f"{values.get('nat.node', ['somebody'])[0]!s} turns the {word} {ends[0]} into {ends[1]}."


def noun(id: str) -> str:
    """What an event of that id is called in a sentence."""
    return "packet" if id.isdecimal() else "event"


def _repetition(row: EventRow) -> str:
    if row.whole:
        return f"A part of {noun(row.whole)} {row.whole}."
    return "Answered again (a retry's answer)." if row.answers else "Asked again (a retry)."


def _sighting(row: EventRow) -> list[str]:
    earlier = [number for number in row.same_as if number < row.event.number]
    return [f"Packet {earlier[0]} again, on {row.event.network}."] if earlier else []


def duration(nanoseconds: int) -> str:
    """A span of time as people say it: `0.4 ms`, `31 ms`, `1.2 s`, `3 min 4 s`."""
    if nanoseconds < 10_000_000:
        return f"{nanoseconds / 1e6:.1f} ms"
    if nanoseconds < 1_000_000_000:
        return f"{nanoseconds / 1e6:.0f} ms"
    if nanoseconds < 120_000_000_000:
        return f"{nanoseconds / 1e9:.1f} s"
    minutes, seconds = divmod(nanoseconds // 1_000_000_000, 60)
    return f"{minutes} min {seconds} s"
