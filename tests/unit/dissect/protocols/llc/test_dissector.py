"""LLC and SNAP: IEEE 802.2 §3.2, §5.2; IEEE 802 §10.3."""

from tests.unit.dissect.protocols.layer_laws import (
    FOREIGN,
    Header,
    assert_any_bytes_are_read,
    assert_cut_short_anywhere,
)

SNAP = Header.of(FOREIGN / "llc-snap-gre.pcap", 1, "llc", 14, 22)


def test_snap_as_ieee_802_lays_it_out() -> None:
    assert SNAP.layout() == [
        ("llc.dsap", 0xAA, 0, 1),
        ("llc.dsap.sap", 0xAA >> 1, 0, 1),
        ("llc.dsap.ig", False, 0, 1),
        ("llc.ssap", 0xAA, 1, 2),
        ("llc.ssap.sap", 0xAA >> 1, 1, 2),
        ("llc.ssap.cr", False, 1, 2),
        ("llc.control", 3, 2, 3),  # unnumbered information
        ("llc.control.u_modifier_cmd", 0, 2, 3),
        ("llc.control.ftype", 3, 2, 3),
        ("llc.oui", 0, 3, 6),
        ("llc.type", 0x0800, 6, 8),
    ]


def test_another_organisation_s_number_is_no_ethernet_type() -> None:
    data = SNAP.with_bytes(3, bytes.fromhex("00000c"))  # Cisco
    assert SNAP.value("llc.cisco_pid", data) == 0x0800
    assert SNAP.value("frame.protocols", data) == "eth:llc:data"


def test_what_is_not_unnumbered_has_two_bytes_of_control() -> None:
    data = SNAP.with_bytes(0, bytes.fromhex("42420100"))
    assert [item[2:] for item in SNAP.layout(data) if item[0] == "llc.control"] == [(2, 4)]


def test_cut_short_anywhere() -> None:
    assert_cut_short_anywhere(SNAP)


def test_any_bytes() -> None:
    assert_any_bytes_are_read(SNAP)
