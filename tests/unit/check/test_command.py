"""`machinelab check` and `machinelab new` as they are typed: what is printed, and the exit codes."""

import json
import os
import subprocess
import sys
from pathlib import Path

from machinelab import catalog
from tests.unit.check import toy


def machinelab(*words: str, folder: Path) -> subprocess.CompletedProcess[str]:
    # No engine is there to be asked.
    env = {**os.environ, "MACHINELAB_CONTENT": str(folder), "DOCKER_HOST": "tcp://127.0.0.1:1"}
    argv = [sys.executable, "-m", "machinelab", *words]
    return subprocess.run(argv, cwd=folder, env=env, capture_output=True, text=True, check=False, timeout=60)


def test_a_whole_lab(lab: Path) -> None:
    done = machinelab("check", toy.ID, folder=lab)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "✓ my-toy: nothing to mend.\n")


def test_a_broken_lab(lab: Path) -> None:
    toy.edit("labs/{id}/lab.py", 'until="reply"', 'until="repli"')
    said = "hello: until names the step 'repli', which it does not have."
    done = machinelab("check", toy.ID, folder=lab)
    assert (done.returncode, done.stderr) == (4, "")
    assert done.stdout == f"labs/my-toy/lab.py:19: {said}\n    Did you mean reply?\n"
    done = machinelab("check", "--json", folder=lab)
    assert done.returncode == 4
    (found,) = [json.loads(line) for line in done.stdout.splitlines()]
    assert found == {"path": "labs/my-toy/lab.py", "line": 19, "message": said, "fix": "Did you mean reply?"}


def test_fix_writes_the_fences(lab: Path) -> None:
    toy.edit("guides/{id}.md", "echo request", "echo requests")
    assert machinelab("check", toy.ID, folder=lab).returncode == 4
    done = machinelab("check", toy.ID, "--fix", folder=lab)
    assert (done.returncode, done.stderr.splitlines()[0]) == (0, "Wrote guides/my-toy.md")


def test_new_and_what_cannot_be_made(tmp_path: Path) -> None:
    done = machinelab("new", "other", folder=tmp_path)
    assert done.returncode == 0
    assert done.stdout.splitlines()[0] == "Wrote labs/other/lab.py"
    again = machinelab("new", "other", folder=tmp_path)
    assert again.returncode == 2
    assert "is there already" in again.stderr
    assert machinelab("check", "nosuch", folder=tmp_path).returncode == 2
    assert catalog.ENTRIES.keys().isdisjoint({"other", "nosuch"})
