"""Java's flight recorder, as the server of the thread pool lab printed it; no bytes make the reader fail."""

from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from machinelab import fields
from machinelab.sources import timeline
from machinelab.sources.kinds import jfr
from tests import ROOT
from tests.unit.unfinished import unfinished

WRITTEN = b"""{"event":"lab.Started","start":1796101706209795989,"duration":0,"thread":"pool-1","threads":1}
not a line of ours
{"event":"lab.Task","start":1796101706213511236,"duration":200190746,"task":"task-2","thread":"pool-1"}
{"event":"lab.Wait","start":1796101706216282143,"duration":199698100,"task":"task-4","queued":1,"unknown":7}
"""
EXPECTED = [
    {"jfr.event": "lab.Started", "jfr.thread": "pool-1", "jfr.threads": 1},
    {"jfr.event": "lab.Task", "jfr.task": "task-2", "jfr.thread": "pool-1", "jfr.duration": 200_190_746},
    {"jfr.event": "lab.Wait", "jfr.task": "task-4", "jfr.queued": 1, "jfr.duration": 199_698_100},
]
FIRST = datetime(2026, 12, 1, 5, 8, 26, tzinfo=UTC)


def test_nothing_is_left_to_write() -> None:
    unfinished(
        ROOT / "machinelab/sources/kinds/jfr.py",
        ROOT / "machinelab/fields/jfr.py",
        __file__,
    )


def test_lines_become_events_with_their_fields() -> None:
    found = jfr.load(WRITTEN, "server")
    read = [{name: each[name] for name in wanted} for each, wanted in zip(found, EXPECTED, strict=True)]
    assert read == EXPECTED
    for number, each in enumerate(found, start=1):
        assert (each.source, each.number, each.node) == ("jfr", number, "server")
        assert each.fields.keys() <= fields.registry().keys()
        line = each.content.buffers()["line"]
        for items in each.fields.values():
            assert all(0 <= item.start <= item.stop <= len(line) for item in items)


def test_an_event_is_summed_up() -> None:
    assert jfr.load(WRITTEN, "server")[1].content.summary() == "Task  task-2  pool-1  200.2 ms"


def test_times_are_of_the_clock_that_captures() -> None:
    times = [each.time for each in jfr.load(WRITTEN, "server")]
    assert datetime.fromtimestamp(times[0] // 10**9, UTC) == FIRST  # times are ns since the epoch
    assert times == sorted(times)


def test_a_run_finds_it_by_its_name() -> None:
    assert timeline.reader("jfr") is jfr


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200), st.integers(0, len(WRITTEN)))
def test_any_bytes_are_read(noise: bytes, at: int) -> None:
    jfr.load(WRITTEN[:at] + noise + WRITTEN[at:], "server")
