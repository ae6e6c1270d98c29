"""What `new --protocol` and `new --source` write fits the code of today: typed, and red at one place until it is finished."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from machinelab.check import scaffold
from tests import ROOT

SUPPORT = ("tests/__init__.py", "tests/unit/__init__.py", "tests/unit/unfinished.py", "tests/unit/correlate")


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package and what generated tests stand on, with a toy protocol and a toy source in it."""
    root = tmp_path_factory.mktemp("repository")
    shutil.copytree(ROOT / "machinelab", root / "machinelab", ignore=shutil.ignore_patterns("__pycache__"))
    for name in SUPPORT:
        place = root / name
        place.parent.mkdir(parents=True, exist_ok=True)
        (shutil.copytree if (ROOT / name).is_dir() else shutil.copy)(ROOT / name, place)
    scaffold.protocol("toywire", root)
    scaffold.source("toylog", root)
    return root


def told(repository: Path, *words: str) -> str:
    argv = [sys.executable, "-m", *words]
    done = subprocess.run(argv, cwd=repository, capture_output=True, text=True, check=False)
    return done.stdout + done.stderr


@pytest.mark.parametrize(
    ("test", "first"),
    [
        (
            "tests/unit/dissect/protocols/toywire/test_dissector.py",
            "toywire/dissector.py:1: what the protocol is for",
        ),
        ("tests/unit/sources/kinds/test_toylog.py", "kinds/toylog.py:1: which program writes this"),
    ],
    ids=["protocol", "source"],
)
def test_what_is_made_is_red_until_it_is_finished_and_green_then(
    repository: Path, test: str, first: str
) -> None:
    red = told(repository, "pytest", "-q", "-p", "no:cacheprovider", test)
    assert re.findall(r"^FAILED \S+::(\w+)", red, re.MULTILINE) == ["test_nothing_is_left_to_write"], red
    assert first in red
    name = "toywire" if "toywire" in test else "toylog"
    for path in [
        path for path in repository.rglob("*.py") if name in path.relative_to(repository).as_posix()
    ]:
        path.write_text(path.read_text().replace("TODO: ", "").replace("TODO", ""))
    green = told(repository, "pytest", "-q", "-p", "no:cacheprovider", test)
    assert " passed" in green and " failed" not in green, green


def test_what_is_made_is_typed_and_linted(repository: Path) -> None:
    made = ["machinelab/dissect/protocols/toywire/dissector.py", "machinelab/sources/kinds/toylog.py"]
    fields = ["machinelab/fields/toywire.py", "machinelab/fields/toylog.py"]
    settings = ["--config-file", str(ROOT / "pyproject.toml")]
    cache = ["--cache-dir", str(ROOT / ".mypy_cache/scaffold")]
    assert "Success" in told(repository, "mypy", *settings, *cache, *made, *fields)
    assert "All checks passed!" in told(
        repository, "ruff", "check", "--config", str(ROOT / "pyproject.toml"), *made, *fields
    )
