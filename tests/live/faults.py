"""What the tests of faults share: the DNS lab as a learner uses it, on an engine of its own where one can be had.

`down --all` takes down every lab that its engine has, so it is typed only there; on the machine's own engine `down` is, for this
instance alone.
"""

import os
import random
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest

from machinelab.engine import docker, labels

from . import miscount
from .second import POSSIBLE, Engine, of_its_own

LAB, INSTANCE = "dns", "faults" + os.environ.get("PYTEST_XDIST_WORKER", "")  # two files may be at it at once
AS = ("--as", INSTANCE)
TIMES = int(os.environ.get("MACHINELAB_SOAK_TIMES", "20"))
FEW = 2
AMOUNTS = [pytest.param(FEW, id="few"), pytest.param(TIMES, id="many", marks=pytest.mark.soak)]
OURS = ("--filter", f"label={labels.LAB}={LAB}", "--filter", f"label={labels.INSTANCE}={INSTANCE}")
Told = subprocess.CompletedProcess[str]


def command(*words: str) -> list[str]:
    return [sys.executable, "-m", "machinelab", *words]


def started(*words: str, environment: dict[str, str] | None = None) -> "subprocess.Popen[str]":
    """A command that is to be ended, in a process group of its own as a shell starts it."""
    return subprocess.Popen(
        command(*words), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        start_new_session=True, env={**os.environ, **(environment or {})},
    )  # fmt: skip


def typed(*words: str, given: str = "", environment: dict[str, str] | None = None) -> Told:
    """A command that is left alone."""
    return subprocess.run(
        command(*words), input=given, capture_output=True, text=True, timeout=180, check=False, env={**os.environ, **(environment or {})},
    )  # fmt: skip


def left() -> dict[str, list[str]]:
    """What of this instance the engine has; on an engine of our own, what of the kit's."""
    ours = ("--filter", f"label={labels.LAB}") if POSSIBLE else OURS
    return {
        "containers": docker.run("ps", "-aq", *ours).stdout.split(),
        "networks": miscount.ours(
            partial(docker.run, check=False), docker.run("network", "ls", "-q", *ours).stdout.split()
        ),
        "volumes": docker.run("volume", "ls", "-q", *ours).stdout.split(),
    }


def nothing() -> bool:
    return not any(left().values())


def taps() -> list[str]:
    return docker.run("ps", "-aq", *OURS, "--filter", f"label={labels.ROLE}=tap").stdout.split()


def node(name: str) -> str:
    """The container of a node."""
    (found,) = docker.run("ps", "-aq", *OURS, "--filter", f"label=com.docker.compose.service={name}").stdout.split()  # fmt: skip
    return found


def works() -> None:
    """The lab can be used as if nothing had been."""
    for words in (("up", LAB), ("run", LAB, "cold")):
        told = typed(*words, *AS)
        assert told.returncode == 0, told.stdout + told.stderr
    assert taps() == []


def cleared() -> None:
    """Take down whatever is there, as one would who does not know what is; nothing stays."""
    if POSSIBLE:
        assert os.environ["DOCKER_HOST"].startswith("unix:///tmp/machinelab-test-"), "not with others' labs"
        told = typed("down", "--all")
    else:
        told = typed("down", LAB, *AS)
    assert told.returncode == 0, told.stdout + told.stderr
    assert nothing(), left()


def moments(amount: int, longest: float) -> list[float]:
    """The moments at which something happens, the same in each run of the tests."""
    dice = random.Random(amount)
    return [dice.uniform(0.4, longest) for _ in range(amount)]  # before that Python itself is still starting


@contextmanager
def _engine() -> Iterator[Engine | None]:
    if not POSSIBLE:
        yield None
        return
    with of_its_own() as engine, pytest.MonkeyPatch.context() as patch:
        patch.setenv("DOCKER_HOST", engine.socket)
        yield engine


@pytest.fixture(scope="module", autouse=True)
def own() -> Iterator[Engine | None]:
    """The engine that all of this module talks to; None where it is the machine's."""
    with _engine() as engine:
        yield engine


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, own: Engine | None) -> Iterator[Path]:
    """A state folder of the test's own; the instance is down before and after."""
    monkeypatch.setenv("MACHINELAB_HOME", str(tmp_path))
    cleared()
    yield tmp_path
    cleared()


@pytest.fixture
def up() -> None:
    told = typed("up", LAB, *AS)
    assert told.returncode == 0, told.stderr
