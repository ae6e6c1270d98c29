"""A packet in one line: Wireshark's Info column, in kinder words."""

from collections.abc import Callable

from ..fields import icmp, word
from ..model import Value
from .core import PacketInfo, Part
from .dissection import Dissection
from .fast_path import transport
from .links import LINKS, NAMES
from .scapy_layers.table import by_ports, label

Lookup = Callable[[PacketInfo], Dissection]

FLAGS = ((0x02, "SYN"), (0x01, "FIN"), (0x04, "RST"), (0x20, "URG"), (0x10, "ACK"))

ARP = {"arp.opcode", "arp.src.hw_mac", "arp.src.proto_ipv4", "arp.dst.proto_ipv4"}


def summary(info: PacketInfo, lookup: Lookup) -> str:
    """The messages it completes; else what its header says. `lookup` gives the packet dissected, if that is needed."""
    if info.parts:
        return "; ".join(_part(info, number) for number in range(len(info.parts)))
    if info.reassembly is not None and info.reassembly.at != info.number:
        return _fragment(info)
    if info.flow is None:
        name, line = label(lookup(info).fields), _other(info, lookup)
    else:
        numbers = _numbers(info) or _dissected_numbers(info, lookup)
        named = info.flow.application is not None or not by_ports(info.flow.stream.kind, *numbers[:2])
        name = "" if named else label(lookup(info).fields)
        line = (_tcp if info.flow.stream.kind == "tcp" else _udp)(info, *numbers)
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


def _numbers(info: PacketInfo) -> tuple[int, int, int, int] | None:
    """The ports, how many bytes are carried, and TCP's flags, from the header alone; None where it is not plain to see."""
    where = transport(info)
    if where is None or info.flow is None:
        return None
    (start, stop), data = where, info.data
    source, target = data[start] << 8 | data[start + 1], data[start + 2] << 8 | data[start + 3]
    if info.flow.stream.kind == "udp":
        return source, target, max(0, (data[start + 4] << 8 | data[start + 5]) - 8), 0
    size = (data[start + 12] >> 4) * 4
    return (source, target, stop - start - size, data[start + 13]) if 20 <= size <= stop - start else None


def _dissected_numbers(info: PacketInfo, lookup: Lookup) -> tuple[int, int, int, int]:
    """The same of the packet dissected: the outermost header's; 0 where there is none."""
    known: dict[str, int] = {}
    for item in lookup(info).fields:
        if isinstance(item[1], int):
            known.setdefault(item[0], item[1])
    kind = info.flow.stream.kind if info.flow else ""
    length = known.get("tcp.len", 0) if kind == "tcp" else max(0, known.get("udp.length", 0) - 8)
    return known.get(f"{kind}.srcport", 0), known.get(f"{kind}.dstport", 0), length, known.get("tcp.flags", 0)


def _udp(info: PacketInfo, source: int, target: int, size: int, flags: int) -> str:
    return f"{source} → {target}  {size} bytes"


def _tcp(info: PacketInfo, source: int, target: int, size: int, flags: int) -> str:
    """`SYN  41000 → 53  mss 1460`, `53 → 41000  ACK  1448 bytes, part of packet 12`."""
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
