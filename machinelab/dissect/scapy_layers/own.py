"""Lists of options that Scapy gives as Python tuples, without their places: read here. DHCP's (RFC 2132 §2)."""

from ipaddress import IPv4Address
from typing import Any

from .reading import GaveUp, Reading
from .values import text

GROUP = "dhcp"
PAD, END, OVERLOAD = 0, 255, 52
ADDRESSES = {1: "subnet_mask", 3: "router", 6: "domain_name_server", 28: "broadcast_address", 42: "ntp_server", 44: "netbios_over_tcpip_name_server",
             50: "requested_ip_address", 54: "dhcp_server_id"}  # fmt: skip
SECONDS = {51: "ip_address_lease_time", 58: "renewal_time_value", 59: "rebinding_time_value"}
NUMBERS = {46: "netbios_over_tcpip_node_type", 53: "dhcp", 57: "dhcp_max_message_size"}
TEXTS = {12: "hostname", 15: "domain_name", 56: "message", 60: "vendor_class_id"}


def reads(field: Any) -> bool:
    """Whether a field's value is such a list."""
    return type(field).__name__ == "DHCPOptionsField"


def read(reading: Reading, field: Any, start: int, stop: int, group: str) -> None:
    """The options, each with its type, length and what it holds. Raises GaveUp where one reaches past the end."""
    data, at, number = reading.data, start, 0
    top = group.partition("/")[0]
    while at < stop:
        kind, number = data[at], number + 1
        inside = f"{top}/Option {number}"
        if kind in (PAD, END):
            name = "dhcp.option.end" if kind == END else "dhcp.option.type"
            reading.add(name, kind, at, at + 1, 0, inside)
            at += 1
            if kind == END:
                _padding(reading, at, stop, top)
                return
            continue
        size = data[at + 1] if at + 1 < stop else -1
        end = at + 2 + size
        if size < 0 or end > stop:
            raise GaveUp(at)
        reading.add("dhcp.option.type", kind, at, end, 0, inside)
        reading.add("dhcp.option.length", size, at + 1, at + 2, 0, inside)
        reading.add("dhcp.option.value", data[at + 2 : end], at + 2, end, 0, inside)
        _held(reading, kind, at + 2, end, inside)
        at = end


def _padding(reading: Reading, at: int, stop: int, top: str) -> None:
    if at < stop:
        reading.add("dhcp.option.padding", reading.data[at:stop], at, stop, 0, top)


def _held(reading: Reading, kind: int, start: int, stop: int, group: str) -> None:
    octets, name = (
        reading.data[start:stop],
        f"dhcp.option.{(ADDRESSES | SECONDS | NUMBERS | TEXTS).get(kind, '')}",
    )
    if kind in ADDRESSES:
        for at in range(start, stop - 3, 4):
            reading.add(name, str(IPv4Address(reading.data[at : at + 4])), at, at + 4, 0, group)
    elif kind in SECONDS or kind in NUMBERS:
        if 0 < len(octets) <= 4:
            reading.add(name, int.from_bytes(octets, "big"), start, stop, 0, group)
    elif kind in TEXTS:
        reading.add(name, text(octets), start, stop, 0, group)
    elif kind == 55:
        for at in range(start, stop):
            reading.add("dhcp.option.request_list_item", reading.data[at], at, at + 1, 0, group)
