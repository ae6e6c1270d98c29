"""Long runs, by `./setup soak`: the same experiment gives the same shape, twenty times of twenty."""

import os
from collections.abc import Iterator

import pytest

from machinelab import catalog, reference, workflow
from machinelab.engine import lifecycle

pytestmark = [pytest.mark.live, pytest.mark.soak]

TIMES = int(os.environ.get("MACHINELAB_SOAK_TIMES", "20"))
INSTANCE = "soak"


EXPERIMENTS = [(lab, each.id) for lab in catalog.ready() for each in catalog.load_lab(lab).experiments]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    before = os.environ.get("MACHINELAB_HOME", "")
    os.environ["MACHINELAB_HOME"] = str(tmp_path_factory.mktemp("home"))
    yield
    os.environ["MACHINELAB_HOME"] = before


@pytest.fixture(scope="module")
def lab(request: pytest.FixtureRequest, home: None) -> Iterator[str]:
    """A lab that is up, one after another."""
    workflow.up(request.param, INSTANCE)
    yield request.param
    lifecycle.down(request.param, INSTANCE)


@pytest.mark.parametrize(("lab", "experiment"), EXPERIMENTS, indirect=["lab"])
def test_the_same_shape_each_time(lab: str, experiment: str) -> None:
    shipped = (catalog.reference_folder(lab) / f"{experiment}.shape.txt").read_text(encoding="utf-8")
    for _ in range(TIMES):
        found = workflow.run(lab, experiment, {}, INSTANCE)
        assert found.ok, [missing.reason for missing in found.run.alignment.missing]
        assert reference.shape(found.run.alignment) == shipped
