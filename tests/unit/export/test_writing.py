import json
from pathlib import Path

import pytest

from machinelab import catalog
from machinelab.analysis import reading
from machinelab.errors import LabError
from machinelab.export import writing
from machinelab.render import json as as_json
from tests import references


@pytest.mark.parametrize(
    ("lab", "experiment", "plots"),
    [("wal", "pages", ["images"]), ("wal", "commit", []), ("tcp", "slow-start", ["in-flight", "sequence"])],
)
def test_the_figures_are_those_of_the_experiment(lab: str, experiment: str, plots: list[str]) -> None:
    found = reading.open_reference(catalog.load_lab(lab), experiment)
    figures = writing.figures(found)
    assert [figure.plot.id for figure in figures] == plots
    assert all(figure.origins == ("reference",) for figure in figures)


def test_the_page_of_a_run_draws_them(tmp_path: Path) -> None:
    file = tmp_path / "pages.html"
    writing.export(reading.open_reference(catalog.load_lab("wal"), "pages"), file)
    text = file.read_text(encoding="utf-8")
    assert text.count('<figure class="plot"') == 1 and "What the same change takes in the log" in text


def test_a_capture_from_elsewhere_has_none() -> None:
    path = catalog.reference_folder("tcp") / "slow-start.pcapng"
    assert writing.figures(reading.open_file(path, catalog.load_lab("tcp"), "slow-start", None)) == []


def test_the_json_has_every_event_in_a_line_and_all_that_is_known_of_the_run(tmp_path: Path) -> None:
    found = references.opened("dns", "cold")
    writing.export(found, tmp_path / "run.json")
    text = (tmp_path / "run.json").read_text(encoding="utf-8")
    whole, view = json.loads(text), found.view()
    lines = list(as_json.events(view, verbose=True))
    assert whole["events"] == [json.loads(line) for line in lines] and all(line in text for line in lines)
    run = as_json.run_object(view, found.info.id if found.info else None)
    assert {**whole, "events": len(lines)}.items() >= run.items()
    assert whole["nodes"].keys() == view.trace.nodes.keys() and whole["origin"] == "reference"


def test_the_json_of_no_event_is_an_empty_list(tmp_path: Path) -> None:
    found = references.opened("dns", "cold")
    writing.export(found, tmp_path / "run.json", [])
    assert json.loads((tmp_path / "run.json").read_text(encoding="utf-8"))["events"] == []


def test_a_full_disk_leaves_what_was_there(tmp_path: Path) -> None:
    """A real full disk wants a mount, which tests may not make; so the limit on a file's size stands for it."""
    import resource
    import signal

    file = tmp_path / "pages.html"
    file.write_text("what was there")
    found = reading.open_reference(catalog.load_lab("wal"), "pages")
    limits, handler = resource.getrlimit(resource.RLIMIT_FSIZE), signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, limits[1]))
    try:
        with pytest.raises(LabError, match=r"pages\.html cannot be written"):
            writing.export(found, file)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, handler)
    assert file.read_text() == "what was there" and list(tmp_path.iterdir()) == [file]
