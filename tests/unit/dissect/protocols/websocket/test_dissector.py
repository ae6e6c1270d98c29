"""WebSocket, as a real client and server sent it (tests/captures), cut off anywhere, and any bytes at all."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from machinelab import fields
from machinelab.dissect.core import Frame, PacketInfo, Part, Raw, Source, View
from machinelab.dissect.protocols.websocket import dissector
from machinelab.dissect.protocols.websocket.session import MessageState
from machinelab.model import Event
from machinelab.sources import pcap
from tests.captures import containers

DEFLATE, PLAIN = (pcap.load(path).events for path in containers.WEBSOCKET)
APPLICATION = dissector.APPLICATIONS[0]
MESSAGE = bytes.fromhex("81 85 37 fa 21 3d 7f 9f 4d 51 58")
WHOLE = MessageState(kind=1, ends=True, content=b"Hello")


def dissected(message: bytes, state: MessageState = WHOLE) -> list[Raw]:
    out: list[Raw] = []
    info = PacketInfo(1, Frame(0, message, len(message), Source(0, 1)), 0, 0)
    dissector.dissect(View(info, message, "frame", out), Part(APPLICATION, 0, len(message), state=state))
    return out


def frames(events: tuple[Event, ...]) -> list[Event]:
    return [event for event in events if "websocket" in event]


def texts(events: tuple[Event, ...]) -> list[object]:
    return [value for event in events for value in event.values("websocket.payload.text")]


@pytest.mark.parametrize("events", [PLAIN, DEFLATE])
def test_compressed_or_not_the_same_was_said(events: tuple[Event, ...]) -> None:
    said = texts(events)
    assert said[:4] == ["hello", "hello" * 3, "one two three", "one two three" * 3]
    assert said[4:8] == ["a" * 500, "a" * 1500] * 2 and said[-1] == "bye"
    assert [event["websocket.payload.close.status_code"] for event in frames(events)[-2:]] == [4001, 4001]


def test_only_the_client_masks() -> None:
    for event in frames(PLAIN):
        assert bool(event["websocket.mask"]) == (event.src == "10.77.0.1")
        assert bool(event["websocket.mask"]) == ("websocket.masking_key" in event)


def test_the_fields_stand_at_their_bytes() -> None:
    for event in frames(DEFLATE) + frames(PLAIN):
        buffers = event.content.buffers()
        for name, found in event.fields.items():
            for each in found if name.startswith("websocket") else ():
                assert 0 <= each.start <= each.stop <= len(buffers[each.buffer]), name
                if isinstance(each.value, bytes) and each.stop > each.start:
                    assert buffers[each.buffer][each.start : each.stop] == each.value, name


def test_a_ping_and_its_pong_are_one_exchange() -> None:
    ping, pong = (
        next(event for event in PLAIN if f"websocket.payload.{name}" in event) for name in ("ping", "pong")
    )
    asked, answered = ping.messages[0].exchange, pong.messages[0].exchange
    assert asked and answered and asked.key == answered.key and (asked.reply, answered.reply) == (False, True)


def test_a_line_for_the_list() -> None:
    lines = [event.content.summary() for event in frames(DEFLATE)]
    assert lines[0] == "Text [FIN] [MASKED]  hello"
    assert "Continuation [FIN] [MASKED]  one two three" in lines
    assert lines[-2:] == ["Close [FIN]  4001 enough", "Close [FIN] [MASKED]  4001 enough"]


def test_the_example_of_the_standard() -> None:
    """RFC 6455 §5.7."""
    found = {item[0]: item for item in dissected(MESSAGE)}
    assert found.keys() <= fields.registry().keys()
    assert found["websocket.payload.text"][1:5] == ("Hello", 0, 5, "Unmasked data")
    assert found["websocket.masking_key"][1:4] == (bytes.fromhex("37fa213d"), 2, 6)


def test_a_close_of_one_byte_is_malformed() -> None:
    names = [item[0] for item in dissected(b"\x88\x01\x03", MessageState())]
    assert "_ws.malformed" in names


@pytest.mark.parametrize("size", range(len(MESSAGE)))
def test_a_message_that_was_cut_short_says_so(size: int) -> None:
    assert "_ws.malformed" in [item[0] for item in dissected(MESSAGE[:size])]


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=100), st.booleans())
def test_any_bytes_are_read(message: bytes, ends: bool) -> None:
    state = MessageState(True, 2, ends, b"x" if ends else None)
    for item in dissected(message, state):
        assert 0 <= item[2] <= item[3] and (item[4] != "frame" or item[3] <= len(message))
    dissector.summary(message, Part(APPLICATION, 0, len(message), state=state))
