"""IPv4: RFC 791 §3.1, DS field and ECN RFC 2474, RFC 3168; options RFC 791 §3.1, RFC 2113."""

import pytest

from tests.unit.dissect.protocols.layer_laws import (
    FOREIGN,
    RECORDS,
    Header,
    assert_any_bytes_are_read,
    assert_cut_short_anywhere,
)

PLAIN = Header.of(RECORDS, 220, "ip", 14, 34)
OPTIONS = Header.of(FOREIGN / "ip-options.pcap", 1, "ip", 14, 38)
TRAFFIC, FLAGS = 1, 6  # where they stand


def test_the_header_as_rfc_791_lays_it_out() -> None:
    assert PLAIN.layout() == [
        ("ip.version", 4, 0, 1),
        ("ip.hdr_len", 20, 0, 1),
        ("ip.dsfield", 0, 1, 2),
        ("ip.dsfield.dscp", 0, 1, 2),
        ("ip.dsfield.ecn", 0, 1, 2),
        ("ip.len", 46, 2, 4),
        ("ip.id", 0x2D84, 4, 6),
        ("ip.flags", 2, 6, 7),
        ("ip.flags.rb", False, 6, 7),
        ("ip.flags.df", True, 6, 7),
        ("ip.flags.mf", False, 6, 7),
        ("ip.frag_offset", 0, 6, 8),
        ("ip.ttl", 64, 8, 9),
        ("ip.proto", 17, 9, 10),
        ("ip.checksum", 0xF89A, 10, 12),
        ("ip.src", "10.77.0.4", 12, 16),
        ("ip.addr", "10.77.0.4", 12, 16),
        ("ip.dst", "10.77.0.3", 16, 20),
        ("ip.addr", "10.77.0.3", 16, 20),
    ]


def test_the_byte_that_was_the_type_of_service_is_two_fields() -> None:
    """RFC 2474 §3: six bits; RFC 3168 §5: two."""
    data = PLAIN.with_bytes(TRAFFIC, bytes([0b10111011]))
    assert [PLAIN.value(f"ip.dsfield.{name}", data) for name in ("dscp", "ecn")] == [46, 3]


def test_the_offset_is_thirteen_bits_behind_the_flags() -> None:
    """RFC 791 §3.1. It counts eights of octets; its field is the number as it stands there."""
    data = PLAIN.with_bytes(FLAGS, bytes([0x20, 0xB9]))
    assert (PLAIN.value("ip.flags.mf", data), PLAIN.value("ip.frag_offset", data)) == (True, 185)


def test_an_option_stands_behind_the_twenty_bytes() -> None:
    """RFC 2113 §2.1: router alert, its type copied into fragments, class 0, number 20."""
    assert OPTIONS.value("ip.hdr_len") == 24
    assert OPTIONS.layout()[-7:] == [
        ("ip.options.routeralert", b"\x94\x04\0\0", 20, 24),
        ("ip.opt.type", 148, 20, 21),
        ("ip.opt.type.copy", True, 20, 21),
        ("ip.opt.type.class", 0, 20, 21),
        ("ip.opt.type.number", 20, 20, 21),
        ("ip.opt.len", 4, 21, 22),
        ("ip.opt.ra", 0, 22, 24),
    ]


@pytest.mark.parametrize("header", [PLAIN, OPTIONS], ids=["plain", "options"])
def test_cut_short_anywhere(header: Header) -> None:
    assert_cut_short_anywhere(header)


@pytest.mark.parametrize("header", [PLAIN, OPTIONS], ids=["plain", "options"])
def test_any_bytes(header: Header) -> None:
    assert_any_bytes_are_read(header)
