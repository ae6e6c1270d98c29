"""Headers of WebSocket frames: the examples of RFC 6455 §5.7, each length's form, and what cannot be one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from machinelab.dissect.protocols.websocket.frame import Header, header, possible, unmasked

KEY = bytes.fromhex("37fa213d")


def test_a_masked_text_of_the_standard() -> None:
    frame = bytes.fromhex("81 85 37 fa 21 3d 7f 9f 4d 51 58")
    found = header(frame, 0)
    assert found == Header(0x81, 6, 5, KEY)
    assert found.final and not found.control and not found.compressed
    assert unmasked(frame[found.size :], found.key) == b"Hello"


@pytest.mark.parametrize(
    ("start", "size", "length"),
    [
        ("8205", 2, 5),
        ("827e0100", 4, 256),
        ("827f0000000000010000", 10, 65536),
        ("827fffffffffffffffff", 10, 2**64 - 1),
    ],
)
def test_each_form_of_the_length(start: str, size: int, length: int) -> None:
    found = header(bytes.fromhex(start), 0)
    assert found is not None and (found.size, found.length, found.key) == (size, length, b"")


def test_a_header_that_is_not_complete() -> None:
    whole = bytes.fromhex("82fe0100") + KEY
    assert all(header(whole[:size], 0) is None for size in range(len(whole)))
    assert header(whole, 0) == Header(0x82, 8, 256, KEY)


@pytest.mark.parametrize("start", ["8300", "8700", "8b00", "0900", "897e0100", "0800"])
def test_what_is_no_frame(start: str) -> None:
    """Reserved opcodes; control frames in fragments, or longer than 125 bytes: RFC 6455 §5.2, §5.5."""
    assert not possible(bytes.fromhex(start), 0)


@given(st.binary(max_size=300), st.binary(min_size=4, max_size=4))
def test_the_mask_is_its_own_inverse(payload: bytes, key: bytes) -> None:
    masked = unmasked(payload, key)
    assert masked == bytes(byte ^ key[at % 4] for at, byte in enumerate(payload))
    assert unmasked(masked, key) == payload
