"""What goes wrong around the DNS lab while it is used: commands killed, interrupted, at once, without room, without their nodes.

Each fault is survived when the next command works and nothing stays behind. In CI a few moments of each; `./setup soak`
takes MACHINELAB_SOAK_TIMES (20) random ones.
"""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from machinelab.engine import docker, labels

pytestmark = pytest.mark.live

LAB, INSTANCE = "dns", "faults"
TIMES = int(os.environ.get("MACHINELAB_SOAK_TIMES", "20"))
FEW = 2
AMOUNTS = [pytest.param(FEW, id="few"), pytest.param(TIMES, id="many", marks=pytest.mark.soak)]
OURS = ("--filter", f"label={labels.LAB}={LAB}", "--filter", f"label={labels.INSTANCE}={INSTANCE}")
Typed = Callable[..., "subprocess.CompletedProcess[str]"]


def command(*words: str) -> list[str]:
    return [sys.executable, "-m", "machinelab", *words]


def started(*words: str) -> "subprocess.Popen[str]":
    """A command that is to be ended."""
    return subprocess.Popen(
        command(*words), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def typed(
    *words: str, given: str = "", environment: dict[str, str] | None = None
) -> "subprocess.CompletedProcess[str]":
    """A command that is left alone."""
    return subprocess.run(
        command(*words), input=given, capture_output=True, text=True, timeout=180, check=False, env={**os.environ, **(environment or {})},
    )  # fmt: skip


def left() -> dict[str, list[str]]:
    """What of this instance the engine has."""
    return {
        "containers": docker.run("ps", "-aq", *OURS).stdout.split(),
        "networks": docker.run("network", "ls", "-q", *OURS).stdout.split(),
        "volumes": docker.run("volume", "ls", "-q", *OURS).stdout.split(),
    }


def nothing() -> bool:
    return not any(left().values())


def taps() -> list[str]:
    return docker.run("ps", "-aq", *OURS, "--filter", f"label={labels.ROLE}=tap").stdout.split()


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A state folder of the test's own; the instance is down before and after."""
    monkeypatch.setenv("MACHINELAB_HOME", str(tmp_path))
    typed("down", LAB, "--as", INSTANCE)
    yield tmp_path
    typed("down", LAB, "--as", INSTANCE)
    assert nothing(), left()


@pytest.fixture
def up() -> None:
    told = typed("up", LAB, "--as", INSTANCE)
    assert told.returncode == 0, told.stderr


def works() -> None:
    """The lab can be used as if nothing had been."""
    for words in (("up", LAB), ("run", LAB, "cold")):
        told = typed(*words, "--as", INSTANCE)
        assert told.returncode == 0, told.stdout + told.stderr
    assert taps() == []


def moments(amount: int, longest: float) -> list[float]:
    """The moments at which something happens, the same in each run of the tests."""
    dice = random.Random(amount)
    return [dice.uniform(0.4, longest) for _ in range(amount)]  # before that Python itself is still starting


@pytest.mark.parametrize("amount", AMOUNTS)
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT], ids=["killed", "interrupted"])
def test_an_up_that_is_ended_leaves_nothing_in_the_way(how: signal.Signals, amount: int) -> None:
    for moment in moments(amount, 3.0):
        ended(how, moment, "up", LAB, "--as", INSTANCE)
        works()
        assert typed("down", LAB, "--as", INSTANCE).returncode == 0
        assert nothing(), (moment, left())


@pytest.mark.parametrize("amount", AMOUNTS)
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT], ids=["killed", "interrupted"])
def test_a_run_that_is_ended_leaves_nothing_in_the_way(up: None, how: signal.Signals, amount: int) -> None:
    for moment in moments(amount, 2.0):
        ended(how, moment, "run", LAB, "cold", "--as", INSTANCE)
        works()


@pytest.mark.parametrize("amount", AMOUNTS)
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT], ids=["killed", "interrupted"])
def test_a_down_that_is_ended_is_finished_by_the_next(how: signal.Signals, amount: int) -> None:
    for moment in moments(amount, 1.5):
        assert typed("up", LAB, "--as", INSTANCE).returncode == 0
        ended(how, moment, "down", LAB, "--as", INSTANCE)
        told = typed("down", LAB, "--as", INSTANCE)
        assert told.returncode == 0, told.stderr
        assert nothing(), (moment, left())


