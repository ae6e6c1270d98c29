"""A second engine on the machine, in a network of its own: the one that is named is the one that is used, and it may die.

dockerd is started here as anybody could, with a socket and folders of its own. It is killed in the midst of `up`, of a run and of
`down`; when it is there again, `down --all` clears what it kept, and the lab works.
"""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from .second import POSSIBLE, WHY_NOT, Engine, engine

__all__ = ["engine"]
pytestmark = [pytest.mark.live, pytest.mark.skipif(not POSSIBLE, reason=WHY_NOT)]
INSTANCE = "second"


@pytest.fixture
def environment(engine: Engine, tmp_path: Path) -> dict[str, str]:
    return {
        **os.environ,
        "MACHINELAB_HOME": str(tmp_path / "home"),
        "DOCKER_HOST": engine.socket,
        "NO_COLOR": "1",
    }


def typed(environment: dict[str, str], *words: str) -> "subprocess.CompletedProcess[str]":
    argv = [sys.executable, "-m", "machinelab", *words]
    return subprocess.run(argv, capture_output=True, text=True, env=environment, timeout=120, check=False)


def done(engine: Engine, environment: dict[str, str], *words: str) -> str:
    """What a command that must succeed wrote; where it fails, the engine's own last words too."""
    told = typed(environment, *words)
    log = (engine.folder / "log").read_text(errors="replace")[-4000:]
    assert told.returncode == 0, f"{words}: {told.stderr}{told.stdout}\n{log}"
    return told.stdout


def works(engine: Engine, environment: dict[str, str]) -> None:
    """Up, one run as the guide says, down, nothing left."""
    done(engine, environment, "up", "dns", "--as", INSTANCE)
    told = done(engine, environment, "run", "dns", "cold", "--as", INSTANCE, "--json")
    assert json.loads(told)["ok"], told
    done(engine, environment, "down", "dns", "--as", INSTANCE)
    assert engine.left() == []


def test_the_engine_that_is_named_is_the_one_that_is_used(
    engine: Engine, environment: dict[str, str]
) -> None:
    done(engine, environment, "up", "dns", "--as", INSTANCE)
    mine = subprocess.run(
        ["docker", "ps", "-q", "--filter", f"label=org.machinelab.instance={INSTANCE}"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert mine.stdout == "" and len(engine.left()) > 5
    done(engine, environment, "down", "dns", "--as", INSTANCE)
    works(engine, environment)


def test_so_is_a_context(engine: Engine, environment: dict[str, str], tmp_path: Path) -> None:
    own = {**environment, "DOCKER_CONFIG": str(tmp_path / "config")}
    del own["DOCKER_HOST"]
    plugins = Path(os.environ.get("DOCKER_CONFIG", Path.home() / ".docker")) / "cli-plugins"
    (tmp_path / "config").mkdir()
    if plugins.exists():
        (tmp_path / "config" / "cli-plugins").symlink_to(plugins)
    subprocess.run(
        ["docker", "context", "create", "second", "--docker", f"host={engine.socket}"],
        env=own,
        check=True,
        capture_output=True,
    )
    works(engine, {**own, "DOCKER_CONTEXT": "second"})
    subprocess.run(["docker", "context", "use", "second"], env=own, check=True, capture_output=True)
    works(engine, own)


@pytest.mark.parametrize(
    ("words", "delay"),
    [(("up", "dns"), 0.8), (("run", "dns", "unreachable"), 1.2), (("down", "dns"), 0.5)],
    ids=["up", "run", "down"],
)
def test_an_engine_that_dies_is_told_in_a_line_and_what_it_kept_is_cleared(
    engine: Engine, environment: dict[str, str], words: tuple[str, ...], delay: float
) -> None:
    if words[0] != "up":
        done(engine, environment, "up", "dns", "--as", INSTANCE)
    argv = [sys.executable, "-m", "machinelab", *words, "--as", INSTANCE]
    process = subprocess.Popen(
        argv, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
    )
    time.sleep(delay)  # in the midst of it
    engine.kill()
    try:
        out, err = process.communicate(timeout=90)
        assert "Traceback" not in out + err, err
        assert process.returncode in (0, 3), (process.returncode, out, err)
        if process.returncode:
            assert "machinelab" in err and len(err.splitlines()) < 12, err
        told = typed(environment, "ps")
        assert told.returncode == 3 and "No container engine answers" in told.stderr, told.stderr
    finally:
        engine.start()
    done(engine, environment, "down", "--all")
    assert engine.left() == []
    works(engine, environment)
