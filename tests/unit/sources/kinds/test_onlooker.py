"""What somebody on the path wrote down, as the SNI lab's onlooker did; no bytes make the reader fail."""

from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from machinelab import fields
from machinelab.sources import timeline
from machinelab.sources.kinds import onlooker
from tests import ROOT
from tests.unit.unfinished import unfinished

WRITTEN = b"""1796098999.050257 198.19.156.10:58178 > 198.18.187.30:443 tls name apple.test ech no passed
Traceback (most recent call last):
1796098999.1 198.19.156.10:58178 > 198.18.187.30:443 quic name apple.test ech no passed
1.7.9 198.19.156.10:58178 > 198.18.187.30:443 tls name apple.test ech no passed
1796099000.542915 198.19.156.10:54421 > 198.18.187.53:53 dns name secret.test passed
1796099003.110067 198.19.156.10:50624 > 198.18.187.40:443 tls name public.test ech yes reset
"""
EXPECTED = [
    {
        "onlooker.what": "tls",
        "onlooker.name": "apple.test",
        "onlooker.ech": False,
        "onlooker.verdict": "passed",
    },
    {"onlooker.what": "dns", "onlooker.name": "secret.test", "onlooker.dstport": 53},
    {"onlooker.srcport": 50624, "onlooker.ech": True, "onlooker.verdict": "reset"},
]
FIRST = datetime(2026, 12, 1, 4, 23, 19, tzinfo=UTC)


def test_nothing_is_left_to_write() -> None:
    unfinished(
        ROOT / "machinelab/sources/kinds/onlooker.py",
        ROOT / "machinelab/fields/onlooker.py",
        __file__,
    )


def test_lines_become_events_with_their_fields() -> None:
    found = onlooker.load(WRITTEN, "isp")
    read = [{name: each[name] for name in wanted} for each, wanted in zip(found, EXPECTED, strict=True)]
    assert read == EXPECTED
    for number, each in enumerate(found, start=1):
        assert (each.source, each.number, each.node) == ("onlooker", number, "isp")
        assert each.fields.keys() <= fields.registry().keys()
        line = each.content.buffers()["line"]
        for items in each.fields.values():
            assert all(0 <= item.start <= item.stop <= len(line) for item in items)


def test_times_are_of_the_clock_that_captures() -> None:
    times = [each.time for each in onlooker.load(WRITTEN, "isp")]
    assert datetime.fromtimestamp(times[0] // 10**9, UTC) == FIRST  # times are ns since the epoch
    assert times == sorted(times)


def test_a_run_finds_it_by_its_name() -> None:
    assert timeline.reader("onlooker") is onlooker


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200), st.integers(0, len(WRITTEN)))
def test_any_bytes_are_read(noise: bytes, at: int) -> None:
    onlooker.load(WRITTEN[:at] + noise + WRITTEN[at:], "isp")
