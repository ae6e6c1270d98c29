"""Every lab on real servers, as a learner would type it: each experiment, and each value of each choice that can be turned.

What is particular to a lab stands in test_<lab>.py beside this file. A lab of which nothing has changed is tried with one
experiment, another each day (`green`).
"""

import importlib
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from machinelab import catalog
from machinelab.analysis import reading
from machinelab.authoring import Choice
from machinelab.store import references
from tests import belonging

from . import labs

pytestmark = pytest.mark.live

LABS = [catalog.load_lab(id) for id in sorted(belonging.LABS)]
EXPERIMENTS = [(lab.id, experiment.id) for lab in LABS for experiment in lab.experiments]


def turned() -> Iterator[object]:
    """Every value of a choice that is not its default. Where a lab's own file says which are `TURNED`, the others in the long tests."""
    for lab in LABS:
        daily = getattr(own_tests(lab.id), "TURNED", None)
        for experiment in lab.experiments:
            for name, knob in experiment.knobs.items():
                for option in knob.options[1:] if isinstance(knob, Choice) else ():
                    case = (experiment.id, f"{name}={option}")
                    marks = [pytest.mark.soak] if daily is not None and case not in daily else []
                    yield pytest.param(lab.id, *case, marks=marks)


def own_tests(lab: str) -> object:
    """The lab's own live tests. They may say what is `TURNED` each time, and `OTHERWISE`: turns of which steps are missing, and which."""
    name = f"test_{lab.replace('-', '_')}"
    return (
        importlib.import_module(f"{__package__}.{name}")
        if Path(__file__).with_name(f"{name}.py").exists()
        else None
    )


@pytest.mark.parametrize(("lab", "experiment"), EXPERIMENTS, indirect=["lab"], scope="session")
def test_experiment_is_as_the_guide_says_and_has_its_shape(lab: labs.Up, experiment: str) -> None:
    told = lab("run", lab.id, experiment, "--as", labs.INSTANCE, "--json")
    result = json.loads(told.stdout)
    assert result["missing"] == [] and result["unclaimed"] == [], told.stdout
    assert result["ok"] and told.returncode == 0
    found = reading.open_run(catalog.load_lab(lab.id), lab.runs / str(result["run"]))
    shipped = catalog.reference_folder(lab.id) / f"{experiment}.shape.txt"
    assert references.shape(found.run.alignment) == shipped.read_text(encoding="utf-8")


@pytest.mark.parametrize(("lab", "experiment", "setting"), list(turned()), indirect=["lab"], scope="session")
def test_a_choice_is_turned(lab: labs.Up, experiment: str, setting: str) -> None:
    """As the guide says, too: or else without the steps that the lab's own file names."""
    told = lab("run", lab.id, experiment, "--set", setting, "--as", labs.INSTANCE, "--json")
    result = json.loads(told.stdout)
    otherwise = getattr(own_tests(lab.id), "OTHERWISE", {}).get((experiment, setting), ())
    assert sorted(each["id"] for each in result["missing"]) == sorted(otherwise), told.stdout
    assert result["unclaimed"] == [], told.stdout
    assert (result["ok"], told.returncode) == ((False, 1) if otherwise else (True, 0)), told.stdout


def test_what_a_lab_says_of_its_choices_is_there() -> None:
    """A misspelt turn would be tried by nobody."""
    every = {(lab.id, experiment.id, f"{name}={option}") for lab in LABS for experiment in lab.experiments
             for name, knob in experiment.knobs.items() if isinstance(knob, Choice) for option in knob.options[1:]}  # fmt: skip
    for lab in LABS:
        for case in (*getattr(own_tests(lab.id), "TURNED", ()), *getattr(own_tests(lab.id), "OTHERWISE", ())):
            assert (lab.id, *case) in every
