"""A capture listed without a guide: the first lines do not wait for all others."""

from collections.abc import Iterator, Sequence
from pathlib import Path

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
    assert next(lines).startswith('{"number": 1,') and len(taken) == as_json.FIRST < len(capture)
    assert sum(text.count("\n") + 1 for text in lines) > 0 and len(taken) == len(capture)
