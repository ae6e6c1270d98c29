"""Fast path: what patterns ask of a packet, without the fields that they do not ask for, at a tenth of the cost.

Of a message over UDP its own fields alone; else the transport header's and the messages', without the headers below. Only for
packets that are whole, with one network header and no tunnel; every other packet is dissected.
"""

from functools import lru_cache

from .core import Contents, PacketInfo, Part, Raw, Short, View
from .links import IPV4, IPV6, LINKS
from .network import ipv4, ipv6
from .registry import tables
from .scapy_layers.expand import foreign

UDP, TCP = 17, 6
# In a plain frame the first stands below every message, and nothing of the others is in it.
BELOW, ELSEWHERE = "udp", {"arp", "icmp", "icmpv6", "null", "raw", "sll", "tcp", "vlan"}
TRANSPORTS = {"udp": UDP, "tcp": TCP}
NETWORKS = {IPV4: ipv4, IPV6: ipv6}
# The layers of fields that are not in a packet whose one network header carries UDP or TCP, and those that it is read without.
ABSENT = {kind: frozenset({"arp", "icmp", "icmpv6"} | TRANSPORTS.keys() - {kind}) for kind in TRANSPORTS}
UNREAD = {
    "_ws", "eth", "frame", "geneve", "gre", "ieee8021ad", "ieee8021ah", "ip", "ipv6", "llc", "mpls", "nflog", "null", "ppp", "pppoe",
    "pppoed", "pppoes", "pweth", "pwethcw", "radiotap", "raw", "sll", "vlan", "vxlan", "wlan",
}  # fmt: skip
COSTLY = (
    "tcp.analysis",
    "tcp.option",
    "mptcp",
)  # fields of a TCP header that are left out unless they are asked for
NOTHING: frozenset[str] = frozenset()


def fast_fields(info: PacketInfo, index: int, names: frozenset[str]) -> tuple[Raw, ...] | None:
    """The fields of one message (−1: of the packet), those named at least; None if they cannot be had so."""
    found = message_alone(info, index, names) if index >= 0 else None
    return found if found is not None else above_network(info, index, names)


def absent_layers(info: PacketInfo) -> frozenset[str]:
    """Layers of which the packet has no field, as far as that is known at a glance."""
    return ABSENT[info.flow.stream.kind] if info.flow is not None and _is_plain(info) else NOTHING


def message_alone(info: PacketInfo, index: int, names: frozenset[str]) -> tuple[Raw, ...] | None:
    """The fields of a datagram's message by themselves; None where a name is not the protocol's own, or the packet is not plain."""
    parts = info.parts
    if index >= len(parts) or any(isinstance(part.state, Contents) for part in parts):
        return None  # a ping is a message without being a part
    part, header = parts[index], parts[0].start - 8
    own, brief = _reach(part.protocol.layer, part.protocol.head, names)
    if not own or not _plain(info, part, header):
        return None
    out: list[Raw] = [(BELOW, "", header, header + 8, "frame", 0, BELOW)]
    view = View(info, info.data, "frame", out)
    view.brief = brief
    part.protocol.dissect(view, part)
    return tuple(out)


@lru_cache(1024)
def _reach(layer: str, head: tuple[str, ...], names: frozenset[str]) -> tuple[bool, bool]:
    """Whether all names are the protocol's own (or plainly there, or plainly not); whether its first bytes hold them."""
    inside = [name for name in names if name != BELOW and name.split(".")[0] not in ELSEWHERE]
    return all(name.startswith(f"{layer}.") for name in inside), all(name.startswith(head) for name in inside)


def _plain(info: PacketInfo, part: Part, header: int) -> bool:
    if part.buffer != "frame" or part.data is not None or info.frame.source.link != 1:
        return False
    data = info.data
    if data[12:14] == b"\x08\x00":
        return data[23] == UDP and header == 14 + (data[14] & 15) * 4
    return data[12:14] == b"\x86\xdd" and data[20] == UDP and header == 54


def _is_plain(info: PacketInfo) -> bool:
    return info.reassembly is None and not info.outer and not info.bridged and len(info.streams) == 1


def above_network(info: PacketInfo, index: int, names: frozenset[str]) -> tuple[Raw, ...] | None:
    """The transport header's fields and those of what it carries; None where a name stands below, or the packet is not plain."""
    where = transport(info)
    if where is None or info.flow is None:
        return None
    kind = info.flow.stream.kind
    wanted = _wanted(kind, names)
    if wanted is None:
        return None
    view = View(info, info.data, "frame", [])
    view.wanted = wanted
    try:
        tables().protocols[TRANSPORTS[kind]].dissect(view, *where)
    except Short:
        return None
    out, marks = view.out, view.marks
    if "data" in view.protocols and foreign(out) >= 0:
        return None
    if index < 0 or len(marks) < 2:
        return tuple(out)
    if index >= len(marks):
        return None
    return tuple(out[: marks[0]] + out[marks[index] : marks[index + 1] if index + 1 < len(marks) else None])


def transport(info: PacketInfo) -> tuple[int, int] | None:
    """Where the UDP or TCP header of a packet stands in its frame, and where its payload ends; None where that is not plain to see."""
    link = LINKS.get(info.frame.source.link)
    if link is None or info.flow is None or not _is_plain(info):
        return None
    ethertype, at = link(info.data)
    if ethertype not in NETWORKS:
        return None
    packet = NETWORKS[ethertype](info.data, at, len(info.data))
    if packet is None or packet.ident >= 0 or packet.missing:
        return None
    return (packet.start, packet.stop) if packet.proto == TRANSPORTS[info.flow.stream.kind] else None


@lru_cache(1024)
def _wanted(kind: str, names: frozenset[str]) -> frozenset[str] | None:
    """The layers of fields that are asked for, and which costly parts of TCP's; None where some stand below the transport header."""
    layers = frozenset(name.partition(".")[0] for name in names) - ABSENT[kind]
    costly = frozenset(part for name in names for part in COSTLY if name.startswith(part))
    return None if layers & UNREAD else layers | costly
