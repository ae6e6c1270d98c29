"""The nouns of the kit. Frozen, typed, standard library only; everything to the right of a run folder speaks in these.

A *trace* is the *events* of one run in time order. An event has *fields*, each bound to the bytes it stands in. A
*message* is what a step claims: a DNS query may span several frames, and a frame may hold several messages. An
*experiment* says which *steps* its guide promises; the *alignment* says which events were found to be which step.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple, Protocol

Value = bool | int | float | str | bytes

NANOSECONDS = 1_000_000_000


class Field(NamedTuple):
    """A value with its Wireshark name and the bytes it came from.

    `start` and `stop` index the buffer named `buffer` of the same event; equal, the field is *generated* and has no
    bytes of its own. `mask` (0: none) tells which bits of those bytes are its own, as in the ten flags that share two
    bytes of a DNS header. `group` is where it stands in the tree: "ip", "dns", "dns/Answers/1".

    A NamedTuple, for there are some seventy of them to a packet: a frozen dataclass takes three times as long to make.
    """

    name: str
    value: Value
    start: int = 0
    stop: int = 0
    buffer: str = "frame"
    mask: int = 0
    group: str = ""

    @property
    def generated(self) -> bool:
        """Whether the value was worked out, and stands in no bytes."""
        return self.start == self.stop


Fields = Mapping[str, Sequence[Field]]
"""All of an event's (or a message's) fields by name, in the order they stand on the wire."""


class Content(Protocol):
    """Where an event's fields come from. Packets are dissected when somebody looks, not before."""

    def fields(self) -> Fields:
        """All fields of the event, those of every message in it included."""
        ...

    def message_fields(self, index: int) -> Fields:
        """The fields that one message's step may ask about: the headers below it and its own."""
        ...

    def buffers(self) -> Mapping[str, bytes]:
        """What field spans index, by buffer name: "frame" first, then reassembled and decrypted ones."""
        ...

    def summary(self) -> str:
        """One line for the packet list."""
        ...


class Exchange(NamedTuple):
    """Which request and reply belong together, by the protocol's own means (DNS id and addresses, stream and order).

    `topic` is what a request is about ("www.example.test A"): asked again under another key, it is a retry.
    """

    key: tuple[object, ...]
    reply: bool
    topic: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """One protocol message, claimed as a whole. `frames` are the numbers of all events that hold a part of it."""

    protocol: str
    exchange: Exchange | None
    frames: tuple[int, ...]


class Sighting(NamedTuple):
    """One of the places where a packet was seen: the number of the event there, its network, and its addresses there."""

    number: int
    network: str
    src: str
    dst: str
    link: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Event:
    """One piece of evidence: a packet, a syscall, a log line. A packet is an event with a `network`.

    `time` is in nanoseconds since the epoch, right to within `uncertainty` nanoseconds on either side. `src` and `dst`
    are addresses as they stand in the packet, `link` the hardware addresses below them (a forged source address and a
    router both show there); `node` is where an event that is no packet happened. `stream` is the transport conversation
    it belongs to, if any (a TCP stream, for carriers). `messages` are those that *complete* here. Events of one source and
    `lane` (a log file, a process) happened in the order in which the source has them, whatever their clocks say.
    `sightings` are all the places where this very packet was seen, this one included, in the order of its way; empty if
    it was seen once.
    """

    number: int
    time: int
    source: str
    content: Content
    protocol: str = ""
    network: str = ""
    node: str = ""
    src: str = ""
    dst: str = ""
    link: tuple[str, str] = ("", "")
    stream: tuple[str, int] | None = None
    messages: tuple[Message, ...] = ()
    uncertainty: int = 0
    lane: str = ""
    sightings: tuple[Sighting, ...] = ()

    @property
    def again(self) -> bool:
        """Whether it is a packet that was seen before, elsewhere on its way."""
        return bool(self.sightings) and self.sightings[0].number != self.number

    @property
    def way(self) -> tuple[Sighting, ...]:
        """Where it was seen, in order: at least here."""
        return self.sightings or (Sighting(self.number, self.network, self.src, self.dst, self.link),)

    def path(self, names: Mapping[str, str]) -> list[str]:
        """The nodes on its way (address → name is `names`): who sent it, who passed it on, who it was addressed to at last.

        Where an event happened, if it is no packet; empty if nothing is known.
        """
        if not (self.src or self.dst):
            return [self.node] if self.node else []
        first, last = self.way[0], self.way[-1]
        between = [_passed_on(one, other, names) for one, other in pairwise(self.way)]
        return [names.get(first.src, first.src), *between, names.get(last.dst, last.dst)]

    @property
    def id(self) -> str:
        """The number as people cite it: `12` for a packet, `wal:3` for other evidence."""
        return (
            str(self.number) if self.network or self.source == "packets" else f"{self.source}:{self.number}"
        )

    @property
    def fields(self) -> Fields:
        """All fields, dissected when asked for."""
        return self.content.fields()

    def values(self, name: str) -> list[Value]:
        """Every value of one field in wire order; empty if the event has no such field."""
        return [item.value for item in self.fields.get(name, ())]

    def __getitem__(self, name: str) -> Value:
        """The first value of one field. Raises KeyError where there is none."""
        return self.fields[name][0].value

    def __contains__(self, name: str) -> bool:
        return name in self.fields


