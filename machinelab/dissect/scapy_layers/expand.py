"""A dissected packet whose end nobody of ours reads, with what Scapy makes of it in place of plain bytes."""

from collections.abc import Callable, Sequence
from functools import lru_cache

from ..core import PacketInfo, Raw, View
from ..registry import tables
from .table import Foreign, unread
from .wireshark import TITLES

PLAIN = ("data", "data.data", "data.len")
CHANGED = (*PLAIN, "frame.protocols")  # what is different once Scapy has read the packet


def foreign(fields: Sequence[Raw]) -> int:
    """The place of a packet's `data` that Scapy may read; −1 if there is none."""
    for place in range(len(fields) - 1, -1, -1):
        if fields[place][0] == "data" and unread(fields, place):
            return place
    return -1


@lru_cache(4096)
def possible(name: str, tunnel: bool) -> bool:
    """Whether a field may come from Scapy's layers, or change with them; in a `tunnel` those of our own may, too."""
    top = name.partition(".")[0]
    return name in CHANGED or top in ("scapy", "_ws") or top in TITLES.values() or (tunnel and top in OURS)


# What may stand inside a tunnel that Scapy opens; and the tunnels.
OURS = ("eth", "ip", "ipv6", "udp", "tcp", "icmp", "icmpv6", "arp", "vlan")
TUNNELS = ("gtp", "l2tp")


def is_tunnel(fields: Sequence[Raw], place: int) -> bool:
    """Whether what Scapy reads there may hold packets that our own dissectors go on with."""
    found = unread(fields, place)
    return found is not None and found.protocol in TUNNELS


def expand(info: PacketInfo, fields: tuple[Raw, ...], data: Callable[[str], bytes]) -> tuple[Raw, ...]:
    """The packet's fields with Scapy's where `data` stood. `data` gives a buffer by its name."""
    place = foreign(fields)
    found = unread(fields, place) if place >= 0 else None
    if found is None:
        return fields
    _, _, start, stop, buffer, _, _ = fields[place]
    try:
        out, layers = _read(info, found, data(buffer), start, stop, buffer)
    except ImportError:  # this Scapy has no such protocol
        return fields
    tail = [item for item in fields[place:] if item[0] not in PLAIN]
    head = list(fields[:place])
    for number, item in enumerate(head):
        if item[0] == "frame.protocols":
            value = str(item[1]).removesuffix("data").removesuffix(":")
            head[number] = (item[0], ":".join(filter(None, (value, *layers))), *item[2:])
    return (*head, *out, *tail)


def _read(
    info: PacketInfo, found: Foreign, data: bytes, start: int, stop: int, buffer: str
) -> tuple[list[Raw], list[str]]:
    """Scapy's layers, then one of ours that stands inside, or the bytes that are left."""
    from .adapter import read

    out: list[Raw] = []
    layers, at, following, well = read(found.protocol, data, start, stop, buffer, out)
    view = View(info, data, buffer, out)
    view.quoted, view.depth = (
        True,
        len(info.streams),
    )  # what is inside has no stream that the first pass knew of
    if not well:
        out.append(view.broken(found.protocol, at))
    if at < stop and well and not any(data[at:stop]):  # what fills a frame up to its least length
        out.append(
            (
                f"scapy.{found.protocol}.unread",
                data[at:stop],
                at,
                stop,
                buffer,
                0,
                out[0][6] if out else "data",
            )
        )
    elif at < stop:
        _inside(view, following.__name__ if following else "", at, stop)
    return out, layers + view.protocols


INSIDE = {"IP": 0x0800, "IPv6": 0x86DD, "ARP": 0x0806}


def _inside(view: View, layer: str, start: int, stop: int) -> None:
    """What stands inside a tunnel, by our own dissectors; the rest as plain bytes."""
    from ..core import Short
    from ..data import dissect as rest

    known = tables()
    ours = known.links.get(1) if layer == "Ether" else known.ethertypes.get(INSIDE.get(layer, -1))
    if ours is None or view.deep:
        rest(view, start, stop)
        return
    try:
        ours.dissect(view, start, stop)
    except Short:
        view.add(view.broken("frame", start))
