"""Cases once read wrongly: what tshark 4.4 says of each, held without asking it. (The oracle's tests compare all the rest.)"""

from pathlib import Path

import pytest

from machinelab import fields
from machinelab.columns.capture import Capture
from machinelab.sources import pcap
from tests import ROOT

FOREIGN = ROOT / "tests" / "captures" / "foreign"

# Capture, field, and its values as shown, a list for each packet.
SHOWN = [
    ("hole-reply-on-the-ack", "dns.id", ["", "", "", "0x0001", "0x0002", "0x0002", ""]),
    (
        "short-no-protocols",
        "frame.protocols",
        [
            "eth:ethertype:ip:tcp", "eth:ethertype:ip:tcp", "eth:ethertype:ip:udp", "eth:ethertype:ip",
            "eth:ethertype:arp", "eth:ethertype:ip:icmp", "eth",
        ],
    ),
    ("short-no-protocols", "tcp.srcport", ["", "4000", "", "", "", "", ""]),
    ("short-no-protocols", "udp.port", ["", "", "4000,53", "", "", "", ""]),
    ("ip-length-over-frame", "tcp.len", ["0", "0"]),
    ("tcp-completeness", "tcp.completeness", ["8", "9", "11", "11", "11"]),
    ("tcp-fin-out-of-order", "tcp.analysis.rto", [""] * 8),
    ("tcp-flight-syn-fin-again", "tcp.analysis.bytes_in_flight", ["36", "36"]),
    ("tcp-options-unknown", "tcp.options.md5.digest", ["78" * 16, "", ""]),
    ("tcp-options-unknown", "tcp.options.mptcp.subtype", ["", "0", ""]),
    ("tcp-options-unknown", "tcp.options.user_to_val", ["", "", "16"]),
    ("accecn", "tcp.flags.ace", ["", "", "4", "3", "4", "1", "", "", "0", "4", *[""] * 8, "3", "4", *["0"] * 5, "3", *["0"] * 2, "1", "1"]),
    ("accecn", "tcp.flags.cwr", ["1", "1", "", "", "", "", "1", "0", "", "", "1", "0", "0", "1", "1", "0", "0", "1", *[""] * 12]),
    ("accecn", "tcp.options.acc_ecn.eceb", [*[""] * 19, "2", "2", "", "6", "", "", "", "2", "2", "", ""]),
    ("mdns", "dns.qry.qu", ["0", "1", "", "0", "0", "0,0"]),
    ("mdns", "dns.resp.class", ["", "", ",".join(["0x0001"] * 5), "", "0x0001", "0x0001"]),
    ("mdns", "dns.resp.cache_flush", ["", "", "0,1,1,1,1", "", "0", "0"]),
    ("llmnr", "dns.flags.tentative", ["0", "0", "1", "0"]),
    ("llmnr", "dns.flags.conflict", ["0", "0", "1", "1"]),
    ("dns-srv", "dns.srv.instance", ["web,i,x,My Web,_i"]),
    ("dns-header-only", "dns.flags.rcode", ["", "1", "5", "", "0"]),
    ("tcp-again", "tcp.stream", [str(n) for n, times in enumerate((2, 1, 4, 1, 4, 4, 2, 5, 1, 5)) for _ in range(times)]),
    ("tcp-again", "tcp.reset_cause", [*[""] * 27, "why", "why"]),
    ("eth-trailer", "eth.fcs", [*[""] * 8, *["0x00000000"] * 2, *["", "0x00000000", "0x00000000", "0x01020304", "0x03040506", "0x01020304", "0x00000000", "0x01010101", "0x00000000", "0x00000000"] * 3]),
    ("ip-options", "ip.options.routeralert", ["94040000", "94040001", *[""] * 9, "94040000", "", "", ""]),
    ("cut-messages", "http.request.uri.path", ["", "/index.html", "", *["/index.html"] * 4, *[""] * 20]),
    ("tcp-rto-zero", "tcp.analysis.rto", ["", ""]),
    ("tcp-snaplen", "tcp.completeness.str", ["··DASS"] * 4),
    ("tcp-snaplen", "tcp.analysis.push_bytes_sent", ["", "", "", "24"]),
]  # fmt: skip

# Capture, filter, and the packets that pass.
PASSING = [
    ("hole-reply-on-the-ack", "dns", [4, 5, 6]),
    ("hole-reply-on-the-ack", "dns.flags.response == 1 and tcp.srcport == 53", [6]),
    ("short-no-protocols", 'frame.protocols contains "tcp"', [1, 2]),
    ("short-no-protocols", "tcp", [2]),
    ("short-no-protocols", "udp.srcport == 4000", [3]),
    ("tcp-fin-out-of-order", "tcp.analysis.retransmission", []),
    ("tcp-fin-out-of-order", "tcp.analysis.out_of_order", [7]),
    ("tcp-snaplen", "tcp.analysis.retransmission", []),
    ("accecn", "tcp.flags.ae == 1", [1, 7, 8, 11]),
    ("accecn", "tcp.flags.ace >= 3", [3, 4, 5, 10, 19, 20, 26]),
    ("mdns", "dns", []),
    ("mdns", 'dns.qry.name == "box.local"', [2, 4, 5]),
    ("mdns", "mdns and dns.flags.response == 1", [3, 5]),
    ("llmnr", "llmnr and dns.a == 198.18.0.7", [2]),
]


def capture(name: str) -> Path:
    """A case's capture, by its name."""
    (path,) = FOREIGN.glob(f"{name}.pcap*")
    return path


@pytest.mark.parametrize(("name", "field", "wanted"), SHOWN)
def test_shown_as_tshark_does(name: str, field: str, wanted: list[str]) -> None:
    events = pcap.load(capture(name)).events
    shown = [
        ",".join(fields.show(field, item.value) for item in event.fields.get(field, ())) for event in events
    ]
    assert shown == wanted
    assert list(Capture.open(capture(name)).texts([field])) == wanted


@pytest.mark.parametrize(("name", "text", "wanted"), PASSING)
def test_filtered_as_tshark_does(name: str, text: str, wanted: list[int]) -> None:
    found = [int(n) for each in Capture.open(capture(name)).filter(text) for n in each.numbers]
    assert sorted(found) == wanted


@pytest.mark.parametrize("path", sorted(FOREIGN.glob("*.pcap*")), ids=lambda path: path.stem)
def test_both_readers_say_the_same(path: Path) -> None:
    whole, one = pcap.load(path).events, Capture.open(path)
    for event in whole:
        alone = one.event(event.number)
        assert {name: list(found) for name, found in event.fields.items()} == {
            name: list(found) for name, found in alone.fields.items()
        }
        assert (event.src, event.dst, event.protocol) == (alone.src, alone.dst, alone.protocol)
