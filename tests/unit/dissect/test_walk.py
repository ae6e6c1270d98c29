"""The first pass: streams numbered as Wireshark numbers them, replies tied to queries, who speaks to whom."""

from machinelab.dissect.core import Frame, Source
from machinelab.dissect.packet import Cache, event
from machinelab.dissect.walk import Walker
from machinelab.model import Event
from machinelab.sources import pcap
from tests.captures import containers

RECORDS = pcap.load(containers.RECORDS).events
CRAFTED = pcap.load(containers.CRAFTED).events


def test_every_reply_is_tied_to_a_query_that_came_before() -> None:
    asked: dict[tuple[object, ...], Event] = {}
    replies = 0
    for item in RECORDS:
        for message in item.messages:
            assert message.exchange is not None
            key = message.exchange.key
            if not message.exchange.reply:
                asked.setdefault(key, item)
            elif key[-1]:
                replies += 1
                assert asked[key].src == item.dst
                assert asked[key].stream == item.stream
    assert replies > 50


def test_a_query_repeated_is_the_same_exchange_and_after_the_reply_another() -> None:
    again = [e for e in CRAFTED if e.values("dns.id") == [77]]
    keys = [e.messages[0].exchange.key for e in again if e.messages[0].exchange]
    assert [k[-1] for k in keys] == [1, 1, 1, 1, 2]
    assert ["dns.retransmission" in e for e in again] == [False, True, False, True, False]


def test_the_topic_is_what_is_asked() -> None:
    first = RECORDS[0].messages[0].exchange if RECORDS[0].messages else None
    found = {m.exchange.topic for e in RECORDS for m in e.messages if m.exchange and not m.exchange.reply}
    assert {"www.example.test A", "example.test DNSKEY", "<root> NS"} <= found
    assert first is None or first.topic


def test_a_port_used_again_is_another_stream() -> None:
    numbers = [e.stream for e in CRAFTED if 40001 in e.values("tcp.port") and "icmp" not in e]
    assert numbers == sorted(numbers)
    assert len(set(numbers)) == 2


def test_the_same_packet_on_two_networks_is_one_stream_and_two_messages() -> None:
    walker, cache = Walker(), Cache()
    frame = next(f.data for f in containers.packets() if f.data[36:38] == b"\x00\x35")
    first, second = (
        event(walker.frame(Frame(n, frame, len(frame), Source(n, 1, f"net{n}"))), cache) for n in (0, 1)
    )
    assert first.stream == second.stream
    assert (first.network, second.network) == ("net0", "net1")
    assert "dns.retransmission" not in second
    assert first.messages[0].exchange != second.messages[0].exchange


def test_a_reply_seen_on_another_interface_finds_its_query() -> None:
    walker, cache = Walker(), Cache()
    query, reply = [
        f.data for f in containers.packets() if f.data[36:38] == b"\x00\x35" or f.data[34:36] == b"\x00\x35"
    ][:2]
    first = event(walker.frame(Frame(1, query, len(query), Source(0, 1))), cache)
    second = event(walker.frame(Frame(2, reply, len(reply), Source(1, 1))), cache)
    assert first.messages[0].exchange and second.messages[0].exchange
    assert first.messages[0].exchange.key == second.messages[0].exchange.key
    assert second["dns.response_to"] == 1


def test_addresses_are_ip_where_there_is_ip_and_hardware_otherwise() -> None:
    arp = next(e for e in RECORDS if e.protocol == "ARP")
    assert arp.src == arp["arp.src.hw_mac"] == arp.link[0]
    dns = next(e for e in RECORDS if e.protocol == "DNS")
    assert (dns.src, dns.dst) == (
        dns["ip.src" if "ip.src" in dns else "ipv6.src"],
        dns["ip.dst" if "ip" in dns else "ipv6.dst"],
    )
    assert dns.link == (dns["eth.src"], dns["eth.dst"])
    tunnel = next(e for e in CRAFTED if len(e.values("ip.src")) == 2 and e.protocol == "DNS")
    assert tunnel.src == "10.0.0.1"  # who speaks inside, as Wireshark has it


def test_protocols_are_wiresharks() -> None:
    assert {e.protocol for e in (*RECORDS, *CRAFTED)} >= {
        "DNS",
        "TCP",
        "UDP",
        "ICMP",
        "ICMPv6",
        "ARP",
        "IPv4",
        "IPv6",
    }


def test_an_error_belongs_to_no_stream_of_its_own_and_completes_nothing() -> None:
    errors = [e for e in CRAFTED if "icmp" in e and "dns.qry.name" in e]
    assert errors
    for item in errors:
        assert item.messages == ()
        assert item.stream is None
        assert "udp.stream" in item
