"""Filters made from what a capture holds: for each field whether it is there, and what one of its values is compared with."""

from collections.abc import Iterable, Iterator
from ipaddress import ip_address
from pathlib import Path

from machinelab import fields
from machinelab.model import Field
from machinelab.sources import pcap
from tests.oracle import exemptions, pdml

# tshark has other fields of these names too, of one byte (VXLAN-GPE), and compares no value of two.
REFUSED = {"vxlan.flags", "vxlan.flags_reserved"}
NUMBERS = {"uint", "int"}
PLAIN = {"ipv4", "ipv6", "ether"}
LONGEST = 12  # bytes or letters of a value that is asked for


def filters(capture: Path) -> list[str]:
    """The filters of one capture, those left out that name a field in which we differ from tshark on purpose."""
    values: dict[str, Field] = {}
    for event in pcap.load(capture).events:
        for name, found in event.fields.items():
            values.setdefault(name, found[-1])
    apart = {name for _, name in exemptions.of(capture).different}
    return [
        text
        for name in sorted(values.keys() - apart)
        if _comparable(name)
        for text in _of(name, values[name])
    ]


def _comparable(name: str) -> bool:
    """Whether tshark has the field as well, and both show it alike."""
    return not (
        exemptions.is_ours(name)
        or name in REFUSED
        or name in pdml.VALUES
        or name in pdml.PRESENCE
        or name.startswith("_ws")
    )


def _of(name: str, field: Field) -> Iterator[str]:
    yield name
    literal = _literal(fields.registry()[name].kind, field)
    for relation in _relations(fields.registry()[name].kind) if literal else ():
        yield f"{name} {relation} {literal}"


def _relations(kind: str) -> Iterable[str]:
    return ("==", "!=", ">") if kind in NUMBERS else ("==", "!=")


def _literal(kind: str, field: Field) -> str:
    """A value as a filter has it; empty where it is none that one would write."""
    value = field.value
    if kind == "bool":
        return str(int(bool(value)))
    if kind in NUMBERS and isinstance(value, int):
        return str(value)
    if kind in PLAIN and isinstance(value, str | bytes):
        return (
            value.hex(":")
            if isinstance(value, bytes)
            else str(ip_address(value))
            if kind != "ether"
            else value
        )
    if kind == "bytes" and isinstance(value, bytes) and 0 < len(value) <= LONGEST:
        return value.hex(":")
    if (
        kind == "string"
        and isinstance(value, str)
        and value.isalnum()
        and value.isascii()
        and len(value) <= LONGEST
    ):
        return f'"{value}"'
    return ""
