"""What Kafka's own tool says of a partition's files (`kafka-dump-log --print-data-log --deep-iteration`), beside what we read of them."""

import re
from collections.abc import Iterator, Sequence

from machinelab.model import Event

CODECS = {"none": 0, "gzip": 1, "snappy": 2, "lz4": 3, "zstd": 4}
MILLION = 10**6
SAME = (
    ("kafka.base_offset", "baseOffset"), ("kafka.last_offset", "lastOffset"), ("kafka.batch_size", "count"),
    ("kafka.batch_base_sequence", "baseSequence"), ("kafka.producer_id", "producerId"),
    ("kafka.producer_epoch", "producerEpoch"), ("kafka.leader_epoch", "partitionLeaderEpoch"),
    ("segment.position", "position"), ("segment.size", "size"), ("kafka.message_magic", "magic"), ("kafka.batch_crc", "crc"),
)  # fmt: skip


def dumped(text: str, kind: str) -> Iterator[tuple[str, dict[str, str]]]:
    """The tool's lines of one kind, with the file that they are of."""
    file = ""
    for line in text.splitlines():
        if line.startswith("Dumping "):
            file = line.rpartition("/")[2]
        elif line.startswith(kind):
            yield file, dict(re.findall(r"(\w+): (\S+)", line))


def batches_agree(events: Sequence[Event], text: str) -> int:
    """Each batch, header field by header field; how many there are. AssertionError where they differ."""
    ours = [event for event in events if "kafka.base_offset" in event]
    theirs = list(dumped(text, "baseOffset"))
    assert len(ours) == len(theirs)
    for event, (file, said) in zip(ours, theirs, strict=True):
        assert event["segment.file"] == file
        for name, word in SAME:
            assert event[name] == int(said[word]), (name, said)
        assert event["kafka.batch_last_timestamp"] == int(said["CreateTime"]) * MILLION
        assert event["kafka.batch_codec"] == CODECS[said["compresscodec"]]
        assert event["kafka.batch_transactional"] == (said["isTransactional"] == "true")
        assert event["kafka.batch_control_batch"] == (said["isControl"] == "true")
        assert event["kafka.batch_crc.status"] == (said["isvalid"] == "true")
    return len(ours)


def records_agree(events: Sequence[Event], text: str) -> int:
    """Each record's offset, time and size; how many there are. AssertionError where they differ."""
    theirs = [said for _, said in dumped(text, "| offset")]
    assert _all(events, "kafka.record.offset") == [int(said["offset"]) for said in theirs]
    assert _all(events, "kafka.message_timestamp") == [int(said["CreateTime"]) * MILLION for said in theirs]
    values = [len(value) for value in _all(events, "kafka.message_value") if isinstance(value, bytes)]
    assert values == [int(said["valueSize"]) for said in theirs if said["valueSize"] != "-1"]
    return len(theirs)


def keys_agree(events: Sequence[Event], text: str) -> int:
    """Each record's key, where keys are text; how many there are. AssertionError where they differ."""
    keys = [
        bytes(key).decode()
        for event in events
        for key in event.values("kafka.message_key")
        if isinstance(key, bytes) and "kafka.control_type" not in event
    ]
    assert keys == [said["key"] for _, said in dumped(text, "| offset") if "key" in said]
    return len(keys)


def indexes_agree(events: Sequence[Event], text: str) -> int:
    """Each entry of both indexes; how many there are. AssertionError where they differ.

    Of an index with no entry yet the tool prints one of zeros: that is the space that the file has in advance.
    """
    places = [
        (e["segment.file"], e["segment.index.offset"], e["segment.index.position"])
        for e in events
        if "segment.index.offset" in e
    ]
    assert places == [
        (file, int(said["offset"]), int(said["position"]))
        for file, said in dumped(text, "offset")
        if said["position"] != "0" or said["offset"] != "0"
    ]
    times = [
        (e["segment.file"], e["segment.timeindex.timestamp"], e["segment.timeindex.offset"])
        for e in events
        if "segment.timeindex.offset" in e
    ]
    assert times == [
        (file, int(said["timestamp"]) * MILLION, int(said["offset"]))
        for file, said in dumped(text, "timestamp")
        if said["timestamp"] != "0"
    ]
    return len(places) + len(times)


def _all(events: Sequence[Event], name: str) -> list[object]:
    return [value for event in events for value in event.values(name)]
