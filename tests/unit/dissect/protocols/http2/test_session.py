"""HTTP/2 connections: whose reply a block of headers is, flow control, acknowledgments, trailers, blocks that are not whole."""

from machinelab.dissect.core import Frame, PacketInfo, Source, Stream
from machinelab.dissect.protocols.http2 import frames, session
from machinelab.dissect.protocols.http2.session import Change, Conversation, FrameState
from machinelab.dissect.protocols.http2.streams import Opened, Windows
from machinelab.model import Exchange

GET = bytes.fromhex("828684410f7777772e6578616d706c652e636f6d")  # RFC 7541 §C.3.1
OK, EARLY = b"\x88", b"\x08\x03103"  # :status 200 by its index; 103 literally
INFO = PacketInfo(7, Frame(1_000, b"", 0, Source(0, 1)), 0, 0)


def frame(kind: int, flags: int, stream: int, body: bytes = b"") -> bytes:
    return len(body).to_bytes(3, "big") + bytes([kind, flags]) + stream.to_bytes(4, "big") + body


def said(talk: Conversation, payload: bytes, to_server: bool) -> tuple[Exchange | None, FrameState]:
    exchange, state = talk.observe(payload, INFO, to_server)
    assert isinstance(state, FrameState)
    return exchange, state


def conversation() -> Conversation:
    return Conversation(Stream("tcp", 4, 0))


def test_a_reply_has_the_key_of_the_request_on_its_stream() -> None:
    talk = conversation()
    first, second = (
        said(talk, frame(frames.HEADERS, 5, each, GET if each == 1 else b"\x82\x86\x84\xbe"), True)[0]
        for each in (1, 3)
    )
    later, earlier = (said(talk, frame(frames.HEADERS, 4, each, OK), False)[0] for each in (3, 1))
    assert first and second and first.topic == second.topic == "GET /"
    assert later == Exchange(second.key, True) and earlier == Exchange(first.key, True)


def test_an_interim_reply_and_trailers_close_nothing() -> None:
    talk = conversation()
    asked = said(talk, frame(frames.HEADERS, 5, 1, GET), True)[0]
    interim, state = said(talk, frame(frames.HEADERS, 4, 1, EARLY), False)
    assert interim is None and state.transaction is not None and state.transaction.reply == 0
    final = said(talk, frame(frames.HEADERS, 4, 1, OK), False)[0]
    assert asked and final == Exchange(asked.key, True)
    said(talk, frame(frames.DATA, 0, 1, b"body"), False)
    trailer, state = said(talk, frame(frames.HEADERS, 5, 1, b"\x00\x01a\x01b"), False)
    assert trailer is None and state.body is not None and state.body.ended == 7


def test_a_block_in_several_frames_is_read_when_it_is_whole() -> None:
    talk = conversation()
    exchange, state = said(talk, frame(frames.HEADERS, 1, 1, GET[:3]), True)
    assert exchange is None and state.block is None
    exchange, state = said(talk, frame(frames.CONTINUATION, 4, 1, GET[3:]), True)
    assert exchange is not None and state.fragment == GET and state.block is not None
    assert state.block.get(b":authority") == "www.example.com"


def test_a_continuation_of_nothing_spoils_no_reply() -> None:
    talk = conversation()
    exchange, state = said(talk, frame(frames.CONTINUATION, 4, 1, GET), True)
    assert exchange is None and state.block is None


def test_a_reply_to_what_was_not_seen() -> None:
    exchange, state = said(conversation(), frame(frames.HEADERS, 4, 9, OK), False)
    assert exchange is None and state.transaction is None and state.reply


def test_flow_control() -> None:
    """RFC 9113 §6.9: data counts for the stream and the connection, with its padding; new initial sizes move open streams."""
    talk = conversation()
    said(talk, frame(frames.HEADERS, 4, 1, GET), True)
    state = said(talk, frame(frames.DATA, frames.PADDED, 1, b"\x02abc\0\0"), True)[1]
    assert (state.connection, state.stream) == (Change(65_535, 65_529), Change(65_535, 65_529))
    said(talk, frame(frames.SETTINGS, 0, 0, b"\0\x04" + (100).to_bytes(4, "big")), False)
    state = said(talk, frame(frames.WINDOW_UPDATE, 0, 1, (10).to_bytes(4, "big")), False)[1]
    assert (state.connection, state.stream) == (None, Change(94, 104))
    state = said(talk, frame(frames.WINDOW_UPDATE, 0, 0, (71).to_bytes(4, "big")), False)[1]
    assert (state.connection, state.stream) == (Change(65_529, 65_600), None)


def test_a_window_may_fall_below_nothing() -> None:
    """RFC 9113 §6.9.2: a sender then waits until it is positive again."""
    windows, stream = Windows(), Opened()
    windows.of(stream, True)
    stream.windows[True] -= 16_384
    windows.change({1: stream}, True, 0)
    assert stream.windows[True] == -16_384


def test_acknowledgments_come_in_order() -> None:
    talk = conversation()
    one, two = (said(talk, frame(frames.SETTINGS, 0, 0), True)[0] for _ in range(2))
    ping = said(talk, frame(frames.PING, 0, 0, bytes(8)), True)[0]
    replies = [said(talk, frame(frames.SETTINGS, frames.ACK, 0), False)[0] for _ in range(3)]
    assert one and two and ping
    assert replies == [Exchange(one.key, True), Exchange(two.key, True), None]
    assert said(talk, frame(frames.PING, frames.ACK, 0, bytes(8)), False)[0] == Exchange(ping.key, True)


def test_a_body_is_kept_up_to_a_limit_and_counted_beyond() -> None:
    talk = conversation()
    said(talk, frame(frames.HEADERS, 4, 1, GET), True)
    for _ in range(session.KEPT // 0x4000 + 2):
        state = said(talk, frame(frames.DATA, 0, 1, bytes(0x4000)), True)[1]
    assert state.body is not None
    assert state.body.size == session.KEPT + 2 * 0x4000
    assert sum(len(piece) for _, piece in state.body.pieces) == session.KEPT


def test_streams_that_nobody_ends_are_forgotten(monkeypatch) -> None:
    monkeypatch.setattr(session, "STREAMS", 3)
    talk = conversation()
    for number in range(1, 21, 2):
        said(talk, frame(frames.HEADERS, 4, number, b"\x82\x86\x84"), True)
    assert list(talk._streams) == [15, 17, 19]


def test_where_a_frame_ends() -> None:
    talk = conversation()
    assert talk.size(frames.PREFACE[:5], 0, True) == len(frames.PREFACE)
    ping = frame(frames.PING, 0, 0, bytes(8))
    assert [talk.size(ping[:n], 0, False) for n in (3, 8, 9, 17)] == [0, 0, 17, 17]
    assert talk.size(b"HTTP/1.1 200 OK\r\n", 0, False) == -1


def test_what_a_direction_cannot_begin_with() -> None:
    """Words, a frame of no known type, one longer than everybody has to take: RFC 9113 §4.2. Later, unknown types are read over."""
    talk = conversation()
    unknown = frame(0x77, 0, 1, b"later")
    for first in (b"hostname\nwith more\n", unknown, frame(frames.DATA, 0, 1, bytes(16_385))):
        assert talk.size(first, 0, False) == -1
    said(talk, frame(frames.SETTINGS, 0, 0), False)
    assert talk.size(unknown, 0, False) == len(unknown)
