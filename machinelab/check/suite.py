"""The tests of one lab and nothing else, in a checkout: what they need is made ready, then pytest selects them."""

import importlib.util
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from .. import catalog
from ..engine import images
from ..engine.progress import Progress, silent
from ..errors import EngineError, LabError, UsageError
from ..model import Lab

NEEDS = ("pytest", "hypothesis", "xdist", "pytest_rerunfailures", "yaml")
EXTRA = ".[test]"
NO_TESTS = 5  # pytest's exit code where it selected none


def folder() -> Path:
    """The repository's folder. Raises UsageError where the package is installed without it."""
    root = catalog.root()
    if not (root / "tests" / "belonging.py").is_file():
        raise UsageError(
            "An installed machinelab has no tests: they are in the repository.",
            "Clone the repository, and run machinelab test there.",
        )
    return root


def missing() -> list[str]:
    """The modules that the tests need and that are not installed."""
    return [name for name in NEEDS if importlib.util.find_spec(name) is None]


def install() -> None:
    """Install what the tests need into this Python. Raises LabError."""
    argv = [sys.executable, "-m", "pip", "install", "--quiet", "-e", EXTRA]
    if subprocess.run(argv, cwd=folder(), check=False).returncode:
        raise LabError("pip could not install what the tests need.", f"Run: pip install -e '{EXTRA}'")


def prepare(lab: Lab, tell: Progress = silent) -> str:
    """Build the images of one lab, and tshark's. Gives why no container can be started; empty where they can."""
    wanted = {image.tag: image for image in images.of_lab(lab.id, catalog.compose_file(lab.id))}
    wanted.update({image.tag: image for image in images.of_folder(folder() / "tests" / "images", "test-")})
    try:
        images.ensure(wanted.values(), tell)
    except EngineError as error:
        return error.message
    return ""


def command(lab: Lab, *, engine: bool, words: Sequence[str] = ()) -> list[str]:
    """The pytest command that runs a lab's tests; without an engine, those that need none."""
    marks = "not soak" if engine else "not soak and not live and not oracle"
    return [
        sys.executable,
        "-m",
        "pytest",
        "tests",
        "--lab",
        lab.id,
        "-m",
        marks,
        "-n",
        "2",
        "--dist",
        "loadscope",
        *words,
    ]


def run(lab: Lab, note: Callable[[str], None], *, engine: bool, words: Sequence[str] = ()) -> bool:
    """Run a lab's tests; whether they passed. Raises UsageError where there are none."""
    argv = command(lab, engine=engine, words=words)
    note("Running: " + " ".join(["pytest", *argv[3:]]))
    code = subprocess.run(argv, cwd=folder(), check=False).returncode
    if code == NO_TESTS:
        raise UsageError(
            f"No test belongs to {lab.id}.", f"Record its references first: machinelab record {lab.id}"
        )
    return code == 0
