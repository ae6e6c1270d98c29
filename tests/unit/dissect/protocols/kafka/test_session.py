"""A Kafka connection: where messages end, which reply is whose, and that what never gets one is forgotten."""

import struct

from machinelab.dissect.core import Frame, PacketInfo, Source, Stream
from machinelab.dissect.protocols.kafka.request import MessageState
from machinelab.dissect.protocols.kafka.session import KEPT, Conversation, acks
from tests.unit.dissect.protocols.kafka.test_dissector import MESSAGES


def conversation() -> Conversation:
    return Conversation(Stream("tcp", 0, 0))


def observe(number: int) -> PacketInfo:
    return PacketInfo(number, Frame(number, b"", 0, Source(0, 1)), 0, 0)


def request(correlation: int, api: int = 3) -> bytes:
    body = struct.pack(">hhih", api, 12, correlation, -1) + b"\0"
    return struct.pack(">i", len(body)) + body


def reply(correlation: int) -> bytes:
    return struct.pack(">ii", 4, correlation)


def test_a_message_is_as_long_as_it_says() -> None:
    one = conversation()
    for payload, part in MESSAGES:
        assert one.size(payload, 0, part.to_server) == len(payload)
        assert one.size(payload[:3], 0, part.to_server) == 0


def test_what_cannot_be_a_message_is_none() -> None:
    one = conversation()
    assert one.size(b"GET / HTTP/1.1\r\n", 0, True) == -1
    assert one.size(b"\0\0\0\5-----", 0, True) == -1
    assert one.size(b"\0\0\0\3---", 0, False) == -1


def test_replies_find_their_requests_by_correlation_id() -> None:
    one = conversation()
    asked = [one.observe(request(correlation), observe(correlation), True) for correlation in (1, 2, 3)]
    for correlation in (2, 3, 1):
        exchange, state = one.observe(reply(correlation), observe(10 + correlation), False)
        assert exchange and exchange.reply and asked[correlation - 1][0] == exchange._replace(reply=False)
        assert isinstance(state, MessageState) and (state.request, state.reply) == (
            correlation,
            10 + correlation,
        )


def test_a_reply_nobody_asked_for_is_tied_to_nothing() -> None:
    exchange, state = conversation().observe(reply(7), observe(1), False)
    assert exchange is None and isinstance(state, MessageState) and state.request == 0


def test_requests_without_a_reply_are_forgotten_in_the_end() -> None:
    one = conversation()
    for correlation in range(KEPT + 1):
        one.observe(request(correlation), observe(correlation + 1), True)
    assert one.observe(reply(0), observe(1), False)[0] is None
    assert one.observe(reply(1), observe(1), False)[0] is not None


def test_how_many_replicas_a_request_to_produce_waits_for() -> None:
    found = {
        acks(payload, part.state.version)
        for payload, part in MESSAGES
        if part.to_server and isinstance(part.state, MessageState) and part.state.api == 0
    }
    assert found == {0, 1, -1}
    assert acks(b"\0" * 13, 9) is None
