"""A program's waits, as the WebSocket lab's server wrote them; no bytes make the reader fail."""

from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from machinelab import fields
from machinelab.sources import timeline
from machinelab.sources.kinds import sendlog
from tests import ROOT
from tests.unit.unfinished import unfinished

WRITTEN = b"""1796079683.727976 message 0 waited 0.000 s
DEBUG something else
1796079683.728 message x waited 0.000 s
1796079683.728 message 7 waited .1.2 s
1796079685.716948 message 5 waited 1.980 s
"""
EXPECTED = [
    {"sendlog.message": 0, "sendlog.waited": 0},
    {"sendlog.message": 5, "sendlog.waited": 1_980_000_000},
]
FIRST = datetime(2026, 11, 30, 23, 1, 23, tzinfo=UTC)


def test_nothing_is_left_to_write() -> None:
    unfinished(
        ROOT / "machinelab/sources/kinds/sendlog.py",
        ROOT / "machinelab/fields/sendlog.py",
        __file__,
    )


def test_lines_become_events_with_their_fields() -> None:
    found = sendlog.load(WRITTEN, "server")
    read = [{name: each[name] for name in wanted} for each, wanted in zip(found, EXPECTED, strict=True)]
    assert read == EXPECTED
    for number, each in enumerate(found, start=1):
        assert (each.source, each.number, each.node) == ("sendlog", number, "server")
        assert each.fields.keys() <= fields.registry().keys()
        line = each.content.buffers()["line"]
        for items in each.fields.values():
            assert all(0 <= item.start <= item.stop <= len(line) for item in items)


def test_times_are_of_the_clock_that_captures() -> None:
    times = [each.time for each in sendlog.load(WRITTEN, "server")]
    assert datetime.fromtimestamp(times[0] // 10**9, UTC) == FIRST  # times are ns since the epoch
    assert times == sorted(times)


def test_a_run_finds_it_by_its_name() -> None:
    assert timeline.reader("sendlog") is sendlog


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200), st.integers(0, len(WRITTEN)))
def test_any_bytes_are_read(noise: bytes, at: int) -> None:
    sendlog.load(WRITTEN[:at] + noise + WRITTEN[at:], "server")
