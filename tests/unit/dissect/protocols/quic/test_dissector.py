"""QUIC as curl and nginx, and aioquic with itself, spoke it (tests/captures): every kind of packet, and what changes on the way."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from machinelab.dissect.core import Frame, PacketInfo, Part, Raw, Source, Stream, View
from machinelab.dissect.protocols.quic import dissector, header
from machinelab.dissect.protocols.quic.session import Session
from machinelab.model import Event
from machinelab.sources import pcap
from tests.captures import containers
from tests.references import events, keys_of

ODD, REAL = (events(path, decrypted=True) for path in containers.HTTP3)
NEGOTIATED = events(containers.NEGOTIATION, decrypted=True)
APPLICATION = dissector.APPLICATIONS[0]
FIRST = next(event for event in REAL if "quic" in event)["udp.payload"]
assert isinstance(FIRST, bytes)


def having(name: str, found: tuple[Event, ...]) -> list[Event]:
    return [event for event in found if name in event]


def test_every_packet_of_a_handshake_is_opened() -> None:
    hello = next(event for event in REAL if event.values("tls.handshake.type") == [1])
    assert hello["tls.handshake.extensions_server_name"] == "www.example.test"
    assert hello["quic.long.packet_type"] == 0
    assert not having("quic.remaining_payload", tuple(event for event in REAL if "icmp" not in event))
    assert {each for event in REAL for each in event.values("tls.handshake.type")} >= {1, 2, 8, 11, 15, 20, 4}


def test_without_keys_the_first_packets_are_open_all_the_same() -> None:
    """RFC 9001 §5.2: everybody who sees the first packet knows the Initial keys."""
    plain = pcap.load(containers.HTTP3[1]).events
    assert any(event.values("tls.handshake.type") == [1] for event in plain)
    assert not having("http3", plain) and having("quic.protected_payload", plain)


def test_coalesced_packets_are_parts_of_one_datagram() -> None:
    both = next(event for event in REAL if event.values("quic.long.packet_type") == [0, 2])
    assert sum(map(int, both.values("quic.packet_length"))) == len(both["udp.payload"])  # type: ignore[arg-type]


def test_a_client_that_moves_keeps_its_connection() -> None:
    moved = having("quic.path_challenge.data", ODD)[0]
    before = {event["udp.stream"] for event in ODD if event.number < moved.number}
    assert moved["udp.stream"] in {event["udp.stream"] for event in ODD} and len(before) > 1
    assert moved["quic.connection.number"] == 0
    answer = having("quic.path_response.data", ODD)[0]
    assert answer["quic.path_response.data"] == moved["quic.path_challenge.data"]


def test_keys_are_updated_twice() -> None:
    phases = [
        event["quic.key_phase"]
        for event in ODD
        if "quic.key_phase" in event and event["quic.connection.number"] == 0
    ]
    turns = [one for one, other in zip(phases, [None, *phases], strict=False) if one is not other]
    assert turns[0] is False and True in turns and turns[-1] is False


def test_early_data_is_opened() -> None:
    early = next(event for event in ODD if 1 in event.values("quic.long.packet_type"))
    assert early["http3.headers.path"] == "/early"


def test_a_version_that_nobody_speaks_and_a_retry() -> None:
    offered = having("quic.supported_version", NEGOTIATED)[0]
    assert 1 in offered.values("quic.supported_version")
    retry = having("quic.retry_token", NEGOTIATED)[0]
    after = next(event for event in NEGOTIATED if event.number > retry.number and "quic.token" in event)
    assert after["quic.token"] == retry["quic.retry_token"] and after["quic.dcid"] == retry["quic.scid"]
    assert having("http3.headers.path", NEGOTIATED)[0]["http3.headers.path"] == "/one"


def test_the_fields_stand_at_their_bytes() -> None:
    for event in (*REAL, *ODD):
        buffers = event.content.buffers()
        for name, found in event.fields.items():
            for each in found if name.startswith(("quic", "http3", "tls")) else ():
                assert 0 <= each.start <= each.stop <= len(buffers[each.buffer]), name
                if name in ("quic.dcid", "quic.scid", "quic.stream_data", "http3.data", "quic.token"):
                    assert buffers[each.buffer][each.start : each.stop] == each.value, name


def test_there_is_a_mark_for_each_message() -> None:
    for event in (*REAL, *ODD):
        assert len(event.messages) <= 1 or all(
            event.content.message_fields(number) for number in range(len(event.messages))
        )
    both = next(event for event in REAL if event.values("http3.frame_type") == [1, 0])
    assert len(both.messages) == 2
    assert "http3.headers.status" in both.content.message_fields(0)
    assert "http3.headers.status" not in both.content.message_fields(1)


def test_lines_for_the_list() -> None:
    lines = [event.content.summary() for event in REAL]
    assert "1-RTT  STREAM[4] HEADERS GET /object/1" in lines
    assert any("ClientHello  www.example.test" in line for line in lines)
    assert [event.content.summary() for event in NEGOTIATED][1:4:2] == ["Version Negotiation", "Retry"]


def observed(payload: bytes) -> list[Raw]:
    out: list[Raw] = []
    info = PacketInfo(1, Frame(1, payload, len(payload), Source(0, 1)), 0, 0)
    session = Session(Stream("udp", 0, 0))
    at = 0
    for number, size in enumerate([*header.sizes(payload), 0], 1):
        stop = at + size if size else len(payload)
        if stop > at:
            _, state = session.observe(payload[at:stop], info, True)
            part = Part(APPLICATION, at, stop, state=state, number=number)
            dissector.dissect(View(info, payload, "frame", out), part)
            APPLICATION.summary(payload[at:stop], part)
        at = stop
    return out


@pytest.mark.parametrize("size", range(0, len(FIRST), 7))
def test_a_datagram_cut_short_is_read_as_far_as_it_goes(size: int) -> None:
    found = observed(FIRST[:size])
    assert all(0 <= item[2] <= item[3] for item in found)


@given(st.binary(min_size=1, max_size=120), st.integers(0, 40))
@settings(max_examples=200)
def test_any_bytes(data: bytes, at: int) -> None:
    observed(data)
    observed(FIRST[:at] + data + FIRST[at + len(data) :])  # type: ignore[operator]


def test_what_is_a_datagram_of_quic() -> None:
    assert header.is_datagram(FIRST, False) and header.is_datagram(b"\x40" + bytes(30), True)
    assert not header.is_datagram(b"\x40" + bytes(30), False)
    assert not header.is_datagram(b"\x16\xfe\xfd" + bytes(30), True)
    assert keys_of(containers.HTTP3[1]) is not None
