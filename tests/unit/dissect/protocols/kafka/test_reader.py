"""Kafka's primitive types, read byte by byte: the protocol guide's, and KIP-482's compact ones."""

import struct
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from machinelab.dissect.core import Raw, Short, View
from machinelab.dissect.protocols.kafka.reader import DEEPEST, Cut, Reader
from machinelab.dissect.protocols.kafka.schema import ENTITY, Plan, Slot
from machinelab.dissect.protocols.kafka.topics import NOBODY


def reader(data: bytes, left: int = 100) -> Reader:
    out: list[Raw] = []
    return Reader(View(NOBODY, data, "message", out), 0, len(data), left=left)


def told(at: Reader) -> list[tuple[object, ...]]:
    """(name, value, start, stop) of each field."""
    return [item[:4] for item in at.view.out]


def varint(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes((*out, value))


@given(st.integers(0, (1 << 64) - 1))
def test_a_varint_is_what_was_written(value: int) -> None:
    at = reader(varint(value))
    assert at.varint() == value and at.at == at.stop


@given(st.integers(-(1 << 63), (1 << 63) - 1))
def test_a_sign_stands_in_the_lowest_bit(value: int) -> None:
    assert reader(varint((value << 1) ^ (value >> 63))).zigzag() == value


@pytest.mark.parametrize("data", [b"", b"\x80", b"\xff" * 11])
def test_a_varint_that_does_not_end(data: bytes) -> None:
    with pytest.raises(Short):
        reader(data).varint()


def test_a_number_has_two_names_where_it_is_asked_to() -> None:
    at = reader(struct.pack(">q", -2))
    assert at.number("kafka.offset", "int64", "kafka.fetch_offset") == -2
    assert told(at) == [("kafka.offset", -2, 0, 8), ("kafka.fetch_offset", -2, 0, 8)]
    with pytest.raises(Short):
        at.number("kafka.offset", "int8")


@pytest.mark.parametrize(("data", "compact"), [(b"\0\3abc", False), (b"\4abc", True)])
def test_a_texts_length_is_a_part_of_its_field(data: bytes, compact: bool) -> None:
    at = reader(data)
    assert at.text("kafka.topic_name", compact=compact) == "abc"
    assert told(at) == [("kafka.topic_name", "abc", 0, len(data))]


@pytest.mark.parametrize(("data", "compact"), [(b"\xff\xff", False), (b"\0", True)])
def test_a_text_that_is_null_is_no_field(data: bytes, compact: bool) -> None:
    at = reader(data)
    assert at.text("kafka.topic_name", compact=compact) is None and not told(at)


@pytest.mark.parametrize(("data", "compact"), [(b"\0\4abc", False), (b"\5abc", True), (b"\xff\xfe", False)])
def test_a_length_that_cannot_be(data: bytes, compact: bool) -> None:
    with pytest.raises(Short):
        reader(data).length("int16", compact=compact)


def test_no_more_fields_than_anybody_looks_at() -> None:
    at = reader(b"\1\2\3", left=2)
    at.number("kafka.a", "int8")
    at.number("kafka.b", "int8")
    with pytest.raises(Cut):
        at.number("kafka.c", "int8")
    assert len(told(at)) == 2


LEAF = Slot("kafka.partition_id", "int32", "Partitions", array=True)
TOPIC = Plan((Slot("kafka.topic_name", "string", "Name"), LEAF), {}, True)


def test_each_element_of_an_array_stands_under_a_heading_of_its_own() -> None:
    whole = Plan((Slot("", ENTITY, "Topics", array=True, plan=TOPIC),), {}, True)
    at = reader(b"\3" + b"\2a\2\0\0\0\7\0" + b"\2b\1\0" + b"\0")
    at.structure(whole)
    assert [(item[1], item[6]) for item in at.view.out] == [
        ("a", "kafka/Topics/1"), (7, "kafka/Topics/1"), ("b", "kafka/Topics/2"),
    ]  # fmt: skip
    assert at.at == at.stop and at.group == "kafka"


def test_a_field_by_tag_is_told_as_it_is_and_by_its_name() -> None:
    plan = Plan((), {5: Slot("kafka.leader_epoch", "int32", "Epoch")}, True)
    at = reader(b"\2" + b"\5\4\0\0\0\1" + b"\7\1x")
    at.structure(plan)
    names = [item[0] for item in at.view.out]
    assert names.count("kafka.tagged_field_tag") == names.count("kafka.tagged_field_data") == 2
    assert ("kafka.leader_epoch", 1, 3, 7) in told(at) and at.at == at.stop


def test_a_structure_that_may_be_missing_says_so_in_one_byte() -> None:
    maybe = Plan(
        (Slot("", ENTITY, "Leader", nullable=True, plan=Plan((Slot("kafka.x", "int8", "X"),), {}, False)),),
        {},
        False,
    )
    absent, there = reader(b"\xff"), reader(b"\1\x05")
    absent.structure(maybe)
    there.structure(maybe)
    assert not told(absent)
    assert told(there) == [("kafka.x", 5, 1, 2)]


def test_structures_are_not_followed_for_ever() -> None:
    with pytest.raises(Short):
        reader(b"\0").structure(TOPIC, depth=DEEPEST + 1)


def test_a_topics_id_brings_its_name_where_that_is_known() -> None:
    known = uuid.UUID(int=7)
    at = reader(known.bytes + uuid.UUID(int=8).bytes)
    at.topics = {str(known): "orders"}
    slot = Slot("kafka.topic_id", "uuid", "TopicId")
    at.structure(Plan((slot, slot), {}, False))
    assert told(at) == [
        ("kafka.topic_id", str(known), 0, 16), ("kafka.topic", "orders", 0, 0), ("kafka.topic_id", str(uuid.UUID(int=8)), 16, 32),
    ]  # fmt: skip
