"""smaps, on what a real program wrote; no bytes make it fail."""

from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from machinelab import fields
from machinelab.sources import timeline
from machinelab.sources.kinds import smaps

WRITTEN = b"""1796099384.459585 process 226 shared 30468 kB private 6248 kB
1796099384.460382 process 249 child of 226 shared 23544 kB private 5196 kB
"""
EXPECTED: list[dict[str, object]] = [
    {"smaps.pid": 226, "smaps.shared": 30468 * 1024, "smaps.private": 6248 * 1024},
    {"smaps.pid": 249, "smaps.parent": 226, "smaps.shared": 23544 * 1024},
]
FIRST = datetime(2026, 12, 1, 4, 29, 44, tzinfo=UTC)


def test_lines_become_events_with_their_fields() -> None:
    found = smaps.load(WRITTEN, "server")
    read = [{name: each[name] for name in wanted} for each, wanted in zip(found, EXPECTED, strict=True)]
    assert read == EXPECTED
    for number, each in enumerate(found, start=1):
        assert (each.source, each.number, each.node) == ("smaps", number, "server")
        assert each.fields.keys() <= fields.registry().keys()
        line = each.content.buffers()["line"]
        for items in each.fields.values():
            assert all(0 <= item.start <= item.stop <= len(line) for item in items)


def test_times_are_of_the_clock_that_captures() -> None:
    times = [each.time for each in smaps.load(WRITTEN, "server")]
    assert datetime.fromtimestamp(times[0] // 10**9, UTC) == FIRST  # times are ns since the epoch
    assert times == sorted(times)


def test_a_run_finds_it_by_its_name() -> None:
    assert timeline.reader("smaps") is smaps


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200), st.integers(0, len(WRITTEN)))
def test_any_bytes_are_read(noise: bytes, at: int) -> None:
    smaps.load(WRITTEN[:at] + noise + WRITTEN[at:], "server")
