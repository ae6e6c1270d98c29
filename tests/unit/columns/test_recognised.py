"""What is recognised by its first bytes, on ports that nobody is known by: filters find it as they do elsewhere."""

from pathlib import Path

import pytest
from scapy.layers.inet import IP, TCP
from scapy.layers.l2 import Ether
from scapy.utils import wrpcap

from machinelab import filter as display
from machinelab.columns import Capture
from machinelab.sources import pcap

REQUEST = b"GET /x HTTP/1.1\r\nHost: a.test\r\n\r\n"
REPLY = b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 11\r\n\r\n{"error":1}'


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    def sent(client: bool, payload: bytes) -> Ether:
        ends = (40001, 23456) if client else (23456, 40001)
        hosts = ("10.0.0.1", "10.0.0.2") if client else ("10.0.0.2", "10.0.0.1")
        head = Ether(src="02:00:00:00:00:01", dst="02:00:00:00:00:02") / IP(src=hosts[0], dst=hosts[1])
        return head / TCP(sport=ends[0], dport=ends[1], flags="PA", seq=1000, ack=1000) / payload

    file = tmp_path_factory.mktemp("recognised") / "capture.pcap"
    wrpcap(str(file), [sent(True, REQUEST), sent(False, REPLY)])
    return file


@pytest.mark.parametrize(
    "text", ["http", "http.request.uri == /x", "json", "oauth2", "oauth2.error", "jwt", "dns"]
)
def test_a_filter_finds_the_same_in_columns_as_in_fields(path: Path, text: str) -> None:
    matches = display.compile(text).matches
    found = [event.number for event in pcap.load(path).events if matches(event.fields)]
    assert sorted(n for part in Capture.open(path).filter(text) for n in part.numbers) == found
    assert bool(found) is (text not in ("jwt", "dns"))
