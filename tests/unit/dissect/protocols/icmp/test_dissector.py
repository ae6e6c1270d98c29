"""ICMP: RFC 792; path MTU RFC 1191 §4."""

import pytest

from tests.unit.dissect.protocols.layer_laws import (
    RECORDS,
    Header,
    assert_any_bytes_are_read,
    assert_cut_short_anywhere,
)

UNREACHABLE = Header.of(RECORDS, 201, "icmp", 34, 42)
TYPE, CODE, REST = 0, 1, 4  # where they stand


def test_port_unreachable_as_rfc_792_lays_it_out() -> None:
    assert UNREACHABLE.layout() == [
        ("icmp.type", 3, 0, 1),
        ("icmp.code", 3, 1, 2),
        ("icmp.checksum", 0x11BC, 2, 4),
        ("icmp.unused", bytes(4), 4, 8),
    ]


def test_an_error_quotes_the_packet_that_it_is_about() -> None:
    found = UNREACHABLE.read().fields
    quoted = [(name, value) for name, value, start, *_ in found if start >= UNREACHABLE.stop]
    assert ("ip.src", "10.77.0.4") in quoted and ("ip.dst", "10.77.0.3") in quoted
    assert ("udp.srcport", 53565) in quoted and ("udp.dstport", 9999) in quoted
    assert ("data.data", b"hello") in quoted


@pytest.mark.parametrize(("change", "status"), [(b"\x03", 1), (b"\x04", 0)])
def test_the_checksum_is_of_the_whole_message(change: bytes, status: int) -> None:
    """RFC 792: the one's complement sum of the ICMP message. 1 is good, 0 bad, as in Wireshark."""
    assert UNREACHABLE.value("icmp.checksum.status", UNREACHABLE.with_bytes(CODE, change)) == status


def test_fragmentation_needed_names_the_mtu() -> None:
    """RFC 1191 §4: the low two bytes of what RFC 792 left unused."""
    data = UNREACHABLE.with_bytes(CODE, bytes([4]) + b"\0\0" + bytes.fromhex("000005dc"))
    assert UNREACHABLE.layout(data)[3:] == [("icmp.unused", bytes(2), 4, 6), ("icmp.mtu", 1500, 6, 8)]


def test_a_redirect_names_the_gateway() -> None:
    data = UNREACHABLE.with_bytes(TYPE, bytes([5, 1, 0, 0, 10, 77, 0, 1]))
    assert UNREACHABLE.layout(data)[3:] == [("icmp.redir_gw", "10.77.0.1", 4, 8)]


def test_a_ping_has_an_identifier_and_a_sequence_number() -> None:
    """Linux sends the identifier in network order and Windows in its own: both readings are told."""
    data = UNREACHABLE.with_bytes(TYPE, bytes([8, 0, 0, 0]) + bytes.fromhex("12340001"))
    assert UNREACHABLE.layout(data)[3:] == [
        ("icmp.ident", 0x1234, 4, 6),
        ("icmp.ident_le", 0x3412, 4, 6),
        ("icmp.seq", 1, 6, 8),
        ("icmp.seq_le", 256, 6, 8),
    ]


def test_cut_short_anywhere() -> None:
    assert_cut_short_anywhere(UNREACHABLE)


@pytest.mark.parametrize("kind", [0, 3, 5, 8, 9, 11, 12, 13, 17, 42, 43])
def test_any_bytes(kind: int) -> None:
    """Of each type that is read further."""
    data = UNREACHABLE.with_bytes(TYPE, bytes([kind]))
    assert_any_bytes_are_read(Header(data, "icmp", 35, len(data)), examples=15)
