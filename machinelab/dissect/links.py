"""Where the network layer begins in a frame, by link type: what the first pass needs of Ethernet and the like."""

from collections.abc import Callable

IPV4, IPV6, ARP = 0x0800, 0x86DD, 0x0806
TAGS = (0x8100, 0x88A8, 0x9100)

Link = Callable[[bytes], tuple[int, int]]
"""The Ethernet type of what follows, and where it begins; (−1, …) where the frame is too short to tell."""

# pcap link types whose family number is 2 for IPv4; the others are IPv6 on one system or another (BSD, FreeBSD, Darwin).
FAMILIES = {2: IPV4, 10: IPV6, 23: IPV6, 24: IPV6, 28: IPV6, 30: IPV6}


def ethernet(data: bytes) -> tuple[int, int]:
    """IEEE 802.3, past any 802.1Q tags."""
    if len(data) < 14:
        return -1, len(data)
    return untagged(data, 12)


def untagged(data: bytes, at: int) -> tuple[int, int]:
    """The type at `at`, or the one inside its tags, and what follows it."""
    ethertype = data[at] << 8 | data[at + 1]
    while ethertype in TAGS and at + 6 <= len(data):
        at += 4
        ethertype = data[at] << 8 | data[at + 1]
    return ethertype, at + 2


def cooked(data: bytes) -> tuple[int, int]:
    """Linux's cooked header: 16 bytes, the type last."""
    return untagged(data, 14) if len(data) >= 16 else (-1, len(data))


def cooked2(data: bytes) -> tuple[int, int]:
    """Its second version: 20 bytes, the type first."""
    return (data[0] << 8 | data[1], 20) if len(data) >= 20 else (-1, len(data))


def raw(data: bytes) -> tuple[int, int]:
    """Nothing but an IP packet: its first four bits tell which."""
    version = data[0] >> 4 if data else 0
    return {4: IPV4, 6: IPV6}.get(version, -1), 0


def loopback(data: bytes) -> tuple[int, int]:
    """BSD's loopback: four bytes of address family, in the byte order of whoever captured or of the network."""
    if len(data) < 4:
        return -1, len(data)
    return FAMILIES.get(family(data), -1), 4


def family(data: bytes) -> int:
    """The address family of a loopback header, whichever byte order makes it a small number."""
    return min(int.from_bytes(data[:4], "little"), int.from_bytes(data[:4], "big"))


LINKS: dict[int, Link] = {
    0: loopback,
    1: ethernet,
    12: raw,
    14: raw,
    101: raw,
    108: loopback,
    113: cooked,
    228: lambda data: (IPV4, 0),
    229: lambda data: (IPV6, 0),
    276: cooked2,
}
