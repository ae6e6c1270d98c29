from pathlib import Path

import pytest

from machinelab import catalog
from machinelab.analysis import reading
from machinelab.export import writing


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
