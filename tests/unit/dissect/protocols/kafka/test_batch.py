"""Record batches: on the wire and on the disk, changed by a bit, of an older format, cut short, and too many."""

import gzip
import struct

from machinelab.dissect.core import Raw, View
from machinelab.dissect.protocols.kafka.batch import batches
from machinelab.dissect.protocols.kafka.reader import Cut, Reader
from machinelab.dissect.protocols.kafka.topics import NOBODY
from machinelab.sources.kinds import kafkasegments
from tests.captures import containers

PIECES = [
    event
    for event in kafkasegments.load(containers.SEGMENTS.read_bytes(), "broker1")
    if "kafka.base_offset" in event
]
PLAIN = PIECES[0].content.buffers()["segment"]


def read(data: bytes) -> tuple[list[Raw], View]:
    out: list[Raw] = []
    view = View(NOBODY, data, "segment", out)
    try:
        batches(Reader(view, 0, len(data)), 0, len(data))
    except Cut:
        out.append(("cut", True, 0, 0, "", 0, ""))
    return out, view


def values(out: list[Raw], name: str) -> list[object]:
    return [item[1] for item in out if item[0] == name]


def test_each_record_has_its_offset_its_time_and_where_its_bytes_stand() -> None:
    out, _ = read(PLAIN)
    assert values(out, "kafka.record.offset") == [0, 1, 2, 3, 4, 5]
    for item in out:
        if item[0] in ("kafka.message_key", "kafka.message_value", "kafka.header_value"):
            assert PLAIN[item[2] : item[3]] == item[1]
    times = values(out, "kafka.message_timestamp")
    assert min(int(str(time)) for time in times) == values(out, "kafka.batch_first_timestamp")[0]


def test_what_is_null_has_no_field() -> None:
    out, _ = read(PLAIN)
    by_record = {
        group: [item for item in out if item[6] == group]
        for group in {item[6] for item in out if "/Record/" in item[6]}
    }
    first = by_record["kafka/Batch/1/Record/1"]
    assert not values(first, "kafka.message_key") and not values(first, "kafka.message_value")
    assert values(by_record["kafka/Batch/1/Record/1/Header/1"], "kafka.header_key") == ["h"]


def test_each_compression_holds_the_same_records() -> None:
    records = []
    for event, codec in zip(PIECES[:5], (0, 1, 2, 3, 4), strict=True):
        assert event["kafka.batch_codec"] == codec
        out, view = read(event.content.buffers()["segment"])
        records.append((values(out, "kafka.message_key"), values(out, "kafka.message_value")))
        assert ("Decompressed records" in view.buffers) == (codec > 0)
    assert all(each == records[0] for each in records)


def test_a_bit_that_is_changed_shows_in_the_checksum() -> None:
    changed = bytearray(PLAIN)
    changed[-1] ^= 1
    out, _ = read(bytes(changed))
    assert values(out, "kafka.batch_crc.status") == [0]
    assert values(read(PLAIN)[0], "kafka.batch_crc.status") == [1]


def test_the_base_offset_and_the_leaders_epoch_may_change_on_the_way() -> None:
    changed = bytearray(PLAIN)
    changed[7] = 41
    changed[15] = 9
    out, _ = read(bytes(changed))
    assert values(out, "kafka.batch_crc.status") == [1]
    assert values(out, "kafka.record.offset")[0] == 41
    assert values(out, "kafka.last_offset") == [46]


def test_a_batch_whose_end_is_not_there() -> None:
    out, _ = read(PLAIN + PLAIN[:40])
    assert values(out, "kafka.truncated_content") == [PLAIN[:40]]
    assert len(values(out, "kafka.record.offset")) == 6


def test_an_older_format_is_named_and_not_read() -> None:
    changed = bytearray(PLAIN)
    changed[16] = 1
    out, _ = read(bytes(changed))
    assert values(out, "kafka.unknown_message_magic") and not values(out, "kafka.record.offset")


def test_a_compressed_batch_may_not_unpack_to_more_than_anybody_looks_at() -> None:
    bomb = gzip.compress(bytes(64 << 20))
    head = bytearray(PLAIN[:61])
    head[8:12] = struct.pack(">i", 61 - 12 + len(bomb))
    head[22] = 1
    out, view = read(bytes(head) + bomb)
    assert values(out, "kafka.not_unpacked") == [bomb]
    assert sum(map(len, view.buffers.values())) < 1 << 20


def test_the_end_of_a_transaction_says_how_it_ended() -> None:
    out, _ = read(PIECES[-1].content.buffers()["segment"])
    assert values(out, "kafka.batch_control_batch") == [1]
    assert values(out, "kafka.control_type") == [1]
    assert values(out, "kafka.marker_epoch") == [0]
