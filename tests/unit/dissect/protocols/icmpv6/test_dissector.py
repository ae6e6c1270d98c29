"""ICMPv6: RFC 4443; neighbour discovery RFC 4861 §4."""

import pytest

from tests.unit.dissect.protocols.layer_laws import (
    RECORDS,
    Header,
    assert_any_bytes_are_read,
    assert_cut_short_anywhere,
)

SOLICITATION = Header.of(RECORDS, 128, "icmpv6", 54, 86)
ADVERTISEMENT = Header.of(RECORDS, 129, "icmpv6", 54, 86)
BOTH = {"solicitation": SOLICITATION, "advertisement": ADVERTISEMENT}


def test_a_solicitation_as_rfc_4861_lays_it_out() -> None:
    assert SOLICITATION.layout() == [
        ("icmpv6.type", 135, 0, 1),
        ("icmpv6.code", 0, 1, 2),
        ("icmpv6.checksum", 0x7212, 2, 4),
        ("icmpv6.reserved", bytes(4), 4, 8),
        ("icmpv6.nd.ns.target_address", "fd77::4", 8, 24),
        ("icmpv6.opt", "", 24, 32),
        ("icmpv6.opt.type", 1, 24, 25),
        ("icmpv6.opt.length", 1, 25, 26),
        ("icmpv6.opt.linkaddr", "02:42:0a:4d:00:03", 26, 32),
        ("icmpv6.opt.src_linkaddr", "02:42:0a:4d:00:03", 26, 32),
    ]


def test_an_advertisement_has_three_flags() -> None:
    """RFC 4861 §4.4: router, solicited, override."""
    flags = {name: value for name, value, *_ in ADVERTISEMENT.layout() if ".flag." in name}
    assert flags == {
        "icmpv6.nd.na.flag.r": False,
        "icmpv6.nd.na.flag.s": True,
        "icmpv6.nd.na.flag.o": True,
        "icmpv6.nd.na.flag.rsv": 0,
    }
    assert ADVERTISEMENT.value("icmpv6.opt.target_linkaddr") == "02:42:0a:4d:00:04"


@pytest.mark.parametrize(("code", "status"), [(0, 1), (1, 0)])
def test_the_checksum_covers_the_addresses(code: int, status: int) -> None:
    """RFC 4443 §2.3. 1 is good, 0 bad, as in Wireshark."""
    assert SOLICITATION.value("icmpv6.checksum.status", SOLICITATION.with_bytes(1, bytes([code]))) == status


@pytest.mark.parametrize(
    ("kind", "field", "value"),
    [
        (2, "icmpv6.mtu", 1280),
        (4, "icmpv6.pointer", 1280),
        (1, "icmpv6.reserved", bytes.fromhex("00000500")),
        (128, "icmpv6.echo.sequence_number", 0x500),
    ],
)
def test_what_the_second_word_is_depends_on_the_type(kind: int, field: str, value: object) -> None:
    """RFC 4443 §3.1 to §4.1."""
    data = SOLICITATION.with_bytes(0, bytes([kind, 0, 0, 0]) + bytes.fromhex("00000500"))
    assert SOLICITATION.value(field, data) == value


@pytest.mark.parametrize("size", [0, 5])
def test_an_option_that_does_not_fit_is_malformed(size: int) -> None:
    """RFC 4861 §4.6: a length of 0 is not allowed."""
    data = SOLICITATION.with_bytes(25, bytes([size]))
    assert "_ws.malformed" in {item[0] for item in SOLICITATION.read(data).fields}


@pytest.mark.parametrize("which", BOTH)
def test_cut_short_anywhere(which: str) -> None:
    """Without its options it is whole: RFC 4861 §4.3, §4.4."""
    assert_cut_short_anywhere(BOTH[which]._replace(stop=78))


@pytest.mark.parametrize("kind", [1, 2, 3, 4, 128, 129, 133, 135, 136, 143, 200])
def test_any_bytes(kind: int) -> None:
    """Of each type that is read further."""
    data = SOLICITATION.with_bytes(0, bytes([kind]))
    assert_any_bytes_are_read(Header(data, "icmpv6", 55, len(data)), examples=15)
