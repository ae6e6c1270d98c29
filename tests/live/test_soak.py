"""Long runs, by `./setup soak`: the same experiment gives the same shape, twenty times of twenty."""

import os

import pytest

from machinelab import catalog, reference, workflow
from machinelab.engine import lifecycle

pytestmark = [pytest.mark.live, pytest.mark.soak]

TIMES = int(os.environ.get("MACHINELAB_SOAK_TIMES", "20"))
INSTANCE = "soak"


@pytest.fixture(scope="module", autouse=True)
def lab(tmp_path_factory):
    before = os.environ.get("MACHINELAB_HOME")
    os.environ["MACHINELAB_HOME"] = str(tmp_path_factory.mktemp("home"))
    workflow.up("dns", INSTANCE)
    yield
    lifecycle.down("dns", INSTANCE)
    if before is None:
        del os.environ["MACHINELAB_HOME"]
    else:
        os.environ["MACHINELAB_HOME"] = before


@pytest.mark.parametrize("experiment", [experiment.id for experiment in catalog.load_lab("dns").experiments])
def test_the_same_shape_each_time(experiment):
    shipped = (catalog.reference_folder("dns") / f"{experiment}.shape.txt").read_text(encoding="utf-8")
    for _ in range(TIMES):
        found = workflow.run("dns", experiment, {}, INSTANCE)
        assert found.ok, [missing.reason for missing in found.run.alignment.missing]
        assert reference.shape(found.run.alignment) == shipped
