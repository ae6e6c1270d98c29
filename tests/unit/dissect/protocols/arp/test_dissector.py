"""ARP: RFC 826, probes and announcements RFC 5227."""

from tests.unit.dissect.protocols.layer_laws import (
    RECORDS,
    Header,
    assert_any_bytes_are_read,
    assert_cut_short_anywhere,
)

REQUEST = Header.of(RECORDS, 2, "arp", 14, 42)
SENDER_MAC, TARGET_MAC, TARGET = 8, 18, 24  # where they stand in the 28 bytes


def test_a_request_as_rfc_826_lays_it_out() -> None:
    assert REQUEST.layout() == [
        ("arp.hw.type", 1, 0, 2),
        ("arp.proto.type", 0x0800, 2, 4),
        ("arp.hw.size", 6, 4, 5),
        ("arp.proto.size", 4, 5, 6),
        ("arp.opcode", 1, 6, 8),
        ("arp.src.hw_mac", "02:42:0a:4d:00:04", 8, 14),
        ("arp.src.proto_ipv4", "10.77.0.4", 14, 18),
        ("arp.dst.hw_mac", "00:00:00:00:00:00", 18, 24),
        ("arp.dst.proto_ipv4", "10.77.0.3", 24, 28),
    ]


def generated(data: bytes) -> set[str]:
    return {item[0] for item in REQUEST.own(data) if item[0].startswith("arp.is")}


def test_a_request_is_neither_probe_nor_announcement() -> None:
    assert generated(REQUEST.frame) == set()


def test_whoever_asks_for_its_own_address_announces_it() -> None:
    """RFC 5227 §3: the target's hardware address is all zero."""
    own = REQUEST.with_bytes(TARGET, bytes([10, 77, 0, 4]))
    assert generated(own) == {"arp.isgratuitous", "arp.isannouncement"}
    filled = REQUEST.with_bytes(TARGET_MAC, b"\xff" * 6 + bytes([10, 77, 0, 4]))
    assert generated(filled) == {"arp.isgratuitous"}


def test_a_probe_asks_without_an_address_of_its_own() -> None:
    """RFC 5227 §2.1.1: the sender's IP address is all zero."""
    assert generated(REQUEST.with_bytes(SENDER_MAC, bytes(10))) == {"arp.isprobe"}


def test_addresses_of_other_sizes_are_bytes() -> None:
    other = REQUEST.with_bytes(4, bytes([4, 2]))
    assert [item[:2] for item in REQUEST.layout(other)[5:]] == [
        ("arp.src.hw", bytes.fromhex("02420a4d")),
        ("arp.src.proto", bytes.fromhex("0004")),
        ("arp.dst.hw", bytes([10, 77, 0, 4])),
        ("arp.dst.proto", bytes(2)),
    ]


def test_cut_short_anywhere() -> None:
    assert_cut_short_anywhere(REQUEST)


def test_any_bytes() -> None:
    assert_any_bytes_are_read(REQUEST)
