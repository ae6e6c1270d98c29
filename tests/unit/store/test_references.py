"""The names of references, with the knobs that were turned, and what the manifest keeps of them."""

import tomllib

import pytest

from machinelab import catalog
from machinelab.analysis import reading
from machinelab.errors import BrokenLab, UsageError
from machinelab.model import Choice, Experiment
from machinelab.store import references, runs

COLD = Experiment("cold", "", (), (), knobs={"name": "www.example.test", "type": Choice(("A", "MX"))})


@pytest.fixture
def folder(tmp_path):
    for name in ("cold", "cold@type=MX", "cold-start"):
        (tmp_path / name).mkdir()
        (tmp_path / name / runs.INFO).write_text(name)
        (tmp_path / f"{name}.pcapng").write_bytes(name.encode())
    references.write_manifest(tmp_path, {"cold@type=MX": {"day": "2026-11-30"}})
    return tmp_path


@pytest.mark.parametrize(
    ("knobs", "name"),
    [
        ({}, "cold"),
        ({"name": "www.example.test", "type": "A"}, "cold"),
        ({"type": "MX"}, "cold@type=MX"),
        ({"type": "MX", "name": "a.test"}, "cold@name=a.test,type=MX"),
        ({"name": "../x,y=@ ü"}, "cold@name=..%2Fx%2Cy%3D%40%20%C3%BC"),
    ],
)
def test_a_reference_is_named_by_the_knobs_that_do_not_stand_at_their_defaults(knobs, name):
    assert references.name_of(COLD, knobs) == name


def test_references_with_knobs_turned_stand_beside_that_of_the_defaults(folder):
    assert references.recorded(folder) == ["cold", "cold-start", "cold@type=MX"]
    assert references.experiments(folder) == ["cold", "cold-start"]
    assert references.variants(folder, "cold") == ["type=MX"]
    assert [path.name for path in references.files(folder, "cold")] == ["cold.pcapng", "run.json"]
    assert references.of_reference(folder, "cold@type=MX").capture.read_bytes() == b"cold@type=MX"


def test_the_manifest_holds_each_of_them(folder):
    said = tomllib.loads((folder / references.MANIFEST).read_text())
    assert said["cold@type=MX"]["recorded"] == {"day": "2026-11-30"}
    assert set(said["cold@type=MX"]["sha256"]) == {"cold@type=MX.pcapng", "cold@type=MX/run.json"}
    references.write_manifest(folder, {"cold": {"day": "2026-12-01"}})
    assert references.manifest(folder)["cold@type=MX"]["recorded"] == {"day": "2026-11-30"}


def test_one_that_was_tampered_with_is_not_opened(folder):
    (folder / "cold@type=MX.pcapng").write_bytes(b"other")
    references.of_reference(folder, "cold")
    with pytest.raises(BrokenLab, match=r"cold@type=MX\.pcapng is not the one"):
        references.of_reference(folder, "cold@type=MX")


def test_one_that_is_not_there_is_told_with_those_that_are(folder):
    with pytest.raises(UsageError, match=r"'cold' with name=a\.test, type=MX") as error:
        references.of_reference(folder, references.name_of(COLD, {"name": "a.test", "type": "MX"}))
    assert error.value.hint == "There is one with its defaults, and one with --set type=MX."


def test_a_step_that_may_be_absent_is_no_part_of_a_shape() -> None:
    """The dead leader's announcement to the others is there in one run and not in the next."""
    found = reading.open_recorded(catalog.load_lab("kafka"), "quorum").run.alignment
    told, whole = references.shape(found), references.shape(found, optional=True)
    assert "begin-epoch" in told and "by-the-dead" not in told
    assert set(whole.splitlines()) - set(told.splitlines()) == {"  [dead] by-the-dead  broker3 > any  any"}
