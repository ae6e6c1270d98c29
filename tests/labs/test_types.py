"""Every lab's Python, strictly typed: those too whose id is no name of a module (mypy alone passes over hash-tables)."""

import subprocess
import sys
from pathlib import Path

from machinelab import catalog
from tests import ROOT


def typed(folder: Path) -> str:
    """What mypy says of the labs in a folder, empty if nothing."""
    words = ["--config-file", ROOT / "pyproject.toml", "--no-error-summary", "--no-pretty", "labs"]
    done = subprocess.run(
        [sys.executable, "-m", "mypy", *words],
        cwd=folder,
        env={"MYPYPATH": str(ROOT), "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout + done.stderr


def copied(id: str, folder: Path) -> Path:
    """A lab's Python files under a name that mypy can take for a package."""
    own = folder / "labs" / id.replace("-", "_")
    own.mkdir(parents=True)
    for path in catalog.lab_file(id).parent.glob("*.py"):
        (own / path.name).write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    return own


def test_every_lab_is_typed(tmp_path: Path) -> None:
    for id in catalog.made():
        copied(id, tmp_path)
    assert typed(tmp_path) == ""


def test_a_lab_that_is_not_is_told_of(tmp_path: Path) -> None:
    own = copied("dns", tmp_path)
    (own / "wrong.py").write_text("from .lab import LAB\n\nLAB.minutes.nothing\n")
    assert '"int" has no attribute "nothing"' in typed(tmp_path)
