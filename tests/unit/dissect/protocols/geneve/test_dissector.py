"""Geneve: RFC 8926 §3.4."""

from tests.unit.dissect.protocols.layer_laws import (
    FOREIGN,
    Header,
    assert_any_bytes_are_read,
    assert_cut_short_anywhere,
)

OUTER = Header.of(FOREIGN / "tunnels.pcap", 20, "geneve", 42, 50)


def test_the_header_as_rfc_8926_lays_it_out() -> None:
    assert OUTER.layout() == [
        ("geneve.version", 0, 0, 1),
        ("geneve.option.length", 0, 0, 1),
        ("geneve.flags", 0, 1, 2),
        ("geneve.flags.oam", False, 1, 2),
        ("geneve.flags.critical", False, 1, 2),
        ("geneve.flags.reserved", False, 1, 2),
        ("geneve.proto_type", 0x6558, 2, 4),  # Transparent Ethernet Bridging
        ("geneve.vni", 43, 4, 7),
        ("geneve.reserved", 0, 7, 8),
    ]
    assert str(OUTER.value("frame.protocols")).endswith("udp:geneve:eth:ethertype:ip:tcp")


def test_options_are_counted_in_words() -> None:
    """RFC 8926 §3.4: six bits, in multiples of four bytes; critical is the second bit of the flags."""
    data = OUTER.with_bytes(0, bytes([0x02, 0x40]))
    assert OUTER.value("geneve.option.length", data) == 8
    assert OUTER.value("geneve.flags.critical", data) is True


def test_cut_short_anywhere() -> None:
    assert_cut_short_anywhere(OUTER)


def test_any_bytes() -> None:
    assert_any_bytes_are_read(OUTER)
