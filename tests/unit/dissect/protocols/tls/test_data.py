"""HTTP/1.1 inside TLS: whole messages whatever the records, exchanges, spans; cut short, changed, and what is none."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from machinelab.dissect.core import Stream
from machinelab.dissect.packet import Packet
from machinelab.dissect.protocols.tls.data import ApplicationData, ApplicationMessage
from machinelab.dissect.protocols.tls.session import DATA, Record
from machinelab.model import Event
from machinelab.sources import pcap
from tests.captures import containers
from tests.unit.dissect.protocols.tls.tls_made import events, packet_info

(PATH,) = (path for path in containers.TLS if path.stem == "tls-http")
KEYS = PATH.with_suffix(".keys")
FRAMES = containers.packets(PATH)
REQUEST = b"POST /a HTTP/1.1\r\nHost: www.example.test\r\nContent-Length: 3\r\n\r\nabc"
REPLY = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"
ENDLESS = b"HTTP/1.0 200 OK\r\n\r\nuntil the end"


@pytest.fixture(scope="module")
def read() -> dict[int, Event]:
    return {event.number: event for event in pcap.load(PATH, keys=KEYS).events}


def one(read: dict[int, Event], name: str, value: object) -> Event:
    return next(event for event in read.values() if value in event.values(name))


def taken(
    pieces: list[bytes], application_messages: ApplicationData | None = None, *, to_server: bool = True
) -> list[Record]:
    """What records that hold these pieces are found to be."""
    application_messages = application_messages or ApplicationData(Stream("tcp", 0, 0))
    records = []
    for piece in pieces:
        records.append(Record(kind=DATA))
        application_messages.take(records[-1], piece, packet_info(), to_server)
    return records


def whole(records: list[Record], pieces: list[bytes]) -> list[bytes]:
    return [
        application_message.data or piece[application_message.start : application_message.stop]
        for record, piece in zip(records, pieces, strict=True)
        for application_message in record.application_messages
    ]


def test_a_reply_over_three_records_stands_on_the_last_and_belongs_to_all(read: dict[int, Event]) -> None:
    request = one(read, "http.request.uri", "/big")
    reply = read[request["http.response_in"]]  # type: ignore[index]
    assert reply["http.request_in"] == request.number
    assert reply["tls.segment.count"] == 3
    assert set(reply.values("tls.segment")) <= set(reply.messages[0].frames)
    assert reply.fields["http.file_data"][0].buffer == "Reassembled TLS"
    assert len(reply["http.file_data"]) == 20_000  # type: ignore[arg-type]
    assert all(read[n]["tls.reassembled_in"] == reply.number for n in reply.values("tls.segment")[:-1])  # type: ignore[index]


def test_bodies_are_taken_out_of_chunks_and_unpacked(read: dict[int, Event]) -> None:
    for path, body in (("/chunked", b"c" * 1900), ("/gzip", b"packed " * 400)):
        reply = read[one(read, "http.request.uri", path)["http.response_in"]]  # type: ignore[index]
        assert reply["http.file_data"] == body


def test_two_requests_in_one_record_are_two_messages(read: dict[int, Event]) -> None:
    both = one(read, "http.request.uri", "/one")
    assert isinstance(both.content, Packet)
    named = [both.content.message_fields(index)["http.request.uri"] for index in range(len(both.messages))]
    assert [[item.value for item in items] for items in named] == [["/one"], ["/two"]]


def test_a_request_over_three_records_has_an_https_address(read: dict[int, Event]) -> None:
    request = one(read, "http.request.uri", "/three")
    assert request["tls.segment.count"] == 3
    assert request["http.request.full_uri"] == "https://www.example.test/three"


def test_each_reply_closes_the_exchange_of_its_request(read: dict[int, Event]) -> None:
    found = [message.exchange for event in read.values() for message in event.messages if message.exchange]
    asked = [exchange.key for exchange in found if not exchange.reply and exchange.key[0] == "http"]
    assert len(asked) == 8
    assert asked == [exchange.key for exchange in found if exchange.reply]


def test_what_is_no_http_stays_data(read: dict[int, Event]) -> None:
    held = [event.fields["data.data"][0] for event in read.values() if "data.data" in event.fields]
    begins = [item.value[:9] for item in held if isinstance(item.value, bytes)]
    assert begins == [b"hello the", b"you said:"]
    assert all(item.buffer.startswith("Decrypted TLS") for item in held)


def test_a_preface_is_http2_without_alpn_too(read: dict[int, Event]) -> None:
    assert [event["http2.magic"] for event in read.values() if "http2.magic" in event] == [
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
    ]


def test_without_keys_nothing_is_read() -> None:
    assert not any("http" in event.fields for event in pcap.load(PATH).events)


def test_every_span_lies_in_its_buffer_and_holds_its_value(read: dict[int, Event]) -> None:
    for event in read.values():
        buffers = event.content.buffers()
        for name, items in event.fields.items():
            for item in items:
                assert 0 <= item.start <= item.stop <= len(buffers[item.buffer]), (event.number, name)
                if isinstance(item.value, bytes) and name.startswith(("http.", "data.", "tls.reassembled.")):
                    assert buffers[item.buffer][item.start : item.stop] == item.value, (event.number, name)


def test_a_reply_without_a_length_is_whole_when_the_sender_says_goodbye() -> None:
    request, reply = (
        next(event for event in events("mutual") if name in event.fields)
        for name in ("http.request", "http.response")
    )
    assert 0 in reply.values("tls.alert_message.desc")
    assert reply["http.request_in"] == request.number
    assert len(reply.messages[-1].frames) > 1
    assert reply["http.file_data"].startswith(b"<HTML>")  # type: ignore[union-attr]


def test_without_a_goodbye_it_stays_data() -> None:
    frames = containers.packets(PATH.parents[2] / "labs/tls/reference/mutual.pcapng")
    reply = next(event.number for event in events("mutual") if "http.response" in event.fields)
    keys = (PATH.parents[2] / "labs/tls/reference/mutual.keys").read_bytes()
    cut = pcap.Live(keys).feed(containers.pcapng(frames[: reply - 1]))
    assert not any("http.response" in event.fields for event in cut)
    assert any(b"HTTP/1.0 200 ok" in value for event in cut for value in event.values("data.data"))  # type: ignore[operator]


@pytest.mark.parametrize("place", range(1, len(REQUEST)))
def test_a_message_may_break_anywhere(place: int) -> None:
    pieces = [REQUEST[:place], REQUEST[place:]]
    first, second = taken(pieces)
    assert first.application_messages == [] and first.inner == [] and first.finisher is second
    assert [application_message.data for application_message in second.application_messages] == [REQUEST]
    assert second.application_messages[0].before == (first,)


@pytest.mark.parametrize("size", [1, 2, 7])
def test_pieces_of_any_size_hold_the_same_messages(size: int) -> None:
    stream = REQUEST * 3
    pieces = [stream[at : at + size] for at in range(0, len(stream), size)]
    assert whole(taken(pieces), pieces) == [REQUEST] * 3


def test_cut_short_at_every_length_there_are_only_whole_messages() -> None:
    stream = REQUEST + REQUEST
    for size in range(len(stream)):
        (record,) = taken([stream[:size]])
        assert len(record.application_messages) == size // len(REQUEST)
        assert record.inner == record.application_messages if size else record.application_messages == []
        if size % len(REQUEST):
            assert record.left == (size // len(REQUEST) * len(REQUEST), size)


def test_a_capture_cut_short_at_every_packet_is_read_as_far_as_it_goes() -> None:
    for size in range(0, len(FRAMES), 3):
        for event in pcap.Live(KEYS.read_bytes()).feed(containers.pcapng(FRAMES[:size])):
            assert dict(event.fields)


def test_a_record_that_cannot_be_opened_ends_what_was_begun() -> None:
    application_messages = ApplicationData(Stream("tcp", 0, 0))
    lost = Record(kind=DATA)
    taken([REQUEST[:20]], application_messages)
    application_messages.take(lost, None, packet_info(), True)
    (record,) = taken([REQUEST], application_messages)
    assert lost.application_messages == []
    assert [application_message.data for application_message in record.application_messages] == [None]


def test_what_follows_a_message_and_is_none_is_left() -> None:
    (record,) = taken([REQUEST + b"\0\1\2"])
    assert [type(inner) is ApplicationMessage for inner in record.inner] == [True, False]
    assert record.left == (len(REQUEST), len(REQUEST) + 3)


def test_only_a_reply_without_a_length_ends_with_the_connection() -> None:
    for sent, ends in ((ENDLESS, 1), (REPLY[:-4], 0), (b"", 0)):
        application_messages, last = ApplicationData(Stream("tcp", 0, 0)), Record()
        taken([REQUEST], application_messages)
        taken([sent], application_messages, to_server=False)
        application_messages.close(last, packet_info(), to_server=False)
        assert len(last.application_messages) == ends


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.one_of(
            st.binary(max_size=40), st.sampled_from([REQUEST, REPLY, ENDLESS, REQUEST[:30], REPLY[30:]])
        ),
        max_size=6,
    ),
    st.booleans(),
)
def test_whatever_comes_every_message_lies_in_what_came(pieces: list[bytes], to_server: bool) -> None:
    application_messages = ApplicationData(Stream("tcp", 0, 0))
    for record, piece in zip(taken(pieces, application_messages, to_server=to_server), pieces, strict=True):
        assert 0 <= record.left[0] <= record.left[1] <= len(piece)
        for application_message in record.application_messages:
            assert (
                0
                <= application_message.start
                < application_message.stop
                <= len(application_message.data if application_message.data is not None else piece)
            )
    application_messages.close(Record(), packet_info(), to_server)
