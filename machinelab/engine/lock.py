"""One at a time: `up` and `down` of an instance, and the choice of addresses.

A lock is a file under the state folder held by flock. The commands that `up` starts inherit it, so it stands as long as
any of them lives, even when `up` itself was killed: then whoever comes next ends them before it goes on.

Two users have two state folders and one engine. What they must not do at once is kept apart by a name in the kernel's own list
(an abstract socket, unix(7)): anybody may take it, nobody has to clean it up, and it is free once its last holder is gone.
"""

import errno
import fcntl
import hashlib
import json
import os
import signal
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, nullcontext, suppress
from dataclasses import dataclass
from pathlib import Path

from ..errors import EngineError
from ..store import runs
from . import endpoint
from .progress import Progress, silent

WAIT = 120.0  # seconds; a cold `up` with its images built takes about a minute
_PAUSE = 0.05  # seconds between two looks; flock cannot wait with a limit


@dataclass(frozen=True, slots=True)
class Lock:
    """A lock that is held: its file descriptor, and whether its last owner was ended while it held it (`broken`).

    `inherited` are the descriptors that a command must have for the lock to stand as long as it lives.
    """

    handle: int
    broken: bool
    inherited: tuple[int, ...]


@contextmanager
def held(
    name: str, progress: Progress = silent, wait: float = WAIT, *, among_users: bool = False
) -> Iterator[Lock]:
    """Hold the lock `name` meanwhile; `among_users`: against whoever on this machine uses the same engine.

    Raises EngineError when another process keeps it past `wait` seconds.
    """
    path = _path(name)
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        _take(handle, name, progress, wait)
        broken = bool(_read(handle))
        _write(handle, {"pid": os.getpid(), "children": []})
        left: dict[str, object] = {}
        try:
            with _among_users(name, progress, wait) if among_users else nullcontext(()) as more:
                try:
                    yield Lock(handle, broken, (handle, *more))
                except KeyboardInterrupt:
                    left = {
                        "interrupted": True
                    }  # its commands are ended, but the engine finishes what it was asked for
                    raise
        finally:
            _write(handle, left)
    finally:
        os.close(handle)


def unfinished() -> list[str]:
    """The names of locks that are held, or were held by a process that was killed or interrupted."""
    found = []
    for path in sorted(_path("any").parent.glob("*.lock")):
        with path.open("rb") as file:
            if _read(file.fileno()):
                found.append(path.stem)
    return found


def end_orphans() -> None:
    """End the docker commands of every machinelab that was killed while it held a lock."""
    for name in unfinished():
        with _path(name).open("rb") as file:
            state = _read(file.fileno())
        owner = state.get("pid")
        if isinstance(owner, int) and not _alive(owner):
            _end_groups(_children(state))


def note_child(lock: Lock, pid: int) -> None:
    """Write down a process group that works under this lock, for whoever has to end it should we be killed."""
    state = _read(lock.handle)
    _write(lock.handle, {**state, "children": [*_children(state), pid]})


def _path(name: str) -> Path:
    folder = runs.home() / "locks"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise EngineError(
            f"{folder} cannot be written: {error.strerror}.", "Point MACHINELAB_HOME at a folder of yours."
        ) from error
    return folder / f"{name}.lock"


class _Queue:
    """Waits for somebody to be done with `name`: said once, and not for ever."""

    def __init__(self, name: str, progress: Progress, patience: float) -> None:
        self._name, self._progress, self._patience = name, progress, patience
        self._end = time.monotonic() + patience
        self._told = False

    def tell(self, whom: str) -> None:
        """Say whom the wait is for, the first time."""
        if not self._told:
            self._progress(self._name, f"waiting for {whom} that works on it")
        self._told = True

    def wait(self, who: str, hint: str) -> None:
        """Wait a moment longer. Raises EngineError when that has been long enough."""
        if time.monotonic() > self._end:
            raise EngineError(
                f"{who} has been working on {self._name} for over {self._patience:.0f} seconds.", hint
            )
        time.sleep(_PAUSE)


def _take(handle: int, name: str, progress: Progress, wait: float) -> None:
    queue = _Queue(name, progress, wait)
    while not _try(handle):
        state = _read(handle)
        owner = state.get("pid")
        if isinstance(owner, int) and not _alive(owner):
            _end_groups(_children(state))
        else:
            queue.tell("another machinelab")
        queue.wait(f"Another machinelab (process {owner})", f"Wait for it, or end it: kill {owner}")
    # Held no more, but perhaps never cleanly given back: its owner was killed, and the engine may still be at its last request.
    _end_groups(_children(_read(handle)))


@contextmanager
def _among_users(name: str, progress: Progress, wait: float) -> Iterator[tuple[int, ...]]:
    if not sys.platform.startswith("linux"):
        yield ()  # nobody else has such names; there, a machine has one user
        return
    mark = hashlib.sha256(f"{endpoint.identity()} {name}".encode()).hexdigest()[:32]
    queue = _Queue(name, progress, wait)
    with closing(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)) as door:
        while not _bound(door, f"\0machinelab {mark}"):
            queue.tell("another user's machinelab")
            queue.wait("Another user's machinelab", "Wait for it, or take an instance of your own: --as NAME")
        yield (door.fileno(),)


def _bound(door: socket.socket, name: str) -> bool:
    try:
        door.bind(name)
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise
        return False
    return True


def _try(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _end_groups(groups: list[int]) -> None:
    for group in groups:
        with suppress(ProcessLookupError, PermissionError):
            if _is_docker(group):
                os.killpg(group, signal.SIGKILL)


def _is_docker(pid: int) -> bool:
    # A process id may have come to somebody else since; never end what is not a docker command.
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")[0].endswith(b"docker")
    except OSError:
        return False


def _read(handle: int) -> dict[str, object]:
    text = os.pread(handle, 1 << 16, 0)
    try:
        state = json.loads(text or b"{}")
    except ValueError:
        return {}
    return state if isinstance(state, dict) else {}


def _children(state: dict[str, object]) -> list[int]:
    children = state.get("children")
    return [child for child in children if isinstance(child, int)] if isinstance(children, list) else []


def _write(handle: int, state: dict[str, object]) -> None:
    text = json.dumps(state).encode()
    with suppress(
        OSError
    ):  # on a full disk the lock is held all the same, and `down` has to work; only its owner has no name
        os.ftruncate(handle, 0)
        os.pwrite(handle, text, 0)
