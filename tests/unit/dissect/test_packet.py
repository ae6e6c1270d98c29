"""The second pass: fields, spans, messages, buffers; and that no bytes make it fail."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from machinelab import fields
from machinelab.dissect.core import Frame, Source, View
from machinelab.dissect.dissection import dissect
from machinelab.dissect.packet import KEEP, Cache, event
from machinelab.dissect.walk import Walker
from machinelab.model import Event, Field
from machinelab.sources import pcap
from tests.captures import containers

RECORDS = containers.packets()
CRAFTED = containers.packets(containers.CRAFTED)
ETHERNET = Source(0, 1, "lab", described=True)


def read(*frames: bytes, link: int = 1) -> list[Event]:
    walker, cache = Walker(), Cache()
    source = Source(0, link)
    return [event(walker.frame(Frame(n, data, len(data), source)), cache) for n, data in enumerate(frames)]


def events(path: Path = containers.RECORDS) -> tuple[Event, ...]:
    return pcap.load(path).events


@pytest.mark.parametrize("frames", [RECORDS, CRAFTED], ids=["records", "crafted"])
def test_every_field_is_known_and_lies_in_its_buffer(frames: tuple[containers.Packet, ...]) -> None:
    registry = fields.registry()
    for item in read(*(frame.data for frame in frames)):
        buffers = item.content.buffers()
        for name, found in item.fields.items():
            for field in found:
                assert isinstance(field, Field)
                assert name in registry
                assert 0 <= field.start <= field.stop <= len(buffers[field.buffer]), field
                assert field.group
                assert field.mask < 1 << 8 * (field.stop - field.start) or not field.mask


def test_values_are_of_their_fields_kind() -> None:
    kinds = {
        "bool": bool, "uint": int, "int": int, "float": float, "string": str, "bytes": bytes, "ipv4": str, "ipv6": str,
        "ether": str, "time": int, "date": int, "duration": int, "none": str,
    }  # fmt: skip
    registry = fields.registry()
    for item in (*events(), *events(containers.CRAFTED)):
        for name, found in item.fields.items():
            for field in found:
                assert type(field.value) is kinds[registry[name].kind], field


def test_cut_at_every_length_nothing_fails_and_what_was_read_stays() -> None:
    seen: set[int] = set()
    for frame in (*RECORDS[::3], *CRAFTED[::2]):
        if len(frame.data) in seen or len(frame.data) > 700:
            continue
        seen.add(len(frame.data))
        for size in range(len(frame.data)):
            (item,) = read(frame.data[:size])
            assert item.fields["frame.cap_len"][0].value == size
            assert item.content.summary() is not None
    assert len(seen) > 20


@settings(max_examples=400, deadline=None)
@given(st.data())
def test_changed_bytes_never_fail(data: st.DataObject) -> None:
    frame = bytearray(
        data.draw(st.sampled_from([f.data for f in (*RECORDS, *CRAFTED) if len(f.data) < 1500]))
    )
    for _ in range(data.draw(st.integers(1, 6))):
        frame[data.draw(st.integers(0, len(frame) - 1))] = data.draw(st.integers(0, 255))
    (item,) = read(bytes(frame))
    buffers = item.content.buffers()
    for found in item.fields.values():
        for field in found:
            assert 0 <= field.start <= field.stop <= len(buffers[field.buffer])
            fields.show(field.name, field.value)
    item.content.summary()


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200), st.sampled_from([0, 1, 12, 101, 108, 113, 228, 229, 276, 999]))
def test_any_bytes_of_any_link_never_fail(data: bytes, link: int) -> None:
    (item,) = read(data, link=link)
    assert item.fields["frame.len"][0].value == len(data)
    item.content.summary()


def test_a_frame_with_three_messages_gives_each_its_own_fields() -> None:
    item = next(e for e in events() if len(e.messages) == 3)
    assert [i.fields["dns.id"][0].value for i in _items(item)] == [1, 2, 3]
    for one in _items(item):
        assert len(one.fields["dns.id"]) == 1
        assert one.fields["tcp.srcport"] == item.fields["tcp.srcport"]
    assert item.values("dns.id") == [1, 2, 3]
    assert [message.frames for message in item.messages] == [(item.number,)] * 3


def _items(item: Event) -> list[object]:
    from machinelab.model import Trace

    return list(Trace((item,)).items())


def test_a_message_across_segments_stands_on_the_last_and_names_them_all() -> None:
    whole = next(e for e in events() if e.messages and len(e.messages[0].frames) > 2)
    (message,) = whole.messages
    assert message.frames[-1] == whole.number
    assert list(message.frames) == whole.values("tcp.segment")
    identity = whole.fields["dns.id"][0]
    assert identity.buffer == "Reassembled TCP"
    octets = whole.content.buffers()["Reassembled TCP"]
    assert int.from_bytes(octets[identity.start : identity.stop], "big") == identity.value
    for part in (e for e in events() if e.number in message.frames[:-1]):
        assert part.messages == ()
        assert part["tcp.reassembled_in"] == whole.number


def test_few_packets_are_kept_and_all_can_be_asked_again() -> None:
    data = RECORDS[0].data
    items = read(*[data] * (KEEP + 10))
    first = [(e.number, len(e.fields)) for e in items]
    assert first == [(e.number, len(e.fields)) for e in items]
    assert len(items[0].content._cache._kept) == KEEP  # type: ignore[attr-defined]


def test_dissection_is_a_function_of_frame_and_note() -> None:
    for item in events():
        info = item.content.info  # type: ignore[attr-defined]
        assert dissect(info) == dissect(info)


@pytest.mark.parametrize(
    "head",
    [
        b"\x08\x00" + bytes.fromhex("4500001400000000400400000a0000010a000002") * 2000,
        b"\x81\x00\x00\x05" * 9000 + b"\x08\x00",
        b"\x86\xdd"
        + bytes.fromhex("6000000000002c40")
        + bytes(32)
        + bytes.fromhex("2c00000000000001") * 8000,
        b"\x86\xdd"
        + bytes.fromhex("6000000000000040")
        + bytes(32)
        + bytes.fromhex("0000000000000000") * 8000,
    ],
    ids=["tunnels", "tags", "fragments", "options"],
)
def test_headers_inside_headers_end(head: bytes) -> None:
    (item,) = read(RECORDS[0].data[:12] + head)
    assert "frame.number" in item
    assert item.content.summary()


def test_buffers_of_one_name_are_told_apart() -> None:
    """A segment that closes a gap completes several messages at once, each put together from elsewhere."""
    info = Walker().frame(Frame(0, RECORDS[0].data, len(RECORDS[0].data), ETHERNET))
    view = View(info, info.data, "frame", [])
    inner = [view.enter(data, "Reassembled TCP") for data in (b"one", b"two", b"three")]
    assert [each.buffer for each in inner] == ["Reassembled TCP", "Reassembled TCP 2", "Reassembled TCP 3"]
    assert view.buffers[inner[2].buffer] == b"three"
