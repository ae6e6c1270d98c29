"""asyncio's log in debug mode, as a server of the event loop lab wrote it; no bytes make the reader fail."""

from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from machinelab import fields
from machinelab.sources import timeline
from machinelab.sources.kinds import asynciolog
from tests import ROOT
from tests.unit.unfinished import unfinished

WRITTEN = b"""1796098796.550793 WARNING asyncio: Executing <Task finished name='Task-4' coro=<answer() done, defined at /usr/local/bin/pyserve:40> result=None created at /usr/lib/python3.13/asyncio/streams.py:255> took 0.301 seconds
nothing of asyncio's
1796098797.000001 ERROR asyncio: Task was destroyed but it is pending!
"""
EXPECTED = [
    {"asyncio.level": "WARNING", "asyncio.duration": 301_000_000},
    {"asyncio.level": "ERROR", "asyncio.message": "Task was destroyed but it is pending!"},
]
FIRST = datetime(2026, 12, 1, 4, 19, 56, tzinfo=UTC)


def test_nothing_is_left_to_write() -> None:
    unfinished(
        ROOT / "machinelab/sources/kinds/asynciolog.py",
        ROOT / "machinelab/fields/asynciolog.py",
        __file__,
    )


def test_lines_become_events_with_their_fields() -> None:
    found = asynciolog.load(WRITTEN, "server")
    read = [{name: each[name] for name in wanted} for each, wanted in zip(found, EXPECTED, strict=True)]
    assert read == EXPECTED
    for number, each in enumerate(found, start=1):
        assert (each.source, each.number, each.node) == ("asynciolog", number, "server")
        assert each.fields.keys() <= fields.registry().keys()
        line = each.content.buffers()["line"]
        for items in each.fields.values():
            assert all(0 <= item.start <= item.stop <= len(line) for item in items)


def test_a_slow_task_is_named_in_the_list() -> None:
    assert asynciolog.load(WRITTEN, "python")[0].content.summary() == "WARNING  Task-4 took 0.301 s"


def test_times_are_of_the_clock_that_captures() -> None:
    times = [each.time for each in asynciolog.load(WRITTEN, "server")]
    assert datetime.fromtimestamp(times[0] // 10**9, UTC) == FIRST  # times are ns since the epoch
    assert times == sorted(times)


def test_a_run_finds_it_by_its_name() -> None:
    assert timeline.reader("asynciolog") is asynciolog


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200), st.integers(0, len(WRITTEN)))
def test_any_bytes_are_read(noise: bytes, at: int) -> None:
    asynciolog.load(WRITTEN[:at] + noise + WRITTEN[at:], "server")
