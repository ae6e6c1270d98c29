"""A Kafka message in one line: what a reader wants of each kind, on what brokers and clients really said."""

import re
import struct

import pytest

from machinelab.dissect.core import Part
from machinelab.dissect.protocols.kafka.dissector import APPLICATIONS
from machinelab.dissect.protocols.kafka.request import MessageState
from machinelab.dissect.protocols.kafka.schema import title
from machinelab.dissect.protocols.kafka.summary import PLACES, summary
from tests.unit.dissect.protocols.kafka.test_dissector import MESSAGES, read


def lines(api: int, to_server: bool) -> list[str]:
    return [
        summary(payload, part)
        for payload, part in MESSAGES
        if isinstance(part.state, MessageState) and part.state.api == api and part.to_server is to_server
    ]


@pytest.mark.parametrize(
    ("api", "to_server", "pattern"),
    [
        (0, True, r"Produce v\d+  (transaction \S+  )?acks (all|0|1)  \S+/\d+ \d+( to \d+)?"),
        (0, False, r"Produce reply  \S+/\d+ \d+"),
        (1, False, r"Fetch reply.*\S+/\d+ \d+( to \d+)?( \(.*\))?, high watermark \d+"),
        (1, True, r"Fetch v\d+  .*\S+/\d+ (epoch \d+, )?from \d+"),
        (1, True, r"Fetch v\d+  as before"),
        (8, True, r"OffsetCommit v\d+  group \S+.*\S+/\d+ at \d+"),
        (10, True, r"FindCoordinator v\d+  for \S+"),
        (26, True, r"EndTxn v\d+  transaction tx1  (commit|abort)"),
    ],
)
def test_a_line_says_what_a_reader_wants(api: int, to_server: bool, pattern: str) -> None:
    assert any(re.match(pattern, line) for line in lines(api, to_server)), lines(api, to_server)[:5]


def test_every_line_begins_with_the_api_and_is_one_line() -> None:
    for payload, part in MESSAGES:
        line = summary(payload, part)
        assert isinstance(part.state, MessageState)
        head = title(part.state.api) if part.state.api >= 0 else "reply to a request"
        assert line.startswith(head) and "\n" not in line and "None" not in line


def offsets_wanted(partitions: int) -> tuple[bytes, Part]:
    """A request for the ends of so many partitions (ListOffsets v1)."""
    places = b"".join(struct.pack(">iq", index, -1) for index in range(partitions))
    body = (
        struct.pack(">hhi2si", 2, 1, 1, b"\xff\xff", -1)
        + struct.pack(">ih2si", 1, 2, b"us", partitions)
        + places
    )
    payload = struct.pack(">i", len(body)) + body
    return payload, Part(APPLICATIONS[0], 0, len(payload), state=MessageState(2, 1, 1), to_server=True)


def test_a_line_names_as_many_partitions_as_fit_and_counts_the_rest() -> None:
    assert summary(*offsets_wanted(PLACES)) == "ListOffsets v1  us/0; us/1; us/2"
    assert summary(*offsets_wanted(PLACES + 2)) == "ListOffsets v1  us/0; us/1; us/2; and 2 more"
    for payload, part in MESSAGES:
        named = sum(item[0] == "kafka.partition_id" for item in read(payload, part))
        line = summary(payload, part)
        assert (f"and {named - PLACES} more" in line) is (named > PLACES), line


def test_an_error_is_told_by_its_name() -> None:
    said = [summary(payload, part) for payload, part in MESSAGES]
    assert any(line.endswith("MEMBER_ID_REQUIRED") for line in said)
    assert not any(re.search(r"  0$", line) for line in said)


def test_what_is_too_short_has_a_line_all_the_same() -> None:
    part = Part(APPLICATIONS[0], 0, 0, state=MessageState(), to_server=False)
    assert summary(b"", part) == "reply to a request that was not seen"
