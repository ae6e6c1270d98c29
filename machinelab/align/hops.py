"""Who > whom. A hop is written in node names and asked of events that carry addresses."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from ..model import Event

ANY = "any"


@dataclass(frozen=True, slots=True)
class Hop:
    """`sender` and `receiver` are sets of node names (empty: anyone). For evidence that does not travel, `at` is set."""

    text: str
    sender: frozenset[str] = frozenset()
    receiver: frozenset[str] = frozenset()
    at: frozenset[str] = frozenset()

    def matches(self, event: Event, names: Mapping[str, str]) -> bool:
        """Whether the event went this way. A hardware address counts as much as the network address above it."""
        if self.at:
            return event.node in self.at
        return _stands(self.sender, event.src, event.link[0], names) and _stands(
            self.receiver, event.dst, event.link[1], names
        )

    @property
    def nodes(self) -> frozenset[str]:
        """Every node named."""
        return self.sender | self.receiver | self.at


def _stands(wanted: frozenset[str], address: str, hardware: str, names: Mapping[str, str]) -> bool:
    return not wanted or names.get(address) in wanted or names.get(hardware) in wanted


@cache
def parse(text: str) -> Hop:
    """ "stub > resolver", "resolver > auth1|auth2", "resolver > any", "db", or "" (anything). Raises ValueError."""
    parts = [part.strip() for part in text.split(">")]
    if not text.strip():
        return Hop(text)
    if len(parts) > 2 or not all(parts):
        raise ValueError(
            f"{text!r} is no hop: write 'from > to' with node names, a|b for one of several, any for whoever"
        )
    sets = [
        frozenset() if part == ANY else frozenset(name.strip() for name in part.split("|")) for part in parts
    ]
    return Hop(text, sets[0], sets[1]) if len(sets) == 2 else Hop(text, at=sets[0])