def ended(how: signal.Signals, moment: float, *words: str) -> None:
    """Start a command and end it at a moment; no traceback, and an interrupted one says what it is."""
    process = started(*words)
    time.sleep(moment)  # the moment is what the test is about
    process.send_signal(how)
    out, err = process.communicate(timeout=60)
    assert "Traceback" not in out + err, (moment, err)
    if how == signal.SIGINT:
        assert process.returncode in (0, 1, 130, -signal.SIGINT), (moment, process.returncode, err)


@pytest.mark.parametrize("amount", AMOUNTS)
def test_a_worksheet_that_is_killed_keeps_what_was_answered(up: None, amount: int, home: Path) -> None:
    first = ("worksheet", LAB, "--as", INSTANCE, "--answer", "upstream=5", "--json")
    assert json.loads(typed(*first).stdout)["question"] == "upstream"
    (file,) = (home / "progress").rglob(f"{INSTANCE}.json")
    for moment in moments(amount, 2.0):
        process = subprocess.Popen(
            command("worksheet", LAB, "--as", INSTANCE), stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, text=True
        )  # fmt: skip
        assert process.stdin
        process.stdin.write("3\n\n2\n3\ns\n4\n")  # an answer, a run, more answers
        process.stdin.flush()
        time.sleep(moment)  # the moment is what the test is about
        process.kill()
        process.wait(60)
        assert "upstream" in json.dumps(json.loads(file.read_text(encoding="utf-8")))
    told = typed("worksheet", LAB, "--as", INSTANCE, given="q\n")
    assert told.returncode == 0 and "All is kept" in told.stdout, told.stdout + told.stderr
    works()


def test_two_runs_of_one_lab_at_once_are_both_whole(up: None) -> None:
    both = [started("run", LAB, "cold", "--as", INSTANCE, "--json") for _ in range(2)]
    told = [process.communicate(timeout=120) for process in both]
    assert [process.returncode for process in both] == [0, 0], told
    found = [json.loads(out) for out, _ in told]
    assert {each["ok"] for each in found} == {True} and found[0]["run"] != found[1]["run"]


def test_up_and_down_at_once_end_in_one_or_the_other() -> None:
    for _ in range(FEW):
        both = [started(verb, LAB, "--as", INSTANCE) for verb in ("up", "down")]
        for process in both:
            out, err = process.communicate(timeout=120)
            assert process.returncode == 0, out + err
        works()
        typed("down", LAB, "--as", INSTANCE)
        assert nothing()


def test_a_node_that_is_paused_is_named(up: None) -> None:
    (node,) = docker.run(
        "ps", "-q", *OURS, "--filter", "label=com.docker.compose.service=resolver"
    ).stdout.split()
    docker.run("pause", node)
    try:
        told = typed("run", LAB, "cold", "--as", INSTANCE)
    finally:
        docker.run("unpause", node)
    assert told.returncode in (1, 3), told.stdout + told.stderr
    assert "resolver" in told.stdout + told.stderr and "Traceback" not in told.stderr
    works()


def test_a_node_that_died_is_named_and_up_mends_it(up: None) -> None:
    (node,) = docker.run(
        "ps", "-q", *OURS, "--filter", "label=com.docker.compose.service=root"
    ).stdout.split()
    docker.run("kill", node)
    told = typed("run", LAB, "cold", "--as", INSTANCE)
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
    try:
        (small / "filler").write_bytes(bytes(60 << 10))
        told = typed("run", LAB, "cold", "--as", INSTANCE, environment={"MACHINELAB_HOME": str(small)})
        assert told.returncode not in (0, -signal.SIGKILL) and "Traceback" not in told.stderr, told.stderr
        assert "space" in told.stderr, told.stderr
        assert taps() == []
    finally:
        subprocess.run(["umount", "-l", str(small)], check=True)
    works()


@pytest.mark.parametrize(
    "amount", [pytest.param(FEW, id="few"), pytest.param(5 * TIMES, id="many", marks=pytest.mark.soak)]
)
def test_up_run_down_again_and_again_leaves_nothing_more(amount: int, home: Path) -> None:
    engine = Path("/var/run/docker.pid")
    before = files_of(engine)
    for _ in range(amount):
        works()
        assert typed("down", LAB, "--as", INSTANCE).returncode == 0
        assert nothing()
    assert (
        sum(path.stat().st_size for path in home.rglob("*") if path.is_file()) < amount * 200_000 + 1_000_000
    )
    # What other labs do beside the test opens some too; a leak would open several each time.
    assert files_of(engine) - before < max(40, amount)


def files_of(engine: Path) -> int:
    """How many files the engine has open; 0 where that cannot be seen."""
    try:
        return len(list(Path(f"/proc/{engine.read_text().strip()}/fd").iterdir()))
    except OSError:
        return 0
