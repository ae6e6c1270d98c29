"""A packet in one line: Wireshark's Info column, in kinder words."""

from collections.abc import Callable

from ..fields import icmp, word
from ..model import Value
from .core import PacketInfo, Part
from .dissection import Dissection
from .links import LINKS, NAMES
from .scapy_layers.table import label

Lookup = Callable[[PacketInfo], Dissection]

FLAGS = ((0x02, "SYN"), (0x01, "FIN"), (0x04, "RST"), (0x20, "URG"), (0x10, "ACK"))

ARP = {"arp.opcode", "arp.src.hw_mac", "arp.src.proto_ipv4", "arp.dst.proto_ipv4"}


def summary(info: PacketInfo, lookup: Lookup) -> str:
    """The messages it completes; else what its header says. `lookup` gives the packet dissected, if that is needed."""
    if info.parts:
        return "; ".join(_part(info, number) for number in range(len(info.parts)))
    if info.reassembly is not None and info.reassembly.at != info.number:
        return _fragment(info)
    name = label(lookup(info).fields) if info.flow is None or info.flow.application is None else ""
    if info.flow is not None:
        line = (_tcp if info.flow.stream.kind == "tcp" else _udp)(info, lookup)
    else:
        line = _other(info, lookup)
    return f"{name}  {line}" if name else line


def _part(info: PacketInfo, number: int) -> str:
    part = info.parts[number]
    if part.data is not None:
        data = part.data
    elif part.buffer == "frame" or info.reassembly is None:
        data = info.data
    else:
        data = info.reassembly.data
    return part.protocol.summary(data[part.start + part.framing : part.stop], part)


def _fragment(info: PacketInfo) -> str:
    where = f", whole in packet {info.reassembly.at}" if info.reassembly and info.reassembly.at else ""
    return f"a fragment of {info.protocol}{where}"


def _first(info: PacketInfo, lookup: Lookup, *names: str) -> list[int]:
    """Numbers of the dissected packet, the first of each name; 0 where there is none."""
    known: dict[str, int] = {}
    for item in lookup(info).fields:
        if item[0] in names and isinstance(item[1], int):
            known.setdefault(item[0], item[1])
    return [known.get(name, 0) for name in names]


def _udp(info: PacketInfo, lookup: Lookup) -> str:
    source, target, length = _first(info, lookup, "udp.srcport", "udp.dstport", "udp.length")
    return f"{source} → {target}  {max(0, length - 8)} bytes"


def _tcp(info: PacketInfo, lookup: Lookup) -> str:
    """`SYN  41000 → 53  mss 1460`, `53 → 41000  ACK  1448 bytes, part of packet 12`."""
    flags, size, source, target = _first(info, lookup, "tcp.flags", "tcp.len", "tcp.srcport", "tcp.dstport")
    words = " ".join(
        name for mask, name in FLAGS if flags & mask and not (name == "ACK" and flags & ~0x18 == 0 and size)
    )
    ports = f"{source} → {target}"
    carried = f"{size} byte{'' if size == 1 else 's'}" if size else ""
    if info.within and info.within != info.number:
        carried += f", part of packet {info.within}"
    application = info.flow.application if info.flow else None
    if size and application is not None and info.flow and info.flow.session is None:
        carried = application.summary(info.data[-size:], Part(application, 0, size)) + f"  {carried}"
    return "  ".join(filter(None, (ports, words, carried)))


def _other(info: PacketInfo, lookup: Lookup) -> str:
    known = {item[0]: item[1] for item in lookup(info).fields}
    if known.keys() >= ARP:
        if known["arp.opcode"] == 1:
            return f"who has {known['arp.dst.proto_ipv4']!s}? tell {known['arp.src.proto_ipv4']!s}"
        return f"{known['arp.src.proto_ipv4']!s} is at {known['arp.src.hw_mac']!s}"
    layer = info.protocol.lower()
    if f"{layer}.type" in known and layer in ("icmp", "icmpv6"):
        return _control(
            layer, {name: value for name, value in known.items() if isinstance(value, int)}, known
        )
    link = info.frame.source.link
    if link not in LINKS:
        name = f" ({NAMES[link]})" if link in NAMES else ""
        return f"link type {link}{name}  {len(info.data)} bytes"
    return f"{len(info.data)} bytes"


def _control(layer: str, numbers: dict[str, int], known: dict[str, Value]) -> str:
    kind = numbers[f"{layer}.type"]
    text = word(f"{layer}.type", kind).lower() or f"type {kind}"
    reasons = icmp.UNREACHABLE if layer == "icmp" else icmp.UNREACHABLE6
    if kind == (3 if layer == "icmp" else 1):
        text += f": {reasons.get(numbers[f'{layer}.code'], 'code ' + str(numbers[f'{layer}.code']))}"
    sequence = numbers.get("icmp.seq", numbers.get("icmpv6.echo.sequence_number"))
    if sequence is not None:
        text += f"  {sequence}"
    target = known.get("icmpv6.nd.ns.target_address") or known.get("icmpv6.nd.na.target_address")
    return f"{text}  {target!s}" if target else text
