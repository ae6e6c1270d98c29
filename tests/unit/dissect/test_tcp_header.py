"""The options that the first pass reads, whole and cut off."""

import pytest

from machinelab.dissect.tcp_header import has_cookie, sack_blocks, window_scale

SYN = b"\x02\x04\x05\xb4\x04\x02\x08\x0a" + bytes(8) + b"\x01\x03\x03\x0a"
SACK = (
    b"\x01\x01\x08\x0a"
    + bytes(8)
    + b"\x01\x01\x05\x12"
    + bytes([0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 5, 0, 0, 0, 9])
)


def header(options: bytes) -> tuple[bytes, int, int]:
    """A header of zeros with these options: the bytes, where it starts, its size."""
    return bytes(3) + bytes(20) + options, 3, 20 + len(options)


@pytest.mark.parametrize(
    ("options", "shift"),
    [(SYN, 10), (SYN[:-1], -2), (b"", -2), (b"\x03\x03\xff", 14), (b"\x00\x03\x03\x07", -2)],
)
def test_the_window_scale(options: bytes, shift: int) -> None:
    assert window_scale(*header(options)) == shift


def test_sack_blocks() -> None:
    assert sack_blocks(*header(SACK)) == ((1, 2), (5, 9))
    assert sack_blocks(*header(SYN)) == ()


@pytest.mark.parametrize(
    ("options", "there"),
    [
        (b"\x22\x0a" + bytes(8), True),
        (b"\x22\x02", False),
        (b"\xfe\x0c\xf9\x89" + bytes(8), True),
        (SYN, False),
    ],
)
def test_a_cookie_is_not_the_wish_for_one(options: bytes, there: bool) -> None:
    assert has_cookie(*header(options)) == there


@pytest.mark.parametrize("options", [SYN, SACK, b"\x05\x00" + bytes(10), b"\x05\xff" + bytes(10)])
def test_options_cut_off_anywhere_do_not_fail(options: bytes) -> None:
    for stop in range(len(options) + 1):
        data, start, size = header(options)
        for read in (window_scale, sack_blocks, has_cookie):
            read(data[: start + 20 + stop], start, size)
