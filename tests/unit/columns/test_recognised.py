"""What is recognised by its bytes, on ports that nobody or somebody else is known by: filters find what the dissection says."""

from collections.abc import Iterable
from pathlib import Path

import pytest
from scapy.layers.dns import DNS, DNSQR, DNSRR
from scapy.layers.inet import IP, TCP, UDP, fragment
from scapy.layers.l2 import Ether
from scapy.packet import Packet
from scapy.utils import wrpcap

from machinelab import filter as display
from machinelab.columns import Capture
from machinelab.sources import pcap
from tests.captures import containers

REQUEST = b"GET /x HTTP/1.1\r\nHost: a.test\r\n\r\n"
REPLY = b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 11\r\n\r\n{"error":1}'
RECORD = bytes((23, 3, 3, 0, 30)) + bytes(30)
QUERY = bytes(DNS(id=7, qd=DNSQR(qname="a.test")))
ANSWER = bytes(DNS(id=7, qr=1, qd=DNSQR(qname="a.test"), an=DNSRR(rrname="a.test", rdata="192.0.2.1")))
PROXY = b"PROXY TCP4 192.0.2.1 192.0.2.2 4000 80\r\n"
FILTERS = (
    "http", "http.request.uri == /x", "json", "oauth2", "oauth2.error", "jwt", "dns", "dns.flags.response == 1", "dns.a",
    "tls", "tls.app_data", "proxy", "stun", "data", "tcp.segment_data", "kafka", "x509ce.dNSName",
)  # fmt: skip


def framed(message: bytes) -> bytes:
    return len(message).to_bytes(2, "big") + message


def sent(client: bool, port: int, payload: bytes, seq: int = 1000, udp: bool = False) -> Packet:
    ends = (40001, port) if client else (port, 40001)
    hosts = ("10.0.0.1", "10.0.0.2") if client else ("10.0.0.2", "10.0.0.1")
    head = Ether(src="02:00:00:00:00:01", dst="02:00:00:00:00:02") / IP(src=hosts[0], dst=hosts[1])
    own = (
        UDP(sport=ends[0], dport=ends[1])
        if udp
        else TCP(sport=ends[0], dport=ends[1], flags="PA", seq=seq, ack=1000)
    )
    return head / own / payload


def every() -> Iterable[Packet]:
    """HTTP, TLS and DNS where they are looked for and where they are not; bytes that are nothing; another protocol's port."""
    for port in (23456, 443, 9092, 5432):
        yield from (sent(True, port, REQUEST), sent(False, port, REPLY))
    for port in (23457, 80, 9093):
        yield from (sent(True, port, RECORD), sent(False, port, RECORD))
    for port in (5300, 53, 23458):
        yield from (sent(True, port, QUERY, udp=True), sent(False, port, ANSWER, udp=True))
        yield from (sent(True, port, framed(QUERY)), sent(False, port, framed(ANSWER)))
    yield sent(True, 23459, b"nothing anybody knows")
    yield sent(True, 23459, REQUEST, 1021)
    yield sent(True, 23460, PROXY + REQUEST)
    yield sent(False, 23460, REPLY)
    yield sent(True, 23461, bytes(40), udp=True)


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("recognised") / "capture.pcap"
    wrpcap(str(file), list(every()))
    return file


@pytest.fixture(scope="module")
def torn(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A conversation that is recognised by a datagram in fragments, which the columns leave to the dissector."""
    file = tmp_path_factory.mktemp("recognised") / "torn.pcap"
    pieces = fragment(sent(True, 23456, REQUEST), fragsize=32)
    wrpcap(str(file), [*pieces, sent(False, 23456, REPLY[:40]), sent(False, 23456, REPLY[40:], 1040)])
    return file


def found(path: Path, text: str) -> list[int]:
    return sorted(n for part in Capture.open(path).filter(text) for n in part.numbers)


@pytest.mark.parametrize("text", FILTERS)
def test_a_filter_finds_the_same_in_columns_as_in_fields(path: Path, torn: Path, text: str) -> None:
    matches = display.compile(text).matches
    for file in (path, torn):
        assert found(file, text) == [
            event.number for event in pcap.load(file).events if matches(event.fields)
        ]


def test_a_list_names_the_protocols_that_the_dissection_does(path: Path) -> None:
    capture = Capture.open(path)
    named = [row.protocol for row in capture.rows(0, len(capture))]
    assert named == [event.protocol for event in pcap.load(path).events]
    assert {"HTTP", "TLS", "DNS", "TCP", "UDP"} <= set(named)


def test_what_is_recognised_needs_no_dissection_of_what_is_not(path: Path) -> None:
    capture = Capture.open(path)
    assert not capture.conversations.recognised.of("http")[-1]
    assert capture.conversations.recognised.of("http")[0]


def test_packets_asked_for_page_by_page_are_those_of_one_walk(path: Path) -> None:
    walked = pcap.load(containers.KAFKA).events
    capture = Capture.open(Path(containers.KAFKA))
    numbers = list(range(1, len(capture) + 1))
    paged = [event for at in range(0, len(numbers), 97) for event in capture.events(numbers[at : at + 97])]
    assert [event.number for event in paged] == numbers
    for event, other in zip(paged[::50], sorted(walked, key=lambda each: each.number)[::50], strict=True):
        assert list(event.content.ordered()) == list(other.content.ordered())
