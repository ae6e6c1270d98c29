"""redismonitor, on what a real program wrote; no bytes make it fail."""

from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from machinelab import fields
from machinelab.sources import timeline
from machinelab.sources.kinds import redismonitor

WRITTEN = b"""OK
1796098769.004927 [0 127.0.0.1:41278] "SET" "a b" "c\\n\\"d\\xff"
1796098770.000001 [3 lua] "get" "a"
"""
EXPECTED: list[dict[str, object]] = [
    {"redismonitor.command": "SET", "redismonitor.client": "127.0.0.1:41278", "redismonitor.db": 0},
    {"redismonitor.command": "GET", "redismonitor.argument": "a", "redismonitor.client": "lua"},
]
FIRST = datetime(2026, 12, 1, 4, 19, 29, tzinfo=UTC)


def test_lines_become_events_with_their_fields() -> None:
    found = redismonitor.load(WRITTEN, "server")
    read = [{name: each[name] for name in wanted} for each, wanted in zip(found, EXPECTED, strict=True)]
    assert read == EXPECTED
    for number, each in enumerate(found, start=1):
        assert (each.source, each.number, each.node) == ("redismonitor", number, "server")
        assert each.fields.keys() <= fields.registry().keys()
        line = each.content.buffers()["line"]
        for items in each.fields.values():
            assert all(0 <= item.start <= item.stop <= len(line) for item in items)


def test_words_are_what_they_were_before_they_were_quoted() -> None:
    first = redismonitor.load(WRITTEN, "server")[0]
    assert first.values("redismonitor.argument") == ["a b", 'c\n"d\ufffd']


def test_times_are_of_the_clock_that_captures() -> None:
    times = [each.time for each in redismonitor.load(WRITTEN, "server")]
    assert datetime.fromtimestamp(times[0] // 10**9, UTC) == FIRST  # times are ns since the epoch
    assert times == sorted(times)


def test_a_run_finds_it_by_its_name() -> None:
    assert timeline.reader("redismonitor") is redismonitor


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200), st.integers(0, len(WRITTEN)))
def test_any_bytes_are_read(noise: bytes, at: int) -> None:
    redismonitor.load(WRITTEN[:at] + noise + WRITTEN[at:], "server")
