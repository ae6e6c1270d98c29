"""Wireshark's names of what Scapy reads, where value and place are the same. Their types stand in `fields/scapy_named.py`."""

from collections.abc import Callable, Mapping

from ...model import Value
from .values import Unfit

TITLES: Mapping[tuple[str, str], str] = {
    ("bgp", "BGP"): "bgp", ("bgp", "BGPHeader"): "bgp", ("dhcp", "BOOTP"): "dhcp", ("igmp", "IGMP"): "igmp",
    ("stp", "STP"): "stp", ("lldp", "LLDPDU"): "lldp", ("mqtt", "MQTT"): "mqtt", ("nbns", "NBNSHeader"): "nbns", ("ntp", "NTPHeader"): "ntp",
    ("ntp", "NTP"): "ntp", ("ospf", "OSPF_Hdr"): "ospf", ("radius", "Radius"): "radius", ("rip", "RIP"): "rip", ("sctp", "SCTP"): "sctp",
    ("snmp", "SNMP"): "snmp", ("tftp", "TFTP"): "tftp", ("vrrp", "VRRP"): "vrrp",
}  # fmt: skip


def _of(layer: str, prefix: str, names: Mapping[str, str]) -> dict[tuple[str, str], str]:
    return {(layer, own): f"{prefix}.{theirs}" for own, theirs in names.items()}


NAMES: Mapping[tuple[str, str], str] = {
    **_of("BOOTP", "dhcp", {
        "op": "type", "htype": "hw.type", "hlen": "hw.len", "hops": "hops", "xid": "id", "secs": "secs", "flags": "flags",
        "ciaddr": "ip.client", "yiaddr": "ip.your", "siaddr": "ip.server", "giaddr": "ip.relay", "sname": "server", "file": "file",
        "options": "cookie",
    }),
    **_of("NTPHeader", "ntp", {
        "leap": "flags.li", "version": "flags.vn", "mode": "flags.mode", "stratum": "stratum", "poll": "ppoll",
        "precision": "precision", "id": "refid", "ref_id": "refid", "ref": "reftime", "orig": "org", "recv": "rec", "sent": "xmt",
    }),
    **_of("TFTP", "tftp", {"op": "opcode"}),
    **_of("TFTP_RRQ", "tftp", {"filename": "source_file", "mode": "type"}),
    **_of("TFTP_WRQ", "tftp", {"filename": "destination_file", "mode": "type"}),
    **_of("TFTP_DATA", "tftp", {"block": "block"}),
    **_of("TFTP_ACK", "tftp", {"block": "block"}),
    **_of("TFTP_ERROR", "tftp", {"errorcode": "error.code", "errormsg": "error.message"}),
    **_of("RIP", "rip", {"cmd": "command", "version": "version"}),
    **_of("RIPEntry", "rip", {"AF": "family", "addr": "ip", "metric": "metric"}),
    **_of("Radius", "radius", {"code": "code", "id": "id", "len": "length", "authenticator": "authenticator"}),
    **_of("OSPF_Hdr", "ospf", {
        "version": "version", "type": "msg", "len": "packet_length", "src": "srcrouter", "area": "area_id", "chksum": "checksum",
        "authtype": "auth.type",
    }),
    **_of("OSPF_Hello", "ospf.hello", {
        "mask": "network_mask", "hellointerval": "hello_interval", "prio": "router_priority", "deadinterval": "router_dead_interval",
        "router": "designated_router", "backup": "backup_designated_router", "neighbors": "active_neighbor",
    }),
    **_of("VRRP", "vrrp", {
        "version": "version", "type": "type", "vrid": "virt_rtr_id", "priority": "prio", "ipcount": "addr_count",
        "authtype": "auth_type", "adv": "adver_int", "chksum": "checksum", "addrlist": "ip_addr",
    }),
    **_of("SCTP", "sctp", {"sport": "srcport", "dport": "dstport", "tag": "verification_tag", "chksum": "checksum"}),
    **_of("STP", "stp", {
        "proto": "protocol", "version": "version", "bpdutype": "type", "bpduflags": "flags", "rootmac": "root.hw",
        "pathcost": "root.cost", "bridgemac": "bridge.hw", "portid": "port",
    }),
    **_of("BGPHeader", "bgp", {"marker": "marker", "len": "length", "type": "type"}),
    **_of("BGPOpen", "bgp.open", {"version": "version", "my_as": "myas", "hold_time": "holdtime", "bgp_id": "identifier", "opt_param_len": "opt.len"}),
    **_of("MQTT", "mqtt", {"type": "msgtype", "len": "len"}),
    **_of("MQTTConnect", "mqtt", {
        "length": "proto_len", "protoname": "protoname", "protolevel": "ver", "usernameflag": "conflag.uname",
        "passwordflag": "conflag.passwd", "willretainflag": "conflag.retain", "willQOSflag": "conflag.qos",
        "willflag": "conflag.willflag", "cleansess": "conflag.cleansess", "reserved": "conflag.reserved", "klive": "kalive",
    }),
    **_of("NBNSHeader", "nbns", {
        "NAME_TRN_ID": "id", "QDCOUNT": "count.queries", "ANCOUNT": "count.answers", "NSCOUNT": "count.auth_rr", "ARCOUNT": "count.add_rr",
    }),
    **_of("NBNSQueryRequest", "nbns", {"QUESTION_TYPE": "type", "QUESTION_CLASS": "class"}),
}  # fmt: skip

SINCE_1900 = 2_208_988_800  # seconds from there to the epoch: RFC 868
ERA = 1 << 32  # seconds; RFC 4330 §3: a time whose first bit is 0 is of the second era, from 2036 on


def ntp_time(octets: bytes) -> Value:
    """An NTP time stamp as nanoseconds since the epoch. Raises Unfit for a time that is not known: zero."""
    if len(octets) != 8 or not any(octets):
        raise Unfit
    seconds, part = int.from_bytes(octets[:4], "big"), int.from_bytes(octets[4:], "big")
    era = 0 if seconds & 0x80000000 else ERA
    return (seconds + era - SINCE_1900) * 10**9 + (part * 10**9 >> 32)


def quarters(octets: bytes) -> Value:
    """Four octets with dots between: Wireshark's way to show DHCP's cookie."""
    return ".".join(map(str, octets))


TURNED: Mapping[str, Callable[[bytes], Value]] = {
    "ntp.reftime": ntp_time, "ntp.org": ntp_time, "ntp.rec": ntp_time, "ntp.xmt": ntp_time, "dhcp.cookie": quarters,
}  # fmt: skip
