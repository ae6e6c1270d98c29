"""The page of every reference: no larger than a mail takes, each packet somewhere on it, its map with a way for each packet."""

import json
import re
from pathlib import Path

import pytest

from machinelab import catalog
from machinelab.analysis import reading
from machinelab.export import writing
from machinelab.store.references import KNOBS, recorded
from tests import references

LARGEST = 1_500_000  # bytes, of a run of at most so many events:
EVENTS = 150
VERY_MANY = 1_400_000  # bytes of any page
PAIRS = [
    (lab, experiment)
    for lab in catalog.ready()
    for experiment in recorded(catalog.reference_folder(lab))
    if KNOBS not in experiment
]


@pytest.fixture(autouse=True)
def read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A plot on a page is made of several references, the same for several pages."""
    monkeypatch.setattr(reading, "open_recorded", references.recorded)


@pytest.mark.parametrize(("lab", "experiment"), PAIRS)
def test_the_page_of_a_reference(lab: str, experiment: str, tmp_path: Path) -> None:
    file, found = tmp_path / "x.html", references.opened(lab, experiment)
    writing.export(found, file)
    text = file.read_text(encoding="utf-8")
    events = found.run.trace.events
    assert len(text.encode()) < (LARGEST if len(events) <= EVENTS else VERY_MANY)
    known = json.loads(re.search(r'class="data">(.*?)</script>', text, re.DOTALL)[1])  # type: ignore[index]
    assert [row[0] for row in known["rows"]] == [event.id for event in events]
    told = [id for ids in re.findall(r'<article [^>]*data-packets="([^"]*)"', text) for id in ids.split()]
    assert found.view().steps.keys() <= set(told) and len(told) == len(set(told))
    placed = [event.id for event in events if known["ways"].get(event.id)]
    assert len(placed) == len(events), [event.id for event in events if event.id not in placed][:5]
