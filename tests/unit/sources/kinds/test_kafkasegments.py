"""A partition's files: what Kafka's own tool says of them, where each piece stands, and what becomes of broken ones."""

import io
import tarfile
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from machinelab.errors import LabError
from machinelab.model import Event
from machinelab.sources import pcap
from machinelab.sources.kinds import kafkakept, kafkasegments
from tests.captures import containers, dumped

DATA = containers.SEGMENTS.read_bytes()
DUMP = containers.SEGMENTS.with_suffix(".txt").read_text()
EVENTS = kafkasegments.load(DATA, "broker1")


def packed(**files: bytes) -> bytes:
    """An archive of one partition's folder."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as tar:
        for name, data in files.items():
            member = tarfile.TarInfo("orders-0/" + name.replace("__", "."))
            member.size = len(data)
            tar.addfile(member, io.BytesIO(data))
    return out.getvalue()


def test_each_batch_is_as_kafkas_own_tool_has_it() -> None:
    assert dumped.batches_agree(EVENTS, DUMP) == 9


def test_each_record_is_as_kafkas_own_tool_has_it() -> None:
    assert dumped.records_agree(EVENTS, DUMP) > dumped.keys_agree(EVENTS, DUMP) > 9


def test_the_indexes_are_as_kafkas_own_tool_has_them() -> None:
    assert dumped.indexes_agree(EVENTS, DUMP) > 4


@pytest.mark.parametrize(
    ("agree", "said", "other"),
    [
        (dumped.batches_agree, "crc: ", "crc: 1"),
        (dumped.batches_agree, "isTransactional: true", "isTransactional: false"),
        (dumped.keys_agree, "key: k1", "key: k7"),
        (dumped.indexes_agree, "position: 271", "position: 272"),
    ],
)
def test_the_comparison_can_fail(agree: Callable[..., int], said: str, other: str) -> None:
    assert said in DUMP
    with pytest.raises(AssertionError):
        agree(EVENTS, DUMP.replace(said, other, 1))


def test_an_index_leads_to_the_batch() -> None:
    """The position in the index is where a batch begins, and its last offset is the one that the index has."""
    for entry in (event for event in EVENTS if "segment.index.offset" in event):
        at = [
            event
            for event in EVENTS
            if event.values("segment.position") == [entry["segment.index.position"]]
            and event["segment.file"] == str(entry["segment.file"]).replace(".index", ".log")
        ]
        assert [event["kafka.last_offset"] for event in at] == [entry["segment.index.offset"]]


def test_which_epoch_began_where() -> None:
    last = EVENTS[-1]
    assert (last["segment.file"], last["segment.epoch"], last["segment.epoch.start"]) == (
        "leader-epoch-checkpoint",
        0,
        0,
    )


def test_bytes_stand_where_they_are_said_to_stand() -> None:
    for event in EVENTS:
        buffers = event.content.buffers()
        for items in event.fields.values():
            for item in items:
                assert 0 <= item.start <= item.stop <= len(buffers[item.buffer])


def test_a_batch_stands_at_the_packet_that_brought_it() -> None:
    packets = pcap.load(containers.KAFKA).events
    carrying = next(event for event in packets if event.values("kafka.request_key") == [0])
    names = {carrying.dst: "broker1"}
    moved = [replace(event, node="broker1") for event in EVENTS]
    placed = kafkasegments.place(moved, {"packets": packets}, names)
    assert not any("segment.sent_in" in event for event in placed), "these files are of another run"
    both = _with_sum(moved[0], carrying)
    found = kafkasegments.place([both], {"packets": packets}, names)[0]
    assert (found.time, found["segment.sent_in"]) == (carrying.time, carrying.number)
    other = kafkasegments.place([both], {"packets": packets}, {carrying.dst: "broker2"})[0]
    assert "segment.sent_in" not in other


def _with_sum(piece: Event, packet: Event) -> Event:
    """The same piece as if it were the batch of that packet: its bytes begin where the packet's batch does."""
    item = packet.fields["kafka.batch_crc"][0]
    payload = packet.content.buffers()[item.buffer]
    start = item.start - 17
    size = int.from_bytes(payload[start + 8 : start + 12], "big") + 12
    return kafkasegments.load(
        packed(**{"00000000000000000000__log": payload[start : start + size]}), "broker1"
    )[0]


def test_the_files_as_they_were_before() -> None:
    kept = kafkakept.load(DATA, "broker1")
    assert all(event.source == "kafkakept" and event["segment.kept"] is True for event in kept)
    assert not any("segment.kept" in event for event in EVENTS)


def test_what_is_no_archive_is_told() -> None:
    with pytest.raises(LabError):
        kafkasegments.load(b"no archive at all", "broker1")
    assert kafkasegments.load(b"", "broker1") == []


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_broken_files_are_read_as_far_as_they_go(data: st.DataObject) -> None:
    """Cut anywhere, with any byte changed: the pieces are there, and none of them is longer than the file."""
    whole = next(iter(EVENTS[0].content.buffers().values())) * 3
    changed = bytearray(whole[: data.draw(st.integers(0, len(whole)))])
    for _ in range(data.draw(st.integers(0, 4)) if changed else 0):
        changed[data.draw(st.integers(0, len(changed) - 1))] = data.draw(st.integers(0, 255))
    made = packed(
        **{
            "00000000000000000007__log": bytes(changed),
            "00000000000000000007__index": bytes(changed[:50]),
            "00000000000000000007__timeindex": bytes(changed[:50]),
        }
    )
    for event in kafkasegments.load(made, "broker1"):
        assert event["segment.size"] <= len(changed)
        assert event.content.summary()
