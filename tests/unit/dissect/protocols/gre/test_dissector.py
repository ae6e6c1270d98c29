"""GRE: RFC 2784 §2.1, key and sequence number RFC 2890 §2."""

import pytest

from machinelab.dissect.checksum import GOOD
from tests.unit.dissect.protocols.layer_laws import (
    FOREIGN,
    Header,
    assert_any_bytes_are_read,
    assert_cut_short_anywhere,
)

PLAIN = Header.of(FOREIGN / "tunnels.pcap", 9, "gre", 34, 38)


def test_the_header_as_rfc_2784_lays_it_out() -> None:
    assert [item for item in PLAIN.layout() if ".flags." not in item[0]] == [
        ("gre.flags_and_version", 0, 0, 2),
        ("gre.proto", 0x1234, 2, 4),
    ]


@pytest.mark.parametrize(("flags", "field"), [("2000", "gre.key"), ("1000", "gre.sequence_number")])
def test_key_and_sequence_number_stand_behind_it(flags: str, field: str) -> None:
    """RFC 2890 §2: bits 2 and 3 from the left say that they are there."""
    data = PLAIN.with_bytes(0, bytes.fromhex(f"{flags} 1234 0000002a"))
    found = PLAIN._replace(stop=PLAIN.start + 8).layout(data)
    assert found[-1] == (field, 42, 4, 8)


def test_a_checksum_is_of_header_and_payload() -> None:
    """RFC 2784 §2.3: 0x8000 + 0x0800 + 0x77ff is all ones."""
    data = PLAIN.with_bytes(0, bytes.fromhex("8000 0800 77ff 0000"))
    assert PLAIN.value("gre.checksum", data) == 0x77FF
    assert PLAIN.value("gre.checksum.status", data) == GOOD


def test_cut_short_anywhere() -> None:
    assert_cut_short_anywhere(PLAIN)


def test_any_bytes() -> None:
    assert_any_bytes_are_read(PLAIN)
