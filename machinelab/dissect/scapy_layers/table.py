"""Which protocol stands in bytes that nobody of ours reads: by port, IP protocol number, Ethernet type. Without Scapy.

Ports and numbers are IANA's; Ethernet types IEEE's.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from ..core import Raw


class Foreign(NamedTuple):
    """A protocol that Scapy reads: its name in our `scapy.…` fields, and Wireshark's word for the protocol column."""

    protocol: str
    label: str


UDP: Mapping[int, Foreign] = {
    67: Foreign("dhcp", "DHCP"), 68: Foreign("dhcp", "DHCP"), 69: Foreign("tftp", "TFTP"), 123: Foreign("ntp", "NTP"),
    137: Foreign("nbns", "NBNS"), 138: Foreign("nbdgm", "NBDS"), 161: Foreign("snmp", "SNMP"), 162: Foreign("snmp", "SNMP"),
    319: Foreign("ptp", "PTPv2"), 320: Foreign("ptp", "PTPv2"), 434: Foreign("mobileip", "MobileIP"), 500: Foreign("isakmp", "ISAKMP"),
    520: Foreign("rip", "RIP"), 521: Foreign("ripng", "RIPng"), 546: Foreign("dhcpv6", "DHCPv6"), 547: Foreign("dhcpv6", "DHCPv6"),
    646: Foreign("ldp", "LDP"), 1645: Foreign("radius", "RADIUS"), 1646: Foreign("radius", "RADIUS"), 1701: Foreign("l2tp", "L2TP"),
    1812: Foreign("radius", "RADIUS"), 1813: Foreign("radius", "RADIUS"), 1985: Foreign("hsrp", "HSRP"), 2123: Foreign("gtp", "GTP"),
    3784: Foreign("bfd", "BFD"), 3799: Foreign("radius", "RADIUS"), 4784: Foreign("bfd", "BFD"),
    5683: Foreign("coap", "CoAP"),
    51820: Foreign("wireguard", "WireGuard"),
}  # fmt: skip
TCP: Mapping[int, Foreign] = {
    49: Foreign("tacacs", "TACACS+"), 139: Foreign("nbss", "NBSS"), 179: Foreign("bgp", "BGP"), 445: Foreign("nbss", "NBSS"),
    502: Foreign("modbus", "Modbus/TCP"), 646: Foreign("ldp", "LDP"), 1723: Foreign("pptp", "PPTP"), 1883: Foreign("mqtt", "MQTT"),
    2000: Foreign("skinny", "SKINNY"), 3868: Foreign("diameter", "DIAMETER"),
}  # fmt: skip
PROTOCOLS: Mapping[int, Foreign] = {
    2: Foreign("igmp", "IGMP"), 46: Foreign("rsvp", "RSVP"), 50: Foreign("esp", "ESP"),
    88: Foreign("eigrp", "EIGRP"), 89: Foreign("ospf", "OSPF"), 103: Foreign("pim", "PIM"), 112: Foreign("vrrp", "VRRP"),
    132: Foreign("sctp", "SCTP"),
}  # fmt: skip
ETHERTYPES: Mapping[int, Foreign] = {
    0x8809: Foreign("slow", "LACP"), 0x888E: Foreign("eapol", "EAPOL"), 0x88CC: Foreign("lldp", "LLDP"), 0x88F7: Foreign("ptp", "PTPv2"),
}  # fmt: skip
SPANNING_TREE = Foreign("stp", "STP")
SPANNING_TREE_POINT = 0x42  # its service access point: IEEE 802.1D §7.12.3
CISCO = {0x2000: Foreign("cdp", "CDP"), 0x2003: Foreign("vtp", "VTP"), 0x2004: Foreign("dtp", "DTP")}


def by_ports(kind: str, source: int, destination: int) -> Foreign | None:
    """The protocol of a datagram or segment, the lower port first, as Wireshark asks."""
    table = TCP if kind == "tcp" else UDP
    for port in sorted((source, destination)):
        if found := table.get(port):
            if found.protocol == "modbus" and port == source:
                return Foreign("modbus_response", found.label)
            return found
    return None


def unread(fields: Sequence[Raw], at: int) -> Foreign | None:
    """The protocol of the bytes whose `data` field is at a place in a packet's fields, by the header just before them."""
    if at == 0:
        return None
    header = fields[at - 1][6].partition("/")[0]
    told: dict[str, int] = {}
    for place in range(at - 1, -1, -1):
        name, value, _, _, _, _, group = fields[place]
        if group.partition("/")[0] != header:
            break
        if isinstance(value, int):
            told.setdefault(name, value)  # the last first: an extension header's next is the nearest
    if header in ("udp", "tcp"):
        return by_ports(header, told.get(f"{header}.srcport", 0), told.get(f"{header}.dstport", 0))
    if header == "ip":
        if told.get("ip.frag_offset") or told.get("ip.flags.mf"):
            return None
        return PROTOCOLS.get(told.get("ip.proto", -1))
    if header == "ipv6":
        return _above_ipv6(told)
    if header == "llc":
        if told.get("llc.dsap") == SPANNING_TREE_POINT:
            return SPANNING_TREE
        return CISCO.get(told.get("llc.cisco_pid", -1))
    types = ("eth.type", "vlan.etype", "ieee8021ah.etype", "sll.etype", "llc.type", "gre.proto")
    return next((ETHERTYPES.get(told[name]) for name in types if name in told), None)


def _above_ipv6(told: Mapping[str, int]) -> Foreign | None:
    if any("fraghdr" in name for name in told):
        return None
    found = next(
        (PROTOCOLS.get(value) for name, value in told.items() if name.endswith((".nxt", ".nxt_hdr"))), None
    )
    return (
        {"ospf": Foreign("ospfv3", "OSPF"), "vrrp": Foreign("vrrpv3", "VRRP")}.get(found.protocol, found)
        if found
        else None
    )


def label(fields: Sequence[Raw]) -> str:
    """Wireshark's word for the protocol of what nobody of ours reads; empty if there is nothing, or nobody knows."""
    for place, item in enumerate(fields):
        if item[0] == "data" and (found := unread(fields, place)):
            return found.label
    return ""
