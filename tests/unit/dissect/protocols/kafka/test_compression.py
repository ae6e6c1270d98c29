"""Compressed records: what the libraries packed comes out again, never more than is allowed, and nothing of what is broken."""

import cramjam
import pytest
from hypothesis import given
from hypothesis import strategies as st

from machinelab.dissect.protocols.kafka.compression import CODECS, unpack

PLAIN = b"an order, and another order; " * 400


def packed(codec: int) -> bytes:
    name = CODECS[codec]
    return bytes(
        cramjam.snappy.compress_raw(PLAIN) if name == "snappy" else getattr(cramjam, name).compress(PLAIN)
    )


def xerial(*blocks: bytes) -> bytes:
    head = b"\x82SNAPPY\0" + (1).to_bytes(4, "big") * 2
    return head + b"".join(len(block).to_bytes(4, "big") + block for block in blocks)


@pytest.mark.parametrize("codec", CODECS)
def test_what_was_packed_comes_out(codec: int) -> None:
    assert unpack(codec, packed(codec)) == PLAIN


@pytest.mark.parametrize("codec", CODECS)
def test_no_more_than_is_allowed(codec: int) -> None:
    assert unpack(codec, packed(codec), len(PLAIN) - 1) is None
    assert unpack(codec, packed(codec), 0) is None


def test_snappy_in_blocks_as_java_sends_it() -> None:
    block = packed(2)
    assert unpack(2, xerial(block, block)) == PLAIN * 2
    assert unpack(2, xerial(block, block), len(PLAIN) * 2 - 1) is None


def test_a_codec_that_nobody_knows() -> None:
    assert unpack(7, PLAIN) is None


@given(st.sampled_from(sorted(CODECS)), st.binary(max_size=200), st.booleans())
def test_bytes_that_are_nothing(codec: int, data: bytes, begins: bool) -> None:
    whole = packed(codec)[:20] + data if begins else data
    found = unpack(codec, whole, 1 << 16)
    assert found is None or len(found) <= 1 << 16
