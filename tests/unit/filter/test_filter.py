"""Display filters: what passes. (What Wireshark itself says: tests/oracle.)"""

import pytest

from machinelab import filter as display
from machinelab.filter import FilterError

from .made import QUERY, event

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


def test_names_are_the_fields_spoken_of() -> None:
    compiled = display.compile("not dns.a[0] == 1 and (len(dns.qry.name) > 5 or tcp)")
    assert compiled.names == {"dns.a", "dns.qry.name", "tcp"}
    assert display.compile("").names == frozenset()


def test_a_pattern_without_end_is_stopped() -> None:
    evil = display.compile('dns.qry.name matches "^(a?){40}(a*)*(a|aa)+$"')
    with pytest.raises(FilterError, match="takes too long"):
        evil.matches(event(dns__qry__name="a" * 5000 + "!"))
