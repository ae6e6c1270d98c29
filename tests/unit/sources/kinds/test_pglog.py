"""PostgreSQL's log: lines, lines that go on, and what is no line of it."""

from hypothesis import given
from hypothesis import strategies as st

from machinelab.sources.kinds import pglog

REDO = "1795499993.731 [200] [startup] LOG:  redo starts at 0/153C280"


def test_a_line_is_as_exact_as_its_milliseconds() -> None:
    (event,) = pglog.load(REDO.encode(), "primary")
    assert event["log.time"] == 1795499993731000000
    assert event.time - event.uncertainty == event["log.time"]
    assert event.uncertainty == 500_000 and event.id == "pglog:1"


def test_its_parts_are_in_the_line() -> None:
    (event,) = pglog.load(REDO.encode(), "primary")
    line = event.content.buffers()["line"]
    for name, shown in {"log.pid": b"200", "log.process": b"startup", "log.lsn": b"0/153C280"}.items():
        field = event.fields[name][0]
        assert line[field.start : field.stop] == shown
    assert event.content.summary() == "redo starts at 0/153C280"


def test_a_line_without_prefix_goes_on_with_the_one_before() -> None:
    text = "1.000 [1] [client backend] ERROR:  it failed\nwhile it tried\n2.000 [1] [client backend] FATAL:  gone"
    events = pglog.load(text.encode(), "n")
    assert [event["log.message"] for event in events] == ["it failed\nwhile it tried", "gone"]
    assert events[1].content.summary() == "FATAL: gone"
    assert events[0].lane == events[1].lane == "n"


def test_two_places_in_one_line() -> None:
    line = "1.000 [1] [checkpointer] LOG:  checkpoint complete: wrote 6 buffers; lsn=0/1543610, redo lsn=0/1543600"
    (event,) = pglog.load(line.encode(), "n")
    assert event.values("log.lsn") == ["0/1543610", "0/1543600"]


@given(st.binary(max_size=300), st.integers(0, 60))
def test_any_bytes_are_survived(data: bytes, length: int) -> None:
    for event in pglog.load(REDO.encode()[:length] + data, "n"):
        size = len(event.content.buffers()["line"])
        assert all(field.stop <= size for found in event.fields.values() for field in found)
