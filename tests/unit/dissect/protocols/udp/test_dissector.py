"""UDP: RFC 768."""

import pytest

from tests.unit.dissect.protocols.layer_laws import (
    RECORDS,
    Header,
    assert_any_bytes_are_read,
    assert_cut_short_anywhere,
)

QUERY = Header.of(RECORDS, 220, "udp", 34, 42)
LENGTH, CHECKSUM = 4, 6  # where they stand


def test_the_header_as_rfc_768_lays_it_out() -> None:
    assert QUERY.layout() == [
        ("udp.srcport", 5555, 0, 2),
        ("udp.dstport", 53, 2, 4),
        ("udp.port", 5555, 0, 2),
        ("udp.port", 53, 2, 4),
        ("udp.length", 26, 4, 6),
        ("udp.checksum", 0x151D, 6, 8),
    ]
    assert QUERY.value("udp.payload") == QUERY.frame[42:60]


@pytest.mark.parametrize(("checksum", "status"), [(b"\x15\x1d", 2), (b"\0\0", 3)])
def test_a_checksum_of_zero_is_none(checksum: bytes, status: int) -> None:
    """RFC 768: no checksum was made. The others are not verified, as in Wireshark."""
    assert QUERY.value("udp.checksum.status", QUERY.with_bytes(CHECKSUM, checksum)) == status


@pytest.mark.parametrize(("length", "payload"), [(20, 12), (26, 18), (200, 18), (7, 18)])
def test_the_length_ends_the_payload_where_it_can(length: int, payload: int) -> None:
    """What is longer than the packet, or shorter than the header, does not."""
    data = QUERY.with_bytes(LENGTH, length.to_bytes(2, "big"))
    found = QUERY.value("udp.payload", data)
    assert isinstance(found, bytes) and len(found) == payload


def test_cut_short_anywhere() -> None:
    assert_cut_short_anywhere(QUERY)


def test_any_bytes() -> None:
    assert_any_bytes_are_read(QUERY)
