"""Frame headers, what cannot be one, and where content begins and ends in a frame."""

import pytest

from machinelab.dissect.protocols.http2 import frames
from machinelab.dissect.protocols.http2.frames import Header, header, inside, possible


def test_a_header() -> None:
    assert header(bytes.fromhex("00000a 01 05 80000003"), 0) == Header(10, frames.HEADERS, 5, 3)
    assert header(bytes.fromhex("00000a 01 05 800000"), 0) is None


@pytest.mark.parametrize(
    "found",
    [
        Header(5, frames.PING, 0, 0), Header(8, frames.PING, 0, 1), Header(7, frames.SETTINGS, 0, 0), Header(6, frames.SETTINGS, 0, 1),
        Header(0, frames.DATA, 0, 0), Header(3, frames.RST_STREAM, 0, 1), Header(4, frames.PRIORITY, 0, 1), Header(3, frames.WINDOW_UPDATE, 0, 0),
        Header(8, frames.GOAWAY, 0, 1),
    ],
)  # fmt: skip
def test_what_no_frame_can_be(found: Header) -> None:
    assert not possible(found)


@pytest.mark.parametrize(
    "found", [Header(8, frames.PING, 1, 0), Header(0, frames.SETTINGS, 1, 0), Header(4, 0x77, 0, 5)]
)
def test_what_may_be(found: Header) -> None:
    assert possible(found)


@pytest.mark.parametrize(
    ("found", "body", "content"),
    [
        (Header(5, frames.DATA, 0, 1), b"hello", b"hello"),
        (Header(9, frames.DATA, frames.PADDED, 1), b"\x03hello\0\0\0", b"hello"),
        (Header(10, frames.HEADERS, frames.HAS_PRIORITY, 1), b"\0\0\0\0\x10block", b"block"),
        (
            Header(12, frames.HEADERS, frames.HAS_PRIORITY | frames.PADDED, 1),
            b"\x01\0\0\0\0\x10block\0",
            b"block",
        ),
        (Header(9, frames.PUSH_PROMISE, 0, 1), b"\0\0\0\x02block", b"block"),
        (Header(3, frames.DATA, frames.PADDED, 1), b"\xffab", b""),
        (Header(2, frames.HEADERS, frames.HAS_PRIORITY, 1), b"ab", b""),
        (Header(0, frames.DATA, frames.PADDED, 1), b"", b""),
    ],
)
def test_content_without_what_stands_around_it(found: Header, body: bytes, content: bytes) -> None:
    """RFC 9113 §6.1, §6.2, §6.6; padding that is longer than the frame leaves nothing."""
    payload = bytes(frames.HEADER) + body
    start, stop = inside(payload, found)
    assert payload[start:stop] == content
