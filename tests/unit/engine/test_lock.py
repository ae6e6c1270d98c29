"""Locks between real processes."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from machinelab.engine import lock
from machinelab.errors import EngineError

HOLD = """
import sys
from machinelab.engine import lock
with lock.held("dns@a") as held:
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MACHINELAB_HOME", str(tmp_path))
    return tmp_path


def holder() -> "subprocess.Popen[str]":
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout and process.stdout.readline() == "held\n"
    return process


def test_a_lock_is_for_one_at_a_time_and_names_its_owner() -> None:
    process = holder()
    try:
        told: list[str] = []
        with (
            pytest.raises(EngineError) as caught,
            lock.held("dns@a", lambda what, state, fraction=None, /: told.append(state), wait=0.2),
        ):
            pass
        assert f"(process {process.pid})" in caught.value.message
        assert caught.value.hint == f"Wait for it, or end it: kill {process.pid}"
        assert told == ["waiting for another machinelab that works on it"]
    finally:
        process.communicate("")


def test_a_lock_given_back_is_whole() -> None:
    process = holder()
    process.communicate("")
    assert lock.unfinished() == []
    with lock.held("dns@a") as held:
        assert not held.broken
        assert lock.unfinished() == ["dns@a"]
    assert lock.unfinished() == []


def test_an_error_gives_the_lock_back_as_well() -> None:
    with pytest.raises(ValueError, match="x"), lock.held("dns@a"):
        raise ValueError("x")
    assert lock.unfinished() == []


def test_a_lock_whose_owner_was_killed_is_broken_and_free() -> None:
    process = holder()
    process.kill()
    process.wait()
    assert lock.unfinished() == ["dns@a"]
    with lock.held("dns@a", wait=1) as held:
        assert held.broken
    with lock.held("dns@a", wait=1) as held:
        assert not held.broken


def test_a_lock_whose_owner_was_interrupted_is_broken_once() -> None:
    with pytest.raises(KeyboardInterrupt), lock.held("dns@a"):
        raise KeyboardInterrupt
    assert lock.unfinished() == ["dns@a"]
    with lock.held("dns@a") as held:
        assert held.broken
    with lock.held("dns@a") as held:
        assert not held.broken


def docker_like(tmp_path: Path) -> Path:
    """A sleeping program that is called docker, for only such are ever ended."""
    program = tmp_path / "docker"
    program.write_bytes(Path("/bin/sleep").read_bytes())
    program.chmod(0o755)
    return program


@pytest.mark.skipif(not Path("/proc/self/cmdline").exists(), reason="tells by /proc whose process it is")
def test_a_command_left_by_a_killed_owner_is_ended(tmp_path: Path) -> None:
    script = f"""
import os, subprocess
from machinelab.engine import lock
holding = lock.held("dns@a")
held = holding.__enter__()
child = subprocess.Popen([{str(docker_like(tmp_path))!r}, "60"], start_new_session=True, pass_fds=(held.handle,), stdout=-3, stderr=-3)
lock.note_child(held, child.pid)
print(child.pid, flush=True)
os.kill(os.getpid(), 9)
"""
    told = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    orphan = int(told.stdout)
    os.kill(orphan, 0)
    with lock.held("dns@a", wait=10) as held:
        assert held.broken
    deadline = time.monotonic() + 5
    while Path(f"/proc/{orphan}").exists() and _state(orphan) != "Z":
        assert time.monotonic() < deadline, "the orphan lives"
        time.sleep(0.02)


def _state(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except OSError:
        return "Z"


def test_what_is_no_docker_command_is_never_ended() -> None:
    bystander = subprocess.Popen(["sleep", "60"], start_new_session=True)
    try:
        lock._end_groups([bystander.pid])
        assert bystander.poll() is None
    finally:
        bystander.send_signal(signal.SIGKILL)
        bystander.wait()


def test_a_lock_file_with_rubbish_in_it_is_a_lock_all_the_same(home: Path) -> None:
    (home / "locks").mkdir()
    (home / "locks" / "dns@a.lock").write_bytes(b"\xff{rubbish")
    with lock.held("dns@a", wait=1):
        pass


SHARE = HOLD.replace('"dns@a"', '"dns@a", among_users=True')


def test_users_with_folders_of_their_own_wait_for_each_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = {**os.environ, "MACHINELAB_HOME": str(tmp_path / "other")}
    process = subprocess.Popen(
        [sys.executable, "-c", SHARE], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=other
    )
    assert process.stdout and process.stdout.readline() == "held\n"
    try:
        with lock.held("dns@a", wait=0.2):
            pass  # not asked of the other user
        with lock.held("dns@b", wait=0.2, among_users=True):
            pass
        with (
            pytest.raises(EngineError, match="Another user's"),
            lock.held("dns@a", wait=0.2, among_users=True),
        ):
            pass
        monkeypatch.setenv("DOCKER_HOST", "unix:///another/engine.sock")
        with lock.held("dns@a", wait=0.2, among_users=True):
            pass
        monkeypatch.delenv("DOCKER_HOST")
        process.kill()  # nobody tidies up
        with lock.held("dns@a", wait=10, among_users=True):
            pass
    finally:
        process.communicate("")
