"""HTTP/1.1: real messages, messages cut off anywhere, and those that mean harm."""

import gzip
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from machinelab.dissect import content
from machinelab.dissect.core import Frame, PacketInfo, Part, Raw, Source, Stream, View
from machinelab.dissect.protocols.http1 import dissector as http1
from machinelab.dissect.protocols.http1 import framing
from machinelab.model import Event
from machinelab.sources import pcap
from tests.captures import containers

EVENTS = pcap.load(containers.HTTP).events
APPLICATION = http1.APPLICATIONS[0]


def one(name: str, value: object) -> Event:
    return next(item for item in EVENTS if value in item.values(name))


def dissected(message: bytes) -> list[Raw]:
    out: list[Raw] = []
    info = PacketInfo(1, Frame(0, message, len(message), Source(0, 1)), 0, 0)
    http1.dissect(View(info, message, "frame", out), Part(APPLICATION, 0, len(message)))
    return out


def values(message: bytes, name: str) -> list[object]:
    return [item[1] for item in dissected(message) if item[0] == name]


def session() -> framing.Exchanges:
    return framing.Exchanges(Stream("tcp", 0, 0))


def test_each_reply_is_tied_to_its_request() -> None:
    requests = {item.number: item for item in EVENTS if "http.request.method" in item}
    replies = [item for item in EVENTS if "http.response.code" in item]
    assert len(replies) == 15
    for reply in replies:
        request = requests[int(reply["http.request_in"])]
        assert reply.number in request.values("http.response_in")


def test_pipelined_requests_are_answered_in_their_order() -> None:
    both = next(item for item in EVENTS if len(item.messages) == 2)
    codes = {item.number: item["http.response.code"] for item in EVENTS if "http.response.code" in item}
    assert [codes[int(number)] for number in both.values("http.response_in")] == [200, 404]


@pytest.mark.parametrize(
    ("target", "body"),
    [
        ("/chunked", b"hello, world"),
        ("/gzip", b"squeezed " * 40),
        ("/gzip-chunked", b"both " * 50),
        ("/big", bytes(range(256)) * 20),
        ("/close", b"until the end\n" * 200),
    ],
)
def test_a_body_is_given_as_it_was_meant(target: str, body: bytes) -> None:
    replies = [
        item for item in EVENTS if item.values("http.request.uri") == [target] and "http.response" in item
    ]
    assert body in [item["http.file_data"] for item in replies if "http.file_data" in item]


def test_a_body_stands_in_a_buffer_of_its_own() -> None:
    reply = next(item for item in EVENTS if item.values("http.content_encoding") == ["gzip"])
    found = reply.fields["http.file_data"][0]
    assert reply.content.buffers()[found.buffer][found.start : found.stop] == found.value


def test_a_request_in_three_pieces_is_one_message() -> None:
    whole = [item for item in EVENTS if len(item.messages) == 1 and len(item.messages[0].frames) == 3]
    assert "/chunked" in [item.values("http.request.uri")[0] for item in whole]


def test_a_line_for_the_list() -> None:
    assert one("http.request.uri.path", "/").content.summary() == "GET /?q=1&r=two"
    assert one("http.response.code", 404).content.summary() == "404 Not Found  text/plain  9 bytes"


def test_a_bomb_is_unpacked_no_further_than_a_megabyte() -> None:
    bomb = gzip.compress(bytes(200 << 20))
    head = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(bomb)
    (body,) = values(head + bomb, "http.file_data")
    assert isinstance(body, bytes) and len(body) == content.UNPACKED


@pytest.mark.parametrize("packed", [zlib.compress(b"deflated"), zlib.compress(b"deflated")[2:-4]])
def test_both_ways_to_deflate(packed: bytes) -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Encoding: deflate\r\n\r\n"
    assert values(head + packed, "http.file_data") == [b"deflated"]


def test_a_damaged_packing_leaves_the_bytes_as_they_are() -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Type: text/plain\r\n\r\n"
    assert values(head + b"no gzip", "http.file_data") == [b"no gzip"]


def test_a_head_has_no_body_and_a_reply_may_end_with_the_connection() -> None:
    exchanges, info = session(), PacketInfo(1, Frame(0, b"", 0, Source(0, 1)), 0, 0)
    exchanges.observe(b"HEAD / HTTP/1.1\r\n\r\n", info, True)
    reply = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n"
    assert exchanges.size(reply, 0, False) == len(reply)
    exchanges.observe(reply, info, False)
    exchanges.observe(b"GET / HTTP/1.1\r\n\r\n", info, True)
    assert exchanges.size(reply, 0, False) == len(reply) + 5
    endless = b"HTTP/1.1 200 OK\r\n\r\nsome"
    assert exchanges.size(endless, 0, False) == 0 and exchanges.ends(endless, False)


def test_an_interim_reply_leaves_the_request_open() -> None:
    exchanges, info = session(), PacketInfo(1, Frame(0, b"", 0, Source(0, 1)), 0, 0)
    asked, _ = exchanges.observe(b"PUT / HTTP/1.1\r\nExpect: 100-continue\r\n\r\n", info, True)
    interim, _ = exchanges.observe(b"HTTP/1.1 100 Continue\r\n\r\n", info, False)
    final, _ = exchanges.observe(b"HTTP/1.1 201 Created\r\n\r\n", info, False)
    assert asked and final and interim is None
    assert final.key == asked.key and final.reply


@pytest.mark.parametrize("data", [b"nonsense\r\n", b"GET / HTTP/9.9\r\n", b"x" * 70_000, b"\x16\x03\x01"])
def test_what_is_no_http_is_not_waited_for(data: bytes) -> None:
    assert session().size(data, 0, True) == -1


def test_headers_without_end_are_given_up() -> None:
    assert session().size(b"GET / HTTP/1.1\r\n" + b"a: b\r\n" * 20_000, 0, True) == -1


MESSAGES = (
    b"POST /f?a=1&&b HTTP/1.1\r\nHost: h\r\nCookie: a=b;; c\r\nAuthorization: Basic !!\r\nContent-Length: 3\r\n\r\nabc",
    b"HTTP/1.1 299 \r\nTransfer-Encoding: chunked\r\nContent-Encoding: gzip\r\n\r\n3;x\r\nabc\r\n0\r\nA: b\r\n\r\n",
)


@pytest.mark.parametrize("message", MESSAGES)
def test_cut_off_anywhere_it_does_not_fail(message: bytes) -> None:
    for stop in range(len(message) + 1):
        exchanges = session()
        for to_server in (True, False):
            assert exchanges.size(message[:stop], 0, to_server) <= len(message)
        for name, _, first, last, buffer, *_ in dissected(message[:stop]):
            assert 0 <= first <= last and (buffer != "frame" or last <= stop), name


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(MESSAGES), st.data())
def test_changed_anywhere_it_does_not_fail(message: bytes, data: st.DataObject) -> None:
    changed = bytearray(message)
    for _ in range(data.draw(st.integers(1, 4))):
        changed[data.draw(st.integers(0, len(changed) - 1))] = data.draw(st.integers(0, 255))
    dissected(bytes(changed))
    session().size(bytes(changed), 0, data.draw(st.booleans()))
