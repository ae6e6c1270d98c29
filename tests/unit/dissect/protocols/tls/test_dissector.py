"""TLS as fields: records and messages of the references, buffers, spans; cut short and changed."""

import struct
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from machinelab.sources import pcap
from tests.captures import containers
from tests.unit.dissect.protocols.tls.tls_made import REFERENCE, events

FRAMES = containers.packets(REFERENCE / "full.pcapng")
KEYS = (REFERENCE / "full.keys").read_bytes()


def read(frames: "tuple[containers.Packet, ...]", keys: bytes = KEYS) -> list:  # type: ignore[type-arg]
    return pcap.Live(keys).feed(containers.pcapng(frames))


def test_each_handshake_message_is_a_message() -> None:
    found = [
        event.content.message_fields(index)["tls.handshake.type"][0].value
        for event in events("full")
        for index in range(len(event.messages))
        if "tls.handshake.type" in event.content.message_fields(index)
    ]
    # Whether a ticket comes before or after the client's last message is chance.
    assert [kind for kind in found if kind != 4] == [1, 2, 8, 11, 15, 20, 20]


def test_a_message_has_its_own_fields_alone() -> None:
    flight = next(event for event in events("full") if 8 in event.values("tls.handshake.type"))
    kinds = [
        flight.content.message_fields(index).get("tls.handshake.type")
        for index in range(len(flight.messages))
    ]
    assert [len(kind) if kind else 0 for kind in kinds] == [1, 0, 1]


def test_a_hello_over_two_segments_stands_on_the_second_and_belongs_to_both() -> None:
    hello = next(event for event in events("full") if 1 in event.values("tls.handshake.type"))
    assert hello.messages[0].frames == (hello.number - 1, hello.number)
    assert hello.fields["tls.handshake.random"][0].buffer == "Reassembled TCP"


def test_a_message_over_records_belongs_to_all_their_packets() -> None:
    (path,) = (path for path in containers.TLS if path.stem == "tls-fragments")
    hello = next(event for event in pcap.load(path).events if 1 in event.values("tls.handshake.type"))
    assert hello.messages[0].frames == (hello.number - 1, hello.number)
    assert hello.fields["tls.handshake.random"][0].buffer == "Reassembled TLS"
    assert hello["tls.handshake.fragment.count"] == 4


@pytest.mark.parametrize("experiment", ["full", "mutual", "static-rsa", "early-data", "tls12"])
def test_every_span_lies_in_its_buffer_and_holds_its_value(experiment: str) -> None:
    for event in events(experiment):
        buffers = event.content.buffers()
        for name, items in event.fields.items():
            for item in items:
                assert 0 <= item.start <= item.stop <= len(buffers[item.buffer]), (event.number, name)
                if isinstance(item.value, bytes) and not item.generated and name.startswith(("tls.", "x509")):
                    assert buffers[item.buffer][item.start : item.stop] == item.value, (event.number, name)


def test_decrypted_messages_have_buffers_of_their_own() -> None:
    flight = next(event for event in events("full") if 15 in event.values("tls.handshake.type"))
    assert [name for name in flight.content.buffers() if name.startswith("Decrypted")] == [
        "Decrypted TLS", "Decrypted TLS 2", "Decrypted TLS 3",
    ]  # fmt: skip
    assert flight["x509ce.dNSName"] == "www.example.test"


def test_a_key_log_inside_the_capture_is_as_good(tmp_path: Path) -> None:
    plain = containers.pcapng(FRAMES)
    body = struct.pack("<II", 0x544C534B, len(KEYS)) + KEYS + bytes(-len(KEYS) % 4)
    section = struct.unpack_from("<I", plain, 4)[0]
    path = tmp_path / "with-keys.pcapng"
    path.write_bytes(plain[:section] + containers.block("<", 10, body) + plain[section:])
    assert any("x509ce.dNSName" in event for event in pcap.load(path).events)
    path.write_bytes(plain)
    assert not any("x509ce.dNSName" in event for event in pcap.load(path).events)


def test_without_keys_only_the_hellos_can_be_read() -> None:
    found = [kind for event in events("full", keys=False) for kind in event.values("tls.handshake.type")]
    assert found == [1, 2]


def test_one_line_for_each_packet() -> None:
    lines = [event.content.summary() for event in events("full")]
    assert "ClientHello  www.example.test" in lines
    assert "Certificate; CertificateVerify; Finished" in lines
    assert "GET /" in lines
    assert "alert: close notify" in lines
    assert any("encrypted" in event.content.summary() for event in events("full", keys=False))


@pytest.mark.parametrize("number", [index for index, frame in enumerate(FRAMES) if len(frame.data) > 200])
def test_cut_short_at_any_length(number: int) -> None:
    """By the sender: the segment ends, the header says so, and the rest never comes."""
    whole = FRAMES[number].data
    for size in range(66, len(whole), 7):
        cut = bytearray(whole[:size])
        cut[16:18] = struct.pack("!H", size - 14)
        frames = (
            *FRAMES[:number],
            FRAMES[number]._replace(data=bytes(cut)),
            *FRAMES[number + 1 :],
        )
        for event in read(frames):
            assert event.fields and event.content.summary()


@given(st.data())
@settings(max_examples=120, deadline=None)
def test_changed_at_any_byte(data: st.DataObject) -> None:
    number = data.draw(st.sampled_from([index for index, frame in enumerate(FRAMES) if len(frame.data) > 66]))
    changed = bytearray(FRAMES[number].data)
    for _ in range(data.draw(st.integers(1, 4))):
        changed[data.draw(st.integers(54, len(changed) - 1))] = data.draw(st.integers(0, 255))
    frames = (*FRAMES[:number], FRAMES[number]._replace(data=bytes(changed)), *FRAMES[number + 1 :])
    for event in read(frames):
        for items in event.fields.values():
            assert all(item.stop <= len(event.content.buffers()[item.buffer]) for item in items)
        assert event.content.summary()
