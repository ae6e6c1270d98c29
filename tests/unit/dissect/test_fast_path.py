from pathlib import Path

import pytest

from machinelab.dissect.dissection import Named
from machinelab.dissect.fast_path import fast_fields
from machinelab.dissect.packet import Packet
from machinelab.sources import pcap
from tests import ROOT
from tests.captures import containers

CAPTURES = [containers.RECORDS, containers.CRAFTED, *sorted(ROOT.glob("labs/*/reference/*.pcapng"))]
ASKED = [
    {"dns.flags.response"},
    {"dns.qry.name", "dns.qry.type", "dns.id", "dns.count.answers", "dns.count.labels", "udp"},
    {"dns.resp.type", "dns.a", "dns.flags.rcode"},
    {"stun.type", "stun.id"},
    {"dns.response_in", "dns.response_to", "dns.time", "dns.retransmission", "arp", "tcp.flags.syn"},
]


@pytest.mark.parametrize("capture", CAPTURES, ids=lambda path: path.stem)
def test_the_fast_path_gives_what_the_whole_dissection_gives(capture: Path) -> None:
    seen = datagrams = 0
    for event in pcap.load(capture).events:
        content = event.content
        assert isinstance(content, Packet)
        for index in range(len(event.messages)):
            whole = content.message_fields(index)
            datagrams += event.messages[index].protocol in {"DNS", "STUN"} and "udp" in whole
            for names in map(frozenset, ASKED):
                raw = fast_fields(content.info, index, names)
                if raw is None:
                    continue
                seen += 1
                found = Named(raw)
                for name in names - {"udp"}:
                    assert list(found.get(name, ())) == list(whole.get(name, ())), (event.number, name)
                assert "udp" in whole
    assert seen or not datagrams


def test_fields_of_the_headers_below_are_not_on_the_fast_path() -> None:
    event = next(event for event in pcap.load(containers.RECORDS).events if event.messages)
    assert isinstance(event.content, Packet)
    assert fast_fields(event.content.info, 0, frozenset({"ip.src"})) is None
    assert list(event.content.fast_fields(0, frozenset({"ip.src", "ipv6.src"})))
