"""What was seen: fields with their bytes, messages, events, and the trace of a run."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, NamedTuple, Protocol

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


def in_order(content: Content) -> Sequence[tuple[Any, ...]]:
    """A content's fields in wire order, where it has them so, else by their names."""
    ordered = getattr(content, "ordered", None)
    found: Sequence[tuple[Any, ...]] = (
        ordered() if ordered is not None else [item for items in content.fields().values() for item in items]
    )
    return found


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

    def ordered(self) -> Sequence[tuple[Any, ...]]:
        """All fields in wire order, as fields or as tuples that begin like one (name, value): what is at hand sooner."""
        return in_order(self.content)

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

    def fast_fields(self, names: frozenset[str]) -> Fields:
        """Of the same fields those named at least: content that can tell them sooner than all may have a `fast_fields`."""
        look = getattr(self.event.content, "fast_fields", None)
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
