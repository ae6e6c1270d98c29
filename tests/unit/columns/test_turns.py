"""Each turn gives what the walk gives; that it does so for every packet of the references is asked in test_columns.py."""

import numpy as np

from machinelab.columns import turns


def test_numbers_from_a_column_are_plain_values() -> None:
    assert turns.plain(np.uint16(53)) == 53 and type(turns.plain(np.uint16(53))) is int
    assert turns.flag(np.uint8(2)) is True
    assert turns.none(np.uint8(0)) == ""


def test_addresses_are_written_as_people_write_them() -> None:
    assert turns.ether(np.uint64(0x0242C6123535)) == "02:42:c6:12:35:35"
    assert turns.ipv4(np.uint32(0xC6123535)) == "198.18.53.53"
    assert turns.ipv6(np.array(b"\xfe\x80", "V16")) == "fe80::"  # numpy drops zeros at the end
