"""IPv6: RFC 8200 §3; hop-by-hop and destination options §4.3, §4.6; fragments §4.5."""

import pytest

from tests.unit.dissect.protocols.layer_laws import (
    CRAFTED,
    RECORDS,
    Header,
    assert_any_bytes_are_read,
    assert_cut_short_anywhere,
)

PLAIN = Header.of(RECORDS, 129, "ipv6", 14, 54)
OPTIONS = Header.of(CRAFTED, 133, "ipv6", 14, 70)
FRAGMENT = Header.of(RECORDS, 229, "ipv6", 14, 62)
PADDED = [  # RFC 8200 §4.2: type 1, PadN, with four bytes of zero
    ("ipv6.opt.type", 1),
    ("ipv6.opt.type.action", 0),
    ("ipv6.opt.type.change", False),
    ("ipv6.opt.type.rest", 1),
    ("ipv6.opt.length", 4),
    ("ipv6.opt.padn", bytes(4)),
]


def test_the_header_as_rfc_8200_lays_it_out() -> None:
    assert PLAIN.layout() == [
        ("ipv6.version", 6, 0, 1),
        ("ip.version", 6, 0, 1),
        ("ipv6.tclass", 0, 0, 4),
        ("ipv6.tclass.dscp", 0, 0, 4),
        ("ipv6.tclass.ecn", 0, 0, 4),
        ("ipv6.flow", 0, 1, 4),
        ("ipv6.plen", 32, 4, 6),
        ("ipv6.nxt", 58, 6, 7),
        ("ipv6.hlim", 255, 7, 8),
        ("ipv6.src", "fd77::4", 8, 24),
        ("ipv6.addr", "fd77::4", 8, 24),
        ("ipv6.dst", "fd77::3", 24, 40),
        ("ipv6.addr", "fd77::3", 24, 40),
    ]


def test_the_first_word_is_version_traffic_class_and_flow_label() -> None:
    data = PLAIN.with_bytes(0, bytes.fromhex("6b9abcde"))
    names = ("version", "tclass.dscp", "tclass.ecn", "flow")
    assert [PLAIN.value(f"ipv6.{name}", data) for name in names] == [6, 0xB9 >> 2, 1, 0xABCDE]


def test_an_address_made_from_a_hardware_address_tells_it() -> None:
    """RFC 4291 appendix A: ff:fe in the middle, the universal bit turned over."""
    data = PLAIN.with_bytes(16, bytes.fromhex("021122fffe334455"))
    assert PLAIN.value("ipv6.slaac_mac", data) == "00:11:22:33:44:55"


def test_extension_headers_follow_one_another() -> None:
    found = [item[:2] for item in OPTIONS.layout() if item[2] >= 40]
    assert [name for name, _ in found if name.endswith("opts.nxt")] == [
        "ipv6.hopopts.nxt",
        "ipv6.dstopts.nxt",
    ]
    assert dict(found)["ipv6.hopopts.nxt"] == 60 and dict(found)["ipv6.dstopts.nxt"] == 17
    assert [item for item in found if item in PADDED] == PADDED * 2


def test_a_fragment_says_where_it_belongs() -> None:
    assert [item for item in FRAGMENT.layout() if item[0].startswith("ipv6.fraghdr.")] == [
        ("ipv6.fraghdr.nxt", 58, 40, 41),
        ("ipv6.fraghdr.reserved_octet", 0, 41, 42),
        ("ipv6.fraghdr.offset", 362, 42, 44),
        ("ipv6.fraghdr.reserved_bits", 0, 42, 44),
        ("ipv6.fraghdr.more", False, 42, 44),
        ("ipv6.fraghdr.ident", 0xC4CDF1CC, 44, 48),
    ]


EVERY = {"plain": PLAIN, "options": OPTIONS, "fragment": FRAGMENT}


@pytest.mark.parametrize("kind", EVERY)
def test_cut_short_anywhere(kind: str) -> None:
    assert_cut_short_anywhere(EVERY[kind])


@pytest.mark.parametrize("kind", EVERY)
def test_any_bytes(kind: str) -> None:
    assert_any_bytes_are_read(EVERY[kind])
