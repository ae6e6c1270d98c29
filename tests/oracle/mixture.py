"""Fifteen packets, made by Scapy so that each filter of `filters.txt` has something to tell apart."""

from collections.abc import Iterator

from scapy.layers.dns import DNS, DNSQR, DNSRR, DNSRRSOA
from scapy.layers.inet import IP, TCP, UDP
from scapy.layers.inet6 import IPv6
from scapy.layers.l2 import ARP, Ether
from scapy.packet import Packet

A, B = "00:11:22:33:44:55", "00:11:22:66:77:88"
CLIENT, SERVER = "198.18.0.1", "198.18.0.2"
WWW, MIXED = "www.example.test", "www.mixed.test"


def packets() -> list[Packet]:
    """A quarter of a second apart."""
    found = [*_arp(), *_dns(), *_tcp(), _ipv6()]
    for index, packet in enumerate(found):
        packet.time = 1_700_000_000.5 + index * 0.25
    return found


def _arp() -> Iterator[Packet]:
    yield Ether(src=A, dst="ff:ff:ff:ff:ff:ff") / ARP(op=1, hwsrc=A, psrc=CLIENT, pdst=SERVER)
    yield Ether(src=B, dst=A) / ARP(op=2, hwsrc=B, psrc=SERVER, hwdst=A, pdst=CLIENT)


def _dns() -> Iterator[Packet]:
    addresses = [
        DNSRR(rrname=WWW, type="A", ttl=ttl, rdata=data)
        for ttl, data in ((300, "198.18.5.1"), (60, "198.18.5.2"))
    ]
    others = [
        DNSRR(rrname=MIXED, type="AAAA", ttl=60, rdata="2001:db8::1"),
        DNSRR(rrname=MIXED, type="TXT", ttl=60, rdata=[b"Hello World\n.x"]),
    ]
    start = DNSRRSOA(
        rrname="example.test", ttl=77, mname="ns.example.test", rname="me.example.test", serial=7, minimum=5
    )
    yield _query(WWW, "A", 1)
    yield _query(WWW, "NS", 2, rd=0)
    yield _query("WWW.Mixed.test", "AAAA", 3)
    yield _reply(WWW, "A", 1, rd=1, ra=1, an=addresses)
    yield _reply(WWW, "NS", 2, rd=0, rcode=3, aa=1, ns=[start])
    yield _reply(MIXED, "AAAA", 3, rd=1, an=others)


def _query(name: str, kind: str, id: int, rd: int = 1) -> Packet:
    below = Ether(src=A, dst=B) / IP(src=CLIENT, dst=SERVER, id=id) / UDP(sport=40000 + id, dport=53)
    return below / DNS(id=id, rd=rd, qd=DNSQR(qname=name, qtype=kind))


def _reply(name: str, kind: str, id: int, **more: object) -> Packet:
    below = Ether(src=B, dst=A) / IP(src=SERVER, dst=CLIENT, id=9) / UDP(sport=53, dport=40000 + id)
    return below / DNS(id=id, qr=1, qd=DNSQR(qname=name, qtype=kind), **more)


def _tcp() -> Iterator[Packet]:
    below = Ether(src=A, dst=B) / IP(src=CLIENT, dst="198.18.0.9", ttl=63)
    for flags in ("S", "SA", "A", "PA", "FA", "R"):
        options = [("MSS", 1460)] if "S" in flags else []
        yield below / TCP(sport=40005, dport=80, flags=flags, seq=100, options=options)


def _ipv6() -> Packet:
    network = IPv6(src="fe80::1", dst="ff02::1:ff00:2")
    return Ether(src=A, dst="33:33:ff:00:00:02") / network / UDP(sport=1, dport=2) / b"abc"
