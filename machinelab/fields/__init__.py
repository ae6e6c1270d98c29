"""The field registry: each name (Wireshark's, where it has one) with its type, its meaning, volatile, secret; a file per protocol.

A name that is not here is an error wherever it is written: in a step, a filter, a guide, a worksheet. One module per
protocol beside this file holds a table `FIELDS`; the registry is their sum, read when first asked.
"""

import importlib
import ipaddress
import pkgutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from typing import Any

from ..errors import UsageError, nearest
from ..model import Value


@dataclass(frozen=True, slots=True)
class FieldType:
    """What is known of a field before any packet is seen.

    `kind`: bool, uint, int, float, string, bytes, ipv4, ipv6, ether, time (nanoseconds since the epoch), date (the same,
    shown as one), duration (nanoseconds), none (a label or protocol: its presence is all it says). `digits`: shown as that many hex digits
    (0: decimal). `names`: the words for an enumeration's numbers, upper case as the field's standard has them.
    `volatile`: differs from run to run though nothing of note is different (ids, ports, times, checksums). `secret`: who reads
    it can do something with it; `export --redact` masks it.
    """

    kind: str
    meaning: str
    digits: int = 0
    names: Mapping[int, str] = field(default_factory=dict)
    volatile: bool = False
    secret: bool = False


def uint(
    meaning: str, *, digits: int = 0, names: Mapping[int, str] | None = None, volatile: bool = False
) -> FieldType:
    """An unsigned number."""
    return FieldType("uint", meaning, digits, names or {}, volatile)


def flag(meaning: str, *, volatile: bool = False) -> FieldType:
    """A bit."""
    return FieldType("bool", meaning, volatile=volatile)


def text(meaning: str, *, volatile: bool = False, secret: bool = False) -> FieldType:
    """Characters: a name, a line."""
    return FieldType("string", meaning, volatile=volatile or secret, secret=secret)


def octets(meaning: str, *, volatile: bool = False, secret: bool = False) -> FieldType:
    """Bytes, shown in hex."""
    return FieldType("bytes", meaning, volatile=volatile or secret, secret=secret)


def label(meaning: str) -> FieldType:
    """A protocol or heading: its presence is all it says."""
    return FieldType("none", meaning)


def of(kind: str, meaning: str, *, volatile: bool = False) -> FieldType:
    """Any other kind: int, float, ipv4, ipv6, ether, time, duration."""
    return FieldType(kind, meaning, volatile=volatile)


class Registry(dict[str, FieldType]):
    """The fields that the kit knows by itself; asked for a `scapy.…` name, it asks Scapy too (and imports it)."""

    def __missing__(self, name: str) -> FieldType:
        found = _scapys(name)
        if found is None:
            raise KeyError(name)
        return found

    def __contains__(self, name: object) -> bool:
        return super().__contains__(name) or _scapys(name) is not None

    def get(self, name: str, default: Any = None) -> Any:
        """The type of a field, `default` if there is none of that name."""
        found = super().get(name)
        return found if found is not None else _scapys(name) or default


def _scapys(name: object) -> FieldType | None:
    if not isinstance(name, str) or not name.startswith("scapy."):
        return None
    # By its name, as every file of this folder is: they import this one.
    found: FieldType | None = importlib.import_module(f"{__name__}.scapy_layers").described(name)
    return found


@cache
def registry() -> Mapping[str, FieldType]:
    """Every field the kit knows, by name."""
    known = Registry()
    for module in pkgutil.iter_modules(__path__):
        table: Mapping[str, FieldType] = importlib.import_module(f"{__name__}.{module.name}").FIELDS
        if clash := known.keys() & table.keys():
            raise ValueError(f"fields/{module.name}.py names {sorted(clash)} again")
        known.update(table)
    return known


def known(name: str) -> FieldType:
    """The type of a field. Raises UsageError, with the nearest spelling, if there is no such field."""
    found = registry().get(name)
    if found is None:
        hint = (
            nearest(name, list(registry()))
            or "See the guide, or `machinelab explain LAB FIELD`, for the names there are."
        )
        raise UsageError(f"There is no field {name!r}.", hint)
    return found


def show(name: str, value: Value) -> str:
    """A value as `tshark -T fields` prints it: enumerations numeric, hex where Wireshark has hex."""
    kind = registry().get(name)
    return shown(kind or FieldType("string", ""), value)


def shown(kind: FieldType, value: Value) -> str:
    """The same, by the field's type."""
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, bytes):
        if kind.kind == "ether":
            return value.hex(":")
        return value.hex()
    if isinstance(value, int):
        if kind.kind == "time":
            return f"{value // 10**9}.{value % 10**9:09d}"
        if kind.kind == "date":
            return _date(value)
        if kind.kind == "duration":
            sign = "-" if value < 0 else ""
            return f"{sign}{abs(value) // 10**9}.{abs(value) % 10**9:09d}"
        return f"0x{value:0{kind.digits}x}" if kind.digits else str(value)
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else str(value)
    return str(value)


MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def _date(value: int) -> str:
    """`Jan  1, 2050 00:00:00.000000000 UTC`, whatever the reader's language."""
    day = datetime.fromtimestamp(value // 10**9, UTC)
    return f"{MONTHS[day.month - 1]} {day.day:2}, {day.year} {day:%H:%M:%S}.{value % 10**9:09d} UTC"


def word(name: str, value: Value) -> str:
    """The standard's word for an enumeration's number ("AAAA" for dns.qry.type 28); empty if it has none."""
    kind = registry().get(name)
    return (
        kind.names.get(value, "") if kind and isinstance(value, int) and not isinstance(value, bool) else ""
    )


def is_address(kind: FieldType) -> bool:
    """Whether values of this type are network addresses (and filters may compare them with a prefix)."""
    return kind.kind in {"ipv4", "ipv6"}


def network(value: str) -> "ipaddress.IPv4Network | ipaddress.IPv6Network":
    """A prefix or address as a network. Raises ValueError."""
    return ipaddress.ip_network(value, strict=False)
