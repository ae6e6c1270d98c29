"""STUN and TURN, on the NAT lab's own captures: found by port and by looks, and no bytes make it fail."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from machinelab import fields
from machinelab.dissect.core import Frame, Source
from machinelab.dissect.packet import Cache, event
from machinelab.dissect.protocols.stun.message import is_channel, is_message
from machinelab.dissect.walk import Walker
from machinelab.model import Event
from machinelab.sources import pcap
from tests import ROOT

REFERENCES = ROOT / "labs/nat/reference"
UDP = 14 + 20 + 8  # where a datagram's payload begins


def events(name: str) -> tuple[Event, ...]:
    return pcap.load(REFERENCES / f"{name}.pcapng").events


def frames(name: str) -> list[bytes]:
    return [item.content.buffers()["frame"] for item in events(name) if item.protocol == "STUN"]


def read(*data: bytes) -> list[Event]:
    walker, cache, source = Walker(), Cache(), Source(0, 1)
    return [event(walker.frame(Frame(n, each, len(each), source)), cache) for n, each in enumerate(data)]


SAMPLES = list(
    {len(data): data for data in [*frames("ice"), *frames("relay"), *frames("behaviour")]}.values()
)


def test_a_request_between_peers_is_known_by_its_looks() -> None:
    knock = next(
        item
        for item in events("punch")
        if item.values("udp.dstport") and "stun" in item and 3478 not in item.values("udp.port")
    )
    assert knock.protocol == "STUN" and knock["stun.type"] == 1
    assert knock.content.summary() == "Binding request"


def test_an_answer_belongs_to_its_request() -> None:
    found = [item for item in events("punch") if item.protocol == "STUN"]
    asked = next(item for item in found if item["stun.type"] == 1 and "stun.response-in" in item)
    answer = next(item for item in found if item.number == asked["stun.response-in"])
    assert answer["stun.response-to"] == asked.number and answer["stun.id"] == asked["stun.id"]
    one, other = asked.messages[0].exchange, answer.messages[0].exchange
    assert one and other and one.key == other.key and not one.reply and other.reply


def test_the_address_is_turned_back_by_the_cookie() -> None:
    answer = next(item for item in events("stun") if item.protocol == "STUN" and item["stun.type"] == 0x0101)
    xored, plain = answer.values("stun.att.ipv4")[:2]
    assert xored == plain, "XOR-MAPPED-ADDRESS and MAPPED-ADDRESS say the same"
    assert answer.content.summary() == f"Binding success  you are {xored}:{answer['stun.att.port']}"


def test_a_channel_is_shown_with_what_is_inside() -> None:
    lines = [item.content.summary() for item in events("relay") if "stun.channel" in item]
    assert any(line.startswith("channel 0x4000: Binding request") for line in lines)
    assert any(line.endswith(" bytes") for line in lines), "a hello through the relay"


def test_text_is_no_message() -> None:
    assert not is_message(b"hello") and not is_channel(b"hello")
    assert all(
        item.protocol == "UDP"
        for item in events("outbound")
        if "udp.port" in item and 7000 in item.values("udp.port")
    )


def test_every_fingerprint_of_the_lab_is_right() -> None:
    found = [item for name in ("ice", "relay") for item in events(name) if "stun.att.crc32" in item]
    assert found and all(item["stun.att.crc32.status"] == 1 for item in found)


@pytest.mark.parametrize("data", SAMPLES, ids=lambda data: f"{len(data)} bytes")
def test_cut_at_every_length_nothing_fails_and_spans_stay_inside(data: bytes) -> None:
    registry = fields.registry()
    for length in range(UDP, len(data)):
        item = read(data[:length])[0]
        buffers = item.content.buffers()
        for name, found in item.fields.items():
            assert name in registry
            assert all(0 <= f.start <= f.stop <= len(buffers[f.buffer]) for f in found)
        assert item.content.summary()


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(SAMPLES), st.data())
def test_changed_bytes_never_raise(data: bytes, draw: st.DataObject) -> None:
    changed = bytearray(data)
    for place in draw.draw(st.lists(st.integers(UDP, len(data) - 1), max_size=6)):
        changed[place] = draw.draw(st.integers(0, 255))
    item = read(bytes(changed))[0]
    assert item.fields and item.content.summary() is not None


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=80))
def test_any_bytes_on_its_port_are_read(payload: bytes) -> None:
    header = SAMPLES[0][: UDP - 8]
    length = (8 + len(payload)).to_bytes(2, "big")
    total = (28 + len(payload)).to_bytes(2, "big")
    data = header[:16] + total + header[18:] + b"\x0d\x96\x0d\x96" + length + b"\0\0" + payload
    item = read(data)[0]
    assert item.fields and item.content.summary() is not None
