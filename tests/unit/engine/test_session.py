from pathlib import Path

import pytest

from machinelab.engine.session import attempt, perform
from machinelab.engine.topology import RunningLab
from machinelab.errors import BrokenLab, UsageError
from machinelab.model import At, Experiment, Interface, Lab
from machinelab.store import runs

# No engine is asked here: each of these is refused before anything is started.
UP = RunningLab("dns", "default", {"stub": (Interface("access", "198.18.53.10"),)}, {}, {"stub": "running"})
LAB = Lab("dns", ())


def _experiment(command: str) -> Experiment:
    return Experiment("cold", "A name", run=(At("stub", command),), steps=())


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MACHINELAB_HOME", str(tmp_path))
    return runs.create("dns")[1]


def test_a_value_that_cannot_be_used_leaves_no_folder(folder: Path) -> None:
    with pytest.raises(UsageError):
        perform(LAB, _experiment("dig {name}"), {"name": "-f"}, folder, topology=UP)
    assert not folder.exists()


def test_a_command_that_cannot_be_split_is_told_before_anything_runs(folder: Path) -> None:
    with pytest.raises(BrokenLab):
        perform(LAB, _experiment("dig 'x"), {}, folder, topology=UP)
    assert not folder.exists()


@pytest.mark.parametrize(
    ("node", "argv", "message", "hint"),
    [
        ("stubb", ["dig"], "dns has no node 'stubb' that runs.", "Did you mean stub?"),
        ("moon", ["dig"], "dns has no node 'moon' that runs.", "Choose one of: stub."),
        (
            "stub",
            [],
            "There is no command to try.",
            "Write it after two dashes: machinelab try dns stub -- COMMAND",
        ),
    ],
)
def test_what_cannot_be_tried(folder: Path, node: str, argv: list[str], message: str, hint: str) -> None:
    with pytest.raises(UsageError) as error:
        attempt(LAB, node, argv, folder, topology=UP)
    assert (error.value.message, error.value.hint) == (message, hint)
    assert not folder.exists()
