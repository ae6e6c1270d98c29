"""Conversions of a number in a header to the value that the dissector gives."""

from collections.abc import Callable
from ipaddress import IPv6Address
from socket import inet_ntoa
from typing import Any

from ..model import Value

Conversion = Callable[[Any], Value]


def number(value: Any) -> Value:
    """The number itself."""
    return int(value)


def flag(value: Any) -> Value:
    """Whether it is set."""
    return bool(value)


def none(value: Any) -> Value:
    """No value: the field is only present or absent."""
    return ""


def ether(value: Any) -> Value:
    """An Ethernet address."""
    return int(value).to_bytes(6, "big").hex(":")


def ipv4(value: Any) -> Value:
    """An IPv4 address."""
    return inet_ntoa(int(value).to_bytes(4, "big"))


def ipv6(value: Any) -> Value:
    """An IPv6 address, from its 16 bytes."""
    return str(IPv6Address(bytes(value).ljust(16, b"\0")))
