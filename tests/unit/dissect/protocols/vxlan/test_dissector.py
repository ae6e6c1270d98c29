"""VXLAN: RFC 7348 §5."""

from tests.unit.dissect.protocols.layer_laws import (
    FOREIGN,
    Header,
    assert_any_bytes_are_read,
    assert_cut_short_anywhere,
)

OUTER = Header.of(FOREIGN / "tunnels.pcap", 19, "vxlan", 42, 50)


def test_the_header_as_rfc_7348_lays_it_out() -> None:
    """I: the network's number is valid. G and the 16 bits behind the flags are the group policy draft's."""
    assert OUTER.layout() == [
        ("vxlan.flags", 0x8800, 0, 2),
        ("vxlan.flag_g", True, 0, 2),
        ("vxlan.flag_i", True, 0, 2),
        ("vxlan.flag_d", False, 0, 2),
        ("vxlan.flag_a", False, 0, 2),
        ("vxlan.flags_reserved", 0, 0, 2),
        ("vxlan.gbp", 5, 2, 4),
        ("vxlan.vni", 42, 4, 7),
        ("vxlan.reserved8", 0, 7, 8),
    ]


def test_a_frame_of_its_own_is_inside() -> None:
    assert str(OUTER.value("frame.protocols")).endswith("udp:vxlan:eth:ethertype:ip:icmp:data")
    assert [item[1] for item in OUTER.read().fields if item[0] == "eth.dst"][1] == "02:00:00:00:00:04"


def test_cut_short_anywhere() -> None:
    assert_cut_short_anywhere(OUTER)


def test_any_bytes() -> None:
    assert_any_bytes_are_read(OUTER)
