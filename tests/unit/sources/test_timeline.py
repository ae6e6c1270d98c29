from pathlib import Path
from types import SimpleNamespace

import pytest

from machinelab.errors import LabError
from machinelab.model import Event, Field
from machinelab.sources import timeline
from machinelab.sources.record import record


def _event(kind: str, node: str, number: int, time: int) -> Event:
    line = f"{kind} {number}"
    fields = [Field("syscall.name", line, 0, len(line), "line")]
    return Event(number, time, kind, record(fields, {"line": line.encode()}, line), kind, node=node)


def _lines(data: bytes, node: str) -> list[Event]:
    """A source for these tests: a time on each line."""
    if data.startswith(b"!"):
        raise LabError("It is broken.", "")
    return [_event("tick", node, n, int(line)) for n, line in enumerate(data.split(), start=1)]


@pytest.fixture
def ticks(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    source = SimpleNamespace(load=_lines)
    monkeypatch.setattr(timeline, "reader", lambda kind: source if kind == "tick" else None)
    return source


def _load(folder: Path) -> "tuple[list[tuple[str, str, int]], tuple[str, ...]]":
    trace = timeline.load(folder / "capture.pcapng", folder / "evidence")
    return [(event.id, event.node, event.time) for event in trace.events], trace.warnings


def _give(folder: Path, **files: bytes) -> None:
    (folder / "evidence").mkdir()
    for name, data in files.items():
        (folder / "evidence" / name.replace("_", ".")).write_bytes(data)


def test_files_of_one_kind_are_one_source(tmp_path: Path, ticks: SimpleNamespace) -> None:
    _give(tmp_path, a_tick=b"1 5", b_tick=b"2 9")
    events, warnings = _load(tmp_path)
    assert events == [("tick:1", "a", 1), ("tick:2", "b", 2), ("tick:3", "a", 5), ("tick:4", "b", 9)]
    assert warnings == ()


def test_a_source_keeps_its_own_order(tmp_path: Path, ticks: SimpleNamespace) -> None:
    _give(tmp_path, a_tick=b"5 3 7")
    assert [time for _, _, time in _load(tmp_path)[0]] == [5, 3, 7]


def test_what_cannot_be_read_is_told_and_the_rest_is_read(tmp_path: Path, ticks: SimpleNamespace) -> None:
    _give(tmp_path, a_tick=b"1", b_tick=b"!", c_odd=b"")
    events, warnings = _load(tmp_path)
    assert [node for _, node, _ in events] == ["a"]
    assert warnings == (
        "evidence/b.tick cannot be read: It is broken.",
        "evidence/c.odd is of no kind that can be read.",
    )


def test_a_source_may_be_placed_by_the_others(tmp_path: Path, ticks: SimpleNamespace) -> None:
    ticks.place = lambda events, others, names: [
        _event("tick", "a", 1, 10 * len(events) + len(others["packets"]))
    ]
    _give(tmp_path, a_tick=b"0 0")
    assert _load(tmp_path)[0] == [("tick:1", "a", 20)]


def test_what_stands_beside_the_sources_is_none() -> None:
    assert [timeline.reader(kind) for kind in ("pcap", "record", "nothing", "../pcap", "")] == [None] * 5


def test_a_record_keeps_the_order_of_its_fields() -> None:
    fields = [Field("b", 1), Field("a", 2), Field("b", 3)]
    made = record(fields, {"line": b"x"}, "sum")
    assert [[item.value for item in row] for row in made.fields().values()] == [[1, 3], [2]]
    assert (made.message_fields(0), made.buffers(), made.summary()) == (made.fields(), {"line": b"x"}, "sum")


@pytest.mark.parametrize("kind", timeline.kinds())
def test_every_kind_says_its_name_and_has_a_test_of_its_own(kind: str) -> None:
    source = timeline.reader(kind)
    assert source is not None and kind == source.KIND and callable(source.load)
    assert (Path(__file__).parent / "kinds" / f"test_{kind}.py").is_file()


def test_no_other_file_of_the_folder_is_a_kind() -> None:
    assert timeline.reader("pcap") is None and timeline.reader("timeline") is None
    assert len(timeline.kinds()) >= 9
