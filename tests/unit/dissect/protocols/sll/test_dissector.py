"""Linux's cooked captures, BSD's loopback, raw IP: tcpdump.org's LINKTYPE_LINUX_SLL, _LINUX_SLL2, _NULL, _RAW."""

import pytest

from tests.unit.dissect.protocols.layer_laws import (
    FOREIGN,
    RECORDS,
    Header,
    assert_any_bytes_are_read,
    assert_cut_short_anywhere,
)

SECOND = Header.of(FOREIGN / "sll2_vlan.pcap", 1, "sll", 0, 20)
IP = Header.of(RECORDS, 220, "eth", 0, 14).frame[14:]
# Outgoing (4), from an Ethernet card (1) whose address has six bytes, then IPv4: laid out by hand after LINKTYPE_LINUX_SLL.
FIRST = Header(bytes.fromhex("0004 0001 0006 02420a4d0004 0000 0800") + IP, "sll", 0, 16, 113)
LOOPBACK = Header(bytes.fromhex("02000000") + IP, "null", 0, 4, 0)
RAW = Header(IP, "raw", 0, 0, 101)


def test_sixteen_bytes_of_the_first_version() -> None:
    assert FIRST.layout() == [
        ("sll.pkttype", 4, 0, 2),
        ("sll.hatype", 1, 2, 4),
        ("sll.halen", 6, 4, 6),
        ("sll.src.eth", "02:42:0a:4d:00:04", 6, 12),
        ("sll.unused", bytes(2), 12, 14),
        ("sll.etype", 0x0800, 14, 16),
    ]
    assert FIRST.value("frame.protocols") == "sll:ethertype:ip:udp:dns"


def test_twenty_bytes_of_the_second() -> None:
    assert SECOND.layout() == [
        ("sll.etype", 0x8100, 0, 2),
        ("sll.ifindex", 7, 4, 8),
        ("sll.hatype", 1, 8, 10),
        ("sll.pkttype", 4, 10, 11),
        ("sll.halen", 6, 11, 12),
        ("sll.src.eth", "02:00:00:00:00:0a", 12, 18),
        ("sll.unused", bytes(2), 18, 20),
    ]


@pytest.mark.parametrize(("size", "used", "unused"), [(0, None, 8), (3, 3, 5), (8, 8, None), (200, 8, None)])
def test_an_address_has_as_many_bytes_as_it_says_and_eight_at_most(
    size: int, used: int | None, unused: int | None
) -> None:
    data = FIRST.with_bytes(4, size.to_bytes(2, "big"))
    found = {name: stop - start for name, _, start, stop in FIRST.layout(data)}
    assert (found.get("sll.src.other"), found.get("sll.unused")) == (used, unused)


def test_below_1536_the_type_is_one_of_linux_s_own() -> None:
    """LINUX_SLL_P_802_2 is 4."""
    assert ("sll.ltype", 4, 14, 16) in FIRST.layout(FIRST.with_bytes(14, b"\0\4"))


@pytest.mark.parametrize("family", [b"\2\0\0\0", b"\0\0\0\2"])
def test_loopback_is_a_family_in_the_byte_order_of_its_machine(family: bytes) -> None:
    data = LOOPBACK.with_bytes(0, family)
    assert LOOPBACK.layout(data) == [("null.family", 2, 0, 4)]
    assert LOOPBACK.value("frame.protocols", data) == "null:ip:udp:dns"


def test_raw_ip_has_no_header_at_all() -> None:
    assert RAW.value("frame.protocols") == "raw:ip:udp:dns"
    assert RAW.value("frame.protocols", b"\x50" + IP[1:]) == "raw:data"


KINDS = {"first": FIRST, "second": SECOND, "loopback": LOOPBACK}


@pytest.mark.parametrize("kind", KINDS)
def test_cut_short_anywhere(kind: str) -> None:
    assert_cut_short_anywhere(KINDS[kind])


@pytest.mark.parametrize("kind", KINDS)
def test_any_bytes(kind: str) -> None:
    assert_any_bytes_are_read(KINDS[kind])
