"""An engine of a test's own: a dockerd with its own socket and folders, in a network of its own, with the images of the DNS lab.

What is asked of it (`down --all`, a kill, a hundred starts) touches nobody else's labs, and what it keeps can be counted.
"""

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from machinelab import catalog
from machinelab.engine import images

from . import miscount

POSSIBLE = os.geteuid() == 0 and bool(shutil.which("dockerd")) and bool(shutil.which("unshare"))
WHY_NOT = "needs root, dockerd and unshare"
IMAGES = ("machinelab/base:trixie", "machinelab/dns:latest", "machinelab/tap:latest")
START = 60.0  # seconds that a dockerd may take


class Engine:
    """A dockerd that can be started, killed and started again."""

    def __init__(self, folder: Path, tls: tuple[socket.socket, Path] | None = None) -> None:
        """`tls`: a TCP listener to answer at as well, and the folder of the engine's certificates."""
        self.folder = folder
        self.tls = tls
        self.socket = f"unix://{folder}/docker.sock"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        (self.folder / "pid").unlink(missing_ok=True)
        (self.folder / "exec/containerd/containerd.pid").unlink(missing_ok=True)
        argv, handed = ["dockerd", "-H", self.socket], ()
        if self.tls:
            listener, certificates = self.tls
            handed = (listener.fileno(),)
            argv += ["-H", "fd://", "--tlsverify"]
            for option, name in (("--tlscacert", "ca"), ("--tlscert", "cert"), ("--tlskey", "key")):
                argv += [option, str(certificates / f"{name}.pem")]
            # sd_listen_fds(3): the sockets are those from 3 on, for the process of this id.
            script = f'LISTEN_PID=$$ LISTEN_FDS=1 exec "$@" 3<&{listener.fileno()}'
            argv = ["bash", "-c", script, "bash", *argv]  # dash knows descriptors of one digit
        argv = ["unshare", "--net", "--mount", *argv]
        for option, name in (("--data-root", "data"), ("--exec-root", "exec"), ("--pidfile", "pid")):
            argv += [option, str(self.folder / name)]
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                argv, stdout=log, stderr=log, start_new_session=True, pass_fds=handed
            )
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

    def pid(self) -> int:
        """The dockerd itself (unshare became it)."""
        assert self._process
        return self._process.pid

    def pids(self) -> list[int]:
        """All that belongs to it: dockerd, its containerd, what that has started for containers."""
        return sorted({self.pid(), *_of(f"{self.folder}/")})

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
            *miscount.ours(self.docker, self.docker("network", "ls", "-q", *label).stdout.split()),
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


def _children(parents: list[int]) -> list[int]:
    told = subprocess.run(["ps", "-eo", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
    return [int(pid) for pid, parent in map(str.split, told.splitlines()) if int(parent) in parents]


@contextmanager
def of_its_own(tls: tuple[socket.socket, Path] | None = None) -> Iterator[Engine]:
    """Start one, give it the images that the machine's engine has, and leave nothing of it behind."""
    folder = Path(f"/tmp/machinelab-test-{os.getpid()}")  # a socket's path may have 107 bytes
    folder.mkdir()
    found = Engine(folder, tls)
    try:
        images.ensure(
            images.of_lab("dns", catalog.compose_file("dns"))
        )  # the second engine reaches no mirror
        found.start()
        saved = subprocess.Popen(["docker", "save", *IMAGES], stdout=subprocess.PIPE)
        loaded = subprocess.run(
            ["docker", "-H", found.socket, "load", "-q"], stdin=saved.stdout, check=False, capture_output=True
        )
        assert saved.wait() == loaded.returncode == 0, loaded.stderr
        yield found
        found.kill(signal.SIGTERM)
    finally:
        shims = _of(f"{folder}/exec")
        for pid in (*shims, *_children(shims)):  # containers outlive an engine that did not stop them
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        _unmount(folder)
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    """An engine for the tests of one module."""
    with of_its_own() as found:
        yield found


def _unmount(folder: Path) -> None:
    lines = Path("/proc/self/mounts").read_text(encoding="utf-8").splitlines()
    for place in sorted(
        (line.split()[1] for line in lines if line.split()[1].startswith(f"{folder}/")), reverse=True
    ):
        subprocess.run(["umount", "-l", place], check=False)
