"""A capture listed without a guide: the first lines do not wait for all others."""

import gzip
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from machinelab import parallel
from machinelab.analysis import plain_capture
from machinelab.model import Event
from machinelab.render import json as as_json
from tests.captures import containers


def test_the_first_packets_are_given_before_others_are_dissected(monkeypatch) -> None:
    capture = plain_capture.open_capture(Path(containers.KAFKA))
    asked: list[int] = []
    events = capture.events

    def counted(numbers: Sequence[int]) -> list[Event]:
        asked.append(len(numbers))
        return events(numbers)

    monkeypatch.setattr(capture, "events", counted)
    found = plain_capture.select(capture, "")
    assert next(found).number == 1 and asked == [plain_capture.FIRST]
    assert [event.number for event in found] == list(range(2, len(capture) + 1))
    assert asked == [plain_capture.FIRST, len(capture) - plain_capture.FIRST]


def test_json_lines_come_before_all_rows_have() -> None:
    capture = plain_capture.open_capture(Path(containers.KAFKA))
    taken: list[int] = []

    def rows() -> Iterator[object]:
        for event in plain_capture.select(capture, ""):
            taken.append(event.number)
            yield plain_capture.row(event, 0)

    lines = as_json.listed(rows())
    assert next(lines).startswith('{"number": 1,') and len(taken) == parallel.FIRST < len(capture)
    assert sum(text.count("\n") + 1 for text in lines) > 0 and len(taken) == len(capture)


def lines(path: Path, count: int | None = None) -> tuple[list[str], list[str]]:
    """A listing's JSON, a line each, and its warnings."""
    found = plain_capture.listing(path, "", count)
    rows = [plain_capture.row(event, found.start) for event in found.events]
    return "\n".join(as_json.listed(rows, verbose=True)).split("\n"), list(found.warnings)


@pytest.mark.parametrize(
    "path", [containers.RECORDS, containers.CRAFTED, containers.KAFKA], ids=lambda path: Path(path).stem
)
def test_a_short_capture_read_whole_is_listed_as_a_long_one_is(path: Path, monkeypatch) -> None:
    path = Path(path)
    assert plain_capture.is_short(path)
    whole, few = lines(path), lines(path, 3)
    monkeypatch.setattr(plain_capture, "SHORT", 0)
    assert not plain_capture.is_short(path)
    assert lines(path) == whole and lines(path, 3) == few
    monkeypatch.setattr(plain_capture, "FIRST", 2)
    assert lines(path) == whole and lines(path, 3) == few
    monkeypatch.setattr(plain_capture, "MEDIUM", 0)
    assert lines(path) == whole and lines(path, 3) == few
    assert len(few[0]) == 3


def test_a_file_that_breaks_off_says_the_same_read_either_way(tmp_path: Path, monkeypatch) -> None:
    cut = tmp_path / "cut.pcapng"
    cut.write_bytes(Path(containers.KAFKA).read_bytes()[:-7])
    whole = lines(cut)
    monkeypatch.setattr(plain_capture, "SHORT", 0)
    assert lines(cut) == whole and whole[1]


def test_what_is_packed_or_long_is_not_read_whole(tmp_path: Path, monkeypatch) -> None:
    packed = tmp_path / "packed.pcapng.gz"
    packed.write_bytes(gzip.compress(Path(containers.KAFKA).read_bytes()))
    assert not plain_capture.is_short(packed)
    count = len(lines(Path(containers.KAFKA))[0])
    monkeypatch.setattr(plain_capture, "SHORT", count // 2)
    assert not plain_capture.is_short(Path(containers.KAFKA))
