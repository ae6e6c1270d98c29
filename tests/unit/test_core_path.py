"""The core path: which experiments it is, and how `run`, `list`, `guide` and the worksheet follow it."""

import sys
from pathlib import Path

import pytest

from machinelab import catalog
from machinelab.analysis import reading
from machinelab.catalog import listing
from machinelab.cli.running import _next
from machinelab.model import Experiment, Lab, Question
from machinelab.store import runs
from machinelab.workflow import guide_text
from machinelab.worksheet.session import ordered

ONE, TWO, THREE = (Experiment(id, id, (), ()) for id in ("one", "two", "three"))


def lab(*core: str) -> Lab:
    return Lab("toy", (ONE, TWO, THREE), core=core)


def test_the_core_comes_first_in_its_own_order() -> None:
    path = lab("three", "one")
    assert [each.id for each in path.core_path] == ["three", "one"]
    assert [each.id for each in path.further] == ["two"]
    assert [each.id for each in path.in_order] == ["three", "one", "two"]


def test_without_a_core_all_experiments_are_the_path() -> None:
    assert lab().core_path == (ONE, TWO, THREE)
    assert lab().further == ()
    assert lab("nine").core_path == (ONE, TWO, THREE)  # `check` tells of the id


@pytest.mark.parametrize(
    ("ran", "then"),
    [((), "three"), (("three",), "one"), (("three", "one"), "two"), (("three", "one", "two"), "three")],
)
def test_what_comes_next(ran: tuple[str, ...], then: str) -> None:
    assert lab("three", "one").next_after(ran).id == then


def test_run_goes_on_where_the_kept_runs_end(capsys: pytest.CaptureFixture[str]) -> None:
    dns = catalog.load_lab("dns")
    assert _next(dns, "default").id == "cold"
    assert "cold, 1 of 6 on the core path" in capsys.readouterr().err
    _, folder = runs.create("dns")
    runs.write(folder, runs.RunInfo("dns", "cold"))
    assert _next(dns, "default").id == "warm"
    for experiment in dns.experiments:
        runs.write(runs.create("dns")[1], runs.RunInfo("dns", experiment.id))
    assert _next(dns, "default").id == "cold"
    assert "All have been run" in capsys.readouterr().err


def test_the_worksheet_asks_along_the_path() -> None:
    asked = [Question(id, id, "observe", lambda run: 1) for id in ("one", "two", "three")]
    whole = Lab("toy", (ONE, TWO, THREE), tuple(asked), core=("three", "one"))
    assert [question.id for question in ordered(whole)] == ["three", "one", "two"]


def test_the_list_says_how_much_of_the_path_is_run() -> None:
    runs.write(runs.create("dns")[1], runs.RunInfo("dns", "lame"))
    runs.write(runs.create("dns")[1], runs.RunInfo("dns", "cold"))
    row = listing.row(catalog.entry("dns"))
    assert (row.ran, row.core_ran, len(row.core)) == (2, 1, 6)
    known = listing.experiments(catalog.load_lab("dns"))
    assert known.next == "warm"
    assert [each.core for each in known.experiments] == [True] * 6 + [False] * 12


def test_the_guide_says_which_experiments_are_on_the_path() -> None:
    found = reading.open_lab(catalog.load_lab("dns"), "cold", shipped=True)
    text = guide_text.text(found, shipped=True)
    assert "The core path, in this order: `cold`, `warm`," in text
    assert "*Core path, 2 of 6: `machinelab run dns warm`*" in text
    assert "*Further: `machinelab run dns lame`*" in text


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MACHINELAB_HOME", str(tmp_path))
    monkeypatch.setattr(sys, "argv", ["machinelab"])