def _passed_on(one: Sighting, other: Sighting, names: Mapping[str, str]) -> str:
    """Who passed a packet on: by its hardware address, else by the address that it put in or was addressed by."""
    if node := names.get(other.link[0]):
        return node
    address = other.src if other.src != one.src else one.dst if one.dst != other.dst else other.link[0] or "?"
    return names.get(address, address)


class Item(NamedTuple):
    """What a step can claim: one message of an event, or (`message` −1) an event that completes none."""

    event: Event
    message: int

    @property
    def fields(self) -> Fields:
        """What a step's pattern is asked of."""
        return self.event.content.message_fields(self.message) if self.message >= 0 else self.event.fields

    def glimpse(self, names: frozenset[str]) -> Fields:
        """Of the same fields those named at least: content that can tell them sooner than all may have a `glimpse`."""
        look = getattr(self.event.content, "glimpse", None) if self.message >= 0 else None
        found: Fields = look(self.message, names) if look is not None else self.fields
        return found

    @property
    def exchange(self) -> Exchange | None:
        """The exchange of the message, if it has one."""
        return self.event.messages[self.message].exchange if self.message >= 0 else None


@dataclass(frozen=True, slots=True)
class Interface:
    """A node's foot in a network."""

    network: str
    address: str
    mac: str = ""


@dataclass(frozen=True, slots=True)
class Trace:
    """The events of one run in time order, and who is who. `nodes` is empty for a capture from elsewhere."""

    events: tuple[Event, ...]
    nodes: Mapping[str, tuple[Interface, ...]] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()

    def items(self) -> Iterator[Item]:
        """Everything a step can claim, in time order: a packet that was seen several times once, at its first sighting."""
        for event in self.events:
            if event.again:
                continue
            if event.messages:
                for index in range(len(event.messages)):
                    yield Item(event, index)
            else:
                yield Item(event, -1)

    def names(self) -> dict[str, str]:
        """Address (network or hardware) → node name."""
        return {
            address: name
            for name, interfaces in self.nodes.items()
            for interface in interfaces
            for address in (interface.address, interface.mac)
            if address
        }


@dataclass(frozen=True, slots=True)
class At:
    """A command on a node, run without a shell. `{knob}` is filled in after the words are split, so a value stays one word.

    `background` commands are started, and ended with the run. `ok` names the exit codes that are no failure. In `reset` and
    `after`, a command that is `beside` runs at the same time as the one before it.
    """

    node: str
    command: str
    background: bool = False
    ok: tuple[int, ...] = (0,)
    beside: bool = False


@dataclass(frozen=True, slots=True)
class Gather:
    """Evidence that is no packet, fetched when a run has ended: what `command` writes on `node`, read as `kind`.

    `kind` names a module of `sources/`. "keys" are the TLS secrets that the node logged (the NSS key log format), which
    the packets are read with. `{knob}` is filled in as in `At`; `{started}` is when the run began, in seconds since the epoch.
    """

    node: str
    kind: str
    command: str


@dataclass(frozen=True, slots=True)
class Choice:
    """A knob with a closed set of values; the first is the default."""

    options: tuple[str, ...]

    @property
    def default(self) -> str:
        """The value used when `--set` says nothing."""
        return self.options[0]


@dataclass(frozen=True, slots=True)
class Step:
    """One thing the guide says happens.

    `hop` is "from > to" in node names: `a|b` for one of several, `any` for whoever; or a single node for evidence that
    does not travel. A packet that routers pass on is one packet: "alice > server" names the ends of its way, "alice > nat-a
    > server" the way. `sees` is a display filter. `reply_to` names the step whose reply this is (then `hop` is not needed).
    `times` is how often at least and at most (None: no limit); (0, 0) means *never*. Steps of one `track` are in order;
    tracks run side by side. `when` is a condition on knobs ("type != A").
    """

    id: str
    hop: str = ""
    sees: str = ""
    reply_to: str = ""
    times: tuple[int, int | None] = (1, 1)
    track: str = ""
    when: str = ""

    @property
    def never(self) -> bool:
        """Whether the step says what must not happen."""
        return self.times[1] == 0

    @property
    def optional(self) -> bool:
        """Whether its absence is no difference from the guide."""
        return self.times[0] == 0


@dataclass(frozen=True, slots=True)
class Background:
    """Traffic that is known and explained, but no step of the experiment."""

    id: str
    sees: str
    hop: str = ""


@dataclass(frozen=True, slots=True)
class Experiment:
    """Commands run on nodes, knobs, and the steps the guide says they take.

    `reset` runs before the tap listens, `run` while it does, until the step `until` is seen and every open exchange is
    answered, or `limit` seconds are over; then `gather` fetches what else there is to see, and `after` puts things right. `encloses` names the step that opens a window and the reply that closes it.
    """

    id: str
    title: str
    run: tuple[At, ...]
    steps: tuple[Step, ...]
    reset: tuple[At, ...] = ()
    gather: tuple[Gather, ...] = ()
    after: tuple[At, ...] = ()
    until: str = ""
    limit: float = 20.0
    knobs: Mapping[str, "str | Choice"] = field(default_factory=dict)
    encloses: tuple[str, str] | None = None
    background: tuple[Background, ...] = ()
    variant_of: str = ""

    def defaults(self) -> dict[str, str]:
        """The knobs as they stand when nobody turns them."""
        return {name: knob.default if isinstance(knob, Choice) else knob for name, knob in self.knobs.items()}


