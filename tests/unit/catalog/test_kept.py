"""The list of a reader's runs."""

import json
from pathlib import Path

import pytest

from machinelab import catalog
from machinelab.catalog import kept
from machinelab.errors import UsageError
from machinelab.render import runs as draw
from machinelab.render.terminal import TerminalStyle
from machinelab.store import runs
from machinelab.store.runs import Command, RunInfo

STARTED = 1796098544556044719


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MACHINELAB_HOME", str(tmp_path))
    monkeypatch.setenv("TZ", "UTC")
    return tmp_path


def ran(experiment: str, instance: str = "default", **knobs: str) -> int:
    id, folder = runs.create("dns", instance)
    command = Command("run", "stub", ("dig", "a b"), 0, STARTED, STARTED)
    runs.write(folder, RunInfo("dns", experiment, instance, id, knobs, STARTED, STARTED, commands=(command,)))
    return id


def test_runs_are_listed_with_what_was_turned() -> None:
    ran("cold", name="www.example.test", type="A")
    ran("cold", name="www.example.test", type="MX")
    ran("try")
    ran("warm", "alice")
    lab = catalog.load_lab("dns")
    found = kept.kept(lab)
    assert [(row.id, row.experiment, row.turned) for row in found] == [
        (1, "cold", ""),
        (2, "cold", "type=MX"),
        (3, "try", "stub: dig 'a b'"),
    ]
    assert [row.id for row in kept.kept(lab, experiment="cold")] == [1, 2]
    assert [row.experiment for row in kept.kept_of_all("alice")] == ["warm"]
    text = list(draw.as_text(found, TerminalStyle(width=60)))
    assert text[0] == "dns" and text[2].endswith("cold  type=MX") and "04:15:44" in text[2]
    assert text[-1] == "Look at one: machinelab packets dns --run 3"
    assert [json.loads(line)["knobs"]["type"] for line in list(draw.as_json(found))[:2]] == ["A", "MX"]


def test_a_run_that_cannot_be_read_hides_no_other(home: Path) -> None:
    ran("cold")
    (runs.folder_of("dns") / "1" / runs.INFO).write_text("{")
    ran("warm")
    assert [row.experiment for row in kept.kept(catalog.load_lab("dns"))] == ["warm"]


def test_a_run_that_is_not_there_names_the_list() -> None:
    ran("cold", "alice")
    with pytest.raises(UsageError) as told:
        runs.find("dns", None, "alice", 9)
    assert told.value.hint == "There are 1, up to 1. See them: machinelab runs dns --as alice"
