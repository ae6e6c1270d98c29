"""Header blocks: the examples of RFC 7541, appendix C, in their order; what is broken, and what is too much."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from machinelab.dissect.core import Short
from machinelab.dissect.protocols.http2 import hpack
from machinelab.dissect.protocols.http2.hpack import (
    INCREMENTAL,
    INDEXED,
    NEVER,
    UPDATE,
    WITHOUT,
    Decoder,
    integer,
    string,
)


def read(decoder: Decoder, block: str) -> list[tuple[str, str]]:
    found = decoder.read(bytes.fromhex(block))
    assert found.ended == len(bytes.fromhex(block)) and not found.exceeded and not decoder.lost
    return [(line.name.decode(), line.value.decode()) for line in found.lines]


@pytest.mark.parametrize(
    ("data", "bits", "value", "stop"), [("0a", 5, 10, 1), ("1f9a0a", 5, 1337, 3), ("2a", 8, 42, 1)]
)
def test_integers(data: str, bits: int, value: int, stop: int) -> None:
    """RFC 7541 §C.1."""
    assert integer(bytes.fromhex(data), 0, bits) == (value, stop)


@pytest.mark.parametrize("data", ["", "1f", "1f9a", "1f" + "ff" * 6])
def test_an_integer_without_end(data: str) -> None:
    with pytest.raises(Short):
        integer(bytes.fromhex(data), 0, 5)


@pytest.mark.parametrize(
    ("block", "name", "value", "representation", "number"),
    [
        (
            "400a637573746f6d2d6b65790d637573746f6d2d686561646572",
            "custom-key",
            "custom-header",
            f"{INCREMENTAL} - New Name",
            0,
        ),
        ("040c2f73616d706c652f70617468", ":path", "/sample/path", f"{WITHOUT} - Indexed Name", 4),
        ("100870617373776f726406736563726574", "password", "secret", f"{NEVER} - New Name", 0),
        ("82", ":method", "GET", INDEXED, 2),
    ],
)
def test_each_representation(block: str, name: str, value: str, representation: str, number: int) -> None:
    """RFC 7541 §C.2."""
    (line,) = Decoder().read(bytes.fromhex(block)).lines
    assert line == (name.encode(), value.encode(), representation, number, 0, len(bytes.fromhex(block)))


PLAIN = (
    "828684410f7777772e6578616d706c652e636f6d",
    "828684be58086e6f2d6361636865",
    "828785bf400a637573746f6d2d6b65790c637573746f6d2d76616c7565",
)
CODED = (
    "828684418cf1e3c2e5f23a6ba0ab90f4ff",
    "828684be5886a8eb10649cbf",
    "828785bf408825a849e95ba97d7f8925a849e95bb8e8b4bf",
)


@pytest.mark.parametrize("blocks", [PLAIN, CODED], ids=["plain", "huffman"])
def test_the_table_goes_on_from_request_to_request(blocks: tuple[str, ...]) -> None:
    """RFC 7541 §C.3, §C.4."""
    decoder = Decoder()
    first, second, third = (read(decoder, block) for block in blocks)
    host = (":authority", "www.example.com")
    assert first == [(":method", "GET"), (":scheme", "http"), (":path", "/"), host]
    assert second == [*first, ("cache-control", "no-cache")]
    assert third == [
        (":method", "GET"),
        (":scheme", "https"),
        (":path", "/index.html"),
        host,
        ("custom-key", "custom-value"),
    ]


def test_a_smaller_table_drops_the_oldest() -> None:
    """RFC 7541 §4.3: after a change to nothing, no dynamic index means anything."""
    decoder = Decoder()
    read(decoder, PLAIN[0])
    update = decoder.read(bytes.fromhex("20"))
    assert update.lines[0].representation == UPDATE and update.lines[0].number == 0
    broken = decoder.read(bytes.fromhex("82be"))
    assert [line.name for line in broken.lines] == [b":method"] and broken.ended == 1 and decoder.lost


@pytest.mark.parametrize("block", ["80", "ff80ffffff07", "4001", "400a6375", "0085ffffffffff0161", "be"])
def test_what_is_broken_is_read_as_far_as_it_goes(block: str) -> None:
    decoder = Decoder()
    found = decoder.read(bytes.fromhex("82" + block))
    assert [line.name for line in found.lines] == [b":method"] and found.ended == 1 and decoder.lost


def test_a_bomb_is_given_up() -> None:
    """One byte for each repetition of a header of 4,000 bytes."""
    decoder = Decoder()
    decoder.read(b"\x40\x01a" + b"\x7f\xa1\x1e" + b"x" * 4000)
    found = decoder.read(b"\xbe" * 10_000)
    assert found.exceeded and sum(len(line.value) for line in found.lines) <= hpack.LONGEST


@given(st.binary(max_size=200))
def test_any_bytes_are_read(block: bytes) -> None:
    found = Decoder().read(block)
    assert 0 <= found.ended <= len(block)
    at = 0
    for line in found.lines:
        assert line.start == at < line.stop <= len(block)
        at = line.stop


@given(st.binary(max_size=40))
def test_a_string_is_what_was_written(value: bytes) -> None:
    assert string(bytes([len(value)]) + value, 0) == (value, len(value) + 1)
