"""Kafka's protocol, on what librdkafka and three brokers said: as kio reads it, cut at every length, changed, and as one line each."""

import dataclasses
import uuid
from collections import Counter
from datetime import datetime, timedelta
from enum import Enum
from importlib import import_module
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kio.schema.index import api_key_map, schema_name_map
from kio.serial import entity_reader
from kio.static.constants import EntityType

from machinelab import fields
from machinelab.dissect.core import Frame, PacketInfo, Part, Raw, Source, View
from machinelab.dissect.packet import Packet
from machinelab.dissect.protocols.kafka.dissector import APPLICATIONS, dissect, summary
from machinelab.dissect.protocols.kafka.request import MessageState
from machinelab.model import Event
from machinelab.sources import pcap
from tests.captures import containers

EVENTS = pcap.load(containers.KAFKA).events
NOTE = PacketInfo(0, Frame(0, b"", 0, Source(0, 1)), 0, 0)
# What is no field of a schema: the header, what is worked out, what stands in records, tags as they are.
HEADER = {
    "kafka", "kafka.len", "kafka.api_key", "kafka.request_key", "kafka.response_key", "kafka.api_version", "kafka.request.version",
    "kafka.response.version", "kafka.correlation_id", "kafka.client_id", "kafka.response_frame", "kafka.request_frame",
    "kafka.time", "kafka.topic", "kafka.forgotten_topic", "kafka.tagged_field_tag", "kafka.tagged_field_data",
}  # fmt: skip


def messages() -> list[tuple[bytes, Part]]:
    """Every message of the capture, with what its session noted."""
    found = []
    for event in EVENTS:
        assert isinstance(event.content, Packet)
        info = event.content.info
        for part in info.parts:
            data = part.data if part.data is not None else info.data
            found.append((data[part.start : part.stop], part))
    return found


MESSAGES = messages()


def read(payload: bytes, part: Part) -> list[Raw]:
    """The fields of one message alone."""
    out: list[Raw] = []
    dissect(
        View(NOTE, payload, "message", out),
        Part(part.protocol, 0, len(payload), state=part.state, to_server=part.to_server),
    )
    return out


def first(name: str, value: object) -> Event:
    return next(event for event in EVENTS if value in event.values(name))


def _kio(payload: bytes, part: Part, state: MessageState) -> Any:
    """The body as kio reads it, headers and all, to the last byte."""
    kind = EntityType.request if part.to_server else EntityType.response
    where = schema_name_map[api_key_map[state.api]][state.version][kind]
    module, _, name = where.partition(":")
    entity = getattr(import_module(module), name)
    buffer, at = payload[4:], 0
    _, size = entity_reader(entity.__header_schema__)(buffer, at)
    at += size
    body, size = entity_reader(entity)(buffer, at)
    assert at + size == len(buffer)
    return body


def _values(entity: Any) -> list[object]:
    """All that an entity holds, in no order: what comes by tag stands elsewhere for us."""
    if dataclasses.is_dataclass(entity):
        return [
            value for field in dataclasses.fields(entity) for value in _values(getattr(entity, field.name))
        ]
    if isinstance(entity, tuple):
        return [value for each in entity for value in _values(each)]
    return [_plain(entity)]


def _plain(value: object) -> object:
    if isinstance(value, Enum):
        return int(value.value)
    if isinstance(value, timedelta):
        return round(value.total_seconds() * 1000)
    if isinstance(value, datetime):
        return round(value.timestamp() * 1000)
    if isinstance(value, uuid.UUID):
        return str(value)
    return value


def test_every_message_is_read_as_kio_reads_it() -> None:
    """kio's own reader is another program (in Rust): it says what values there are, and that no byte is left."""
    seen: Counter[tuple[int, int, bool]] = Counter()
    for payload, part in MESSAGES:
        state = part.state
        assert isinstance(state, MessageState)
        if state.api < 0:
            continue
        body = _kio(payload, part, state)
        theirs = Counter(
            repr(value) for value in _values(body) if value is not None and not isinstance(value, bytes)
        )
        ours = Counter(
            repr(_ours(item))
            for item in read(payload, part)
            if (item[0] not in HEADER or item[:1] + item[6:] == MEMBER)
            and "/Batch/" not in item[6]
            and not isinstance(item[1], bytes)
            and _once(item)
        )
        missing, extra = theirs - ours, ours - theirs
        # What comes by tag and is not there has its default in kio's, and no bytes.
        assert not extra, (state, extra)
        assert set(missing) <= {"-1", "0", "False", "''", str((1 << 63) - 1)}, (state, missing)
        seen[state.api, state.version, part.to_server] += 1
    assert len({api for api, _, _ in seen}) > 30, "the capture has lost most of its APIs"


MEMBER = ("kafka.client_id", "kafka/Groups/1/Members/1")  # whose client is told of too
NOBODY = str(uuid.UUID(int=0))
SECOND = {"kafka.fetch_offset", "kafka.high_watermark", "kafka.committed_offset", "kafka.base_offset", "kafka.end_offset",
          "kafka.committed_leader_epoch", "kafka.controller_id", "kafka.preferred_read_replica"}  # fmt: skip


def _once(item: Raw) -> bool:
    """Not the schema's own name for what has Wireshark's too; not an id of zeros, which for kio is none."""
    return item[0] not in SECOND and item[1] != NOBODY


