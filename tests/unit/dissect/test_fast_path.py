"""The fast path for a message's fields gives what the whole dissection gives, and is taken wherever it can be.

Which messages it must read is worked out here from the frames' bytes and from the whole dissection, never from itself.
"""

from functools import cache
from pathlib import Path

import pytest

from machinelab import catalog
from machinelab import filter as display
from machinelab.align.looks import filters_of
from machinelab.dissect import summary
from machinelab.dissect.dissection import Named
from machinelab.dissect.fast_path import UNREAD, above_network, absent_layers, fast_fields, message_alone
from machinelab.dissect.packet import Packet
from machinelab.model import Event
from machinelab.sources import pcap
from tests import ROOT
from tests.captures import containers

DNS = [
    {"dns.flags.response"},
    {"dns.qry.name", "dns.qry.type", "dns.id", "dns.count.answers", "dns.count.labels", "udp"},
    {"dns.resp.type", "dns.a", "dns.flags.rcode"},
    {"dns.response_in", "dns.response_to", "dns.time", "dns.retransmission", "arp", "tcp.flags.syn"},
]
STUN = [{"stun.type", "stun.id"}, {"stun.att.type", "stun.response-to", "udp"}]
ASKED = {"DNS": DNS, "STUN": STUN}
TURN = {3478, 3479}  # whose channels' data has no cookie: RFC 8656 §12.4
COOKIE = b"\x21\x12\xa4\x42"  # of STUN: RFC 8489 §5


def plain_udp(data: bytes) -> bytes | None:
    """The payload of a UDP datagram in Ethernet and IP, with nothing between and no fragment; None of all else."""
    if data[12:14] == b"\x08\x00":
        at = 14 + (data[14] & 15) * 4
        if data[23] != 17 or int.from_bytes(data[20:22], "big") & 0x3FFF:
            return None
    elif data[12:14] == b"\x86\xdd" and data[20] == 17:
        at = 54
    else:
        return None
    return data[at : at + 4] + data[at + 8 :]


def speaks(data: bytes) -> str:
    """Which of the two protocols a frame's bytes carry; empty if neither."""
    found = plain_udp(data)
    if found is None or len(found) <= 4:
        return ""
    ports = {int.from_bytes(found[:2], "big"), int.from_bytes(found[2:4], "big")}
    if 53 in ports:
        return "DNS"
    channel = found[4] >> 4 == 4 and not ports.isdisjoint(TURN)
    return "STUN" if channel or found[8:12] == COOKIE else ""


@cache
def readable(path: Path) -> int:
    """How many frames of a capture the fast path is for."""
    return sum(bool(speaks(frame.data)) for frame in containers.packets(path))


EVERY = [containers.RECORDS, containers.CRAFTED, *sorted(ROOT.glob("labs/*/reference/*.pcapng"))]
CAPTURES = [path for path in EVERY if readable(path)]


def messages(event: Event) -> str:
    """The protocol of a packet's one message, if the fast path must read it; told by the whole dissection and the bytes."""
    content = event.content
    assert isinstance(content, Packet)
    said = speaks(content.info.data)
    return said if [message.protocol for message in event.messages] == [said] else ""


@pytest.mark.parametrize("capture", CAPTURES, ids=lambda path: f"{path.parent.parent.name}-{path.stem}")
def test_the_fast_path_gives_what_the_whole_dissection_gives(capture: Path) -> None:
    expected = read = datagrams = 0
    for event in pcap.load(capture).events:
        content = event.content
        assert isinstance(content, Packet)
        own = messages(event)
        expected += len(ASKED[own]) if own else 0
        datagrams += bool(own)
        for index in range(len(event.messages)):
            whole = content.message_fields(index)
            for names in map(frozenset, DNS + STUN):
                raw = message_alone(content.info, index, names)
                if raw is None:
                    continue
                read += 1
                found = Named(raw)
                for name in names - {"udp"}:
                    assert list(found.get(name, ())) == list(whole.get(name, ())), (event.number, name)
                assert "udp" in whole
    assert datagrams
    assert read == expected


def test_the_references_have_enough_of_both() -> None:
    assert {path.parent.parent.name for path in CAPTURES} >= {"dns", "nat"}
    assert sum(map(readable, CAPTURES)) > 500


def test_what_the_fast_path_leaves_out_would_be_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(globals(), "message_alone", lambda info, index, names: None)
    with pytest.raises(AssertionError):
        test_the_fast_path_gives_what_the_whole_dissection_gives(containers.RECORDS)


@cache
def asked_by_guides() -> tuple[frozenset[str], ...]:
    """For each lab all fields that its filters ask for, but for those below the transport header."""
    found = []
    for lab in map(catalog.load_lab, catalog.ready()):
        filters = {display.compile(text) for each in lab.experiments for text in filters_of(each)}
        names = frozenset().union(*(each.names for each in filters))
        found.append(frozenset(name for name in names if name.partition(".")[0] not in UNREAD))
    return tuple(found)


SMALL = [path for path in EVERY if path.stat().st_size < 70_000]


@pytest.mark.parametrize("capture", SMALL, ids=lambda path: f"{path.parent.parent.name}-{path.stem}")
def test_what_guides_ask_for_is_the_same_above_the_network_header(capture: Path) -> None:
    read = 0
    for event in pcap.load(capture).events:
        content = event.content
        assert isinstance(content, Packet)
        for name in absent_layers(content.info):
            assert name not in content.fields(), (event.number, name)
        for index in range(len(event.messages)) or (-1,):
            whole = content.message_fields(index) if index >= 0 else content.fields()
            for names in asked_by_guides():
                raw = above_network(content.info, index, names)
                if raw is None:
                    continue
                read += 1
                found = Named(raw)
                for name in names:
                    assert list(found.get(name, ())) == list(whole.get(name, ())), (event.number, name)
    assert read or not any(event.stream for event in pcap.load(capture).events)


def test_fields_of_the_headers_below_are_not_on_the_fast_path() -> None:
    event = next(event for event in pcap.load(containers.RECORDS).events if event.messages)
    assert isinstance(event.content, Packet)
    assert fast_fields(event.content.info, 0, frozenset({"ip.src"})) is None
    assert list(event.content.fast_fields(0, frozenset({"ip.src", "ipv6.src"})))


@pytest.mark.parametrize("capture", SMALL, ids=lambda path: f"{path.parent.parent.name}-{path.stem}")
def test_a_line_by_the_header_says_what_the_dissected_packet_says(
    capture: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    events = pcap.load(capture).events
    quick = [event.content.summary() for event in events]
    monkeypatch.setattr(summary, "_numbers", lambda info: None)
    assert quick == [event.content.summary() for event in events]
