"""Protocols told by their bytes on any port, and what is not told so. The values are tshark 4.4's."""

import pytest

from machinelab.dissect.core import Sender
from machinelab.dissect.protocols.dns import recognition as dns
from machinelab.dissect.protocols.tls import recognition as tls
from machinelab.dissect.registry import by_first_bytes
from machinelab.sources import pcap
from tests import ROOT
from tests.captures import containers

FOREIGN = ROOT / "tests/captures/foreign"
TCP = "eth:ethertype:ip:tcp"
DNS_MESSAGES = [
    event.content.buffers()["frame"][42:]
    for event in pcap.load(containers.RECORDS).events
    if event.values("frame.protocols") == ["eth:ethertype:ip:udp:dns"]
]


@pytest.mark.parametrize(
    ("name", "layers"),
    [
        ("port-http-3000", ["", "", "", ":http", ":http:data", ""]),
        ("port-tls-4433", ["", "", "", ":tls", ":tls", ""]),
        ("http_port9000", ["", "", "", ":http", ":http", "", "", ""]),
        ("http_on443", ["", "", "", ":http", ":http:data", "", "", ""]),
    ],
)
def test_a_port_that_is_not_its_own_hides_no_protocol(name: str, layers: list[str]) -> None:
    found = [e.values("frame.protocols")[0] for e in pcap.load(FOREIGN / f"{name}.pcap").events]
    assert found == [TCP + layer for layer in layers]


def test_every_dns_message_of_a_real_capture_is_told_by_its_bytes_and_no_part_of_one() -> None:
    assert len(DNS_MESSAGES) > 20
    told = [message for message in DNS_MESSAGES if dns.is_datagram(message, False)]
    assert len(told) > 0.9 * len(DNS_MESSAGES)
    for message in told:
        assert not any(dns.is_datagram(message[:size], False) for size in range(len(message)))
        framed = len(message).to_bytes(2, "big") + message
        assert dns.is_stream(framed) is (Sender.SERVER if message[2] & 0x80 else Sender.CLIENT)
        assert not any(dns.is_stream(framed[:size]) for size in range(len(framed)))


def test_flags_and_counts_that_do_not_go_together_are_no_dns() -> None:
    query = next(m for m in DNS_MESSAGES if not m[2] & 0x80 and dns.is_datagram(m, False))
    for place, octet in ((2, 0x78), (3, 0x40), (3, 0x05), (5, 2), (7, 1)):
        other = bytearray(query)
        other[place] = other[place] | octet if place < 4 else octet
        assert not dns.is_datagram(bytes(other), False)


def test_tls_is_told_by_a_hello_or_by_records_that_end_where_the_bytes_do() -> None:
    first = pcap.load(FOREIGN / "port-tls-4433.pcap").events[3].content.buffers()["frame"]
    hello = first[first.index(b"\x16\x03") :]
    assert tls.is_stream(hello) is Sender.CLIENT
    assert tls.is_stream(hello[:11]) is Sender.CLIENT  # the rest is in the segments that follow
    assert tls.is_stream(hello[:10]) is None
    record = bytes((23, 3, 3, 0, 20)) + bytes(20)
    assert tls.is_stream(record * 3) is Sender.EITHER
    assert tls.is_stream(record + b"\0") is None
    assert tls.is_stream(bytes((23, 2, 3, 0, 20)) + bytes(20)) is None
    assert tls.is_stream(bytes((23, 3, 3, 0, 0))) is None


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"G",
        b"GET / HTTP/1.1",
        b"GET / HTTP/2.0\r\n",
        b"HTTP/1.1 OK\r\n",
        b"220 smtp ready\r\n",
        bytes(64),
    ],
)
def test_what_is_not_certain_is_nobodys(payload: bytes) -> None:
    assert by_first_bytes(payload) is None
