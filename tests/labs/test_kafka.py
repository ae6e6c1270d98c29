"""What the Kafka lab's references have to show, beyond what every lab is asked."""

import pytest

from machinelab import catalog, reading


@pytest.fixture(scope="module")
def lab():
    return catalog.load_lab("kafka")


def shown(lab, experiment):
    return reading.open_lab(lab, experiment, shipped=True).run


def batches(run, source):
    return [e for e in run.trace.events if e.source == source and "kafka.batch_crc" in e]


def test_offset_41_is_on_the_disk_twice_and_the_second_time_by_another_leader(lab):
    run = shown(lab, "leader-killed")
    (before,) = (e for e in batches(run, "kafkakept") if e["kafka.base_offset"] == 41)
    (after,) = (e for e in batches(run, "kafkasegments") if e["kafka.base_offset"] == 41)
    assert (before["kafka.leader_epoch"], after["kafka.leader_epoch"]) == (0, 1)
    cut = run.first("cut-off")
    assert before.time < cut.time < after.time, "the file was cut in between"


def test_compaction_leaves_offsets_as_they_were(lab):
    run = shown(lab, "compaction")
    left = [value for e in batches(run, "kafkasegments") for value in e.values("kafka.record.offset")]
    assert left == [4, 5, 6]
    assert [value for e in batches(run, "kafkakept") for value in e.values("kafka.record.offset")] == [
        *range(6)
    ]


def test_a_record_has_one_checksum_on_the_wire_and_on_the_disk(lab):
    run = shown(lab, "batch")
    assert run.first("batch")["kafka.batch_crc"] == run.first("on-disk")["kafka.batch_crc"]
