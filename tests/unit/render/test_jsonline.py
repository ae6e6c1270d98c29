from pathlib import Path

import pytest

from machinelab import fields
from machinelab.analysis.view import EventRow
from machinelab.model import Field
from machinelab.render import json as as_json
from machinelab.render.jsonline import SHAPES, FieldsWriter
from tests import references
from tests.captures import containers

OWN = [containers.RECORDS, containers.CRAFTED]
NAMES = {path: references.name_of(path) for path in references.CAPTURES}


@pytest.mark.parametrize("capture", [*OWN, *NAMES], ids=lambda path: NAMES.get(path, path.stem))
def test_a_line_is_what_the_object_says(capture: Path) -> None:
    writer = FieldsWriter()
    for event in references.events(capture):
        row = EventRow(event, 0.0, event.src, event.dst)
        assert as_json.line(row, writer) == as_json.dump(as_json.event_object(row))


@pytest.mark.parametrize("capture", [*OWN, *NAMES], ids=lambda path: NAMES.get(path, path.stem))
def test_a_line_with_places_is_what_the_object_says(capture: Path) -> None:
    """Of the first packets, and of every seventh after them: the later ones have the shapes of the first."""
    writer, events = FieldsWriter(), references.events(capture)
    for event in (*events[:40], *events[40::7]):
        row = EventRow(event, 0.0, event.src, event.dst)
        assert as_json.line(row, writer, verbose=True) == as_json.dump(
            as_json.event_object(row, verbose=True)
        )


def test_every_kind_of_value_is_written_as_it_is_shown() -> None:
    values = (
        True,
        False,
        0,
        7,
        -7,
        1_500_000_000_123_456_789,
        -1_500,
        1.5,
        "",
        'a"b%s\x7fé\ud800',
        b"\0\xff",
    )
    writer = FieldsWriter()
    for name in [*fields.registry(), "unknown.field", "100% new"]:
        kind = fields.registry().get(name)
        for value in values:
            if kind and kind.kind == "date" and (not isinstance(value, int) or value > 2**62):
                continue
            shown = value if isinstance(value, bool) else fields.show(name, value)
            found = [(name, value), ("made.other", ""), (name, value)]
            assert writer.write(found) == as_json.dump({name: [shown, shown], "made.other": [""]})
            placed = [
                Field(*found[0], 3, 5, "100% \x7f", 6, 'a"%d'),
                Field(*found[2], 7, 7),
                Field(*found[1]),
            ]
            mine = [as_json._placed(field) for field in placed]
            assert writer.write_placed(placed) == as_json.dump({name: mine[:2], "made.other": mine[2:]})


def test_a_flood_of_shapes_is_forgotten() -> None:
    writer = FieldsWriter()
    for number in range(SHAPES + 10):
        writer.write([(f"made.{number}", number)])
    assert len(writer._shapes) <= SHAPES
