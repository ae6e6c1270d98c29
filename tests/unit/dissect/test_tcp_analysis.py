"""TCP's analysis: on the lab's own captures, over a wrapped sequence number, on two networks, and on nonsense."""

import random
import struct
import time

import pytest

from machinelab.dissect.core import Frame, Source
from machinelab.dissect.packet import Cache, event
from machinelab.dissect.walk import Walker
from machinelab.model import Event
from machinelab.sources import pcap
from tests import ROOT

REFERENCES = ROOT / "labs/tcp/reference"
FIN, SYN, RST, PSH, ACK = 1, 2, 4, 8, 16
LAN, WAN = Source(0, 1, "lan"), Source(1, 1, "wan")


def events(experiment: str) -> tuple[Event, ...]:
    return pcap.load(REFERENCES / f"{experiment}.pcapng").events


def having(found: tuple[Event, ...] | list[Event], name: str) -> list[Event]:
    return [item for item in found if f"tcp.analysis.{name}" in item]


def frame(to_server: bool, seq: int, ack: int, flags: int, data: bytes = b"", window: int = 1000) -> bytes:
    """A segment between two fixed ends; checksums are not looked at."""
    ends, ports = (b"\x0a\0\0\1", b"\x0a\0\0\2"), (40000, 9507)
    if not to_server:
        ends, ports = ends[::-1], ports[::-1]
    tcp = struct.pack("!HHIIBBHHH", *ports, seq % 2**32, ack % 2**32, 0x50, flags, window, 0, 0) + data
    ip = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(tcp), 0, 0x4000, 64, 6, 0, *ends)
    return b"\2\0\0\0\0\1\2\0\0\0\0\2\x08\0" + ip + tcp


def read(*frames: bytes, gap: int = 1_000_000, sources: tuple[Source, ...] = (LAN,)) -> list[Event]:
    """The events of frames that far apart (ns), each seen on every one of the networks."""
    walker, cache = Walker(), Cache()
    seen = [
        Frame(number * gap + place, data, len(data), source)
        for number, data in enumerate(frames)
        for place, source in enumerate(sources)
    ]
    return [event(walker.frame(each), cache) for each in seen]


def exchange(start: int) -> list[bytes]:
    """A handshake and three segments of a hundred bytes, the second of them twice."""
    segments = [(1, 100), (101, 100), (201, 100), (101, 100)]
    return [
        frame(True, start, 0, SYN),
        frame(False, 7, start + 1, SYN | ACK),
        frame(True, start + 1, 8, ACK),
        *(frame(True, start + at, 8, ACK, bytes(size)) for at, size in segments),
    ]


def test_a_lost_segment_is_sent_again_fast_and_once() -> None:
    again = having(events("loss"), "retransmission")
    assert len(again) == len(having(events("loss"), "fast_retransmission")) == 1
    duplicates = having(events("loss"), "duplicate_ack")
    assert [item["tcp.analysis.duplicate_ack_num"] for item in duplicates] == list(
        range(1, len(duplicates) + 1)
    )
    assert {item["tcp.ack"] for item in duplicates} == {again[0]["tcp.seq"]}


def test_a_lost_tail_waits_for_a_clock() -> None:
    again = having(events("tail-loss"), "rto")
    assert not having(events("tail-loss"), "fast_retransmission")
    assert again and all(int(item["tcp.analysis.rto"]) > 100_000_000 for item in again)


def test_a_shut_window_and_a_keep_alive_are_known() -> None:
    assert having(events("zero-window"), "zero_window")
    assert having(events("zero-window"), "window_update")
    assert having(events("keepalive"), "keep_alive_ack")
    assert not having(events("handshake"), "flags")


@pytest.mark.parametrize("start", [0, 1000, 2**31 - 150, 2**32 - 150])
def test_numbers_that_wrap_compare_all_the_same(start: int) -> None:
    found = read(*exchange(start))
    assert [item.number for item in having(found, "retransmission")] == [7]
    assert [item["tcp.analysis.bytes_in_flight"] for item in found[3:]] == [100, 200, 300, 300]


def test_what_a_router_passes_on_is_no_retransmission() -> None:
    found = read(*exchange(1000)[:-1], sources=(LAN, WAN))
    assert len(found) == 12
    assert not having(found, "retransmission")
    assert having(found, "initial_rtt")


def test_the_same_ports_again_are_told() -> None:
    found = read(*exchange(1000), *exchange(900_000))
    assert [item.number for item in having(found, "reused_ports")] == [8]


def test_nonsense_does_no_harm_and_takes_no_time() -> None:
    chance = random.Random(1)
    frames = [
        frame(
            chance.random() < 0.7,
            chance.choice([0, 1000, 2**32 - 10]) + chance.randrange(3000),
            chance.choice([0, 1000, 2**32 - 10]) + chance.randrange(3000),
            chance.choice([ACK, ACK, ACK, SYN, SYN | ACK, FIN | ACK, RST, RST | ACK, PSH | ACK, 0, 255]),
            bytes(chance.choice([0, 0, 1, 2, 500])),
            chance.choice([0, 1, 1000, 65535]),
        )
        for _ in range(5000)
    ]
    started = time.process_time()
    found = read(*frames, gap=100_000)
    assert time.process_time() - started < 5
    for item in found:
        assert item["tcp.srcport"] in (40000, 9507)


def test_a_sender_that_is_never_answered_is_bounded() -> None:
    """Ten thousand segments that overlap and that nobody acknowledges."""
    frames = [frame(True, 1000 + number * 7 % 5000, 8, ACK, bytes(500)) for number in range(10_500)]
    started = time.process_time()
    found = read(*frames)
    assert time.process_time() - started < 20
    assert having(found[-1:], "retransmission")
