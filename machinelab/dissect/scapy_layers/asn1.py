"""Scapy's ASN.1 layers (SNMP, Kerberos, LDAP): their fields, and the bytes by the basic encoding rules (X.690 §8.1)."""

from typing import Any

from .attempt import Failed, attempt
from .reading import DEEPEST, GaveUp, Reading


def is_asn1(packet: Any) -> bool:
    """Whether a layer is described by a tree of ASN.1 fields."""
    return hasattr(type(packet), "ASN1_root")


def read(reading: Reading, packet: Any, start: int, stop: int, group: str, depth: int) -> int:
    """Read a packet whole, then go through its tree for the places. Gives where its encoding ends."""
    try:
        attempt(packet.do_dissect, reading.data[start:stop])
    except Failed:
        raise GaveUp(start) from None
    return _tree(reading, packet, packet.ASN1_root, start, stop, group, depth)


def content(data: bytes, at: int, stop: int) -> tuple[int, int]:
    """Where the contents of the value at an offset begin and end; both `stop` where it is none."""
    if at + 2 > stop:
        return stop, stop
    size, begin = data[at + 1], at + 2
    if size & 0x80:
        count = size & 0x7F
        begin += count
        if count == 0 or count > 4 or begin > stop:
            return stop, stop
        size = int.from_bytes(data[at + 2 : begin], "big")
    return min(begin, stop), min(begin + size, stop)


def _tree(reading: Reading, packet: Any, field: Any, start: int, stop: int, group: str, depth: int) -> int:
    """One field of the tree at `start`; gives where it ends."""
    if depth > DEEPEST:
        raise GaveUp(start)
    begin, end = content(reading.data, start, stop)
    if hasattr(field, "seq"):
        at = begin
        for inner in field.seq:
            if _there(packet, inner):
                at = _tree(reading, packet, inner, at, end, group, depth)
        return end
    value = packet.getfieldval(field.name) if hasattr(field, "name") else None
    items = value if isinstance(value, list) else [value]
    if items and all(is_asn1(item) for item in items):
        at = begin if isinstance(value, list) else start
        for number, item in enumerate(items, 1):
            inside = f"{group}/{field.name} {number}" if isinstance(value, list) else f"{group}/{field.name}"
            at = _tree(reading, item, item.ASN1_root, at, end, inside, depth + 1)
        return end
    if end > start and value is not None:
        shown = getattr(value, "val", value)
        reading.value(packet, field, shown, start, end, 0, group)
    return end


def _there(packet: Any, field: Any) -> bool:
    """Whether an optional field is there; what is not has no bytes."""
    if type(field).__name__ != "ASN1F_optional":
        return True
    inner = field.__dict__.get("_field")
    return inner is None or packet.getfieldval(getattr(inner, "name", "")) is not None
