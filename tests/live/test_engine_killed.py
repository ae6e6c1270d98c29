"""Killed at any moment, `up` leaves nothing that `down --all` does not find.

These tests use labels of their own: `down_all` takes down every lab on the engine, also those that somebody else has up.
"""

import os
import time
from pathlib import Path

import pytest

from machinelab.engine import docker

from .engines import home, left, script, service, write

__all__ = ["home"]
pytestmark = pytest.mark.live

LABEL = f"org.machinelab.selftest.{os.getpid()}"
OWN = f"""
import sys
from pathlib import Path
from machinelab.engine import labels
labels.LAB, labels.INSTANCE = "{LABEL}", "{LABEL}.instance"
from machinelab.engine import addresses, docker, lifecycle
"""
UP = (
    OWN
    + "lifecycle.up({lab!r}, Path(sys.argv[1] if len(sys.argv) > 1 else {file!r}), {instance!r})\nprint('up')\n"
)
DOWN_ALL = OWN + "print(lifecycle.down_all())\n"


def many(folder: Path) -> Path:
    return write(folder, {f"n{number}": service() for number in range(4)}, prefix="198.18.97")


def processes(project: str) -> list[str]:
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            line = path.read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        if project in line and "docker" in line.split(" ")[0]:
            found.append(line)
    return found


LATE = [pytest.param(tenths / 10, marks=pytest.mark.soak) for tenths in range(1, 31, 2)]


@pytest.mark.parametrize("delay", [0.4, 0.8, 1.2, 2.0, *LATE])
def test_killed_at_any_moment(home: Path, delay: float) -> None:
    lab = f"killed-{os.getpid()}"
    up = script(UP.format(lab=lab, file=str(many(home)), instance="default"), home)
    time.sleep(delay)  # the moment is what the test is about
    up.kill()
    up.communicate()
    down = script(DOWN_ALL, home)
    out, err = down.communicate(timeout=120)
    assert down.returncode == 0, err
    assert left("", LABEL) == [], out
    assert processes(f"machinelab-{lab}-default") == []


def test_a_tap_and_a_volume_that_were_left_are_found(home: Path) -> None:
    lab = f"killed-{os.getpid()}"
    marks = ("--label", f"{LABEL}={lab}", "--label", f"{LABEL}.instance=default")
    docker.run("run", "-d", *marks, "--network", "host", "machinelab/base:trixie", "sleep", "300")
    docker.run("volume", "create", *marks)
    docker.run(
        "network", "create", "--label", f"{LABEL}={lab}", "--subnet", "198.18.97.0/24", f"selftest-{lab}"
    )
    out, err = script(DOWN_ALL, home).communicate(timeout=120)
    assert left("", LABEL) == [], err
    assert docker.run("volume", "ls", "-q", "--filter", f"label={LABEL}").stdout == "", out


def test_after_a_kill_up_works_again(home: Path) -> None:
    lab, file = f"killed-{os.getpid()}", many(home)
    up = script(UP.format(lab=lab, file=str(file), instance="alice"), home)
    time.sleep(1.0)  # in the midst of it
    up.kill()
    up.communicate()
    try:
        again = script(UP.format(lab=lab, file=str(file), instance="alice"), home)
        out, err = again.communicate(timeout=120)
        assert (again.returncode, out) == (0, "up\n"), err
    finally:
        script(DOWN_ALL, home).communicate(timeout=120)
    assert left("", LABEL) == []


def test_two_users_who_choose_the_same_addresses(home: Path) -> None:
    # State folders of their own, so no lock between them, and the same first choice: the engine decides.
    same = "addresses._candidates = lambda seed: iter([p for p in addresses.POOL.subnets(new_prefix=24)][160:170])\n"
    lab, file = f"killed-{os.getpid()}", many(home)
    text = UP.replace("lifecycle.up(", same + "lifecycle.up(")
    try:
        users = [
            script(text.format(lab=lab, file=str(file), instance=name), home / name)
            for name in ("ada", "bob")
        ]
        results = [user.communicate(timeout=120) for user in users]
        assert [out for out, _ in results] == ["up\n", "up\n"], results
    finally:
        for name in ("ada", "bob"):
            script(DOWN_ALL, home / name).communicate(timeout=120)
    assert left("", LABEL) == []
