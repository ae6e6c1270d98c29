"""HTTP/2, as real clients and servers sent it (tests/captures), cut off anywhere, and any bytes at all."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from machinelab import fields
from machinelab.dissect.core import Frame, PacketInfo, Part, Raw, Sender, Source, View
from machinelab.dissect.protocols.http2 import dissector, frames
from machinelab.dissect.protocols.http2.hpack import Decoder
from machinelab.dissect.protocols.http2.session import FrameState
from machinelab.dissect.protocols.http2.streams import Body
from machinelab.model import Event
from machinelab.sources import pcap
from tests.captures import containers

from .test_session import GET, frame

ODD, REAL = (pcap.load(path).events for path in containers.HTTP2)
APPLICATION = dissector.APPLICATIONS[0]


def dissected(message: bytes, state: FrameState | None = None) -> list[Raw]:
    out: list[Raw] = []
    info = PacketInfo(1, Frame(0, message, len(message), Source(0, 1)), 0, 0)
    dissector.dissect(View(info, message, "frame", out), Part(APPLICATION, 0, len(message), state=state))
    return out


def values(events: tuple[Event, ...], name: str) -> list[object]:
    return [value for event in events for value in event.values(name)]


def lines(events: tuple[Event, ...]) -> list[str]:
    return [line for event in events if "http2" in event for line in event.content.summary().split(", ")]


def test_each_reply_is_tied_to_its_request() -> None:
    requests = {event.number: event for event in REAL if "http2.headers.method" in event}
    replies = [event for event in REAL if "http2.headers.status" in event]
    assert len(requests) == len(replies) == 9
    for reply in replies:
        (request,) = reply.values("http2.request_in")
        assert reply.number in requests[int(str(request))].values("http2.response_in")


def test_bodies_are_joined_and_decoded() -> None:
    bodies = [value for value in values(REAL, "http2.data.data") if isinstance(value, bytes)]
    assert b"again and again\n" * 400 in bodies
    assert max(map(len, bodies)) == 100_000
    (fragments,) = (
        event
        for event in REAL
        if "http2.body.fragments" in event and event.values("http2.body.fragment.count") == [13]
    )
    assert len(fragments.values("http2.body.fragment")) == 13


def test_a_form_and_json_are_read_by_their_media_type() -> None:
    assert values(REAL, "urlencoded-form.key") == ["name"]
    assert values(ODD, "json.key") == ["a", "b"]


def test_secrets_are_known_where_they_stand_encoded() -> None:
    (event,) = (event for event in ODD if "http2.headers.authorization" in event)
    for name in ("http2.header.encoded", "http2.headers.authorization", "http2.headers.cookie"):
        assert name in event and fields.registry()[name].secret
    assert [len(event.values("http2.header.encoded"))] == [2]


def test_the_fields_stand_at_their_bytes() -> None:
    for event in (*ODD, *REAL):
        buffers = event.content.buffers()
        for name, found in event.fields.items():
            for each in found if name.startswith("http2") else ():
                assert 0 <= each.start <= each.stop <= len(buffers[each.buffer]), (event.number, name)
                if isinstance(each.value, bytes) and each.stop > each.start:
                    assert buffers[each.buffer][each.start : each.stop] == each.value, (event.number, name)


def test_lines_for_the_list() -> None:
    said = lines(ODD)
    for line in (
        "HEADERS[1]  GET /a%20b?q=1", "PUSH_PROMISE[1]  GET /style.css", "HEADERS[1]  103", "SETTINGS[0]  ACK", "PING[0]  ACK",
        "RST_STREAM[7]  REFUSED_STREAM", "GOAWAY[0]  NO_ERROR", "type 119[0]", "PRIORITY_UPDATE[0]", "CONTINUATION[3]  200",
    ):  # fmt: skip
        assert any(line in each for each in said), line


def test_a_server_that_speaks_first_is_recognised() -> None:
    settings = frame(frames.SETTINGS, 0, 0, b"\0\x03\0\0\0\x64")
    assert dissector.is_stream(settings) is Sender.SERVER
    assert dissector.is_stream(frames.PREFACE + b"more") is Sender.CLIENT
    for no in (
        settings[:-1],
        frame(frames.SETTINGS, 0, 0),
        frame(frames.SETTINGS, 0, 0, b"\0\x77\0\0\0\x64"),
        frame(frames.PING, 0, 0, bytes(8)),
    ):
        assert dissector.is_stream(no) is None
    for first in (settings, frames.PREFACE):
        assert all(first[at] in allowed for at, allowed in APPLICATION.marks)


# What the first pass notes of a frame that holds GET, and of content.
STATE = FrameState(block=Decoder().read(GET), body=Body(pieces=[(1, b"ab")], size=2, ended=1))
MESSAGES = (
    frame(frames.HEADERS, 0x2D, 1, b"\x01\0\0\0\0\x10" + GET + b"\0"),
    frame(frames.DATA, 0x09, 1, b"\x01ab\0"),
    frame(frames.SETTINGS, 0, 0, b"\0\x04\0\0\0\x64"),
    frame(frames.GOAWAY, 0, 0, bytes(8) + b"why"),
    frame(frames.ORIGIN, 0, 0, b"\0\x05a.test"),
    frame(frames.PRIORITY_UPDATE, 0, 0, b"\0\0\0\x01u=1"),
    frame(frames.PUSH_PROMISE, 0x0C, 1, b"\0\0\0\0\x02" + GET),
)


@pytest.mark.parametrize("message", MESSAGES)
def test_cut_off_anywhere_it_says_so(message: bytes) -> None:
    for stop in range(len(message)):
        found = dissected(message[:stop], STATE)
        assert "_ws.malformed" in [item[0] for item in found]
        assert {item[0] for item in found} <= fields.registry().keys()
    assert "_ws.malformed" not in [item[0] for item in dissected(message, STATE)]


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(range(18)), st.integers(0, 255), st.binary(max_size=60), st.booleans())
def test_any_bytes_are_read(kind: int, flags: int, body: bytes, known: bool) -> None:
    message = frame(
        kind,
        flags & ~0x28 if known else flags,
        1,
        bytes(4) * (kind == frames.PUSH_PROMISE) + GET + body if known else body,
    )
    state = STATE if known else None
    for item in dissected(message, state):
        assert 0 <= item[2] <= item[3] and (item[4] != "frame" or item[3] <= len(message)), item
    dissector.summary(message, Part(APPLICATION, 0, len(message), state=state))
