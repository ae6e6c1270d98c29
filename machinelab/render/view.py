"""A trace read against a guide, and its rows: what every view of a run has in common."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from ..model import Alignment, Event, Experiment, Step, Trace
from .words import SILENT, Words

BROADCAST = "ff:ff:ff:ff:ff:ff"  # every station of the network


@dataclass(frozen=True)
class View:
    """What is shown: a trace, how it aligned, the guide's words, and where it comes from.

    `origin`: how people call it ("run 7"). `strict`: whether differences from the guide count; they do not for a learner's
    own command or a capture from elsewhere. `own`: whether it is a run of machines that hints may name. `same_as`: event
    id → the numbers of other sightings of that very packet. No slots: what is worked out from it is kept with it.
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

    @property
    def experiment(self) -> Experiment:
        """The experiment it was read against."""
        return self.alignment.experiment

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
        """Id of an event that holds only a part of a claimed message → id of the event that completes it."""
        items = [item for claim in self.alignment.claims for item in claim.items if item.message >= 0]
        own = {item.event.id for item in items}
        parts = {str(n): item.event.id for item in items for n in item.event.messages[item.message].frames}
        return {part: whole for part, whole in parts.items() if part not in own}

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

    def rows(self, events: Sequence[Event] | None = None) -> Iterator["Row"]:
        """A row for each of these events (all of them by default), in the order given."""
        for event in self.trace.events if events is None else events:
            yield self.row(event)

    def row(self, event: Event) -> "Row":
        """The row of one event."""
        id = event.id
        return Row(
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
class Row:
    """One event as the views show it. `ms` counts from the first event; `src` and `dst` are names where they are known.

    `state`: claimed, never (claimed by a step that must not happen), carrier, background, unclaimed, or "" (not known).
    `whole` is the event that completes the message of which this one holds only a part. Nothing is escaped yet.
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

    @property
    def hop(self) -> str:
        """Where it went: `stub → resolver`; for evidence that does not travel, where it happened."""
        if not self.src and not self.dst:
            return self.event.node or "-"
        return f"{self.src or '?'} → {'everybody' if self.dst == BROADCAST else self.dst or '?'}"

    @property
    def quiet(self) -> bool:
        """Whether it is known traffic that no step speaks of: shown dim and short."""
        return self.state in ("carrier", "background")


def label(row: Row, several: bool) -> str:
    """The steps of a row as one word or more: `ask-root`, with the exchange's number where there are several."""
    if row.steps:
        return ", ".join(f"{step.id} ({exchange})" if several else step.id for step, exchange in row.steps)
    if row.state == "background":
        return f"({row.background})"
    return {"carrier": "(carrier)", "unclaimed": "?"}.get(row.state, "")


def note(row: Row, words: Words, said: set[str]) -> str:
    """What a row says happens: the guide's sentence the first time (`said` remembers), then only what is particular."""
    parts = [_repetition(row)] if row.retry or row.whole else []
    if row.state == "never":
        parts.append("This must not happen here.")
    elif row.state == "unclaimed":
        parts.append("No step explains this.")
    for step, _ in row.steps if not row.whole else ():
        sentence = "" if step.id in said else words.sentence(step.id)
        said.add(step.id)
        if sentence:
            parts.append(sentence)
    parts.extend(_sighting(row))
    return " ".join(parts)


def _repetition(row: Row) -> str:
    return f"A part of packet {row.whole}." if row.whole else "Asked again (a retry)."


def _sighting(row: Row) -> list[str]:
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
