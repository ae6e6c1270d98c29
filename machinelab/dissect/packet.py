"""A packet's event: its content is dissected on demand, and the packets dissected last are cached."""

from collections.abc import Mapping, Sequence

from ..model import Event, Field, Fields, Message
from .core import Inner, PacketInfo, Part, Raw
from .dissection import Dissection, Named, dissect, weight
from .fast_path import absent_layers, fast_fields
from .scapy_layers.expand import expand
from .scapy_layers.unread import named
from .summary import summary

KEEP = 2048  # dissected packets kept at a time: as many as an experiment may have
HEAVIEST = 1 << 27  # bytes that they may take in all, about: a usual packet's fields take some 10,000


class Cache:
    """The packets dissected last, so that a long capture does not hold every field of every packet."""

    __slots__ = ("_kept", "_last", "_weight")

    def __init__(self) -> None:
        self._last: tuple[int, Dissection] | None = None
        self._kept: dict[int, tuple[Dissection, Named]] = {}
        self._weight = 0

    def known(self, info: PacketInfo) -> tuple[Dissection, Named] | None:
        """The same, if the packet is one of those dissected last."""
        return self._kept.get(info.number)

    def once(self, info: PacketInfo) -> Dissection:
        """A packet's fields for whoever asks in passing: kept until the next one's are asked for."""
        known = self._kept.get(info.number)
        if known is not None:
            return known[0]
        if self._last is None or self._last[0] != info.number:
            self._last = info.number, dissect(info)
        return self._last[1]

    def get(self, info: PacketInfo) -> tuple[Dissection, Named]:
        """A packet's fields, in order and by name."""
        found = self._kept.get(info.number)
        if found is None:
            whole = self.once(info)
            found = self._kept[info.number] = whole, named(info, whole)
            self._weight += weight(whole)
            while len(self._kept) > KEEP or (self._weight > HEAVIEST and len(self._kept) > 1):
                self._weight -= weight(self._kept.pop(next(iter(self._kept)))[0])
        return found


class Packet:
    """The content of a packet's event (`model.Content`)."""

    __slots__ = ("_cache", "info")

    def __init__(self, info: PacketInfo, cache: Cache) -> None:
        self.info = info
        self._cache = cache

    def fields(self) -> Fields:
        """All fields."""
        return self._cache.get(self.info)[1]

    def message_fields(self, index: int) -> Fields:
        """The headers' fields and those of one message."""
        whole, named = self._cache.get(self.info)
        marks = whole.marks
        if len(marks) < 2:
            return named
        stop = marks[index + 1] if index + 1 < len(marks) else len(whole.fields)
        return Named(whole.fields[: marks[0]] + whole.fields[marks[index] : stop])

    def fast_fields(self, index: int, names: frozenset[str]) -> Fields:
        """Of `message_fields` (of an `index` below 0: of `fields`) those named at least, from no more of the bytes than they need."""
        if self._cache.known(self.info) is None:
            found = fast_fields(self.info, index, names)
            if found is not None:
                return _only(found, names)
        return self.message_fields(index) if index >= 0 else self.fields()

    @property
    def absent_layers(self) -> frozenset[str]:
        """Layers of which the packet has no field, as far as that is known without dissection."""
        return absent_layers(self.info)

    def ordered(self) -> Sequence[Raw]:
        """All fields in wire order, for whoever goes through a capture once: nothing is kept."""
        whole = self._cache.once(self.info)
        if not whole.unread:
            return whole.fields
        return expand(self.info, whole.fields, whole.buffers.__getitem__)

    def buffers(self) -> Mapping[str, bytes]:
        """The frame, and what was reassembled from it and others."""
        return self._cache.get(self.info)[0].buffers

    def summary(self) -> str:
        """One line for the packet list."""
        return summary(self.info, self._cache.once)

    @property
    def link_type(self) -> int:
        """The pcap link type of the interface that it was seen on."""
        return self.info.frame.source.link

    @property
    def comments(self) -> tuple[str, ...]:
        """What the capture itself says about the packet."""
        return self.info.frame.comments


def _only(found: Sequence[Raw], names: frozenset[str]) -> Fields:
    """Of the fields those asked for."""
    given: dict[str, list[Field]] = {}
    for item in found:
        if item[0] in names:
            given.setdefault(item[0], []).append(Field._make(item))
    return given


def event(info: PacketInfo, cache: Cache) -> Event:
    """The event of a frame."""
    flow = info.flow
    return Event(
        info.number,
        info.time,
        "packets",
        Packet(info, cache),
        info.protocol,
        info.frame.source.name,
        "",
        info.src,
        info.dst,
        info.hardware,
        (flow.stream.kind, flow.stream.number) if flow is not None else None,
        _messages(info),
    )


def _messages(info: PacketInfo) -> tuple[Message, ...]:
    """What completes in a frame, with the numbers of all frames that hold a part of it."""
    if info.exchange is not None:
        return (Message(info.protocol, info.exchange, _fragments(info)),)
    return tuple(
        Message(part.protocol.label, inner.exchange, _frames(info, part, inner))
        for part in info.parts
        for inner in part.messages
    )


def _frames(info: PacketInfo, part: Part, inner: Inner) -> tuple[int, ...]:
    """The frames that hold a part of a message, the earlier parts that it began in included."""
    own = part.frames or _fragments(info)
    if not inner.before:
        return own
    return tuple(dict.fromkeys((*(number for each in inner.before for number in each.frames), *own)))


def _fragments(info: PacketInfo) -> tuple[int, ...]:
    """The frames that a datagram came in."""
    pieces = info.reassembly.pieces if info.reassembly is not None else ()
    return tuple(dict.fromkeys(piece.frame for piece in pieces)) or (info.number,)
