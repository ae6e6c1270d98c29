"""Loads, as the HTTP lab's client wrote them; no bytes make the reader fail."""

from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from machinelab import fields
from machinelab.sources import timeline
from machinelab.sources.kinds import loadlog
from tests import ROOT
from tests.unit.unfinished import unfinished

WRITTEN = b"""1796079683.727976 h2 delay 40 loss 0 % load 1 complete in 0.647 s
curl: (28) Operation timed out
1796079683.728 h2 delay 40 loss x % load 2 complete in 0.7 s
1796079683.728 h2 delay 40 loss 2 % load 2 complete in .1.2 s
1796079685.716948 h3 delay 40 loss 4 % load 5 complete in 1.980 s
"""
EXPECTED = [
    {"loadlog.protocol": "h2", "loadlog.delay": 40, "loadlog.loss": 0, "loadlog.took": 647_000_000},
    {"loadlog.protocol": "h3", "loadlog.loss": 4, "loadlog.took": 1_980_000_000},
]
FIRST = datetime(2026, 11, 30, 23, 1, 23, tzinfo=UTC)


def test_nothing_is_left_to_write() -> None:
    unfinished(
        ROOT / "machinelab/sources/kinds/loadlog.py",
        ROOT / "machinelab/fields/loadlog.py",
        __file__,
    )


def test_lines_become_events_with_their_fields() -> None:
    found = loadlog.load(WRITTEN, "client")
    read = [{name: each[name] for name in wanted} for each, wanted in zip(found, EXPECTED, strict=True)]
    assert read == EXPECTED
    for number, each in enumerate(found, start=1):
        assert (each.source, each.number, each.node) == ("loadlog", number, "client")
        assert each.fields.keys() <= fields.registry().keys()
        line = each.content.buffers()["line"]
        for items in each.fields.values():
            assert all(0 <= item.start <= item.stop <= len(line) for item in items)


def test_times_are_of_the_clock_that_captures() -> None:
    times = [each.time for each in loadlog.load(WRITTEN, "client")]
    assert datetime.fromtimestamp(times[0] // 10**9, UTC) == FIRST  # times are ns since the epoch
    assert times == sorted(times)


def test_a_run_finds_it_by_its_name() -> None:
    assert timeline.reader("loadlog") is loadlog


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200), st.integers(0, len(WRITTEN)))
def test_any_bytes_are_read(noise: bytes, at: int) -> None:
    loadlog.load(WRITTEN[:at] + noise + WRITTEN[at:], "client")
