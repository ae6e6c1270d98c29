"""Ethernet II, IEEE 802.3 with its length, and tags: IEEE 802.3 §3.2, 802.1Q §9.6."""

import pytest

from tests.unit.dissect.protocols.layer_laws import (
    FOREIGN,
    RECORDS,
    Header,
    assert_any_bytes_are_read,
    assert_cut_short_anywhere,
)

FRAME = Header.of(RECORDS, 2, "eth", 0, 14)
TAGS = FOREIGN / "vlan-802.1ad.pcap"
OUTER = Header.of(TAGS, 1, "ieee8021ad", 14, 18)
INNER = Header.of(TAGS, 1, "vlan", 18, 22)
LENGTH = Header.of(FOREIGN / "llc-snap-gre.pcap", 1, "eth", 0, 14)
EVERY = [FRAME, OUTER, INNER, LENGTH]


def test_the_header_is_two_addresses_and_a_type() -> None:
    found = FRAME.layout()
    assert [item for item in found if item[0] in ("eth.dst", "eth.src", "eth.type")] == [
        ("eth.dst", "02:42:0a:4d:00:03", 0, 6),
        ("eth.src", "02:42:0a:4d:00:04", 6, 12),
        ("eth.type", 0x0806, 12, 14),
    ]
    assert ("eth.addr", "02:42:0a:4d:00:03", 0, 6) in found and ("eth.dst.oui", 0x02420A, 0, 3) in found


@pytest.mark.parametrize(
    ("first", "local", "group"), [(0x02, True, False), (0x33, True, True), (0x00, False, False)]
)
def test_two_bits_of_an_address_say_whose_it_is_and_how_many_it_is_of(
    first: int, local: bool, group: bool
) -> None:
    """IEEE 802 §8.2.2: universally or locally administered, individual or group."""
    data = FRAME.with_bytes(0, bytes([first]))
    assert (FRAME.value("eth.dst.lg", data), FRAME.value("eth.dst.ig", data)) == (local, group)


def test_below_1536_the_type_is_a_length() -> None:
    """IEEE 802.3 §3.2.6."""
    assert ("eth.len", 70, 12, 14) in LENGTH.layout()
    assert "eth.type" not in {item[0] for item in LENGTH.layout()}
    assert LENGTH.value("frame.protocols") == "eth:llc:ip:udp:dns"


def test_a_provider_s_tag_stands_around_a_customer_s() -> None:
    assert OUTER.layout() == [
        ("ieee8021ad.priority", 3, 0, 1),
        ("ieee8021ad.dei", 0, 0, 1),
        ("ieee8021ad.id", 200, 0, 2),
        ("ieee8021ah.etype", 0x8100, 2, 4),
    ]
    assert INNER.layout() == [
        ("vlan.priority", 0, 0, 2),
        ("vlan.dei", False, 0, 2),
        ("vlan.id", 2001, 0, 2),
        ("vlan.etype", 0x0800, 2, 4),
    ]


def test_a_pair_of_addresses_has_a_number_whichever_way_it_goes() -> None:
    back = FRAME.frame[6:12] + FRAME.frame[:6] + FRAME.frame[12:]
    assert FRAME.value("eth.stream") == FRAME.value("eth.stream", back) == 0


@pytest.mark.parametrize("header", EVERY, ids=lambda header: f"{header.group}-{len(header.frame)}")
def test_cut_short_anywhere(header: Header) -> None:
    assert_cut_short_anywhere(header)


@pytest.mark.parametrize("header", EVERY, ids=lambda header: f"{header.group}-{len(header.frame)}")
def test_any_bytes(header: Header) -> None:
    assert_any_bytes_are_read(header)
