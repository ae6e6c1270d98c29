"""SCTP in DTLS as aiortc spoke it (tests/captures): a channel, parts of a message, a loss made good and one given up; any bytes at all."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from machinelab import fields
from machinelab.dissect.core import Frame, PacketInfo, Part, Raw, Source, Stream, View
from machinelab.dissect.protocols.sctp import dissector, packet
from machinelab.dissect.protocols.sctp.session import Association
from machinelab.model import Event
from machinelab.sources import pcap
from tests.captures import containers

APPLICATION = dissector.APPLICATIONS[0]
PATHS = {path.stem.removeprefix("dtls-"): path for path in containers.DTLS}


def events(name: str) -> list[Event]:
    found = pcap.load(PATHS[name], keys=PATHS[name].with_suffix(".keys")).events
    return [each for each in found if "sctp" in each]


def packets(name: str) -> list[bytes]:
    return [each.content.buffers()["Decrypted DTLS"] for each in events(name)]


def dissected(*data: bytes) -> list[Raw]:
    """The fields of the last of several packets of one side."""
    session, out = Association(Stream("udp", 0, 0)), list[Raw]()
    for number, each in enumerate(data, 1):
        info = PacketInfo(number, Frame(number, each, len(each), Source(0, 1)), 0, 0)
        _, state = session.observe(each, info, True)
        out, part = [], Part(APPLICATION, 0, len(each), state=state)
        view = View(info, each, "frame", out)
        dissector.dissect(view, part)
        assert dissector.summary(each, part)
        for name, _, first, last, buffer, _, _ in out:
            assert name in fields.registry(), name
            assert 0 <= first <= last <= len(view.buffers[buffer]), name
    return out


SAMPLES = list(
    {(len(each), each[12]): each for name in PATHS if name != "cookie" for each in packets(name)}.values()
)


def test_the_checksum_is_castagnolis() -> None:
    """32 bytes of zeros, and of ones: RFC 3720 §B.4."""
    assert packet.crc32c(bytes(32)) == 0x8A9136AA and packet.crc32c(b"\xff" * 32) == 0x62A8AB43
    for each in SAMPLES:
        assert packet.checksum(each) == packet.number(each, 8)
        assert packet.checksum(each[:-1] + bytes([each[-1] ^ 1])) != packet.number(each, 8)


def test_each_side_opens_and_is_answered() -> None:
    found = [each for each in events("channel") if each["sctp.chunk_type"] in (1, 2, 10, 11)]
    pairs = [each.messages[0].exchange for each in found]
    for kind, answer in ((1, 2), (10, 11)):
        asked = {
            pair.key
            for each, pair in zip(found, pairs, strict=True)
            if pair and each["sctp.chunk_type"] == kind
        }
        given = {
            pair.key
            for each, pair in zip(found, pairs, strict=True)
            if pair and each["sctp.chunk_type"] == answer
        }
        assert asked == given and len(asked) == 2


def test_a_channel_is_opened_and_that_is_acknowledged() -> None:
    opened, agreed = (each for each in events("channel") if "rtcdc" in each)
    assert (opened["rtcdc.message_type"], opened["rtcdc.label"], opened["rtcdc.channel_type"]) == (
        3,
        "news",
        0,
    )
    one, other = opened.messages[0].exchange, agreed.messages[0].exchange
    assert one and other and one.key == other.key and not one.reply and other.reply
    assert opened.content.summary() == "DATA  stream 1  open news"


def test_numbers_count_from_the_first() -> None:
    sent = [each for each in events("channel") if each.values("sctp.data_payload_proto_id") == [51]]
    assert [each["sctp.data_tsn"] for each in sent] == [1, 2, 3, 4, 5]
    acked = [each["sctp.sack_cumulative_tsn_ack"] for each in events("channel") if "sctp.sack_a_rwnd" in each]
    assert acked == [0, 0, 1, 2, 3, 4, 5]


def test_a_long_message_comes_in_parts() -> None:
    parts = [each for each in events("loose") if each.values("sctp.data_payload_proto_id") == [51]]
    whole = [each for each in parts if "data.data" in each]
    assert len(parts) == 9 and len(whole) == 3
    assert all(len(each["data.data"]) == 3000 for each in whole)  # type: ignore[arg-type]
    assert [each["sctp.reassembled_in"] for each in parts[:2]] == [parts[2].number] * 2
    assert parts[2].values("sctp.fragment") == [each.number for each in parts[:3]]


def test_what_is_lost_is_sent_again_where_order_counts() -> None:
    found = events("lost-ordered")
    (again,) = (each for each in found if "sctp.retransmission" in each)
    first = next(each for each in found if each.number == again["sctp.retransmission"])
    assert (
        first["sctp.retransmitted"] == again.number and first["sctp.data_tsn"] == again["sctp.data_tsn"] == 3
    )
    gaps = [each["sctp.sack_gap_block_end_tsn"] for each in found if "sctp.sack_gap_block_end_tsn" in each]
    assert gaps == [4, 5, 6]


def test_and_given_up_where_it_does_not() -> None:
    found = events("lost-loose")
    assert not any("sctp.retransmission" in each for each in found)
    (forward,) = (each for each in found if "sctp.forward_tsn_tsn" in each)
    assert forward.content.summary() == "FORWARD TSN"


def test_a_stream_of_other_bytes_is_not_sctp() -> None:
    session = Association(Stream("udp", 0, 0))
    assert session.size(b"hello, this is no packet of that kind.", 0, True) == -1
    assert session.size(SAMPLES[0][:-1] + b"x", 0, True) == -1, "its checksum is wrong"
    assert session.size(SAMPLES[0], 0, True) == len(SAMPLES[0])


@pytest.mark.parametrize("data", SAMPLES, ids=lambda data: f"kind {data[12]}, {len(data)} bytes")
def test_cut_at_every_length_nothing_fails(data: bytes) -> None:
    for length in range(min(len(data), 200)):
        assert dissected(data[:length])


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(SAMPLES), st.data())
def test_changed_bytes_never_raise(data: bytes, draw: st.DataObject) -> None:
    changed = bytearray(data)
    for place in draw.draw(st.lists(st.integers(0, len(data) - 1), max_size=6)):
        changed[place] = draw.draw(st.integers(0, 255))
    assert dissected(bytes(changed), data)
    assert dissected(data, bytes(changed))


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=120))
def test_any_bytes_are_read(noise: bytes) -> None:
    dissected(noise)
    dissected(SAMPLES[0][:12] + noise)
