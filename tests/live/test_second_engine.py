"""A second engine on the machine, in a network of its own: the one that is named is the one that is used, and it may die.

dockerd is started here as anybody could, with a socket and folders of its own. It is killed in the midst of `up`, of a run and of
`down`; when it is there again, `down --all` clears what it kept, and the lab works.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

pytestmark = [
    pytest.mark.live,
    pytest.mark.skipif(
        os.geteuid() != 0 or not shutil.which("dockerd") or not shutil.which("unshare"),
        reason="needs root, dockerd and unshare",
    ),
]
IMAGES = ("machinelab/base:trixie", "machinelab/dns:latest", "machinelab/tap:latest")
INSTANCE = "second"
START = 60.0  # seconds that a dockerd may take


class Engine:
    """A dockerd that can be started, killed and started again."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.socket = f"unix://{folder}/docker.sock"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        (self.folder / "pid").unlink(missing_ok=True)
        (self.folder / "exec/containerd/containerd.pid").unlink(missing_ok=True)
        argv = ["unshare", "--net", "--mount", "dockerd", "-H", self.socket]
        for option, name in (("--data-root", "data"), ("--exec-root", "exec"), ("--pidfile", "pid")):
            argv += [option, str(self.folder / name)]
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(argv, stdout=log, stderr=log, start_new_session=True)
        end = time.monotonic() + START
        while not self.answers():
            said = (self.folder / "log").read_text()[-2000:]
            assert time.monotonic() < end and self._process.poll() is None, said
            time.sleep(0.2)

    def answers(self) -> bool:
        try:
            return self.docker("version", limit=5).returncode == 0
        except subprocess.TimeoutExpired:
            return False

    def kill(self, how: signal.Signals = signal.SIGKILL) -> None:
        """End it, with its containerd; its containers go on, as they do when a dockerd dies."""
        assert self._process
        if how == signal.SIGKILL:
            for pid in _of(f"{self.folder}/exec/containerd/containerd.toml"):
                os.kill(pid, how)
        self._process.send_signal(how)
        self._process.wait(START)

    def docker(self, *words: str, limit: float = 120) -> "subprocess.CompletedProcess[str]":
        environment = {**os.environ, "DOCKER_HOST": self.socket}
        return subprocess.run(
            ["docker", *words], capture_output=True, text=True, env=environment, timeout=limit, check=False
        )

    def left(self) -> list[str]:
        """What of the kit's it has."""
        label = ("--filter", "label=org.machinelab.lab")
        return [
            *self.docker("ps", "-aq", *label).stdout.split(),
            *self.docker("network", "ls", "-q", *label).stdout.split(),
        ]


def _of(mark: str) -> list[int]:
    """The processes whose command line has a mark."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if mark.encode() in path.read_bytes() and int(path.parent.name) != os.getpid():
                found.append(int(path.parent.name))
        except OSError:
            continue
    return found


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    folder = Path(f"/tmp/machinelab-test-{os.getpid()}")  # a socket's path may have 107 bytes
    folder.mkdir()
    found = Engine(folder)
    try:
        found.start()
        saved = subprocess.Popen(["docker", "save", *IMAGES], stdout=subprocess.PIPE)
        loaded = subprocess.run(
            ["docker", "-H", found.socket, "load", "-q"], stdin=saved.stdout, check=False, capture_output=True
        )
        assert saved.wait() == loaded.returncode == 0, loaded.stderr
        yield found
        found.kill(signal.SIGTERM)
    finally:
        for pid in _of(f"{folder}/exec"):
            os.kill(pid, signal.SIGKILL)
        _unmount(folder)
        shutil.rmtree(folder, ignore_errors=True)


def _unmount(folder: Path) -> None:
    lines = Path("/proc/self/mounts").read_text(encoding="utf-8").splitlines()
    for place in sorted(
        (line.split()[1] for line in lines if line.split()[1].startswith(f"{folder}/")), reverse=True
    ):
        subprocess.run(["umount", "-l", place], check=False)


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
