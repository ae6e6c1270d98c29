"""Scapy's layers as our fields, each with the bytes it stands in.

Scapy reads a layer field by field: `getfield` takes what is left and gives a value and what is then left. We go the same way
(`Packet.do_dissect`), and the lengths tell where each field stands; a pair of bytes and a number in place of the bytes is
Scapy's way to say that a field ended within a byte. Layers that stand in a field are read once more, on their own bytes.
"""

from collections.abc import Iterator
from typing import Any

from ...fields import scapy_layers as described
from ..core import Raw
from . import asn1, own
from .attempt import Failed, attempt, pair
from .names import title_of
from .reading import CHAIN, DEEPEST, MOST, GaveUp, Reading
from .wireshark import TITLES


def read(
    protocol: str, data: bytes, start: int, stop: int, buffer: str, out: list[Raw]
) -> tuple[list[str], int, Any, bool]:
    """Read a protocol's packet. Gives its layers' names, where its reading ended, the layer that follows (a class of Scapy's, or

    None), and whether all was well. Never raises but ImportError, where this Scapy has no such protocol.
    """
    header = described.header(protocol)
    reading = Reading(protocol, data, buffer, out)
    try:
        at, following = _chain(reading, header, start, stop)
    except GaveUp as gave_up:
        return reading.layers, min(max(gave_up.at, start), stop), None, False
    return reading.layers, at, following, True


def _chain(reading: Reading, layer: Any, start: int, stop: int) -> tuple[int, Any]:
    """The layers one after the other, up to one of our own or to plain bytes."""
    under, at = None, start
    for _ in range(CHAIN):
        layer = _chosen(layer, reading.data[at:stop], under)
        if layer is None or layer.__name__ in ("Raw", "Padding", "NoPayload"):
            return at, None
        if layer.__name__ in OURS:
            return at, layer
        packet = _made(layer, under, None, at)
        group = _group(reading, layer, under is None)
        at, end = _layer(reading, packet, at, stop, group, 0)
        if at >= end:
            return max(at, end), None
        stop = end
        try:
            under, layer = packet, attempt(packet.guess_payload_class, reading.data[at:stop])
        except Failed:
            raise GaveUp(at) from None
    return at, None


# Layers that the kit reads itself.
OURS = {"Ether", "Dot1Q", "Dot1AD", "IP", "IPv6", "ARP", "CookedLinux", "TCP", "UDP", "ICMP"}


def _chosen(layer: Any, data: bytes, under: Any) -> Any:
    """The class that a layer's `dispatch_hook` names for these bytes."""
    for _ in range(4):
        if layer is not None and not isinstance(layer, type):
            layer = _by_function(layer, data)
        if layer is None or "dispatch_hook" not in layer.__dict__:
            return layer
        try:
            found = attempt(layer.dispatch_hook, data, _underlayer=under)
        except Failed:  # as Scapy itself: what the hook cannot tell is plain bytes
            return None
        if found is layer:
            return layer
        layer = found
    return layer


def _by_function(layer: Any, data: bytes) -> Any:
    """The class of the packet that a function makes of the bytes."""
    try:
        return type(attempt(layer, data))
    except Failed:
        return None


def _made(layer: Any, under: Any, parent: Any, at: int) -> Any:
    """An empty packet of a class, without the class's own choice among its kinds."""
    try:
        packet = layer.__new__(layer)
        attempt(packet.__init__, _internal=1, _underlayer=under, _parent=parent)
    except Failed:  # a class that is made in a way of its own
        raise GaveUp(at) from None
    return packet


def _group(reading: Reading, layer: Any, first: bool) -> str:
    name = TITLES.get((reading.protocol, layer.__name__), reading.protocol)
    if name not in reading.layers:
        reading.layers.append(name)
    if not first and name == TITLES.get((reading.protocol, layer.__name__)):
        return name
    top = TITLES.get((reading.protocol, layer.__name__)) or title_of(
        reading.protocol, described.header(reading.protocol)
    )
    return top if first else f"{top}/{_title(layer)}"


def _title(layer: Any) -> str:
    name = getattr(layer, "_name", None) or layer.__dict__.get("name") or layer.__name__
    return str(name).replace("/", "-") or layer.__name__


def _layer(reading: Reading, packet: Any, start: int, stop: int, group: str, depth: int) -> tuple[int, int]:
    """One layer's fields. Gives where its payload begins, and where that ends (padding stands behind it)."""
    place, reading.origin = len(reading.out), start
    title = title_of(reading.protocol, type(packet))
    reading.add(title, "", start, stop, 0, group)
    if asn1.is_asn1(packet):
        at = asn1.read(reading, packet, start, stop, group, depth)
        after, payload, padding = reading.data[at:stop], reading.data[at:stop], b""
    else:
        try:
            given = attempt(packet.pre_dissect, reading.data[start:stop])
            rest = _fields(reading, packet, given, start, stop, group, depth)
            packet.raw_packet_cache = given[: len(given) - len(rest)]
            after = attempt(packet.post_dissect, rest)
            payload, padding = pair(packet.extract_padding, after)
        except Failed:
            raise GaveUp(_end(reading, start)) from None
    end = max(start, stop - len(padding or b""))
    at = max(start, end - len(payload or b""))
    _shorten(reading, packet, at)
    reading.out[place] = (title, "", start, at, reading.buffer, 0, group)
    return at, end


