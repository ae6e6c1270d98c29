"""Capture files of every kind, whole, broken and none at all."""

import gzip
import struct
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from machinelab.errors import LabError
from machinelab.model import Event, Interface, Trace
from machinelab.sources.pcap import Live, load
from tests.captures import containers

FRAMES = containers.packets()
PLAIN = load(containers.RECORDS)

FORMATS: dict[str, Callable[[], bytes]] = {
    "pcapng": lambda: containers.pcapng(FRAMES),
    "pcapng, big-endian": lambda: containers.pcapng(FRAMES, order=">"),
    "pcap": lambda: containers.pcap(FRAMES),
    "pcap, big-endian": lambda: containers.pcap(FRAMES, order=">"),
    "pcap, nanoseconds": lambda: containers.pcap(FRAMES, nanoseconds=True),
    "pcap, nanoseconds, big-endian": lambda: containers.pcap(FRAMES, order=">", nanoseconds=True),
    "pcapng, gzip": lambda: gzip.compress(containers.pcapng(FRAMES)),
    "pcap, gzip": lambda: gzip.compress(containers.pcap(FRAMES)),
}
LINKS: dict[str, Callable[[], bytes]] = {
    "cooked": lambda: containers.pcap(containers.cooked(FRAMES), link=113),
    "cooked 2": lambda: containers.pcap(containers.cooked2(FRAMES), link=276),
    "raw": lambda: containers.pcap(containers.raw(FRAMES), link=101),
    "loopback": lambda: containers.pcap(containers.loopback(FRAMES), link=0),
    "loopback, big-endian": lambda: containers.pcap(containers.loopback(FRAMES, ">"), link=108),
    "tagged": lambda: containers.pcap(containers.tagged(FRAMES)),
}


def opened(folder: Path, data: bytes) -> Trace:
    path = folder / "capture"
    path.write_bytes(data)
    return load(path)


def what(events: tuple[Event, ...] | list[Event]) -> list[tuple[object, ...]]:
    return [(e.src, e.dst, e.protocol, e.stream, e.content.summary()) for e in events]


