"""Display filters: what passes, what is reported, what is refused. (What Wireshark itself says: tests/oracle.)"""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from machinelab import fields as registry
from machinelab import filter as display
from machinelab.errors import UsageError
from machinelab.fields import FieldType, flag, label, octets, of, text, uint
from machinelab.filter import FilterError, lexer
from machinelab.model import Field, Fields, Value

TABLE: dict[str, FieldType] = {
    "dns": label(""),
    "tcp": label(""),
    "dns.id": uint("", digits=4),
    "dns.qry.type": uint("", names={1: "A", 2: "NS", 5: "CNAME", 28: "AAAA", 48: "DNSKEY"}),
    "dns.qry.name": text(""),
    "dns.flags.recdesired": flag(""),
    "dns.a": of("ipv4", ""),
    "dns.aaaa": of("ipv6", ""),
    "dns.txt": text(""),
    "ip.src": of("ipv4", ""),
    "ip.dst": of("ipv4", ""),
    "tcp.flags": uint("", digits=4),
    "tcp.flags.syn": flag(""),
    "tcp.options": octets(""),
    "tcp.analysis.rtt": of("duration", ""),
    "eth.src": of("ether", ""),
    "frame.time_epoch": of("time", ""),
    "some.int": of("int", ""),
    "some.float": of("float", ""),
}


