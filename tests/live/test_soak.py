"""Long runs, by `./setup soak`: the same experiment gives the same shape, a hundred times of a hundred, or as often as a minute lets.

    MACHINELAB_SOAK_TIMES=100     runs of each experiment, at most
    MACHINELAB_SOAK_SECONDS=60    seconds for each experiment, at most, though never fewer than three runs
    MACHINELAB_SOAK_LABS=dns,tcp  only these labs
    MACHINELAB_SOAK_REPORT=FILE   where a line of JSON is added for each experiment (soak.jsonl)

Runs that gave another shape are kept, and the end of the output names their folders.
"""

import os
from collections.abc import Iterator

import pytest

from machinelab import catalog
from machinelab.engine import lifecycle
from machinelab.workflow import starting

from . import soak

pytestmark = [pytest.mark.live, pytest.mark.soak]

INSTANCE = os.environ.get("MACHINELAB_SOAK_INSTANCE", "soak")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    before = os.environ.get("MACHINELAB_HOME", "")
    os.environ["MACHINELAB_HOME"] = str(tmp_path_factory.mktemp("home"))
    yield
    os.environ["MACHINELAB_HOME"] = before


@pytest.fixture(scope="module")
def lab(request: pytest.FixtureRequest, home: None) -> Iterator[str]:
    """A lab that is up, one after another."""
    starting.up(catalog.load_lab(request.param), INSTANCE)
    yield request.param
    lifecycle.down(request.param, INSTANCE)


@pytest.mark.parametrize(("lab", "experiment"), list(soak.chosen()), indirect=["lab"])
def test_the_same_shape_each_time(lab: str, experiment: str, soak_tallies: list[soak.Tally]) -> None:
    tally = soak.counted(lab, experiment, INSTANCE)
    soak_tallies.append(tally)
    soak.written(tally)
    assert tally.equal == tally.times, "\n".join(soak.table([tally]))
