"""What goes wrong around the DNS lab while it is used: two at once, no room, nodes that are paused or died.

Each fault is survived when the next command works and nothing stays behind.
"""

import json
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from machinelab.engine import docker

from .faults import AS, FEW, LAB, cleared, home, node, nothing, own, started, taps, typed, up, works

__all__ = ["home", "own", "up"]
pytestmark = pytest.mark.live


def test_two_runs_of_one_lab_at_once_are_both_whole(up: None) -> None:
    both = [started("run", LAB, "cold", *AS, "--json") for _ in range(2)]
    told = [process.communicate(timeout=120) for process in both]
    assert [process.returncode for process in both] == [0, 0], told
    found = [json.loads(out) for out, _ in told]
    assert {each["ok"] for each in found} == {True} and found[0]["run"] != found[1]["run"]


def test_up_and_down_at_once_end_in_one_or_the_other() -> None:
    for _ in range(FEW):
        both = [started(verb, LAB, *AS) for verb in ("up", "down")]
        for process in both:
            out, err = process.communicate(timeout=120)
            assert process.returncode == 0, out + err
        works()
        cleared()


def test_a_node_that_is_paused_is_named(up: None) -> None:
    container = node("resolver")
    docker.run("pause", container)
    try:
        told = typed("run", LAB, "cold", *AS)
    finally:
        docker.run("unpause", container)
    assert told.returncode in (1, 3), told.stdout + told.stderr
    assert "resolver" in told.stdout + told.stderr and "Traceback" not in told.stderr
    works()


def test_a_node_that_died_is_named_and_up_mends_it(up: None) -> None:
    container = node("root")
    docker.run("kill", container)
    told = typed("run", LAB, "cold", *AS)
    assert told.returncode in (1, 3), told.stdout + told.stderr
    assert "root" in told.stdout + told.stderr and "machinelab" in told.stderr + told.stdout
    works()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount a file system")
def test_a_disk_that_is_full_is_told_in_a_line_and_loses_nothing(
    up: None, tmp_path_factory: pytest.TempPathFactory
) -> None:
    small = tmp_path_factory.mktemp("small")
    if subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64k", "machinelab-test", str(small)], check=False
    ).returncode:
        pytest.skip("this machine lets nobody mount")
    full = {"MACHINELAB_HOME": str(small)}
    try:
        for room in (4 << 10, 0):  # no room for the capture; none for anything
            _fill(small, room)
            told = typed("run", LAB, "cold", *AS, environment=full)
            assert told.returncode == 3 and "Traceback" not in told.stderr, told.stderr
            assert "space" in told.stderr and "itself failed" not in told.stderr, told.stderr
            assert taps() == []
        answered = typed("worksheet", LAB, *AS, "--answer", "upstream=5", environment=full)
        assert answered.returncode == 3 and "space" in answered.stderr, answered.stderr
        assert typed("down", LAB, *AS, environment=full).returncode == 0, "whoever has no room left can stop"
        assert nothing()
    finally:
        subprocess.run(["umount", "-l", str(small)], check=True)
    works()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may stop the engine's processes")
def test_a_server_that_was_slow_answers_twice_and_both_are_explained(up: None) -> None:
    pids = [int(line.split()[1]) for line in docker.run("top", node("tld")).stdout.splitlines()[1:]]
    running = started("run", LAB, "cold", *AS, "--json")
    try:
        _all(pids, signal.SIGSTOP)
        _until(lambda: bool(taps()) or running.poll() is not None)
        time.sleep(
            2.0
        )  # Unbound asks again after 0.376 s (unbound.conf(5), unknown-server-time-limit), then after twice that
    finally:
        _all(pids, signal.SIGCONT)
    out, err = running.communicate(timeout=60)
    assert running.returncode == 0, out + err
    steps = {step["id"]: step["events"] for step in json.loads(out)["steps"]}
    assert len(steps["ask-tld"]) > 1 < len(steps["tld-refers"]), steps


def _fill(folder: Path, room: int) -> None:
    (folder / "filler").unlink(missing_ok=True)
    (folder / "filler").write_bytes(bytes(shutil.disk_usage(folder).free - room))


def _all(pids: list[int], how: signal.Signals) -> None:
    for pid in pids:
        os.kill(pid, how)


def _until(true: Callable[[], bool], limit: float = 60) -> None:
    end = time.monotonic() + limit
    while not true():
        assert time.monotonic() < end
        time.sleep(0.05)


def test_two_users_on_one_lab_wait_for_each_other(up: None, home: Path) -> None:
    own = [{"MACHINELAB_HOME": str(home / name)} for name in ("ada", "bob")]
    for experiment in ("unreachable", "cold"):
        both = [
            started("run", LAB, one, *AS, "--json", environment=user)
            for one, user in zip((experiment, "cold"), own, strict=True)
        ]
        told = [process.communicate(timeout=180) for process in both]
        assert [process.returncode for process in both] == [0, 0], told


def test_two_users_who_start_and_stop_one_lab_at_once_end_in_one_or_the_other(home: Path) -> None:
    own = [{"MACHINELAB_HOME": str(home / name)} for name in ("ada", "bob")]
    for verbs in (("up", "up"), ("up", "down")):
        both = [started(verb, LAB, *AS, environment=user) for verb, user in zip(verbs, own, strict=True)]
        told = [process.communicate(timeout=180) for process in both]
        assert [process.returncode for process in both] == [0, 0], told
        works()
        cleared()
