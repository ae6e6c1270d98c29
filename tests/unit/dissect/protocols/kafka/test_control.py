"""Records that servers write for each other, as three brokers really wrote them, and records that only look like it."""

import pytest

from machinelab.dissect.core import Raw, View
from machinelab.dissect.protocols.kafka.control import kept, metadata
from machinelab.dissect.protocols.kafka.reader import Reader
from machinelab.dissect.protocols.kafka.topics import NOBODY
from tests.unit.dissect.protocols.kafka.test_dissector import EVENTS, first


def read(what: object, data: bytes, key: int) -> dict[str, object]:
    out: list[Raw] = []
    reader = Reader(View(NOBODY, data, "message", out), 0, len(data))
    if what is kept:
        kept(reader, (0, key), (key, len(data)) if key < len(data) else None)
    else:
        metadata(reader, (0, len(data)))
    return {item[0]: item[1] for item in out}


def test_the_controller_says_who_leads_a_new_partition_and_who_is_in_sync() -> None:
    event = first("kafka.metadata_record", 3)
    assert event["kafka.change.leader"] == 1
    assert sorted(map(int, map(str, event.values("kafka.change.isr")))) == [1, 2, 3]
    assert event["kafka.change.topic_id"] in event.values("kafka.change.topic_id")


def test_a_groups_place_is_a_record_of_its_own() -> None:
    event = next(event for event in EVENTS if "readers-classic" in event.values("kafka.kept.group"))
    assert event["kafka.kept.topic"] == "mix" and event["kafka.kept.partition"] == 0
    committed = next(e for e in EVENTS if e.values("kafka.request_key") == [8])
    assert event["kafka.kept.offset"] == committed["kafka.committed_offset"]


KEY = b"\0\1\0\4shop\0\6orders\0\0\0\2"


@pytest.mark.parametrize(
    "broken", [KEY[:-1], KEY + b"\0", b"\0\7" + KEY[2:], b"\0\1\xff\xff" + KEY[4:], b"k1", b""]
)
def test_a_key_that_is_no_groups(broken: bytes) -> None:
    assert not read(kept, broken, len(broken))


def test_a_place_that_is_forgotten_has_no_offset() -> None:
    found = read(kept, KEY, len(KEY))
    assert found == {"kafka.kept.group": "shop", "kafka.kept.topic": "orders", "kafka.kept.partition": 2}


@pytest.mark.parametrize("value", [b"", b"\1", b"\1\x06\0", b"\2\2\0", b"order-1", b"\1\2\x0a"])
def test_a_value_that_is_no_record_of_the_metadata_log(value: bytes) -> None:
    assert not read(metadata, value, 0)


def test_a_transactions_state_is_a_record_of_its_own() -> None:
    states = [
        status
        for event in EVENTS
        if "tx1" in event.values("kafka.kept.transaction")
        for status in event.values("kafka.kept.status")
    ]
    assert {1, 2, 4, 3, 5} <= set(states), "ongoing; to be committed, committed; to be aborted, aborted"


@pytest.mark.parametrize("value", [b"", b"\0\1" + bytes(14) + b"\x63" + bytes(3), b"\0\7" + bytes(20)])
def test_a_key_with_one_word_and_no_transactions_value(value: bytes) -> None:
    key = b"\0\0\0\3tx1"
    assert not read(kept, key + value, len(key))
