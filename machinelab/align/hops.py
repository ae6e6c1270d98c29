"""Who > whom. A hop is written in node names and asked of a packet's whole way, however often it was seen on it.

alice > server            the two ends: who sent it first, and who it was on its way to when it was last seen
alice > nat-a > server    the way itself: nat-a passed it on, and nobody else did
alice > nat-a > nat-b     so this one went no further than nat-b
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from ..model import Event, Sighting

ANY = "any"


@dataclass(frozen=True, slots=True)
class Hop:
    """`sender` and `receiver` are sets of node names (empty: anyone), `through` those in between, if the hop names any.

    For evidence that does not travel, `at` is set.
    """

    text: str
    sender: frozenset[str] = frozenset()
    receiver: frozenset[str] = frozenset()
    through: tuple[frozenset[str], ...] = ()
    at: frozenset[str] = frozenset()

    def matches(self, event: Event, names: Mapping[str, str]) -> bool:
        """Whether the event went this way. A hardware address counts as much as the network address above it."""
        if self.at:
            return event.node in self.at
        way = event.way
        first, last = way[0], way[-1]
        if not _is_one_of(self.sender, first.src, first.link[0], names):
            return False
        if not _is_one_of(self.receiver, last.dst, last.link[1], names):
            return False
        return not self.through or self._passes_through(way, names)

    def could_be_sent_by(self, event: Event, names: Mapping[str, str]) -> bool:
        """Whether the event happened on the side that should have sent it, whoever received it.

        An address that belongs to no known node may be anybody's.
        """
        if self.at:
            return event.node in self.at
        first = event.way[0]
        unknown = first.src not in names and first.link[0] not in names
        return unknown or _is_one_of(self.sender, first.src, first.link[0], names)

    def _passes_through(self, way: Sequence[Sighting], names: Mapping[str, str]) -> bool:
        """Whether those in between passed it on. In a capture from elsewhere nobody knows a router's hardware address."""
        return len(way) == len(self.through) + 1 and all(
            not wanted or names.get(sighting.link[0], next(iter(wanted))) in wanted
            for wanted, sighting in zip(self.through, way[1:], strict=True)
        )

    @property
    def nodes(self) -> frozenset[str]:
        """Every node named."""
        return self.sender.union(self.receiver, self.at, *self.through)


def _is_one_of(wanted: frozenset[str], address: str, hardware: str, names: Mapping[str, str]) -> bool:
    return not wanted or names.get(address) in wanted or names.get(hardware) in wanted


@cache
def parse(text: str) -> Hop:
    """ "stub > resolver", "resolver > auth1|auth2", "alice > nat-a > any", "db", or "" (anything). Raises ValueError."""
    parts = [part.strip() for part in text.split(">")]
    if not text.strip():
        return Hop(text)
    if not all(parts):
        raise ValueError(
            f"{text!r} is no hop: write 'from > to' or 'from > through > to' with node names, a|b for one of several, any for whoever"
        )
    sets = [
        frozenset() if part == ANY else frozenset(name.strip() for name in part.split("|")) for part in parts
    ]
    return Hop(text, sets[0], sets[-1], tuple(sets[1:-1])) if len(sets) > 1 else Hop(text, at=sets[0])
