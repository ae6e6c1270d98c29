"""What the nodes on a packet's way changed, as generated fields, and the content that has them beside its own."""

from collections.abc import Iterator, Mapping, Sequence
from socket import AF_INET, AF_INET6, inet_ntop

from ..model import Content, Field, Fields
from .faces import Face
from .ties import KNOWN, PORT, Tie

SURE = {KNOWN: 1, PORT: 2}


class Crossing:
    """One packet's way. `fields` are the same at each of its sightings: what it is is not a matter of where it was seen."""

    def __init__(self, path: Sequence[str], ties: Sequence[Tie]) -> None:
        found = [
            Field("sighting", "", group="sighting"),
            Field("sighting.path", " > ".join(path), group="sighting"),
            Field("sighting.count", len(ties) + 1, group="sighting"),
            Field("sighting.sure", max(SURE.get(tie.sure, 0) for tie in ties), group="sighting"),
        ]
        for number, tie in enumerate(ties, 1):
            found += _translation(tie, f"nat/{number}")
        by_name: dict[str, list[Field]] = {}
        for field in found:
            by_name.setdefault(field.name, []).append(field)
        self.fields: Fields = by_name


def _translation(tie: Tie, group: str) -> Iterator[Field]:
    """Which addresses and ports a node changed; nothing, if it only routed."""
    before, after = tie.arrival, tie.departure
    sides = (("src", before.src, after.src), ("dst", before.dst, after.dst))
    if all(was == now for _, was, now in sides):
        return
    yield Field("nat", "", group=group)
    if tie.node:
        yield Field("nat.node", tie.node, group=group)
    for side, was, now in sides:
        if was != now:
            yield from _side(side, was, now, group, before)
    if before.balance >= 0 and after.balance >= 0:
        yield Field("nat.checksum.follows", before.balance == after.balance, group=group)


def _side(side: str, was: bytes, now: bytes, group: str, face: Face) -> Iterator[Field]:
    size = 4 if len(was) < 16 else 16
    for moment, octets in (("before", was), ("after", now)):
        family = AF_INET if size == 4 else AF_INET6
        yield Field(f"nat.{side}.{moment}", inet_ntop(family, octets[:size]), group=group)
        if octets[size:]:
            yield Field(f"nat.{side}port.{moment}", int.from_bytes(octets[size:], "big"), group=group)


class Sighted:
    """A packet's content with the fields of its way before its own (`model.Content`)."""

    __slots__ = ("crossing", "own")

    def __init__(self, own: Content, crossing: Crossing) -> None:
        self.own = own
        self.crossing = crossing

    def fields(self) -> Fields:
        """All fields."""
        return _Both(self.crossing.fields, self.own.fields())

    def message_fields(self, index: int) -> Fields:
        """Those of the way and those of one message."""
        return _Both(self.crossing.fields, self.own.message_fields(index))

    def buffers(self) -> Mapping[str, bytes]:
        """The packet's own."""
        return self.own.buffers()

    def summary(self) -> str:
        """The packet's own."""
        return self.own.summary()


class _Both(Mapping[str, Sequence[Field]]):
    """Two tables of fields as one, without copying either; no name is in both."""

    __slots__ = ("_first", "_second")

    def __init__(self, first: Fields, second: Fields) -> None:
        self._first = first
        self._second = second

    def __getitem__(self, name: str) -> Sequence[Field]:
        return self._first[name] if name in self._first else self._second[name]

    def __iter__(self) -> Iterator[str]:
        yield from self._first
        yield from self._second

    def __len__(self) -> int:
        return len(self._first) + len(self._second)

    def __contains__(self, name: object) -> bool:
        return name in self._first or name in self._second
