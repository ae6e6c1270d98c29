"""Clocks that disagree, and a clock that is set while a run goes on: what is told stays true.

Containers share the machine's clock, and no test may set that. So the clock of one process is set: what `time` gives in the
kit's own, or in the tap's, while the kernel, the engine and the nodes keep theirs. That is how it is where the engine is on
another machine, or in a virtual one that slept.
"""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from machinelab.engine import docker, labels

from .faults import AS, LAB, home, own, started, taps, typed, up

__all__ = ["home", "own", "up"]
pytestmark = pytest.mark.live

# Python imports `sitecustomize` before anything else. Neither monotonic clock is touched: nobody can set those.
SHIFTED = """
import os, time
_ns, _file = time.time_ns, os.environ["MACHINELAB_TEST_CLOCK"]
def time_ns():
    with open(_file) as file:
        return _ns() + int(file.read() or 0) * 10**9
time.time_ns, time.time = time_ns, lambda: time_ns() / 1e9
"""
HOUR = 3600


@pytest.fixture
def clock(home: Path) -> Path:
    """A file with the seconds by which the kit's clock is wrong."""
    (home / "clock").mkdir()
    (home / "clock" / "sitecustomize.py").write_text(SHIFTED)
    file = home / "clock" / "seconds"
    file.write_text("0")
    return file


def wrong(clock: Path) -> dict[str, str]:
    return {"PYTHONPATH": str(clock.parent), "MACHINELAB_TEST_CLOCK": str(clock)}


def kept(home: Path) -> tuple[Path, dict]:  # type: ignore[type-arg]
    """The newest run: its folder, and what its run.json says."""
    folder = max((home / "runs" / LAB / AS[1]).iterdir(), key=lambda path: int(path.name))
    return folder, json.loads((folder / "run.json").read_text(encoding="utf-8"))


def true(info: dict, before: int, after: int) -> None:  # type: ignore[type-arg]
    """All times of a run are the engine's, in the order in which things happened."""
    assert before < info["started"] < info["ended"] < after
    for command in info["commands"]:
        assert before - 10**9 < command["started"] <= command["ended"] < after + 10**9
    starts = {phase: [c["started"] for c in info["commands"] if c["phase"] == phase] for phase in ("reset", "run")}  # fmt: skip
    assert max(starts["reset"]) < min(starts["run"]), starts


@pytest.mark.parametrize("hours", [-1, 1])
def test_a_kit_whose_clock_is_wrong_reads_the_same_run(up: None, clock: Path, home: Path, hours: int) -> None:
    clock.write_text(str(hours * HOUR))
    before = time.time_ns()
    for experiment in ("unreachable", "bogus"):
        told = typed("run", LAB, experiment, *AS, "--json", environment=wrong(clock))
        assert told.returncode == 0, told.stdout + told.stderr
        folder, info = kept(home)
        true(info, before, time.time_ns())
        assert info["notes"] == [], "it did not wait for what had long been over"
    # The resolver says why it fails; nobody else has anything to say, and nothing from before the run is here.
    assert [log.name for log in (folder / "logs").iterdir()] == ["resolver.log"]


@pytest.mark.parametrize("hours", [-1, 1])
def test_a_clock_that_is_set_in_the_midst_changes_nothing(
    up: None, clock: Path, home: Path, hours: int
) -> None:
    before = time.time_ns()
    running = started("run", LAB, "unreachable", *AS, "--json", environment=wrong(clock))
    while not taps() and running.poll() is None:
        time.sleep(0.05)
    clock.write_text(str(hours * HOUR))
    out, err = running.communicate(timeout=90)
    assert running.returncode == 0, out + err
    _, info = kept(home)
    true(info, before, time.time_ns())
    assert info["notes"] == []


@contextmanager
def tap_with_a_clock(folder: Path) -> Iterator[None]:
    """The tap's image, whose Python is told another time from its second reading on that comes after the tap listens."""
    plain = "machinelab/tap:latest"
    before = docker.run("image", "inspect", "--format", "{{.Id}}", plain).stdout.strip()
    mark = docker.run("image", "inspect", "--format", f'{{{{index .Config.Labels "{labels.CONTEXT}"}}}}', plain).stdout  # fmt: skip
    (folder / "shifted.py").write_text(SHIFTED_TAP)
    entry = '["/usr/bin/python3", "-ISB", "/usr/local/lib/machinelab/shifted.py"]'
    (folder / "Dockerfile").write_text(f"FROM {plain}\nCOPY shifted.py /usr/local/lib/machinelab/\nENTRYPOINT {entry}\n")  # fmt: skip
    docker.run("build", "-q", "-t", plain, "--label", f"{labels.CONTEXT}={mark.strip()}", str(folder))
    try:
        yield
    finally:
        docker.run("tag", before, plain)


SHIFTED_TAP = """
import runpy, sys, time
real, began = time.time_ns, time.monotonic()
time.time_ns = lambda: real() - (3600 * 10**9 if time.monotonic() - began > 1.0 else 0)
sys.argv[0] = "/usr/local/lib/machinelab/tap.py"
runpy.run_path(sys.argv[0], run_name="__main__")
"""


def test_a_clock_that_is_set_under_the_tap_is_told_and_loses_no_packet(
    own: object, up: None, tmp_path: Path, home: Path
) -> None:
    if own is None:
        pytest.skip("an engine's own tap is not changed under others")
    folder = tmp_path / "tap"
    folder.mkdir()
    with tap_with_a_clock(folder):
        told = typed("run", LAB, "unreachable", *AS, "--json")
    assert json.loads(told.stdout)["ok"], told.stdout + told.stderr
    (note,) = kept(home)[1]["notes"]
    assert "The clock was set by -3600.0" in note