@dataclass(frozen=True, slots=True)
class Run:
    """What a worksheet's answer is worked out from: a trace, how it aligned, and the knobs it was made with."""

    experiment: Experiment
    trace: Trace
    alignment: "Alignment"
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

    def node(self, address: str) -> str:
        """The node that has an address, else the address."""
        return self.alignment.roles.get(address, address)


Answer = str | int | float | frozenset[str]
"""A number, a word, a choice's letter, or the ids of every event that is a right place to point at."""


@dataclass(frozen=True, slots=True)
class Question:
    """A worksheet question whose right answer is worked out from the learner's own run.

    `kind` is predict (asked before the run), observe (point at a packet) or explain (choose the cause). `needs` are steps
    that must have been seen. `wrong` are the common misunderstandings, each a function of the run too; where one comes out
    equal to the right answer on this run, the question is not asked of this run. `evidence` names the steps whose packets
    the grade cites.
    """

    id: str
    experiment: str
    kind: str
    answer: Callable[[Run], Answer]
    wrong: Mapping[str, Callable[[Run], Answer]] = field(default_factory=dict)
    needs: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()


class Series(NamedTuple):
    """A row of points under one name: (x, y) each. Where x is a word, the points are drawn as bars."""

    name: str
    points: tuple[tuple[float | str, float], ...]


@dataclass(frozen=True, slots=True)
class Plot:
    """A picture of several runs of one experiment: numbers only, for whoever draws them.

    `x` and `y` say what the axes are, units included. `series` works the points out of the runs, oldest first; `over` is the knob whose values
    make the picture whole, so that a reader can be told which are still to be run.
    """

    id: str
    title: str
    experiment: str
    x: str
    y: str
    series: Callable[[Sequence[Run]], Sequence[Series]]
    over: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """A plot with its numbers, for the terminal, a page or a file. `origins` says which runs they come from, `missing` which values of its knob nobody ran."""

    lab: str
    plot: Plot
    series: tuple[Series, ...]
    origins: tuple[str, ...]
    missing: tuple[str, ...]

    @property
    def bars(self) -> bool:
        """Whether the points stand at words, and not at numbers."""
        return any(isinstance(x, str) for series in self.series for x, _ in series.points)


@dataclass(frozen=True, slots=True)
class Lab:
    """A lab whole. `minutes` and `memory` (MiB) are what a learner is told before it starts.

    `greet` are commands that let freshly started nodes find their neighbours, so that a first run is like all others;
    `reset` are those that bring nodes that have been at work back to the known state (caches empty). `what` says in a few
    words what runs on each node. `gather` is evidence fetched after a command of the learner's own (`try`); experiments
    name theirs.
    """

    id: str
    experiments: tuple[Experiment, ...]
    questions: tuple[Question, ...] = ()
    minutes: int = 30
    memory: int = 100
    reset: tuple[At, ...] = ()
    greet: tuple[At, ...] = ()
    gather: tuple[Gather, ...] = ()
    what: Mapping[str, str] = field(default_factory=dict)
    plots: tuple[Plot, ...] = ()

    def experiment(self, id: str) -> Experiment:
        """The experiment of that id. Raises UsageError, with the nearest spelling, if there is none."""
        from .errors import UsageError, nearest

        for experiment in self.experiments:
            if experiment.id == id:
                return experiment
        known = [experiment.id for experiment in self.experiments]
        raise UsageError(
            f"{self.id} has no experiment {id!r}.",
            nearest(id, known) or f"Choose one of: {', '.join(known)}.",
        )


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
    """One step of one exchange, with the items it claimed; `retries` are those of them that repeat an unanswered one."""

    step: Step
    exchange: int
    items: tuple[Item, ...]
    retries: tuple[Item, ...] = ()


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
    packet; what is said of one is said of all.
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

    @property
    def ok(self) -> bool:
        """Nothing missing, nothing unexplained, no *never* hit."""
        return not self.missing and not self.unclaimed

    def steps_of(self) -> dict[str, list[tuple[Step, int]]]:
        """Event id → the steps that claim it, each with its exchange; parts of a claimed message belong to its steps too."""
        found: dict[str, list[tuple[Step, int]]] = {}
        for claim in self.claims:
            for item in claim.items:
                numbers = item.event.messages[item.message].frames if item.message >= 0 else ()
                ids = [str(number) for number in numbers] or [item.event.id]
                for id in [other for part in ids for other in self.sightings.get(part, (part,))]:
                    entry = found.setdefault(id, [])
                    if (claim.step, claim.exchange) not in entry:
                        entry.append((claim.step, claim.exchange))
        return found