@pytest.mark.parametrize("name", FORMATS)
def test_the_same_packets_in_every_kind_of_file(name: str, tmp_path: Path) -> None:
    trace = opened(tmp_path, FORMATS[name]())
    assert trace.warnings == ()
    assert what(trace.events) == what(PLAIN.events)
    assert [e.number for e in trace.events] == list(range(1, len(FRAMES) + 1))
    unit = 1 if "nano" in name or "pcapng" in name else 1000
    assert [e.time for e in trace.events] == [f.time // unit * unit for f in FRAMES]


@pytest.mark.parametrize("name", LINKS)
def test_the_same_conversations_on_every_link(name: str, tmp_path: Path) -> None:
    trace = opened(tmp_path, LINKS[name]())
    wanted = [item for item in PLAIN.events if name == "tagged" or item.protocol != "ARP"]
    assert [e.content.summary() for e in trace.events if e.messages] == [
        e.content.summary() for e in wanted if e.messages
    ]
    assert [e.stream for e in trace.events] == [e.stream for e in wanted]


def test_interfaces_are_networks_and_comments_and_keys_are_kept(tmp_path: Path) -> None:
    order, frame = "<", FRAMES[0]
    secret = struct.pack("<II", 0x544C534B, 3) + b"key"
    data = b"".join(
        (
            containers.section(),
            containers.interface(name="access"),
            containers.interface(name="internet", resolution=6),
            containers.block(order, 10, secret),
            containers.packet(order, frame.time, frame.data, 0, ["look here", "and here"]),
            containers.packet(order, frame.time // 1000 + 1, frame.data, 1),
        )
    )
    live = Live()
    first, second = live.feed(data)
    assert (first.network, second.network) == ("access", "internet")
    assert first.content.comments == ("look here", "and here")  # type: ignore[attr-defined]
    assert live.secrets == ((0x544C534B, b"key"),)
    assert second.time == (frame.time // 1000 + 1) * 1000
    assert first["frame.interface_name"] == "access"


@pytest.mark.parametrize(
    ("resolution", "offset", "ticks", "time"),
    [
        (None, 0, 1_500_000, 1_500_000_000),
        (9, 0, 5, 5),
        (0, 0, 7, 7_000_000_000),
        (12, 0, 5_000, 5),
        (0x81, 0, 3, 1_500_000_000),
        (0x80 | 63, 0, 1 << 62, 500_000_000),
        (9, 100, 5, 100_000_000_005),
        (9, -1, 1_000_000_005, 5),
    ],
)
def test_times_in_every_unit(resolution: int | None, offset: int, ticks: int, time: int) -> None:
    data = containers.section() + containers.interface(resolution=resolution, offset=offset)
    (event,) = Live().feed(data + containers.packet("<", ticks, FRAMES[0].data))
    assert event.time == time


def test_several_sections_each_in_its_own_byte_order() -> None:
    data = containers.pcapng(FRAMES[:3], names=("one",)) + containers.pcapng(
        FRAMES[3:5], order=">", names=("two",)
    )
    events = Live().feed(data)
    assert [e.network for e in events] == ["one"] * 3 + ["two"] * 2
    assert events[4]["frame.section_number"] == 2


def test_simple_packets_and_blocks_that_nobody_knows() -> None:
    frame = FRAMES[0].data
    data = containers.section() + containers.interface() + containers.block("<", 0xBAD, b"what is this")
    data += containers.block("<", 3, struct.pack("<I", len(frame)) + frame)
    (event,) = Live().feed(data)
    assert event["frame.cap_len"] == len(frame)


@pytest.mark.parametrize("name", ["pcapng", "pcap"])
def test_bytes_may_come_one_by_one(name: str) -> None:
    live, events = Live(), list[Event]()
    data = containers.pcapng(FRAMES[:20]) if name == "pcapng" else containers.pcap(FRAMES[:20])
    for number in range(len(data)):
        events += live.feed(data[number : number + 1])
    assert what(events) == what(PLAIN.events[:20])
    assert live.leftover() == 0


@pytest.mark.parametrize("name", ["pcapng", "pcap"])
def test_broken_off_anywhere_gives_what_was_there(name: str, tmp_path: Path) -> None:
    data = containers.pcapng(FRAMES[:6]) if name == "pcapng" else containers.pcap(FRAMES[:6])
    whole = opened(tmp_path, data).events
    for size in range(28 if name == "pcapng" else 24, len(data), 3):
        trace = opened(tmp_path, data[:size])
        assert what(trace.events) == what(whole[: len(trace.events)])
        assert len(trace.events) < len(whole)
        assert all("breaks off" in text for text in trace.warnings)


def test_broken_off_says_so(tmp_path: Path) -> None:
    trace = opened(tmp_path, containers.pcapng(FRAMES)[:-5])
    assert len(trace.events) == len(FRAMES) - 1
    assert trace.warnings == ("capture breaks off in the middle of a packet.",)


def test_a_gzip_that_breaks_off_gives_what_was_there(tmp_path: Path) -> None:
    packed = gzip.compress(containers.pcapng(FRAMES))
    trace = opened(tmp_path, packed[: len(packed) // 2])
    assert 0 < len(trace.events) < len(FRAMES)
    assert "gzip" in trace.warnings[0]


@pytest.mark.parametrize(
    "damage",
    [
        struct.pack("<II", 6, 0xFFFFFFF0),
        struct.pack("<II", 6, 7) + bytes(20),
        struct.pack("<II", 6, 32) + struct.pack("<IIIII", 9, 0, 0, 0, 0) + struct.pack("<I", 32),
        struct.pack("<II", 6, 32) + struct.pack("<IIIII", 0, 0, 0, 0xFFFFFFFF, 9) + struct.pack("<I", 32),
        struct.pack("<II", 6, 32) + bytes(20) + struct.pack("<I", 36),
    ],
    ids=["absurd size", "odd size", "no such interface", "absurd packet", "two sizes"],
)
def test_damage_keeps_what_stands_before(damage: bytes, tmp_path: Path) -> None:
    trace = opened(tmp_path, containers.pcapng(FRAMES[:5]) + damage + containers.pcapng(FRAMES))
    assert what(trace.events) == what(PLAIN.events[:5])
    assert len(trace.warnings) == 1
    assert "at byte" in trace.warnings[0]


def test_absurd_sizes_take_no_memory(tmp_path: Path) -> None:
    head = containers.pcap([])
    tracemalloc.start()
    trace = opened(tmp_path, head + struct.pack("<IIII", 0, 0, 0xFFFFFFFF, 0xFFFFFFFF) + bytes(100))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert trace.events == ()
    assert "claims 4294967295 bytes" in trace.warnings[0]
    assert peak < 20_000_000


@pytest.mark.parametrize(
    "data", [b"", b"\n\r", b"GIF89a and so on", b"\x1f\x8b and so on", gzip.compress(b"no", mtime=0)]
)
def test_what_is_no_capture_is_refused_with_a_hint(data: bytes, tmp_path: Path) -> None:
    with pytest.raises(LabError) as caught:
        opened(tmp_path, data)
    assert "capture" in caught.value.message
    assert caught.value.hint.startswith("Give a pcap or pcapng file")


def test_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LabError):
        load(tmp_path)


def test_a_live_stream_that_is_no_capture_is_refused() -> None:
    with pytest.raises(LabError):
        Live().feed(b"docker: no such image")


def test_packets_out_of_order_keep_their_numbers_and_come_in_time_order(tmp_path: Path) -> None:
    trace = opened(tmp_path, containers.pcapng([FRAMES[2], FRAMES[0], FRAMES[1]]))
    assert [e.number for e in trace.events] == [2, 3, 1]
    assert [e["frame.number"] for e in trace.events] == [2, 3, 1]


def test_nodes_are_handed_on() -> None:
    nodes = {"stub": (Interface("access", "10.77.0.4"),)}
    assert load(containers.RECORDS, nodes).nodes == nodes


@settings(max_examples=300, deadline=None)
@given(data=st.data())
def test_changed_files_never_fail(data: st.DataObject, tmp_path_factory: pytest.TempPathFactory) -> None:
    content = bytearray(
        data.draw(st.sampled_from([containers.pcapng(FRAMES[:4]), containers.pcap(FRAMES[:4])]))
    )
    for _ in range(data.draw(st.integers(1, 8))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    path = tmp_path_factory.mktemp("changed") / "capture"
    path.write_bytes(content)
    try:
        trace = load(path)
    except LabError:
        return
    assert all(len(e.fields) for e in trace.events)
