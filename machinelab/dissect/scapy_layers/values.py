"""Scapy's values as ours: by the type that the registry has for the field."""

import ipaddress
import re
from collections.abc import Callable
from typing import Any

from ...fields import FieldType
from ...model import Value
from ..protocols.dns.names import printable
from .attempt import Failed, attempt

ETHER = re.compile("[0-9a-f]{2}(:[0-9a-f]{2})*")


class Unfit(Exception):
    """The value is not of the field's type."""


def converted(kind: FieldType, value: Any) -> Value:
    """The value as the registry's type has it. Raises Unfit."""
    try:
        # A value of Scapy's may be anything, and have its own ideas of becoming text.
        found: Value = attempt(TURNS[kind.kind], value)
    except Failed as failed:
        raise Unfit(str(failed)) from None
    return found


def _number(value: Any) -> int:
    if isinstance(value, bytes) and 0 < len(value) <= 8:
        return int.from_bytes(value, "big")
    if isinstance(value, str | bytes | list | tuple) or value is None:
        raise Unfit
    return int(value)


def _natural(value: Any) -> int:
    number = _number(value)
    if number < 0:
        raise Unfit
    return number


def _flag(value: Any) -> bool:
    return bool(_number(value))


def _float(value: Any) -> float:
    if isinstance(value, str | bytes) or value is None:
        raise Unfit
    return float(value)


def text(value: Any) -> str:
    """As characters, safe to show."""
    if isinstance(value, bytes):
        return printable(value.rstrip(b"\0"))
    if isinstance(value, list | tuple):
        return ", ".join(map(text, value))
    if value is None:
        raise Unfit
    return printable(str(value).encode("utf-8", "replace"))


def _octets(value: Any) -> bytes:
    if isinstance(value, str):
        return value.encode("latin-1", "replace")
    if value is None or isinstance(value, int | list):
        raise Unfit
    return bytes(value)


def _ipv4(value: Any) -> str:
    return str(ipaddress.IPv4Address(value))


def _ipv6(value: Any) -> str:
    return str(ipaddress.IPv6Address(value))


def _ether(value: Any) -> str:
    said = value[:6].hex(":") if isinstance(value, bytes) else str(value).lower()
    if not ETHER.fullmatch(said):
        raise Unfit
    return said


TURNS: dict[str, Callable[[Any], Value]] = {
    "uint": _natural, "int": _number, "bool": _flag, "float": _float, "string": text, "bytes": _octets, "ipv4": _ipv4,
    "ipv6": _ipv6, "ether": _ether, "none": lambda value: "", "time": _natural, "duration": _number,
}  # fmt: skip
