"""PPP: RFC 1661 §2, RFC 1662 §3.1; over Ethernet RFC 2516 §4."""

import pytest

from tests.unit.dissect.protocols.layer_laws import (
    FOREIGN,
    Header,
    assert_any_bytes_are_read,
    assert_cut_short_anywhere,
)

SESSION = Header.of(FOREIGN / "llc-snap-gre.pcap", 3, "pppoes", 14, 20)
INSIDE = Header.of(FOREIGN / "llc-snap-gre.pcap", 3, "ppp", 20, 22)


def test_the_session_s_header_as_rfc_2516_lays_it_out() -> None:
    assert SESSION.layout() == [
        ("pppoe.version", 1, 0, 1),
        ("pppoe.type", 1, 0, 1),
        ("pppoe.code", 0, 1, 2),
        ("pppoe.session_id", 1, 2, 4),
        ("pppoe.payload_length", 30, 4, 6),
    ]
    assert INSIDE.layout() == [("ppp.protocol", 0x0021, 0, 2)]


@pytest.mark.parametrize(
    ("head", "field", "start"), [("ff03 0021", 0x21, 2), ("21", 0x21, 0), ("0021", 0x21, 0)]
)
def test_address_and_control_may_be_left_out_and_the_protocol_be_one_byte(
    head: str, field: int, start: int
) -> None:
    """RFC 1662 §3.1; RFC 1661 §2, §6.5, §6.6: an odd first byte is the last one."""
    data = bytes.fromhex(head) + INSIDE.frame[22:]
    alone = Header(data, "ppp", 0, len(bytes.fromhex(head)), 9)
    assert alone.layout()[-1] == ("ppp.protocol", field, start, alone.stop)
    assert alone.value("frame.protocols") == "ppp:ip:icmp"


BOTH = {"pppoes": SESSION, "ppp": INSIDE}


@pytest.mark.parametrize("which", BOTH)
def test_cut_short_anywhere(which: str) -> None:
    assert_cut_short_anywhere(BOTH[which])


@pytest.mark.parametrize("which", BOTH)
def test_any_bytes(which: str) -> None:
    assert_any_bytes_are_read(BOTH[which])