def _shorten(reading: Reading, packet: Any, at: int) -> None:
    """A layer may hand on what its last field took at first, as BOOTP does with the options behind its cookie."""
    if not reading.out or not reading.out[-1][2] < at < reading.out[-1][3]:
        return
    _, _, start, _, _, mask, group = reading.out.pop()
    field = packet.fields_desc[-1]
    reading.value(packet, field, packet.getfieldval(field.name), start, at, mask, group)


def _end(reading: Reading, start: int) -> int:
    """Where what was read ends."""
    return max(
        (item[3] for item in reading.out[-4:] if item[3] > start and item[4] == reading.buffer), default=start
    )


def _fields(
    reading: Reading, packet: Any, given: Any, start: int, stop: int, group: str, depth: int
) -> bytes:
    """Each field of a layer in its turn, as `Packet.do_dissect` has it."""
    left: Any = given
    for field in packet.fields_desc:
        before = _bit(left, start, stop)
        _enough(field, before, stop)
        try:
            left, value = pair(field.getfield, packet, left)
        except Failed:
            raise GaveUp(before // 8) from None
        after = min(max(_bit(left, start, stop), before), 8 * stop)
        if value is None and field.isconditional:
            continue
        packet.fields[field.name] = value
        if after > before:
            _field(reading, packet, field, value, before, after, group, depth)
        if not left and getattr(field, "ismayend", False):
            break
    rest = left[0] if isinstance(left, tuple) else left
    return rest if isinstance(rest, bytes) else bytes(rest)


def _bit(left: Any, start: int, stop: int) -> int:
    """Where what is left begins, in bits of the buffer."""
    octets, bits = left if isinstance(left, tuple) else (left, 0)
    return 8 * max(start, stop - len(octets)) + int(bits)


def _enough(field: Any, before: int, stop: int) -> None:
    """A bit field takes what there is for what it needs: Scapy does not see that bytes are missing."""
    size = getattr(field, "size", None)
    if isinstance(size, int) and type(field).__name__ in BITS and before + size > 8 * stop:
        raise GaveUp(before // 8)


BITS = {
    "BitField",
    "BitEnumField",
    "BitMultiEnumField",
    "FlagsField",
    "BitFieldLenField",
    "MultiFlagsField",
    "BitScalingField",
}


def _field(
    reading: Reading, packet: Any, field: Any, value: Any, before: int, after: int, group: str, depth: int
) -> None:
    first, last = before // 8, -(-after // 8)
    mask = 0
    if before % 8 or after % 8:
        mask = ((1 << (after - before)) - 1) << (8 * last - after)
    items, origin = _packets(value), reading.origin
    if items:
        for number, (item, begin, end) in enumerate(_placed(reading.data, items, first, last), 1):
            _inner(reading, packet, item, begin, end, f"{group}/{_title(type(item))} {number}", depth + 1)
        reading.origin = origin
        return
    if own.reads(field):
        own.read(reading, field, first, last, group)
        return
    elements = _elements(packet, field, value, reading.data[first:last], first)
    for each, begin, end in elements or [(value, first, last)]:
        reading.value(packet, field, each, begin, end, mask, group)


def _packets(value: Any) -> list[Any]:
    """The layers that a field's value is made of."""
    items = value if isinstance(value, list) else [value]
    return (
        items
        if items and all(hasattr(item, "fields_desc") and hasattr(item, "original") for item in items)
        else []
    )


def _placed(data: bytes, items: list[Any], start: int, stop: int) -> Iterator[tuple[Any, int, int]]:
    """Where each layer of a field stands: each was given the bytes from its beginning on."""
    begins, at = list[int](), start
    for item in items:
        at = data.find(item.original, at, stop) if item.original else at
        if at < 0:
            at = begins[-1] if begins else start
        begins.append(at)
    for number, item in enumerate(items):
        end = begins[number + 1] if number + 1 < len(items) else stop
        yield item, begins[number], max(begins[number], min(end, begins[number] + len(item.original)))


def _inner(reading: Reading, parent: Any, item: Any, start: int, stop: int, group: str, depth: int) -> None:
    """A layer that stands in a field, and those that follow in it."""
    if depth > DEEPEST:
        raise GaveUp(start)
    under, at, layer, end = item.underlayer, start, type(item), stop
    while at < end and layer.__name__ not in ("Raw", "Padding", "NoPayload"):
        packet = _made(layer, under, parent, at)
        at, end = _layer(reading, packet, at, end, group, depth)
        if at >= end:
            break
        try:
            under, layer = packet, attempt(packet.guess_payload_class, reading.data[at:end])
            layer = _chosen(layer, reading.data[at:end], packet)
        except Failed:
            raise GaveUp(at) from None
        if layer is None:
            break
        group = f"{group}/{_title(layer)}"
        depth += 1
        if depth > DEEPEST:
            raise GaveUp(at)
    if at < stop:
        reading.add(f"scapy.{reading.protocol}.unread", reading.data[at:stop], at, stop, 0, group)


def _elements(packet: Any, field: Any, value: Any, octets: bytes, start: int) -> list[tuple[Any, int, int]]:
    """The elements of a list of plain fields, each with its bytes; empty if it is none, or its elements cannot be told apart."""
    inner = described.innermost(field, lists=True)
    element = getattr(inner, "field", None)
    if not isinstance(value, list) or element is None or not hasattr(element, "getfield"):
        return []
    found: list[tuple[Any, int, int]] = []
    left: Any = octets
    for each in value[:MOST]:
        before = len(octets) - len(left)
        try:
            left, _ = pair(element.getfield, packet, left)
        except Failed:
            return []
        if isinstance(left, tuple):
            return []
        found.append((each, start + before, start + len(octets) - len(left)))
    return found
