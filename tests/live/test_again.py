"""Up, run, down, again and again: the engine has nothing more afterwards than it had before. `./setup soak` does it a hundred times.

On an engine of its own everything it keeps can be counted. Its own memory and descriptors breathe; what leaks grows with the turns.
"""

import json
import os
import subprocess
from collections.abc import Iterable
from pathlib import Path

import pytest

from .faults import AS, FEW, LAB, TIMES, cleared, home, own, typed
from .second import Engine

__all__ = ["home", "own"]
pytestmark = pytest.mark.live
EXACT = ("containers", "networks", "volumes", "images", "processes", "interfaces", "mounts", "rules", "files")
BREATHES = {"descriptors": 20, "MiB": 60}  # what a Go process takes now and gives back later
REPORT = os.environ.get("MACHINELAB_SOAK_REPORT", "")


@pytest.mark.parametrize(
    "amount", [pytest.param(FEW, id="few"), pytest.param(5 * TIMES, id="many", marks=pytest.mark.soak)]
)
def test_up_run_down_again_and_again_leaves_nothing_more(
    amount: int, home: Path, own: Engine | None, capsys: pytest.CaptureFixture[str]
) -> None:
    if own is None:
        pytest.skip("an engine that others use cannot be counted")
    once()  # what is made at the first time and stays: the engine's own folders, its pools
    before = counted(own)
    otherwise = 0
    for turn in range(1, amount + 1):
        otherwise += once()
        if turn % 10 == 0 or turn == amount:
            told({"turns": turn, "otherwise": otherwise, **counted(own)}, capsys)
    after = counted(own)
    assert {name: after[name] for name in EXACT} == {name: before[name] for name in EXACT}
    for name, most in BREATHES.items():
        assert after[name] - before[name] < most, (before, after)
    kept = sum(path.stat().st_size for path in home.rglob("*") if path.is_file())
    assert kept < (amount + 1) * 200_000, "runs are what a state folder grows by"


def once() -> bool:
    """One turn. Whether its run was another than the guide's: counted here, held against it in test_soak.py."""
    assert typed("up", LAB, *AS).returncode == 0
    ran = typed("run", LAB, "cold", *AS)
    assert ran.returncode in (0, 1), ran.stdout + ran.stderr
    assert typed("down", LAB, *AS).returncode == 0
    cleared()
    return bool(ran.returncode)


def told(numbers: dict[str, int], capsys: pytest.CaptureFixture[str]) -> None:
    if REPORT:
        with capsys.disabled():
            print(json.dumps(numbers), flush=True)


def counted(engine: Engine) -> dict[str, int]:
    """What an engine has, in itself and in its network. Files: those of its folders, but for the layers of images.

    It sweeps up the network namespaces of containers that are gone once a minute, so those are not counted.
    """
    pids = engine.pids()
    return {
        "containers": len(engine.docker("ps", "-aq").stdout.split()),
        "networks": len(engine.docker("network", "ls", "-q").stdout.split()),
        "volumes": len(engine.docker("volume", "ls", "-q").stdout.split()),
        "images": len(engine.docker("images", "-aq").stdout.split()),
        "processes": len(pids),
        "interfaces": len(_inside(engine, "ip", "-o", "link").splitlines()),
        "mounts": sum(1 for line in _lines(f"/proc/{engine.pid()}/mounts") if _kept(line, engine)),
        "rules": len(_inside(engine, "iptables-save").splitlines()),
        "files": sum(1 for path in engine.folder.rglob("*") if path.is_file() and _kept(str(path), engine)),
        "descriptors": sum(_descriptors(pids)),
        "MiB": sum(_resident(pids)) >> 10,
    }  # fmt: skip


def _kept(path: str, engine: Engine) -> bool:
    return f"{engine.folder}/" in path and "/overlay2/" not in path and "/exec/netns/" not in path


def _inside(engine: Engine, *words: str) -> str:
    argv = ["nsenter", f"--target={engine.pid()}", "--net", *words]
    return subprocess.run(argv, capture_output=True, text=True, check=True).stdout


def _lines(path: str) -> list[str]:
    return Path(path).read_text(encoding="utf-8").splitlines()


def _descriptors(pids: Iterable[int]) -> Iterable[int]:
    return (len(list(Path(f"/proc/{pid}/fd").iterdir())) for pid in pids)


def _resident(pids: Iterable[int]) -> Iterable[int]:
    for pid in pids:
        lines = [line for line in _lines(f"/proc/{pid}/status") if line.startswith("VmRSS")]
        yield from (int(line.split()[1]) for line in lines)
