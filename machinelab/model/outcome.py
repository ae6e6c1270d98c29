"""What came of holding a trace against an experiment: the alignment, and the run that a worksheet asks about."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from .evidence import Event, Item, Trace, Value
from .experiment import Experiment, Step


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition of a step that an event did not meet: what it wanted, what was there."""

    field: str
    was: str
    wanted: str

    def __str__(self) -> str:
        return f"{self.field} was {self.was}, wanted {self.wanted}"


@dataclass(frozen=True, slots=True)
class Near:
    """The nearest miss: an event whose hop or pattern matched wholly, and what of the other did not."""

    item: Item
    failed: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Claim:
    """One step of one exchange, with the items it claimed; `retries` are those of them that repeat an unanswered one.

    `pieces` are, for each item in turn, the further pieces of the message that it begins; empty if the step has none.
    """

    step: Step
    exchange: int
    items: tuple[Item, ...]
    retries: tuple[Item, ...] = ()
    pieces: tuple[tuple[Item, ...], ...] = ()

    @property
    def all_items(self) -> tuple[Item, ...]:
        """The items and all their pieces."""
        return (*self.items, *(piece for pieces in self.pieces for piece in pieces))


@dataclass(frozen=True, slots=True)
class Missing:
    """A step that should have been seen in an exchange and was not (or a *never* that was). `reason` is a whole sentence."""

    step: Step
    exchange: int
    reason: str
    near: Near | None = None


@dataclass(frozen=True, slots=True)
class Alignment:
    """Which events each step claimed, which steps are missing and why, which events no step claimed.

    `background` maps event ids to the background entry; `carriers` are ids of events that only carry a claimed message's
    stream; `unclaimed` are the rest; `undecided` names pairs of steps whose order the clocks cannot settle. `roles` maps
    addresses to node names, as known from the run or inferred. `sightings`: event id → the ids of all sightings of that very
    packet; what is said of one is said of all. `possible`: where none is named, the experiments that the packets are as in,
    and that other evidence than packets would tell apart.
    """

    experiment: Experiment
    claims: tuple[Claim, ...]
    missing: tuple[Missing, ...]
    background: Mapping[str, str]
    carriers: frozenset[str]
    unclaimed: tuple[Event, ...]
    undecided: tuple[tuple[str, str], ...]
    roles: Mapping[str, str]
    sightings: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    possible: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """Nothing missing, nothing unexplained, no *never* hit."""
        return not self.missing and not self.unclaimed

    def steps_of(self) -> dict[str, list[tuple[Step, int]]]:
        """Event id → the steps that claim it, each with its exchange; parts of a claimed message belong to its steps too."""
        found: dict[str, list[tuple[Step, int]]] = {}
        for claim in self.claims:
            for item in claim.all_items:
                numbers = item.event.messages[item.message].frames if item.message >= 0 else ()
                ids = [str(number) for number in numbers] or [item.event.id]
                for id in [other for part in ids for other in self.sightings.get(part, (part,))]:
                    entry = found.setdefault(id, [])
                    if (claim.step, claim.exchange) not in entry:
                        entry.append((claim.step, claim.exchange))
        return found


@dataclass(frozen=True, slots=True)
class Run:
    """What a worksheet's answer is worked out from: a trace, how it aligned, and the knobs it was made with."""

    experiment: Experiment
    trace: Trace
    alignment: Alignment
    knobs: Mapping[str, str]

    def items(self, step: str) -> list[Item]:
        """What a step claimed, in time order: each with its own message's fields, where a packet holds several."""
        return [item for claim in self.alignment.claims if claim.step.id == step for item in claim.items]

    def claims(self, step: str) -> list[Event]:
        """The events that a step claimed, in time order; empty if it was not seen."""
        return [item.event for item in self.items(step)]

    def first(self, step: str) -> Event:
        """The first event of a step. Raises KeyError if it was not seen."""
        found = self.claims(step)
        if not found:
            raise KeyError(step)
        return found[0]

    def values(self, step: str, name: str) -> list[Value]:
        """All values of a field in the messages of a step, in their order; empty if there are none."""
        return [one.value for item in self.items(step) for one in item.fields.get(name, ())]

    def text(self, step: str, name: str) -> str:
        """The first value of a field in the messages of a step, as text. Raises KeyError if there is none."""
        found = self.values(step, name)
        if not found:
            raise KeyError(step if not self.claims(step) else name)
        value = found[0]
        return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)

    def senders(self, *steps: str) -> list[str]:
        """The nodes that the messages of these steps came from, each once, in order of first appearance."""
        return list(dict.fromkeys(self.node(event.src) for step in steps for event in self.claims(step)))

    def receivers(self, *steps: str) -> list[str]:
        """The nodes where the messages of these steps ended, each once, in order of first appearance."""
        ends = (event.way[-1].dst for step in steps for event in self.claims(step))
        return list(dict.fromkeys(self.node(end) for end in ends))

    def until(self, time: int) -> "Run":
        """The run as it was at a moment (ns since the epoch): its later events, and what claims them, left out."""
        events = tuple(event for event in self.trace.events if event.time <= time)
        claims = tuple(
            replace(
                claim,
                items=tuple(item for item in claim.items if item.event.time <= time),
                retries=(),
                pieces=(),
            )
            for claim in self.alignment.claims
            if any(item.event.time <= time for item in claim.items)
        )
        return replace(
            self,
            trace=replace(self.trace, events=events),
            alignment=replace(self.alignment, claims=claims),
        )

    def node(self, address: str) -> str:
        """The node that has an address, else the address."""
        return self.alignment.roles.get(address, address)
