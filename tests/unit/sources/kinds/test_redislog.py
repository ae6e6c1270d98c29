"""redislog, on what a real program wrote; no bytes make it fail."""

from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from machinelab import fields
from machinelab.sources import timeline
from machinelab.sources.kinds import redislog

WRITTEN = b"""59:C 01 Dec 2026 04:19:23.001 # WARNING Memory overcommit must be enabled!
226:M 01 Dec 2026 04:29:44.152 * Background saving started by pid 249
249:C 01 Dec 2026 04:29:48.002 * DB saved on disk
34:S 31 Feb 2026 04:30:03.857 * no such day
   nothing of ours
"""
EXPECTED: list[dict[str, object]] = [
    {
        "log.process": "child",
        "log.severity": "warning",
        "log.message": "WARNING Memory overcommit must be enabled!",
    },
    {"log.process": "master", "log.pid": 226, "log.message": "Background saving started by pid 249"},
    {"log.process": "child", "log.severity": "notice", "log.message": "DB saved on disk"},
]
FIRST = datetime(2026, 12, 1, 4, 19, 23, tzinfo=UTC)


def test_lines_become_events_with_their_fields() -> None:
    found = redislog.load(WRITTEN, "server")
    read = [{name: each[name] for name in wanted} for each, wanted in zip(found, EXPECTED, strict=True)]
    assert read == EXPECTED
    for number, each in enumerate(found, start=1):
        assert (each.source, each.number, each.node) == ("redislog", number, "server")
        assert each.fields.keys() <= fields.registry().keys()
        line = each.content.buffers()["line"]
        for items in each.fields.values():
            assert all(0 <= item.start <= item.stop <= len(line) for item in items)


def test_times_are_of_the_clock_that_captures() -> None:
    times = [each.time for each in redislog.load(WRITTEN, "server")]
    assert datetime.fromtimestamp(times[0] // 10**9, UTC) == FIRST  # times are ns since the epoch
    assert times == sorted(times)


def test_a_run_finds_it_by_its_name() -> None:
    assert timeline.reader("redislog") is redislog


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200), st.integers(0, len(WRITTEN)))
def test_any_bytes_are_read(noise: bytes, at: int) -> None:
    redislog.load(WRITTEN[:at] + noise + WRITTEN[at:], "server")
