"""Values as `tshark -T fields` prints them, and what is said of a field that there is not."""

import pytest

from machinelab import fields
from machinelab.errors import UsageError
from machinelab.fields import FieldType, shown

TIME = 1_795_433_576_222_196_000


@pytest.mark.parametrize(
    ("kind", "value", "text"),
    [
        ("uint", 7, "7"),
        ("bool", True, "1"),
        ("bytes", b"\0\xff", "00ff"),
        ("ether", bytes.fromhex("02420a4d0003"), "02:42:0a:4d:00:03"),
        ("time", TIME, "1795433576.222196000"),
        ("duration", -1_500, "-0.000001500"),
        ("date", 2_524_608_000 * 10**9, "Jan  1, 2050 00:00:00.000000000 UTC"),
        ("float", 2.0, "2"),
        ("float", 0.5, "0.5"),
        ("string", "as it is", "as it is"),
    ],
)
def test_a_value_by_its_type(kind: str, value: object, text: str) -> None:
    assert shown(FieldType(kind, ""), value) == text  # type: ignore[arg-type]


def test_hex_where_wireshark_has_hex() -> None:
    assert fields.show("ip.checksum", 0xF89A) == "0xf89a" and fields.show("ip.ttl", 64) == "64"


def test_an_enumeration_has_the_standard_s_word() -> None:
    assert (fields.word("dns.qry.type", 28), fields.word("dns.qry.type", 60_000)) == ("AAAA", "")


def test_a_misspelt_field_is_told_the_nearest() -> None:
    with pytest.raises(UsageError) as told:
        fields.known("dns.qry.nmae")
    assert "dns.qry.name" in told.value.hint


def test_every_field_says_what_it_means() -> None:
    assert [
        name for name, kind in fields.registry().items() if not kind.meaning and kind.kind != "none"
    ] == []
