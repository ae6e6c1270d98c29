"""IEEE 802.11 frames (IEEE 802.11-2020 §9.2) behind a radiotap header (radiotap.org)."""

import pytest

from tests.unit.dissect.protocols.layer_laws import (
    FOREIGN,
    Header,
    assert_any_bytes_are_read,
    assert_cut_short_anywhere,
)

CAPTURE = FOREIGN / "radiotap.pcap"
RADIO = Header.of(CAPTURE, 1, "radiotap", 0, 8)
DATA = Header.of(CAPTURE, 1, "wlan", 8, 32)
BOTH = {"radiotap": RADIO, "wlan": DATA}


def test_the_radio_s_header_says_its_version_its_length_and_what_it_has() -> None:
    """Lower byte first."""
    assert RADIO.layout()[:3] == [
        ("radiotap.version", 0, 0, 1),
        ("radiotap.pad", 0, 1, 2),
        ("radiotap.length", 8, 2, 4),
    ]
    assert RADIO.value("radiotap.present.rate", RADIO.with_bytes(4, b"\4")) is True


def test_the_frame_control_field() -> None:
    """§9.2.4.1: version, type 2 (data), subtype 0; then flags, of which the first says: to the distribution system."""
    found = {name: (value, start, stop) for name, value, start, stop in DATA.layout()}
    assert [found[f"wlan.fc.{name}"] for name in ("version", "type", "subtype")] == [
        (0, 0, 1),
        (2, 0, 1),
        (0, 0, 1),
    ]
    assert found["wlan.flags"] == (1, 1, 2)
    assert (found["wlan.fc.tods"][0], found["wlan.fc.fromds"][0]) == (True, False)


def test_to_the_access_point_the_addresses_are_its_own_the_sender_s_and_the_destination_s() -> None:
    """§9.3.2.1, table 9-30."""
    assert [item for item in DATA.layout() if item[0] in ("wlan.bssid", "wlan.sa", "wlan.da")] == [
        ("wlan.bssid", "02:00:00:00:00:01", 4, 10),
        ("wlan.sa", "02:00:00:00:00:02", 10, 16),
        ("wlan.da", "02:00:00:00:00:03", 16, 22),
    ]


@pytest.mark.parametrize("which", BOTH)
def test_cut_short_anywhere(which: str) -> None:
    assert_cut_short_anywhere(BOTH[which])


@pytest.mark.parametrize("which", BOTH)
def test_any_bytes(which: str) -> None:
    assert_any_bytes_are_read(BOTH[which])
