"""Frames of protocols that the kit does not dissect, made by Scapy: what each is, and the frame."""

from functools import cache
from typing import Any

from machinelab.dissect.core import Frame, Source

CLIENT, SERVER = "198.18.0.1", "198.18.0.2"


def _imported() -> Any:
    """Scapy's classes by name, of the modules that the frames need."""
    import importlib
    import logging
    import types

    logging.getLogger("scapy").setLevel(logging.CRITICAL)
    names: dict[str, Any] = {}
    for module in ("packet", "asn1.asn1", "layers.l2", "layers.inet", "layers.inet6", "layers.dhcp", "layers.dhcp6", "layers.ntp", "layers.snmp",
                   "layers.tftp", "layers.rip", "layers.radius", "layers.vrrp", "layers.sctp", "layers.netbios",
                   "layers.hsrp", "contrib.ospf", "contrib.lldp", "contrib.bgp", "contrib.mqtt"):  # fmt: skip
        names.update(vars(importlib.import_module(f"scapy.{module}")))
    return types.SimpleNamespace(**names)


@cache
def packets() -> dict[str, tuple[str, Any]]:
    """By a name: which protocol of the table each is, and Scapy's packet."""
    s = _imported()
    ether = s.Ether(src="02:00:00:00:00:01", dst="02:00:00:00:00:02")
    ip = ether / s.IP(src=CLIENT, dst=SERVER)

    def udp(message: Any, source: int, target: int) -> Any:
        return ip / s.UDP(sport=source, dport=target) / message

    def tcp(message: Any, target: int) -> Any:
        return ip / s.TCP(sport=40_000, dport=target, flags="PA", seq=1, ack=1) / message

    discover = [("message-type", "discover"), ("hostname", b"box"), ("param_req_list", [1, 3, 6]), "end"]
    offer = [("message-type", "offer"), ("server_id", SERVER), ("lease_time", 3600), ("subnet_mask", "255.255.255.0"),
             ("router", SERVER), ("name_server", SERVER), ("domain", b"example.test"), "end"]  # fmt: skip
    varbind = [
        s.SNMPvarbind(oid=s.ASN1_OID("1.3.6.1.2.1.1.1.0")),
        s.SNMPvarbind(oid=s.ASN1_OID("1.3.6.1.2.1.1.3.0")),
    ]
    lsa = s.OSPF_Router_LSA(
        id="1.1.1.1",
        adrouter="1.1.1.1",
        linklist=[s.OSPF_Link(id="198.18.0.0", data="255.255.255.0", type=3)],
    )
    return {
        "dhcp-discover": ("dhcp", udp(s.BOOTP(chaddr=b"\2\0\0\0\0\1", xid=7, flags=0x8000) / s.DHCP(options=discover), 68, 67)),
        "dhcp-offer": ("dhcp", udp(s.BOOTP(op=2, yiaddr=CLIENT, xid=7, sname=b"boot") / s.DHCP(options=offer), 67, 68)),
        "ntp": ("ntp", udp(s.NTPHeader(version=4, mode=4, stratum=2, ref=3.9e9, recv=3.9e9, orig=3.9e9 + 0.5, sent=3.9e9 + 1), 123, 40_000)),
        "snmp-get": ("snmp", udp(s.SNMP(community="public", PDU=s.SNMPget(id=77, varbindlist=varbind)), 40_001, 161)),
        "tftp-read": ("tftp", udp(s.TFTP() / s.TFTP_RRQ(filename="boot", mode="octet"), 40_002, 69)),
        "rip": ("rip", udp(s.RIP(cmd=2, version=2) / s.RIPEntry(addr="198.18.5.0", mask="255.255.255.0", metric=2) / s.RIPEntry(addr="198.18.6.0", metric=16), 520, 520)),
        "radius": ("radius", udp(s.Radius(code=1, id=5, authenticator=bytes(range(16)), attributes=[s.RadiusAttr_User_Name(value=b"alice"), s.RadiusAttr_NAS_IP_Address(value=CLIENT)]), 40_003, 1812)),
        "nbns": ("nbns", udp(s.NBNSHeader() / s.NBNSQueryRequest(QUESTION_NAME=b"BOX"), 137, 137)),
        "hsrp": ("hsrp", udp(s.HSRP(), 1985, 1985)),
        "dhcpv6": ("dhcpv6", ether / s.IPv6() / s.UDP(sport=546, dport=547) / s.DHCP6_Solicit(trid=5) / s.DHCP6OptElapsedTime() / s.DHCP6OptOptReq()),
        "igmp": ("igmp", ether / s.IP(src=CLIENT, dst="224.0.0.251", ttl=1, proto=2) / s.Raw(bytes.fromhex("1600ee05e00000fb"))),
        "ospf-hello": ("ospf", ip / s.OSPF_Hdr(src="1.1.1.1") / s.OSPF_Hello(router="1.1.1.2", neighbors=["2.2.2.2", "3.3.3.3"])),
        "ospf-update": ("ospf", ip / s.OSPF_Hdr(src="1.1.1.1") / s.OSPF_LSUpd(lsalist=[lsa])),
        "vrrp": ("vrrp", ip / s.VRRP(addrlist=["198.18.0.9", "198.18.0.10"])),
        "sctp": ("sctp", ip / s.SCTP(sport=1000, dport=2000, tag=0) / s.SCTPChunkInit(init_tag=5, params=[s.SCTPChunkParamECNCapable()])),
        "stp": ("stp", s.Dot3(src="02:00:00:00:00:01", dst="01:80:c2:00:00:00") / s.LLC() / s.STP(rootmac="02:00:00:00:00:09", pathcost=4, bridgemac="02:00:00:00:00:01")),
        "lldp": ("lldp", ether / s.LLDPDUChassisID(subtype=4, id="02:00:00:00:00:01") / s.LLDPDUPortID(subtype=5, id="eth0") / s.LLDPDUTimeToLive(ttl=120) / s.LLDPDUEndOfLLDPDU()),
        "bgp-open": ("bgp", tcp(s.BGPHeader() / s.BGPOpen(my_as=65_001, hold_time=90, bgp_id="1.1.1.1"), 179)),
        "mqtt-connect": ("mqtt", tcp(s.MQTT() / s.MQTTConnect(clientId="abc", clientIdlen=3, protoname="MQTT", length=4, protolevel=4, klive=60, cleansess=1), 1883)),
    }  # fmt: skip


@cache
def frames() -> dict[str, Frame]:
    """The same as frames of a capture."""
    source = Source(0, 1)
    return {
        name: Frame(1_700_000_000_000_000_000 + number, bytes(packet), len(bytes(packet)), source)
        for number, (name, (_, packet)) in enumerate(packets().items())
    }
