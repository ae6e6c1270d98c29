"""DTLS as aiortc and OpenSSL spoke it (tests/captures): opened with the key log, whatever the order; cut off anywhere; any bytes at all."""

from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from machinelab import fields
from machinelab.dissect.core import Frame, Source
from machinelab.dissect.packet import Cache, event
from machinelab.dissect.protocols.dtls import handshake, records
from machinelab.dissect.secrets import Secrets
from machinelab.dissect.walk import Walker
from machinelab.model import Event
from machinelab.sources import pcap
from machinelab.sources.container import Reader
from tests.captures import containers

PATHS = {path.stem.removeprefix("dtls-"): path for path in containers.DTLS}
UDP = 14 + 20 + 8  # where a datagram's payload begins
HELLO = bytes.fromhex("16feff 0000 000000000000 0010 01 000004 0000 000000 000004 fefd0102")
SHORT_HEADER = bytes.fromhex(
    "2e 1234 0005 0102030405"
)  # DTLS 1.3: 16 bits of number, a length, the last bits of epoch 2


def secrets(path: Path) -> Secrets:
    found = Secrets()
    found.feed(path.with_suffix(".keys").read_bytes())
    return found


def frames(name: str) -> list[Frame]:
    return list(Reader().feed(PATHS[name].read_bytes()))


def read(data: Iterable[Frame], known: Secrets | None = None) -> list[Event]:
    walker, cache = Walker(known), Cache()
    return [event(walker.frame(frame), cache) for frame in data]


def opened(name: str) -> list[Event]:
    return read(frames(name), secrets(PATHS[name]))


def lines(events: Iterable[Event]) -> list[str]:
    return [each.content.summary() for each in events if each.protocol == "DTLS"]


def datagrams(name: str) -> list[bytes]:
    return [
        each.data
        for each in frames(name)
        if each.data[23] == 17 and records.is_datagram(each.data[UDP:], False)
    ]


@pytest.mark.parametrize("name", sorted(PATHS))
def test_both_finished_hold_what_the_key_log_and_all_messages_before_make_them_hold(name: str) -> None:
    right = [value for each in opened(name) for value in each.values("dtls.derived.verify_data.right")]
    assert right == [True, True]


@pytest.mark.parametrize("name", sorted(PATHS))
def test_without_the_keys_there_are_sizes_and_no_words(name: str) -> None:
    found = read(frames(name))
    assert any(line.startswith("encrypted: ") for line in lines(found))
    assert not any("sctp" in each or "data.data" in each for each in found if "udp" in each)


def test_a_cookie_comes_back() -> None:
    first, verify, second, *_ = opened("cookie")
    assert lines([first, verify]) == ["ClientHello  dtls.example.test", "HelloVerifyRequest"]
    assert "dtls.handshake.cookie" not in first and first["dtls.handshake.cookie_length"] == 0
    assert second["dtls.handshake.cookie"] == verify["dtls.handshake.cookie"]


def test_a_flight_is_one_datagram_of_many_messages() -> None:
    flight = next(each for each in opened("channel") if each.values("dtls.handshake.type")[:1] == [2])
    assert flight.values("dtls.handshake.type") == [2, 11, 11, 11, 12, 13, 14]
    assert len(flight.messages) == 7 and flight.values("dtls.fragment.count") == [3]
    size, whole = flight["dtls.handshake.certificates_length"], flight.content.buffers()["Reassembled DTLS"]
    assert len(whole) == size + 3 and whole.startswith(size.to_bytes(3, "big"))  # type: ignore[operator, union-attr]


def test_parts_of_a_message_are_joined_in_any_order() -> None:
    (flight,) = (each for each in datagrams("channel") if each[UDP + 13] == 2)
    parts = [flight[UDP:][at : at + size] for at, size in _places(flight[UDP:])]
    turned = [_framed(flight, part) for part in (parts[0], parts[3], parts[1], parts[1], parts[2])]
    found = read(Frame(n, each, len(each), Source(0, 1)) for n, each in enumerate(turned))
    assert lines(found)[-1] == "Certificate" and found[-1]["dtls.fragment.count"] == 4
    assert lines(found)[1:-1] == ["Certificate, part of it"] * 3


