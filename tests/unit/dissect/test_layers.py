"""The layers below the application, each on a frame of its own: values, places, bits. (tshark is asked in tests/oracle.)"""

import pytest

from machinelab import fields
from machinelab.model import Event, Value
from machinelab.sources import pcap
from tests.captures import containers

RECORDS = pcap.load(containers.RECORDS).events
CRAFTED = pcap.load(containers.CRAFTED).events


def first(name: str, value: Value | None = None, among: tuple[Event, ...] = RECORDS + CRAFTED) -> Event:
    return next(e for e in among if name in e and (value is None or value in e.values(name)))


def place(event: Event, name: str) -> tuple[int, int, int]:
    field = event.fields[name][0]
    return field.start, field.stop, field.mask


def test_ethernet() -> None:
    event = first("ip")
    assert event["eth.type"] == 0x0800
    assert fields.show("eth.type", event["eth.type"]) == "0x0800"
    assert place(event, "eth.dst") == (0, 6, 0)
    assert place(event, "eth.src.lg") == (6, 9, 0x020000)
    assert event["eth.src.lg"] is True


def test_tags() -> None:
    event = first("vlan.id", 9)
    assert event.values("vlan.id") == [5, 9]
    assert event["vlan.etype"] == 0x8100
    assert event["frame.protocols"] == "eth:ethertype:vlan:ethertype:vlan:ethertype:ip:udp:dns"
    assert event.protocol == "DNS"


def test_padding_and_trailers_are_not_the_packets() -> None:
    padded, trailed = first("eth.padding"), first("eth.trailer")
    assert set(padded["eth.padding"]) == {0}
    assert trailed["eth.trailer"] == b"trailer"
    assert trailed["udp.payload"] == b"hi"


def test_arp() -> None:
    event = next(e for e in RECORDS if e.protocol == "ARP")
    assert place(event, "arp.opcode") == (20, 22, 0)
    assert event.content.summary().startswith("who has 10.77.0.")
    assert "arp.isgratuitous" in first("arp.isannouncement")
    assert first("arp.isprobe")["arp.src.proto_ipv4"] == "0.0.0.0"


def test_ipv4() -> None:
    event = first("ip.dsfield.ecn", 3)
    assert place(event, "ip.hdr_len") == (14, 15, 0x0F)
    assert place(event, "ip.flags.df") == (20, 21, 0x40)
    assert event["ip.hdr_len"] == 20


def test_ipv4_fragments_stand_in_their_own_buffer() -> None:
    event = first("ip.fragments")
    field = event.fields["udp.srcport"][0]
    assert field.buffer == "Reassembled IPv4"
    assert event["ip.fragment.count"] == len(event.values("ip.fragment"))
    assert event.values("ip.fragment")[-1] == event.number
    assert event.messages[0].protocol == "DNS"
    part = first("ip.reassembled_in")
    assert part["ip.reassembled_in"] > part.number
    assert part.protocol == "IPv4"
    assert part.content.summary().startswith("a fragment of IPv4, whole in packet")


def test_ipv6_and_its_extension_headers() -> None:
    event = first("ipv6.dstopts")
    assert event["frame.protocols"] == "eth:ethertype:ipv6:ipv6.hopopts:ipv6.dstopts:udp:dns"
    assert place(event, "ipv6") == (14, 14 + 40 + 8 + 8, 0)
    assert place(event, "ipv6.flow") == (15, 18, 0x0FFFFF)


def test_udp() -> None:
    event = first("udp")
    assert event.values("udp.port") == [event["udp.srcport"], event["udp.dstport"]]
    assert event["udp.time_relative"] == 0
    assert event.fields["udp.stream"][0].generated


def test_tcp_counts_from_the_connections_start() -> None:
    syn = first("tcp.flags.str", "··········S·")
    assert (syn["tcp.seq"], syn["tcp.nxtseq"], syn["tcp.len"]) == (0, 1, 0)
    assert place(syn, "tcp.flags.syn") == (47, 48, 0x02)
    assert place(syn, "tcp.flags.ae") == (46, 47, 0x01)
    answer = next(e for e in RECORDS if e.stream == syn.stream and e.number > syn.number)
    assert (answer["tcp.seq"], answer["tcp.ack"]) == (0, 1)


def test_tcp_windows_are_scaled_when_both_sides_offered_it() -> None:
    event = first("tcp.window_size_scalefactor", 1024, RECORDS)
    assert event["tcp.window_size"] == event["tcp.window_size_value"] * 1024
    syn = next(e for e in RECORDS if e.stream == event.stream)
    assert syn["tcp.window_size"] == syn["tcp.window_size_value"]
    assert first("tcp.window_size_scalefactor", -1)
    assert first("tcp.window_size_scalefactor", -2)


def test_tcp_options() -> None:
    event = first("tcp.options.mss_val", 1460)
    assert event.values("tcp.option_kind") == [2, 4, 8, 1, 3]
    assert event["tcp.options.wscale.multiplier"] == 1 << int(event["tcp.options.wscale.shift"])
    sack = first("tcp.options.sack_le")
    assert (sack["tcp.options.sack_le"], sack["tcp.options.sack_re"]) == (5001, 6001)


@pytest.mark.parametrize("layer", ["icmp", "icmpv6"])
def test_pings_and_their_replies(layer: str) -> None:
    event = first(f"{layer}.resp_to")
    asked = RECORDS[int(event[f"{layer}.resp_to"]) - 1]
    assert asked[f"{layer}.resp_in"] == event.number
    assert (asked.src, asked.dst) == (event.dst, event.src)
    assert event[f"{layer}.checksum.status"] == 1
    assert event[f"{layer}.resptime"] == (event.time - asked.time) / 1e6


def test_a_wrong_sum_is_seen() -> None:
    assert first("icmp.checksum.status", 0)["icmp.checksum"] == 0x1234


def test_errors_quote_the_packet_they_are_about() -> None:
    event = first("icmp.mtu")
    assert event["icmp.mtu"] == 1400
    assert event.values("ip.src") == [event.src, event.dst]
    assert "too big" in event.content.summary()


def test_dates_are_shown_as_wireshark_shows_them() -> None:
    event = first("dns.rrsig.signature_expiration")
    shown = fields.show("dns.rrsig.signature_expiration", event["dns.rrsig.signature_expiration"])
    assert shown == "Jan  1, 2050 00:00:00.000000000 UTC"
