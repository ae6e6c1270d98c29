"""Which of a filter's conditions do not hold, in the words of a missing step."""

import pytest

from machinelab import filter as display

from .made import QUERY, event


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
