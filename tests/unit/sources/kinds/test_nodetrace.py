"""Node.js's trace events, as the server of the event loop lab wrote them; no bytes make the reader fail."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from machinelab import fields
from machinelab.sources import timeline
from machinelab.sources.kinds import nodetrace
from tests import ROOT
from tests.unit.unfinished import unfinished

HEAD = b'{"pid":28,"tid":28,"ts":%d,"tts":1,"ph":"%b","cat":"node,%b","name":"%b","dur":0,"tdur":0,"id":"%b","args":{%b}}'


def entry(
    ts: int, phase: bytes, category: bytes, name: bytes, id: bytes = b"0x0", arguments: bytes = b""
) -> bytes:
    return HEAD % (ts, phase, category, name, id, arguments)


CLOCKS = (
    # The first pair took 2 ms between its two readings, the second none to speak of.
    entry(663862184, b"b", b"node.console", b"time::clock 1796098699677.845"),
    entry(663862184 - 2000, b"b", b"node.console", b"time::clock 1796098699677.845"),
)
CALLS = (
    entry(663870000, b"b", b"node.fs.async", b"open", b"0x55a7", b'"path":"/run/lab/pipe-1"'),
    entry(663870100, b"b", b"node.fs.async", b"open", b"0x55a8", b'"path":"/etc/hostname"'),
    entry(663871000, b"b", b"node.console", b"time::quick"),
    entry(663871500, b"e", b"node.console", b"time::quick"),
    entry(663870900, b"e", b"node.fs.async", b"open", b"0x55a8", b'"result":28'),
    entry(663880000, b"b", b"node.dns.native", b"lookup", b"0x1", b'"hostname":"name-1.test"'),
    entry(663863664, b"X", b"node.environment", b"CheckImmediate"),
)
WRITTEN = b'{"traceEvents":[' + b",".join((*CLOCKS, *CALLS)) + b"]}\n"
EXPECTED = [
    ("node.fs.async", "open", "/run/lab/pipe-1", None),
    ("node.fs.async", "open", "/etc/hostname", 800_000),
    ("node.console", "quick", None, 500_000),
    ("node.dns.native", "lookup", "name-1.test", None),
]
REFERENCES = ROOT / "labs/event-loops/reference"


def test_nothing_is_left_to_write() -> None:
    unfinished(
        ROOT / "machinelab/sources/kinds/nodetrace.py", ROOT / "machinelab/fields/nodetrace.py", __file__
    )


def test_a_beginning_and_its_end_are_one_event() -> None:
    found = nodetrace.load(WRITTEN, "server")
    read = [
        tuple(
            next(iter(each.values(f"nodetrace.{name}")), None)
            for name in ("category", "name", "what", "duration")
        )
        for each in found
    ]
    assert read == EXPECTED
    assert [each.content.summary() for each in found][:3] == [
        "open  /run/lab/pipe-1  never ended",
        "open  /etc/hostname  0.8 ms",
        "quick  0.5 ms",
    ]


def test_fields_are_in_their_bytes() -> None:
    for number, each in enumerate(nodetrace.load(WRITTEN, "server"), start=1):
        assert (each.source, each.number, each.node) == ("nodetrace", number, "server")
        assert each.fields.keys() <= fields.registry().keys()
        line = each.content.buffers()["line"]
        assert line.startswith(b'{"pid":') and line.endswith(b"}")
        for items in each.fields.values():
            assert all(0 <= item.start <= item.stop <= len(line) for item in items)


def test_the_pair_of_readings_that_were_nearest_is_the_anchor() -> None:
    first = nodetrace.load(WRITTEN, "server")[0]
    # 663870000 µs is 9816 µs after the second pair, which names 1796098699677.845 ms.
    assert first.time == 1796098699677845000 + 9_816_000
    assert datetime.fromtimestamp(first.time // 10**9, UTC) == datetime(2026, 12, 1, 4, 18, 19, tzinfo=UTC)


def test_without_an_anchor_there_is_no_time() -> None:
    assert nodetrace.load(b'{"traceEvents":[' + b",".join(CALLS) + b"]}", "server") == []


def test_a_run_finds_it_by_its_name() -> None:
    assert timeline.reader("nodetrace") is nodetrace


@pytest.mark.parametrize("path", sorted(REFERENCES.glob("*/evidence/*.nodetrace")), ids=lambda p: p.parts[-3])
def test_every_recorded_trace_has_its_events_in_the_run(path) -> None:
    """No event is minutes away from the run's packets: the anchor is right."""
    found = nodetrace.load(path.read_bytes(), "server")
    assert found and max(each.time for each in found) - min(each.time for each in found) < 10e9
    assert {next(iter(each.values("nodetrace.category"))) for each in found} <= nodetrace.CATEGORIES.keys()


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200), st.integers(0, len(WRITTEN)))
def test_any_bytes_are_read(noise: bytes, at: int) -> None:
    nodetrace.load(WRITTEN[:at] + noise + WRITTEN[at:], "server")
