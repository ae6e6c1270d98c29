"""WebSocket connections: messages in fragments, compression with and without a window that goes on, pings and their pongs."""

import zlib

import pytest

from machinelab.dissect.core import Frame, PacketInfo, Source, Stream
from machinelab.dissect.handover import Handover
from machinelab.dissect.protocols.websocket import session
from machinelab.dissect.protocols.websocket.session import Conversation, MessageState
from machinelab.model import Exchange

INFO = PacketInfo(7, Frame(0, b"", 0, Source(0, 1)), 0, 0)
DEFLATE = "permessage-deflate"


def conversation(extensions: str = "") -> Conversation:
    stream = Stream("tcp", 0, 0)
    stream.handover = Handover("websocket", {"sec-websocket-extensions": extensions} if extensions else {})
    return Conversation(stream)


def frame(opcode: int, payload: bytes = b"", *, final: bool = True, rsv: int = 0) -> bytes:
    assert len(payload) < 126 or len(payload) < 65536
    size = bytes([len(payload)]) if len(payload) < 126 else b"\x7e" + len(payload).to_bytes(2, "big")
    return bytes([final << 7 | rsv << 4 | opcode]) + size + payload


def said(talk: Conversation, message: bytes, to_server: bool = False) -> tuple[Exchange | None, MessageState]:
    exchange, state = talk.observe(message, INFO, to_server)
    assert isinstance(state, MessageState)
    return exchange, state


class Packer:
    """What a sender of compressed messages does: one window for all of them: RFC 7692 §7.2.1."""

    def __init__(self) -> None:
        self.packing = zlib.compressobj(wbits=-15)

    def message(self, text: bytes) -> bytes:
        return (self.packing.compress(text) + self.packing.flush(zlib.Z_SYNC_FLUSH))[:-4]


def test_fragments_make_a_message_with_a_ping_between() -> None:
    talk = conversation()
    assert not said(talk, frame(1, b"one ", final=False))[1].ends
    asked, between = said(talk, frame(9, b"?"))
    assert asked is not None and not between.ends
    assert not said(talk, frame(0, b"two", final=False))[1].ends
    state = said(talk, frame(0, b""))[1]
    assert (state.ends, state.kind, state.content, state.joined) == (True, 1, b"one two", b"one two")
    assert state.fragments == ((7, 4), (7, 3), (7, 0))


def test_the_window_goes_on_to_the_next_message() -> None:
    packer, talk = Packer(), conversation(DEFLATE)
    first, second = (packer.message(b"again and again") for _ in range(2))
    assert len(second) < len(first)
    assert [said(talk, frame(1, each, rsv=4))[1].content for each in (first, second)] == [
        b"again and again"
    ] * 2


def test_without_takeover_each_message_stands_by_itself() -> None:
    talk = conversation(f"{DEFLATE}; server_no_context_takeover")
    for _ in range(2):
        assert said(talk, frame(1, Packer().message(b"alone"), rsv=4))[1].content == b"alone"
    # The client's window goes on all the same.
    packer = Packer()
    for _ in range(2):
        assert said(talk, frame(2, packer.message(b"client"), rsv=4), True)[1].content == b"client"


def test_a_message_whose_first_frame_is_not_marked_is_not_compressed() -> None:
    assert said(conversation(DEFLATE), frame(1, b"plain"))[1].content == b"plain"


def test_without_agreement_the_reserved_bit_says_nothing() -> None:
    state = said(conversation(), frame(1, b"plain", rsv=4))[1]
    assert (state.agreed, state.content) == (False, b"plain")


def test_damaged_compression_is_said_and_spoils_what_needs_its_window() -> None:
    talk = conversation(DEFLATE)
    state = said(talk, frame(1, b"\xff\xff\xff", rsv=4))[1]
    assert state.cut and state.content is None
    assert said(talk, frame(1, Packer().message(b"later"), rsv=4))[1].content is None
    alone = conversation(f"{DEFLATE}; server_no_context_takeover")
    assert said(alone, frame(1, b"\xff\xff\xff", rsv=4))[1].cut
    assert said(alone, frame(1, Packer().message(b"later"), rsv=4))[1].content == b"later"


def test_a_bomb_is_decompressed_up_to_a_megabyte() -> None:
    state = said(conversation(DEFLATE), frame(2, Packer().message(bytes(5 << 20)), rsv=4))[1]
    assert state.cut and state.content == bytes(session.UNPACKED)


def test_all_messages_of_a_capture_share_one_allowance(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session, "UNPACKED", 1 << 10)
    talk = conversation(DEFLATE)
    talk._allowance.left = 30
    packer = Packer()
    contents = [said(talk, frame(2, packer.message(bytes(20)), rsv=4))[1].content for _ in range(3)]
    assert contents == [bytes(20), bytes(10), None]


def test_a_pong_answers_the_newest_ping_that_said_the_same() -> None:
    talk = conversation()
    pings = [said(talk, frame(9, each), True)[0] for each in (b"a", b"b", b"b")]
    pong = said(talk, frame(10, b"b"))[0]
    assert pong is not None and pong.reply and pings[2] is not None and pong.key == pings[2].key
    # Those before it are answered too; nothing is left to answer.
    assert said(talk, frame(10, b"a"))[0] is None


def test_a_pong_that_nobody_asked_for_and_one_of_the_same_side() -> None:
    talk = conversation()
    assert said(talk, frame(10, b"alive"))[0] is None
    said(talk, frame(9, b"x"), True)
    assert said(talk, frame(10, b"x"), True)[0] is None


@pytest.mark.parametrize("first", [True, False])
def test_the_second_close_answers_the_first(first: bool) -> None:
    talk = conversation()
    opened, again, closed = (
        said(talk, frame(8, b"\x03\xe8"), to_server)[0] for to_server in (first, first, not first)
    )
    assert opened and again and closed
    assert (opened.reply, again.reply, closed.reply) == (False, False, True) and opened.key == closed.key


def test_where_a_frame_ends() -> None:
    talk = conversation()
    message = frame(2, bytes(300))
    assert [talk.size(message[:n], 0, False) for n in (1, 3, 4, 200)] == [0, 0, 304, 304]
    assert talk.size(b"GET / HTTP/1.1\r\n", 0, True) == -1
