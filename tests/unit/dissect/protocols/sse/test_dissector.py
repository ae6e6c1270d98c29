"""Server-sent events: WHATWG HTML §9.2's own examples, a stream cut into chunks anywhere, and any bytes at all."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from machinelab import fields
from machinelab.dissect.core import Frame, PacketInfo, Raw, Source, Stream, View
from machinelab.dissect.protocols.http1.framing import Exchanges
from machinelab.dissect.protocols.http1.streaming import EventStream, Piece
from machinelab.dissect.protocols.sse import dissector
from machinelab.sources import pcap
from tests.captures import containers

STREAM = (
    b": test stream\n\n"
    b"data: first event\nid: 1\n\n"
    b"data:second event\nid\n\n"
    b"event: add\r\ndata:  third\r\ndata: event\r\n\r\n"
    b"retry: 300\nretry: soon\nunknown: x\n\n"
)
HEAD = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\nTransfer-Encoding: chunked\r\n\r\n"
)


def dissected(data: bytes) -> list[Raw]:
    out: list[Raw] = []
    info = PacketInfo(1, Frame(0, data, len(data), Source(0, 1)), 0, 0)
    dissector.dissect(View(info, data, "frame", out), 0, len(data), None)
    assert all(
        name in fields.registry() and 0 <= start <= stop <= len(data) for name, _, start, stop, *_ in out
    )
    return out


def test_the_fields_of_events() -> None:
    found = [(name.removeprefix("sse."), value) for name, value, *_ in dissected(STREAM) if name != "sse"]
    assert found == [
        ("comment", "test stream"), ("id", "1"), ("data", "first event"), ("data", "second event"),
        ("event", "add"), ("data", " third\nevent"), ("retry", 300),
    ]  # fmt: skip
    assert sum(name == "sse" for name, *_ in dissected(STREAM)) == 5


def chunked(*places: int) -> list[bytes]:
    """The stream, cut into chunks at these places."""
    edges = sorted({0, len(STREAM), *places})
    return [b"%x\r\n%b\r\n" % (last - first, STREAM[first:last]) for first, last in pairwise(edges)]


@given(st.lists(st.integers(1, len(STREAM) - 1), max_size=8))
def test_wherever_chunks_are_cut_the_events_are_the_same(places: list[int]) -> None:
    stream, found = EventStream(True), list[bytes]()
    for chunk in [*chunked(*places), b"0\r\n\r\n"]:
        assert stream.size(chunk, 0) == (len(chunk), chunk[:1] == b"0")
        piece = stream.observe(chunk)
        found += [each.data or chunk[each.start : each.stop] for each in piece.events]
    assert piece.last and b"".join(found).replace(b"\r\n", b"\n") == STREAM.replace(b"\r\n", b"\n")
    assert len(found) == 5


def test_a_stream_is_many_messages_and_http_goes_on_behind_it() -> None:
    session = Exchanges(Stream("tcp", 0, 0))
    info = PacketInfo(1, Frame(0, b"", 0, Source(0, 1)), 0, 0)
    ask = b"GET /events HTTP/1.1\r\nHost: a\r\n\r\n"
    session.observe(ask, info, True)
    reply = HEAD + b"".join(chunked(20)) + b"0\r\n\r\n" + b"HTTP/1.1 204 No Content\r\n\r\n"
    at, pieces = 0, 0
    session.observe(ask, info, True)
    while at < len(reply):
        size = session.size(reply, at, False)
        assert 0 < size <= len(reply) - at
        pieces += isinstance(session.observe(reply[at : at + size], info, False)[1], Piece)
        at += size
    assert pieces == 3


@pytest.mark.parametrize(
    "head", [HEAD.replace(b"chunked", b"gzip"), HEAD.replace(b"Transfer-Encoding: chunked\r\n", b"")]
)
def test_without_chunks_it_goes_to_the_end_of_the_connection(head: bytes) -> None:
    session = Exchanges(Stream("tcp", 0, 0))
    assert session.size(head + STREAM[:20], 0, False) == len(head)
    assert session.size(STREAM[:20], 0, False) == 15 and session.size(STREAM[15:20], 0, False) == 0
    assert session.ends(STREAM[15:20], False) and not session.ends(b"", False)


def test_each_event_is_seen_when_it_comes() -> None:
    """As aiohttp sent it, a fifth of a second between two; the last chunk is empty."""
    found = [each for each in pcap.load(containers.EVENTS).events if each.protocol == "HTTP"]
    data = [each for each in found if "sse.data" in each]
    assert [each["sse.id"] for each in data] == ["1", "2", "3", "4", "5"]
    assert all(150e6 < later.time - sooner.time < 350e6 for sooner, later in pairwise(data))
    assert [each.content.summary() for each in found][-1] == "end of the stream"
    assert all(len(each.messages) == 1 for each in data)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=80), st.integers(0, len(STREAM)))
def test_any_bytes_are_read(noise: bytes, at: int) -> None:
    dissected(STREAM[:at] + noise + STREAM[at:])
    for mode in (True, False):
        stream = EventStream(mode)
        stream.size(noise, 0)
        stream.observe(noise)
        stream.observe(STREAM)
