"""What does not fit on a terminal goes through the reader's pager; what is no terminal, and what fits, does not."""

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

LIMIT = 60.0  # seconds
MARK = "came through the pager"


def typed(tmp_path: Path, *words: str, rows: int = 24, **environ: str) -> str:
    """What a terminal of that height shows of a command."""
    leader, follower = pty.openpty()
    subprocess.run(["stty", "rows", str(rows), "cols", "80"], stdin=follower, check=True)
    kept = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "LINES", "PAGER")}
    process = subprocess.Popen(
        [sys.executable, "-m", "machinelab", *words],
        stdin=follower,
        stdout=follower,
        stderr=follower,
        env={**kept, "MACHINELAB_HOME": str(tmp_path), "NO_COLOR": "1", "TERM": "xterm", **environ},
    )
    os.close(follower)
    said = b""
    try:
        while part := os.read(leader, 65536):
            said += part
    except OSError:  # Linux's word for: the other end is closed
        pass
    assert process.wait(LIMIT) == 0, said
    return said.decode()


@pytest.fixture
def pager(tmp_path: Path) -> str:
    """One that says it was there, and is left after the first line."""
    script = tmp_path / "pager"
    script.write_text(f"#!/bin/sh\necho '{MARK}'\nhead -n 1\n")
    script.chmod(0o755)
    return str(script)


def test_a_guide_is_paged_on_a_terminal_and_may_be_left_early(tmp_path: Path, pager: str) -> None:
    told = typed(tmp_path, "guide", "dns", "--reference", PAGER=pager)
    assert MARK in told and "DNS, how names resolve" in told
    assert len(told.splitlines()) == 2


@pytest.mark.parametrize(
    ("words", "rows", "environ"),
    [
        (("--no-pager",), 24, {}),
        ((), 24, {"PAGER": "cat"}),
        ((), 24, {"PAGER": ""}),
        ((), 5000, {}),
        ((), 24, {"PAGER": "/nowhere/less -R"}),
    ],
)
def test_no_pager(
    tmp_path: Path, pager: str, words: tuple[str, ...], rows: int, environ: dict[str, str]
) -> None:
    told = typed(
        tmp_path, "guide", "dns", "warm", "--reference", *words, rows=rows, **{"PAGER": pager, **environ}
    )
    assert MARK not in told and len(told.splitlines()) > 30
    assert ("PAGER cannot be started" in told) == (environ.get("PAGER", "").startswith("/nowhere"))


def test_a_pipe_is_never_paged(tmp_path: Path, pager: str) -> None:
    told = subprocess.run(
        [sys.executable, "-m", "machinelab", "guide", "dns", "warm", "--reference"],
        capture_output=True,
        text=True,
        check=True,
        timeout=LIMIT,
        env={**os.environ, "MACHINELAB_HOME": str(tmp_path), "PAGER": pager},
    )
    assert MARK not in told.stdout and len(told.stdout.splitlines()) > 30
