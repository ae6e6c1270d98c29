"""Messages and their ways, as the realtime lab's client wrote them down; no bytes make the reader fail."""

from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from machinelab import fields
from machinelab.sources import timeline
from machinelab.sources.kinds import arrivals
from tests import ROOT
from tests.unit.unfinished import unfinished

WRITTEN = b"""1796098770.280761 message 1 made 1796098770.279893
DEBUG something else
1796098770.686 message x made 1796098770.680
1796098770.686 message 7 made .1.2
1796098770.686882 message 2 made 1796098770.680928
"""
EXPECTED = [
    {"arrivals.message": 1, "arrivals.wait": 868_000},
    {"arrivals.message": 2, "arrivals.wait": 5_954_000},
]
FIRST = datetime(2026, 12, 1, 4, 19, 30, tzinfo=UTC)


def test_nothing_is_left_to_write() -> None:
    unfinished(
        ROOT / "machinelab/sources/kinds/arrivals.py",
        ROOT / "machinelab/fields/arrivals.py",
        __file__,
    )


def test_lines_become_events_with_their_fields() -> None:
    found = arrivals.load(WRITTEN, "client")
    read = [{name: each[name] for name in wanted} for each, wanted in zip(found, EXPECTED, strict=True)]
    assert read == EXPECTED
    for number, each in enumerate(found, start=1):
        assert (each.source, each.number, each.node) == ("arrivals", number, "client")
        assert each.fields.keys() <= fields.registry().keys()
        line = each.content.buffers()["line"]
        for items in each.fields.values():
            assert all(0 <= item.start <= item.stop <= len(line) for item in items)


def test_times_are_of_the_clock_that_captures() -> None:
    times = [each.time for each in arrivals.load(WRITTEN, "client")]
    assert datetime.fromtimestamp(times[0] // 10**9, UTC) == FIRST  # times are ns since the epoch
    assert times == sorted(times)


def test_a_run_finds_it_by_its_name() -> None:
    assert timeline.reader("arrivals") is arrivals


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200), st.integers(0, len(WRITTEN)))
def test_any_bytes_are_read(noise: bytes, at: int) -> None:
    arrivals.load(WRITTEN[:at] + noise + WRITTEN[at:], "client")
