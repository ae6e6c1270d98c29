import pytest

from machinelab import filter as display
from machinelab.inspector.ui.complete import condition, literal, offer

NAMES = ("dns", "dns.flags.rcode", "dns.id", "dns.qry.name", "ip.src", "tcp.flags.syn")
VALUES = {"dns.qry.name": ["www.example.test", 'a"b'], "dns.flags.rcode": [0, 3], "ip.src": ["198.18.2.1"]}


def offered(text, cursor=None):
    found = offer(text, len(text) if cursor is None else cursor, NAMES, lambda name: VALUES.get(name, []))
    return found.start, found.words


def test_names_that_begin_so_come_first():
    assert offered("dns.f") == (0, ("dns.flags.rcode",))
    assert offered("flags") == (0, ("dns.flags.rcode", "tcp.flags.syn"))


def test_a_word_in_the_middle_is_completed():
    assert offered("dns and ip.s") == (8, ("ip.src",))
    assert offered("ip.s and dns", 4) == (0, ("ip.src",))


@pytest.mark.parametrize("relation", ["==", "!=", " eq ", ">=", "contains "])
def test_after_a_relation_the_values_there_are(relation):
    text = f"dns.qry.name {relation} "
    assert offered(text) == (len(text), ('"www.example.test"', '"a\\"b"'))


def test_values_inside_a_set():
    assert offered("dns.flags.rcode in {0, ")[1] == ("0", "3")


def test_nothing_typed_after_a_word_offers_nothing():
    assert offered("dns ")[1] == ()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("dns.qry.name", 'we"ird\\'),
        ("dns.id", 0x1F2E),
        ("dns.flags.recdesired", True),
        ("ip.src", "198.18.2.1"),
        ("udp.payload", b"\x00\xff"),
        ("eth.src", b"\x02\x42\xc6\x12\x01\x0a"),
        ("dns", ""),
    ],
)
def test_what_is_copied_as_a_filter_is_one_and_fits(name, value):
    from machinelab.model import Field

    text = condition(name, value)
    assert display.compile(text).matches({name: (Field(name, value),)}), text
    assert literal(name, value) or value == ""