def _ours(item: Raw) -> object:
    value = item[1]
    if (
        item[0].endswith("authorized_ops")
        and isinstance(value, int)
        and not isinstance(value, bool)
        and value >= 1 << 31
    ):
        return value - (1 << 32)
    return value


def test_every_field_is_known_and_its_bytes_are_those_it_is_made_of() -> None:
    for payload, part in MESSAGES:
        for name, value, start, stop, buffer, _, group in read(payload, part):
            kind = fields.registry()[name]
            assert group.startswith("kafka")
            assert buffer != "message" or 0 <= start <= stop <= len(payload)
            if (
                buffer == "message"
                and isinstance(value, str)
                and kind.kind == "string"
                and stop - start == len(value) + 2
            ):
                assert payload[start + 2 : stop].decode() == value


def test_all_that_brokers_and_clients_said_is_read_to_its_end() -> None:
    bad = (
        "_ws.malformed",
        "kafka.unread",
        "kafka.left_over",
        "kafka.not_unpacked",
        "kafka.cut",
        "kafka.truncated_content",
    )
    for event in EVENTS:
        assert not [name for name in bad if name in event], event.number
        assert 0 not in event.values("kafka.batch_crc.status")


def test_a_reply_is_tied_to_its_request_both_ways() -> None:
    ask = first("kafka.request_key", 22)
    reply = next(event for event in EVENTS if event.number == ask["kafka.response_frame"])
    assert reply["kafka.request_frame"] == ask.number
    assert reply["kafka.correlation_id"] == ask["kafka.correlation_id"]
    assert reply["kafka.time"] == reply.time - ask.time
    assert ask.messages[0].exchange and reply.messages[0].exchange
    assert ask.messages[0].exchange.key == reply.messages[0].exchange.key


def test_a_reply_whose_request_came_before_the_capture_says_so() -> None:
    event = next(event for event in EVENTS if "kafka.request_missing" in event)
    assert "kafka.response_key" not in event
    assert event.content.summary() == "reply to a request that was not seen"


def test_who_wants_no_acknowledgment_waits_for_none() -> None:
    asked = [event for event in EVENTS if event.values("kafka.request_key") == [0]]
    by_acks = {event["kafka.required_acks"]: event for event in asked}
    assert by_acks[0].messages[0].exchange is None and "kafka.response_frame" not in by_acks[0]
    assert by_acks[1].messages[0].exchange is not None and "kafka.response_frame" in by_acks[1]


def test_a_topic_that_has_only_an_id_is_called_by_its_name() -> None:
    event = next(
        e
        for e in EVENTS
        if e.values("kafka.response_key") == [1]
        and "kafka.message_value" in e
        and "mix" in e.values("kafka.topic")
    )
    assert "kafka.topic_name" not in event
    name = event.fields["kafka.topic"][0]
    assert name.generated and name.group == event.fields["kafka.topic_id"][0].group


@pytest.mark.parametrize(
    ("api", "line"),
    [
        (19, "CreateTopics v4  partitions 1  mix"),
        (26, "EndTxn v1  transaction tx1  commit"),
        (68, "ConsumerGroupHeartbeat v1  group readers-consumer  member epoch 0"),
    ],
)
def test_a_message_in_one_line(api: int, line: str) -> None:
    assert line.startswith(first("kafka.request_key", api).content.summary())


@settings(max_examples=400, deadline=None)
@given(st.data())
def test_hostile_bytes_are_read_as_far_as_they_go(data: st.DataObject) -> None:
    payload, part = data.draw(st.sampled_from(MESSAGES))
    changed = bytearray(payload[: data.draw(st.integers(1, len(payload)))])
    for _ in range(data.draw(st.integers(0, 6))):
        changed[data.draw(st.integers(0, len(changed) - 1))] = data.draw(st.integers(0, 255))
    out = read(bytes(changed), part)
    assert len(out) <= 100_100
    for _, _, start, stop, buffer, _, _ in out:
        assert buffer != "message" or 0 <= start <= stop <= len(changed)
    assert isinstance(summary(bytes(changed), part), str)


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=400), st.integers(-1, 100), st.integers(-1, 20), st.booleans())
def test_bytes_that_mean_nothing(data: bytes, api: int, version: int, to_server: bool) -> None:
    part = Part(APPLICATIONS[0], 0, len(data), state=MessageState(api, version, 1), to_server=to_server)
    head = (
        len(data).to_bytes(4, "big")
        + (api & 0xFFFF).to_bytes(2, "big")
        + (version & 0xFFFF).to_bytes(2, "big")
        if to_server
        else b""
    )
    assert read(head + data, part)


def test_kio_reads_what_we_gave_it() -> None:
    """The comparison above can fail: a byte that is changed is a value that is not the same."""
    payload, part = next(
        (p, q) for p, q in MESSAGES if isinstance(q.state, MessageState) and q.state.api == 26 and q.to_server
    )
    assert isinstance(part.state, MessageState)
    at = len(payload) - 1  # the last byte says whether to commit
    changed = payload[:at] + bytes([payload[at] ^ 1])
    ours = [item[1] for item in read(changed, part) if item[0] == "kafka.transaction_result"]
    assert [_kio(payload, part, part.state).committed] != ours
