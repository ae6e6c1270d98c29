"""Where the network layer begins in a frame, by link type: what the first pass needs of Ethernet and the like."""

from collections.abc import Callable

IPV4, IPV6, ARP = 0x0800, 0x86DD, 0x0806
LLC, PPP, BRIDGED = (
    0x0004,
    0x880B,
    0x6558,
)  # 802.2 by Linux's own number (if_ether.h); PPP and Ethernet as GRE's types
LEAST_TYPE = 1536  # IEEE 802.3 §3.2.6: below it the two bytes are a length
TAGS = (0x8100, 0x88A8, 0x9100)

Link = Callable[[bytes], tuple[int, int]]
"""The Ethernet type of what follows, and where it begins; (−1, …) where the frame is too short to tell."""

# pcap link types whose family number is 2 for IPv4; the others are IPv6 on one system or another (BSD, FreeBSD, Darwin).
FAMILIES = {2: IPV4, 10: IPV6, 23: IPV6, 24: IPV6, 28: IPV6, 30: IPV6}


def ethernet(data: bytes) -> tuple[int, int]:
    """IEEE 802.3, past any 802.1Q tags."""
    if len(data) < 14:
        return -1, len(data)
    return typed(*untagged(data, 12))


def typed(ethertype: int, at: int) -> tuple[int, int]:
    """The same, where a length instead of a type says that an LLC header follows."""
    return (LLC if 0 <= ethertype < LEAST_TYPE else ethertype), at


def bridged(data: bytes, start: int, stop: int) -> tuple[int, int]:
    """An Ethernet frame inside another packet."""
    if stop - start < 14:
        return -1, stop
    return typed(data[start + 12] << 8 | data[start + 13], start + 14)


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


def wireless(data: bytes) -> tuple[int, int]:
    """IEEE 802.11: of a data frame that is not encrypted, the LLC header."""
    return wlan_inside(data, 0, len(data))


def wlan_inside(data: bytes, start: int, stop: int) -> tuple[int, int]:
    """The same, of a frame at `start`: IEEE 802.11-2020 §9.2.3, §9.3.2.1."""
    size = wlan_header(data, start, stop)
    kind, flags = (data[start], data[start + 1]) if size else (0, 0)
    if kind & 0x0C != 0x08 or kind & 0x40 or flags & 0x40 or start + size > stop:
        return -1, stop
    return LLC, start + size


def wlan_header(data: bytes, start: int, stop: int) -> int:
    """How many bytes the header of a data frame has; 0 if it cannot be told."""
    if stop - start < 24:
        return 0
    kind, flags = data[start], data[start + 1]
    return (
        24
        + (6 if flags & 3 == 3 else 0)
        + (2 if kind & 0x80 else 0)
        + (4 if kind & 0x80 and flags & 0x80 else 0)
    )


def radiotap(data: bytes) -> tuple[int, int]:
    """IEEE 802.11 behind what the radio noted: radiotap.org."""
    if len(data) < 8:
        return -1, len(data)
    return wlan_inside(data, data[2] | data[3] << 8, len(data))


def nflog(data: bytes) -> tuple[int, int]:
    """Linux's netfilter log: a family, then attributes; the ninth kind is the packet."""
    return {2: IPV4, 10: IPV6}.get(data[0] if data else 0, -1), nflog_payload(data)


def nflog_payload(data: bytes) -> int:
    """Where the packet begins; the end where there is none."""
    at = 4
    while at + 4 <= len(data):
        size, kind = data[at] | data[at + 1] << 8, data[at + 2] | data[at + 3] << 8
        if kind & 0x7FFF == 9:
            return at + 4
        if size < 4:
            break
        at += size + 3 & ~3
    return len(data)


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
    9: lambda data: (PPP, 0),
    50: lambda data: (PPP, 0),
    51: lambda data: (0x8864, 0),
    105: wireless,
    127: radiotap,
    239: nflog,
    12: raw,
    14: raw,
    101: raw,
    108: loopback,
    113: cooked,
    228: lambda data: (IPV4, 0),
    229: lambda data: (IPV6, 0),
    276: cooked2,
}

NAMES = {
    6: "TOKEN RING", 7: "ARCNET", 8: "SLIP", 10: "FDDI", 11: "ATM", 13: "ENC", 104: "CISCO HDLC", 106: "ATM CLIP",
    107: "FRAME RELAY", 109: "ENC", 112: "CISCO HDLC", 114: "LOCALTALK", 117: "PFLOG", 119: "PRISM",
    122: "IP OVER FC", 138: "IP OVER 1394", 139: "MTP2 PHDR", 140: "MTP2", 141: "MTP3", 142: "SCCP", 143: "DOCSIS",
    163: "AVS", 165: "MS/TP", 187: "BLUETOOTH H4", 189: "USB", 190: "CAN 2.0B", 192: "PPI", 195: "IEEE 802.15.4",
    197: "ERF", 201: "BLUETOOTH H4 PHDR", 203: "LAPD", 204: "PPP PHDR", 220: "USB", 224: "FIBRE CHANNEL",
    227: "CAN", 230: "IEEE 802.15.4", 231: "DBUS", 235: "DVB-CI", 242: "INFINIBAND", 243: "MPEG-2 TS", 248: "SCTP",
    249: "USBPCAP", 251: "BLUETOOTH LE", 252: "UPPER PDU", 253: "NETLINK", 254: "BLUETOOTH MONITOR",
    256: "BLUETOOTH LE PHDR", 258: "PKTAP", 265: "ZWAVE", 270: "LORATAP", 271: "VSOCK", 283: "IEEE 802.15.4 TAP",
}  # fmt: skip
"""What nobody here reads, by its link type (tcpdump.org, "Link-layer header types")."""
