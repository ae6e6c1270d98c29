"""Every renderer over every reference capture that ships: what a reader sees fits, is harmless, and names what was claimed."""

import json
from itertools import islice

import pytest

from machinelab import catalog
from machinelab.analysis.view import View
from machinelab.render import json as as_json
from machinelab.render.detail import detail
from machinelab.render.ladder import ladder
from machinelab.render.table import report
from machinelab.render.terminal import TerminalStyle, cells
from tests.references import opened


def references() -> list[tuple[str, str]]:
    labs = [catalog.load_lab(id) for id in catalog.ready()]
    return [
        (lab.id, experiment.id)
        for lab in labs
        for experiment in lab.experiments
        if (catalog.reference_folder(lab.id) / f"{experiment.id}.pcapng").exists()
    ]


@pytest.fixture(params=references(), ids="/".join, scope="module")
def view(request: pytest.FixtureRequest) -> View:
    return opened(*request.param).view()


@pytest.mark.parametrize("width", [80, 160])
def test_reports_fit_and_show_every_packet(view: View, width: int) -> None:
    lines = list(report(view, TerminalStyle(width), every=True))
    assert all(cells(line) <= width and line.isprintable() for line in lines)
    numbers = {word for line in lines for word in line.split()[:2]}
    assert {event.id for event in view.once()} <= numbers
    seen = {claim.step.id for claim in view.alignment.claims}
    assert all(any(step in line for line in lines) for step in seen)


@pytest.mark.parametrize("width", [80, 160])
def test_ladders_fit_and_have_an_arrow_for_every_message(view: View, width: int) -> None:
    lines = list(ladder(view, TerminalStyle(width)))
    assert all(cells(line) <= width and line.isprintable() for line in lines)
    drawn = [row for row in view.rows(view.once()) if row.state not in ("carrier", "background")]
    arrows = sum(len(row.path) > 1 for row in drawn)
    assert sum("▶" in line or "◀" in line for line in lines) == arrows
    assert sum("●" in line for line in lines) == len(drawn) - arrows


def test_details_fit(view: View) -> None:
    for event in islice(view.trace.events, 40):
        lines = list(detail(view, event, TerminalStyle(80), bytes_too=True))
        assert all(cells(line) <= 80 and line.isprintable() for line in lines)
        assert any(line.startswith("   0000 ") for line in lines)


def test_json_agrees_with_the_alignment(view: View) -> None:
    found = [json.loads(line) for line in as_json.events(view, verbose=True)]
    assert [entry["number"] for entry in found] == [event.number for event in view.trace.events]
    ids = [event.id for event in view.trace.events]
    claimed = {id: entry["steps"] for id, entry in zip(ids, found, strict=True) if entry["steps"]}
    assert claimed == {id: [step.id for step, _ in steps] for id, steps in view.alignment.steps_of().items()}
    assert [float(entry["time"]) for entry in found] == sorted(float(entry["time"]) for entry in found)
