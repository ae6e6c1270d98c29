"""README's first five minutes, typed in its order, as somebody does who has the lab to himself."""

import os
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import ROOT

pytestmark = pytest.mark.live

HEADING = "## The first five minutes"
AS = ("--as", "readme")
LIMIT = 300.0  # seconds: `up` may build an image
SCREEN = ("inspect",)  # needs a terminal: tests/unit/inspector/ui/test_tmux.py has one
DIFFERS = 1  # what `diff` ends with where two runs are not alike


def typed(words: tuple[str, ...], home: Path) -> subprocess.CompletedProcess[str]:
    at = words.index("--") if "--" in words else len(words)
    return subprocess.run(
        [sys.executable, "-m", "machinelab", *words[:at], *AS, *words[at:]],
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        cwd=home,
        env={**os.environ, "MACHINELAB_HOME": str(home), "NO_COLOR": "1"},
        timeout=LIMIT,
        check=False,
    )


def commands() -> list[tuple[str, ...]]:
    part = (ROOT / "README.md").read_text(encoding="utf-8").partition(HEADING)[2].partition("\n##")[0]
    lines = [line.strip() for line in part.splitlines() if line.startswith("    machinelab ")]
    return [tuple(shlex.split(line, comments=True)[1:]) for line in lines]


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path
    typed(("down", "dns"), tmp_path)


def test_its_commands_do_what_it_says(home: Path) -> None:
    listed = commands()
    assert len(listed) > 10 and listed[-1] == ("down", "dns")
    for words in listed:
        if words[0] in SCREEN:
            continue
        told = typed(words, home)
        allowed = {0, DIFFERS} if words[0] == "diff" else {0}
        assert told.returncode in allowed, f"{shlex.join(words)}\n{told.stdout}{told.stderr}"
        assert "Traceback" not in told.stderr and "failed:" not in told.stdout + told.stderr, told.stderr
        assert "exit code" not in told.stderr, told.stderr
