"""DNS and its two relatives on the local link, which have its messages: multicast DNS (RFC 6762), LLMNR (RFC 4795)."""

from collections.abc import Iterable
from typing import NamedTuple

Bits = tuple[tuple[str, int], ...]


class Variant(NamedTuple):
    """What is another in a relative's messages: which flags queries and replies have; whether a class's upper bit says something of its own."""

    layer: str
    label: str
    query: Bits
    reply: Bits
    split_class: bool = False

    def bits(self, flags: int) -> Iterable[tuple[str, int]]:
        """The flags of a message, by name and mask, behind its opcode. Wireshark mentions a query's AD bit only where it is set."""
        if flags & 0x8000:
            return self.reply
        return (bit for bit in self.query if bit[0] != "ad" or flags & bit[1])


_QUERY: Bits = (
    ("truncated", 0x0200), ("recdesired", 0x0100), ("z", 0x0040), ("ad", 0x0020), ("checkdisable", 0x0010),
)  # fmt: skip
_REPLY: Bits = (
    ("authoritative", 0x0400), ("truncated", 0x0200), ("recdesired", 0x0100), ("recavail", 0x0080), ("z", 0x0040),
    ("authenticated", 0x0020), ("checkdisable", 0x0010),
)  # fmt: skip
_LINK_LOCAL: Bits = (("conflict", 0x0400), ("truncated", 0x0200), ("tentative", 0x0100))  # RFC 4795 §2.1.1

UNICAST = Variant("dns", "DNS", _QUERY, _REPLY)
MULTICAST = Variant("mdns", "MDNS", _QUERY, _REPLY, split_class=True)
LINK_LOCAL = Variant("llmnr", "LLMNR", _LINK_LOCAL, _LINK_LOCAL)
VARIANTS = {variant.layer: variant for variant in (UNICAST, MULTICAST, LINK_LOCAL)}
