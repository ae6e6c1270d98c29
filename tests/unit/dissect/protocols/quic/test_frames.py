"""Frames: each type read whole, cut short anywhere, and any bytes at all."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from machinelab import fields
from machinelab.dissect.protocols.quic.frames import QuicFrame, frames

STREAM = bytes.fromhex("0f 04 4100 03 616263")
ACK = bytes.fromhex("03 0a 01 01 02 00 03 05 06 07")
MADE = {
    "ping": b"\x01",
    "ack": ACK,
    "reset": bytes.fromhex("04 04 4100 05"),
    "stop": bytes.fromhex("05 04 4100"),
    "crypto": bytes.fromhex("06 00 03 616263"),
    "token": bytes.fromhex("07 02 aabb"),
    "stream": STREAM,
    "max-data": bytes.fromhex("10 7fff"),
    "blocked": bytes.fromhex("15 04 4100"),
    "new-id": bytes.fromhex("18 01 00 02 abcd") + bytes(16),
    "challenge": b"\x1a12345678",
    "close": bytes.fromhex("1c 4130 06 03") + b"bad",
    "application-close": bytes.fromhex("1d 4100 00"),
    "done": b"\x1e",
    "datagram": bytes.fromhex("31 02 6869"),
}


def values(frame: QuicFrame) -> dict[str, object]:
    return {name: value for name, value, *_ in frame.fields}


@pytest.mark.parametrize("name", MADE)
def test_a_frame_is_read_to_its_end(name: str) -> None:
    (found,) = frames(MADE[name])
    assert found.whole and (found.start, found.stop) == (0, len(MADE[name]))
    assert {f"quic.{each}" for each in values(found)} <= fields.registry().keys()


@pytest.mark.parametrize("name", [name for name, data in MADE.items() if len(data) > 1])
def test_a_frame_cut_short_says_so(name: str) -> None:
    for size in range(1, len(MADE[name])):
        found = list(frames(MADE[name][:size]))[-1]
        assert not found.whole and found.stop == size


def test_a_stream_frame() -> None:
    (found,) = frames(STREAM)
    assert (found.stream, found.offset, found.fin, found.data) == (4, 256, True, (5, 8))
    assert values(found)["stream.initiator"] == 0 and values(found)["stream.direction"] == 0


def test_an_acknowledgement_with_a_gap_and_marks() -> None:
    (found,) = frames(ACK)
    said = values(found)
    assert (said["ack.gap"], said["ack.ack_range"], said["ack.ecn_ce_count"]) == (0, 3, 7)


def test_an_alert_is_in_the_error_code() -> None:
    (found,) = frames(MADE["close"])
    assert values(found)["cc.error_code.tls_alert"] == 0x30 and values(found)["cc.reason_phrase"] == "bad"


def test_padding_counts_once_and_what_is_unknown_ends_it() -> None:
    found = list(frames(b"\0\0\0\x01\x21after"))
    assert [each.type for each in found] == [0, 1, 0x21]
    assert values(found[0])["padding_length"] == 3 and [each.whole for each in found] == [True, True, False]


@given(st.binary(max_size=300))
def test_any_bytes(data: bytes) -> None:
    at = 0
    for found in frames(data):
        assert found.start == at and at < found.stop <= len(data)
        assert all(0 <= start <= stop <= len(data) for _, _, start, stop, _ in found.fields)
        at = found.stop
