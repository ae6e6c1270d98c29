"""Each conversion gives what the dissector gives; that it does so for every packet of the references is asked in test_columns.py."""

import numpy as np

from machinelab.columns import conversions


def test_numbers_from_a_column_are_plain_values() -> None:
    assert conversions.number(np.uint16(53)) == 53 and type(conversions.number(np.uint16(53))) is int
    assert conversions.flag(np.uint8(2)) is True
    assert conversions.none(np.uint8(0)) == ""


def test_addresses_are_written_as_people_write_them() -> None:
    assert conversions.ether(np.uint64(0x0242C6123535)) == "02:42:c6:12:35:35"
    assert conversions.ipv4(np.uint32(0xC6123535)) == "198.18.53.53"
    assert conversions.ipv6(np.array(b"\xfe\x80", "V16")) == "fe80::"  # numpy drops zeros at the end