@pytest.fixture(autouse=True)
def small_registry(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(registry, "registry", lambda: TABLE)
    display.compile.cache_clear()
    yield
    display.compile.cache_clear()


def event(**values: Value | list[Value]) -> Fields:
    names = {
        name.replace("__", "."): value if isinstance(value, list) else [value]
        for name, value in values.items()
    }
    return {name: [Field(name, value) for value in several] for name, several in names.items()}


QUERY = event(
    dns=True,
    dns__id=0x1234,
    dns__qry__type=1,
    dns__qry__name="www.Example.test",
    dns__flags__recdesired=True,
    dns__a=["198.18.5.1", "198.18.5.2"],
    dns__aaaa="2001:db8::1",
    dns__txt="Grüße\nx",
    ip__src="198.18.0.1",
    ip__dst="198.18.0.2",
    tcp__options=bytes.fromhex("020405b4"),
    tcp__analysis__rtt=250_000_000,
    eth__src=bytes.fromhex("001122334455"),
    frame__time_epoch=1_700_000_000_500_000_000,
    some__int=-5,
    some__float=2.5,
    tcp__flags=0x012,
)

PASS = r"""
dns
not tcp
! tcp && dns
dns and not tcp
tcp or dns
dns xor tcp
dns ^^ tcp ^^ tcp
dns || tcp and tcp
dns or dns ^^ dns
dns ^^ dns and tcp
((dns))
dns.id == 0x1234
dns.id == 4660
dns.id eq 011064
dns.id == 0b1001000110100
dns.id in {1, 0x1230..0x1240}
dns.id not in {1, 2}
dns.id !in {1, 2}
1 < dns.id <= 4660
4660 == dns.id
5 < dns.id
dns.id ge 4660
dns.qry.type == A
dns.qry.type == a
dns.qry.type == "A"
dns.qry.type < NS
dns.qry.type in {A..NS, 48}
dns.qry.type != NS
dns.flags.recdesired
dns.flags.recdesired == 1
dns.flags.recdesired == TRUE
dns.flags.recdesired == true
dns.flags.recdesired == "True"
dns.flags.recdesired == 7
dns.flags.recdesired != false
dns.qry.name == "www.Example.test"
dns.qry.name == www.Example.test
dns.qry.name == "\x77ww.\105xample.test"
dns.qry.name contains "Example"
dns.qry.name contains ample
dns.qry.name matches "example"
dns.qry.name ~ r"^WWW\.example\.test$"
dns.qry.name matches "example\\.test"
dns.qry.name in {"a".."x"}
dns.qry.name[0] == "w"
dns.qry.name[0] == 'w'
dns.qry.name[-4:] == "test"
dns.qry.name[0-2] == "www"
upper(dns.qry.name) == "WWW.EXAMPLE.TEST"
lower(dns.qry.name)[4:7] == "example"
len(dns.qry.name) == 16
len(dns.txt) == 9
len(dns.a) == 4
len(eth.src[0:3]) == 3
count(dns.a) == 2
count(tcp.flags.syn) == 0
not count(tcp.flags.syn)
dns.a == 198.18.5.1
dns.a == 198.18.5.0/24
dns.a === 198.18.0.0/16
dns.a !== 198.18.5.1
dns.a any_ne 198.18.5.1
any dns.a != 198.18.5.1
any dns.a === 198.18.5.1
all dns.a in {198.18.5.1, 198.18.5.2}
dns.a in {198.18.5.0/24}
dns.a in {10.0.0.0/8, 198.18.5.2..198.18.5.9}
dns.a < 198.18.5.2
dns.a[0:2] == c6:12
dns.a[0] == 198
dns.aaaa == 2001:DB8:0::1
dns.aaaa == 2001:db8::/32
dns.aaaa[0:2] == 20:01
ip.src != ip.dst
ip.src < ip.dst
eth.src == 00:11:22:33:44:55
eth.src == 00-11-22-33-44-55
eth.src == 0011.2233.4455
eth.src contains 22:33
eth.src[0:3] == 00:11:22
eth.src[:2] == 00:11
eth.src[4:] == 44:55
eth.src[1,2] == 11:22
eth.src[1:1,5] == 11:55
eth.src[-3:2] == 33:44
tcp.options == 02:04:05:b4
tcp.options == 020405b4
tcp.options contains 05:b4
tcp.options contains 5
tcp.options == "\x02\x04\x05\xb4"
tcp.options matches "^\x02"
tcp.options > 02
tcp.analysis.rtt == 0.25
tcp.analysis.rtt > 0.2
tcp.analysis.rtt < 1
frame.time_epoch > 1700000000
frame.time_epoch == 1700000000.5
some.int == -5
some.int < 0
some.float == 2.5
tcp.flags & 0x02
tcp.flags & 0x12 == 0x12
tcp.flags bitand 2
not tcp.flags & 1
"""

FAIL = r"""
tcp
not dns
dns and tcp
dns ^^ dns
tcp or dns ^^ dns
tcp.flags.syn == 0
tcp.flags.syn != 1
tcp.flags.syn not in {1}
not dns.id in {4660}
dns.qry.type == NS
dns.qry.name == "WWW.example.test"
dns.qry.name contains "example"
dns.qry.name contains ""
dns.qry.name matches "example$"
dns.qry.name[99] == "w"
dns.txt matches "e.x"
dns.a != 198.18.5.1
dns.a === 198.18.5.1
dns.a not in {198.18.5.1}
all dns.a == 198.18.5.1
ip.src == ip.dst
eth.src[4:9]
eth.src[-7:2] == 00:11
tcp.flags & 1
tcp.options == 2
"""

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


@pytest.mark.parametrize("filter", ["", "  ", *PASS.split("\n")[1:-1]])
def test_passes(filter: str) -> None:
    compiled = display.compile(filter)
    assert compiled.matches(QUERY)
    assert compiled.failed(QUERY) == ()
    assert compiled.text == filter


@pytest.mark.parametrize("filter", FAIL.split("\n")[1:-1])
def test_does_not_pass(filter: str) -> None:
    compiled = display.compile(filter)
    assert not compiled.matches(QUERY)
    assert compiled.failed(QUERY)


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


@pytest.mark.parametrize(
    ("filter", "said"),
    [
        ("dns.flags.recdesired == 0", ["dns.flags.recdesired was 1, wanted 0"]),
        ("dns.qry.type == 2", ["dns.qry.type was 1 (A), wanted 2 (NS)"]),
        (
            "dns.qry.type == NS and dns.id == 1",
            ["dns.qry.type was 1 (A), wanted 2 (NS)", "dns.id was 0x1234, wanted 1"],
        ),
        ("dns and dns.id == 0x1234 and tcp", ["tcp was absent, wanted present"]),
        ("tcp.flags.syn == 1", ["tcp.flags.syn was absent, wanted 1"]),
        ("not dns", ["dns was present, wanted absent"]),
        ("not dns.qry.type in {1, 48}", ["dns.qry.type was 1 (A), wanted none of 1 (A), 48 (DNSKEY)"]),
        ("dns.qry.type in {2, 40..50}", ["dns.qry.type was 1 (A), wanted one of 2 (NS), 40..50"]),
        ("not (dns or dns.id > 1)", ["dns was present, wanted absent", "dns.id was 0x1234, wanted not > 1"]),
        ("dns.qry.type == 2 or dns.qry.type == 28", ["dns.qry.type was 1 (A), wanted 2 (NS) or 28 (AAAA)"]),
        ("dns.a != 198.18.5.1", ["dns.a was 198.18.5.1, 198.18.5.2, wanted not 198.18.5.1"]),
        ("ip.src == ip.dst", ["ip.src was 198.18.0.1, wanted == ip.dst (198.18.0.2)"]),
        ("count(dns.a) == 0", ["count(dns.a) was 2, wanted 0"]),
        ("eth.src[0:2] == 00:12", ["eth.src[0:2] was 00:11, wanted 00:12"]),
        (
            'dns.qry.name contains "x.y"',
            ['dns.qry.name was www.Example.test, wanted one that contains "x.y"'],
        ),
        ("tcp.analysis.rtt > 1", ["tcp.analysis.rtt was 0.250000000, wanted > 1"]),
    ],
)
def test_says_what_failed(filter: str, said: list[str]) -> None:
    assert [str(condition) for condition in display.compile(filter).failed(QUERY)] == said


def test_many_values_are_cut_short() -> None:
    many = event(dns__a=[f"198.18.0.{n}" for n in range(9)])
    condition = display.compile("dns.a == 10.0.0.1").failed(many)[0]
    assert condition.was == "198.18.0.0, 198.18.0.1, 198.18.0.2, 198.18.0.3 …"


def test_names_are_the_fields_spoken_of() -> None:
    compiled = display.compile("not dns.a[0] == 1 and (len(dns.qry.name) > 5 or tcp)")
    assert compiled.names == {"dns.a", "dns.qry.name", "tcp"}
    assert display.compile("").names == frozenset()


def test_a_pattern_without_end_is_stopped() -> None:
    evil = display.compile('dns.qry.name matches "^(a?){40}(a*)*(a|aa)+$"')
    with pytest.raises(FilterError, match="takes too long"):
        evil.matches(event(dns__qry__name="a" * 5000 + "!"))


@pytest.mark.parametrize(
    ("text", "knobs", "holds"),
    [
        ("", {}, True),
        ("type != A", {"type": "AAAA"}, True),
        ("type != A", {"type": "A"}, False),
        ("not type == A", {"type": "A"}, False),
        ("type in {AAAA, TXT} and minimise == yes", {"type": "TXT", "minimise": "yes"}, True),
        ("type in {AAAA, TXT} and minimise == yes", {"type": "TXT", "minimise": "no"}, False),
        ("name == www.a-b.test", {"name": "www.a-b.test"}, True),
        ('name == "two words"', {"name": "two words"}, True),
        ("name contains b.t", {"name": "www.a-b.test"}, True),
        ("size >= 10", {"size": "9"}, False),
        ("size >= 10", {"size": "100"}, True),
        ("size == 10", {"size": "10"}, True),
        ("type == name", {"type": "A", "name": "A"}, False),
        ("level < m", {"level": "b"}, True),
    ],
)
def test_conditions_on_knobs(text: str, knobs: dict[str, str], holds: bool) -> None:
    assert display.condition(text)(knobs) is holds
    assert display.condition(text, knobs)(knobs) is holds


def test_a_condition_on_no_knob_is_refused() -> None:
    with pytest.raises(FilterError) as caught:
        display.condition("typ == A", ["type", "name"])
    assert (caught.value.message, caught.value.hint) == ("There is no knob 'typ'.", "Did you mean type?")
    with pytest.raises(FilterError, match="always there"):
        display.condition("type", ["type"])


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


@given(st.text(max_size=200))
def test_tokens_lie_in_order(text: str) -> None:
    try:
        found = lexer.tokens(text)
    except FilterError:
        return
    edges = [edge for token in found for edge in (token.start, token.stop)]
    assert edges == sorted(edges)