def _places(payload: bytes) -> list[tuple[int, int]]:
    sizes = list(records.sizes(payload))
    return [(sum(sizes[:number]), size) for number, size in enumerate(sizes)]


def _framed(like: bytes, payload: bytes) -> bytes:
    total, length = (28 + len(payload)).to_bytes(2, "big"), (8 + len(payload)).to_bytes(2, "big")
    return like[:16] + total + like[18:38] + length + b"\0\0" + payload


def test_stun_and_dtls_share_their_ports() -> None:
    found = opened("channel")
    (stream,) = {each["udp.stream"] for each in found if each.protocol in ("STUN", "DTLS")}
    assert stream == 0 and {each.protocol for each in found if "udp" in each} == {"STUN", "DTLS"}


def test_whichever_came_first() -> None:
    shown = [each for each in frames("channel") if each.data[23] == 17]
    found = read(shown[4:] + shown[:4], secrets(PATHS["channel"]))
    assert [each.protocol for each in found[-4:]] == ["STUN"] * 4


def test_a_hello_that_is_sent_again_changes_nothing() -> None:
    shown = frames("cookie")
    found = read([*shown[:3], shown[2], *shown[3:]], secrets(PATHS["cookie"]))
    assert [v for each in found for v in each.values("dtls.derived.verify_data.right")] == [True, True]


def test_a_short_header_is_known_where_dtls_is_spoken_already() -> None:
    assert not records.is_datagram(SHORT_HEADER, False) and records.is_datagram(SHORT_HEADER, True)
    like = datagrams("cookie")[0]
    found = read(
        Frame(n, each, len(each), Source(0, 1)) for n, each in enumerate([like, _framed(like, SHORT_HEADER)])
    )
    assert (
        found[1]["dtls.unified_header.epoch_bits"] == 2 and found[1]["dtls.record.sequence_suffix"] == 0x1234
    )
    assert (
        found[1]["dtls.enc_content"] == bytes.fromhex("0102030405")
        and lines(found)[1] == "encrypted: 5 bytes"
    )


@pytest.mark.parametrize(
    "payload", [b"", b"\x16", b"\x16\xfe\xff", HELLO[:12], HELLO[:-1], b"\x16\x03\x01" + HELLO[3:], b"\x14" + HELLO[1:11] + b"\0\0"]
)  # fmt: skip
def test_what_is_no_record_is_not_taken_for_one(payload: bytes) -> None:
    assert not records.is_datagram(payload, False)


@pytest.mark.parametrize(("length", "offset", "size"), [(4, 2, 4), (1 << 20, 0, 4), (4, 0, 5)])
def test_a_part_that_contradicts_itself_is_none(length: int, offset: int, size: int) -> None:
    message = (
        b"\x0b"
        + length.to_bytes(3, "big")
        + b"\0\0"
        + offset.to_bytes(3, "big")
        + size.to_bytes(3, "big")
        + b"1234"
    )
    assert handshake.part(message, 0) is None


SAMPLES = [*datagrams("channel")[:5], *datagrams("cookie")[:6]]


@pytest.mark.parametrize("data", SAMPLES, ids=lambda data: f"{len(data)} bytes")
def test_cut_at_every_length_nothing_fails_and_spans_stay_inside(data: bytes) -> None:
    registry = fields.registry()
    for length in range(UDP, len(data)):
        (item,) = read([Frame(0, data[:length], length, Source(0, 1))])
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
    (item,) = read([Frame(0, bytes(changed), len(changed), Source(0, 1))])
    assert item.fields and item.content.summary() is not None


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=80))
def test_any_bytes_in_its_stream_are_read(payload: bytes) -> None:
    like = SAMPLES[0]
    found = read(
        Frame(n, each, len(each), Source(0, 1)) for n, each in enumerate([like, _framed(like, payload)])
    )
    assert found[1].fields and found[1].content.summary() is not None


def test_the_project_reads_its_key_logs_beside_captures() -> None:
    """What a person does: a capture, and `--keys`."""
    path = PATHS["cookie"]
    found = pcap.load(path, keys=path.with_suffix(".keys")).events
    assert b"hi there\n" in [each.values("data.data")[0] for each in found if "data.data" in each]
