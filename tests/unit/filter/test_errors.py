"""Filters that are refused: where, why, and the nearest name."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from machinelab import filter as display
from machinelab.errors import UsageError
from machinelab.filter import FilterError

from .made import QUERY

REFUSED = [
    # filter, position, what the message says
    ("dns.flgs == 1", 0, "There is no field 'dns.flgs'."),
    ("dns and dns.qry.nam", 8, "There is no field 'dns.qry.nam'."),
    ("DNS", 0, "There is no field 'DNS'."),
    ("dns and", 7, "too early"),
    ("dns ==", 6, "too early"),
    ("(dns", 4, "A ) is missing"),
    ("dns)", 3, "')' was not expected"),
    ("and dns", 0, "'and' was not expected"),
    ("dns dns", 4, "'dns' was not expected"),
    ("dns.id = 1", 7, "'=' was not expected"),
    ("dns.id | 1", 7, "'|' was not expected"),
    ("dns.id ~= 1", 7, "'~=' was not expected"),
    ("dns.id == 1 + 1", 12, "'+' was not expected"),
    ("dns AND dns", 4, "'AND' was not expected"),
    ("dns.id == 1 2", 12, "'2' was not expected"),
    ("dns.id in {}", 11, "'}' was not expected"),
    ("dns.id in {1 2}", 13, "A } is missing"),
    ("dns.id in {1, dns.id}", 14, "values, not fields"),
    ("dns.id in 5", 10, "A { is missing"),
    ("all dns.a not in {1.1.1.1}", 4, "do not go with"),
    ("5", 0, "There is no field '5'."),
    ('"dns"', 0, "is no field"),
    ("1 == 1", 0, "no field on either side"),
    ("dns.id == -1", 10, "never negative"),
    ("dns.id == 1.5", 10, "not a number"),
    ("dns.id == 08", 10, "not a number"),
    ('dns.id == "1"', 10, "not a number"),
    ("dns.qry.type == FO", 16, "neither a number nor"),
    ('dns.qry.type == "2"', 16, "neither a number nor"),
    ("dns.id contains 1", 16, "cannot look into it"),
    ("dns contains dns.id", 13, "different kinds"),
    ("dns == 5", 7, "only be there or not"),
    ("dns.a == 5", 9, "not an IPv4 address"),
    ('dns.a == "198.18.5.1"', 9, "not an IPv4 address"),
    ("dns.a == 198.18.5.1/33", 9, "not an IPv4 address"),
    ("dns.aaaa == 198.18.5.1", 12, "not an IPv6 address"),
    ("dns.a contains 5", 15, "cannot look into it"),
    ("ip.src == eth.src", 10, "different kinds"),
    ("dns.id == dns.flags.recdesired", 10, "different kinds"),
    ("dns.qry.name == 5", 16, "is not characters"),
    ("dns.qry.name matches example", 21, "in quotes"),
    ('dns.qry.name matches "("', 21, "cannot be read"),
    (f'dns.qry.name matches "{"a" * 600}"', 21, "longer than 512"),
    ('dns.qry.name == "\\q"', 17, "is not an escape"),
    ('dns.qry.name == "www', 16, "has no end"),
    ("dns.flags.recdesired == yes", 24, "true or false"),
    ("eth.src == 00:11:22", 11, "3 bytes"),
    ("eth.src[0:0]", 7, "holds nothing"),
    ("eth.src[3-2]", 7, "holds nothing"),
    ("eth.src[x]", 7, "is not a slice"),
    ("eth.src[0:3", 7, "has no end"),
    ("dns.id[0] == 1", 0, "cannot be cut"),
    ("dns[0:2] == 00:01", 0, "cannot be cut"),
    ("tcp.options == 256", 15, "too large for a byte"),
    ("len(dns.id) == 2", 0, "no length"),
    ("foo(dns.id) == 2", 0, "no function foo()"),
    ("len(dns.qry.name, 1) == 2", 16, "takes one value"),
    ("upper(dns.id) == 2", 0, "not characters"),
    ("count(dns.a[0:1]) == 2", 0, "counts a field's values"),
    ("dns.qry.name & 1", 0, "not a number"),
    ("tcp.flags & tcp.flags", 12, "not a number"),
    ('frame.time_epoch > "2024-01-01"', 19, "seconds since 1970"),
    ("(" * 60 + "dns" + ")" * 60, 50, "nested"),
    ("not " * 60 + "dns", 50 * 4, "nested"),
    ("dns or " * 1000 + "dns", 60, "longer than"),
]


@pytest.mark.parametrize(
    ("filter", "position", "message"), REFUSED, ids=[f"{r[0][:24]}@{r[1]}" for r in REFUSED]
)
def test_refuses_with_the_place(filter: str, position: int, message: str) -> None:
    with pytest.raises(FilterError) as caught:
        display.compile(filter)
    error = caught.value
    assert (error.position, isinstance(error, UsageError)) == (position, True)
    assert message in error.message
    caret = str(error).split("\n")[2]
    assert caret.index("^") == position + 4


def test_an_error_shows_the_caret_and_the_nearest_name() -> None:
    with pytest.raises(FilterError) as caught:
        display.compile("dns and dns.qry.nam == x")
    assert str(caught.value) == (
        "There is no field 'dns.qry.nam'.\n"
        "    dns and dns.qry.nam == x\n"
        "            ^\n"
        "Did you mean dns.qry.name, dns.qry.type, dns.a?"
    )


WORDS = [
    "dns",
    "dns.id",
    "dns.a",
    "eth.src",
    "==",
    "!=",
    "in",
    "{",
    "}",
    "(",
    ")",
    "and",
    "or",
    "not",
    "any",
    "1",
    "0x",
    '"',
    "[0:",
    "]",
    "..",
    "&",
    "~",
    "matches",
    "\\",
    "198.18.0.1/8",
    "len(",
    ",",
    "A",
    "é",
    "\x00",
]


@settings(max_examples=400, deadline=None)
@given(st.one_of(st.text(max_size=80), st.lists(st.sampled_from(WORDS), max_size=25).map(" ".join)))
def test_any_text_compiles_or_is_refused(text: str) -> None:
    try:
        compiled = display.compile(text)
    except FilterError as error:
        assert 0 <= error.position <= len(error.text)
        return
    assert compiled.matches(QUERY) == (not compiled.failed(QUERY))
