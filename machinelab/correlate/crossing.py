"""What the nodes on a packet's way changed, as generated fields, and the content that has them beside its own."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from socket import AF_INET, AF_INET6, inet_ntop
from typing import Any

from ..model import Content, Field, Fields
from ..model.evidence import in_order
from . import http
from .fingerprints import Fingerprint
from .relays import ANSWER, CLIENT, IDENTIFIER, ONLY, SAME, Attempt, Relay
from .ties import KNOWN, PORT, Tie

SURE = {KNOWN: 1, PORT: 2, SAME: 3, IDENTIFIER: 4, CLIENT: 5, ANSWER: 6, ONLY: 7}
START = ("method", "target", "status")
"""What stands in a start line."""


class Crossing:
    """One packet's way, or one request's. `fields` are the same at each of its sightings: what it is is not a matter of where it
    was seen. They are made when somebody asks, for a request's need its headers."""

    def __init__(self, path: Sequence[str], ties: Sequence[Tie | Relay]) -> None:
        self._path = path
        self._ties = ties

    @cached_property
    def fields(self) -> Fields:
        """All of them, by name."""
        found = [
            Field("sighting", "", group="sighting"),
            Field("sighting.path", " > ".join(self._path), group="sighting"),
            Field("sighting.count", len(self._ties) + 1, group="sighting"),
            Field("sighting.sure", max(SURE.get(tie.sure, 0) for tie in self._ties), group="sighting"),
        ]
        for number, tie in enumerate(self._ties, 1):
            if isinstance(tie, Tie):
                found += _translation(tie, f"nat/{number}")
            else:
                found += _proxied(tie, f"proxied/{number}")
        return _named(found)


class Vain:
    """A request that a proxy sent in vain, before it sent another one for the same cause."""

    def __init__(self, attempt: Attempt) -> None:
        self._attempt = attempt

    @cached_property
    def fields(self) -> Fields:
        """Who tried, how often so far, and for which packet."""
        group = "proxied"
        return _named(
            [
                Field("proxied", "", group=group),
                *([Field("proxied.node", self._attempt.node, group=group)] if self._attempt.node else ()),
                Field("proxied.attempt", self._attempt.attempt, group=group),
                Field("proxied.in_vain", True, group=group),
                Field("proxied.for", self._attempt.arrival.number, group=group),
            ]
        )


def _named(found: Sequence[Field]) -> Fields:
    by_name: dict[str, list[Field]] = {}
    for field in found:
        by_name.setdefault(field.name, []).append(field)
    return by_name


def _proxied(tie: Relay, group: str) -> Iterator[Field]:
    """What a proxy made of a message: the connection it used, and the headers that it added, left out and wrote anew."""
    yield Field("proxied", "", group=group)
    if tie.node:
        yield Field("proxied.node", tie.node, group=group)
    yield Field("proxied.attempt", tie.attempt, group=group)
    before, after = http.fields(tie.arrival), http.fields(tie.departure)
    one_start, other_start = http.start(before), http.start(after)
    for word in START:
        was, now = one_start.get(word, ""), other_start.get(word, "")
        if was != now:
            yield Field("proxied.rewritten", f"{word}: {was} → {now}", group=group)
    one, other = _headers(before), _headers(after)
    for name, values in other.items():
        if name not in one:
            yield from (Field("proxied.added", f"{head}: {value}", group=group) for head, value in values)
    for name, values in one.items():
        if name not in other:
            yield from (Field("proxied.removed", f"{head}: {value}", group=group) for head, value in values)
        elif [value for _, value in values] != [value for _, value in other[name]]:
            was, now = (", ".join(value for _, value in each) for each in (values, other[name]))
            yield Field("proxied.rewritten", f"{values[0][0]}: {was} → {now}", group=group)


def _headers(fields: Fields) -> dict[str, list[tuple[str, str]]]:
    """The headers as they stand, by their names in small letters: capitals mean nothing (RFC 9110 §5.1)."""
    found: dict[str, list[tuple[str, str]]] = {}
    for head, value in http.headers(fields):
        found.setdefault(head.lower(), []).append((head, value))
    return found


def _translation(tie: Tie, group: str) -> Iterator[Field]:
    """Which addresses and ports a node changed; nothing, if it only routed."""
    before, after = tie.arrival, tie.departure
    if before.mss != after.mss:
        yield Field("sighting.mss.before", before.mss, group="sighting")
        yield Field("sighting.mss.after", after.mss, group="sighting")
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


def _side(side: str, was: bytes, now: bytes, group: str, fingerprint: Fingerprint) -> Iterator[Field]:
    size = 4 if len(was) < 16 else 16
    for moment, octets in (("before", was), ("after", now)):
        family = AF_INET if size == 4 else AF_INET6
        yield Field(f"nat.{side}.{moment}", inet_ntop(family, octets[:size]), group=group)
        if octets[size:]:
            yield Field(f"nat.{side}port.{moment}", int.from_bytes(octets[size:], "big"), group=group)


class Sighted:
    """A packet's content with the fields of its way before its own (`model.Content`)."""

    __slots__ = ("crossing", "own")

    def __init__(self, own: Content, crossing: Crossing | Vain) -> None:
        self.own = own
        self.crossing = crossing

    def fields(self) -> Fields:
        """All fields."""
        return _Both(self.crossing.fields, self.own.fields())

    def message_fields(self, index: int) -> Fields:
        """Those of the way and those of one message."""
        return _Both(self.crossing.fields, self.own.message_fields(index))

    def ordered(self) -> Sequence[tuple[Any, ...]]:
        """Those of the way, then the packet's own in wire order."""
        return [*(item for items in self.crossing.fields.values() for item in items), *in_order(self.own)]

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
