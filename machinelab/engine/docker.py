"""Runs the `docker` command line, and says in plain words why it failed. What makes, starts and removes things goes this way.

Compose is a command line and nothing else; a build, a pull or a start wants the registry's credentials and the plugins that the
command has, and can be ended with its whole group. Questions, execs and what containers wrote go by the SDK, in `api`.
"""

import os
import signal
import subprocess
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from ..errors import EngineError
from .causes import explain
from .lock import Lock, note_child
from .podman import in_dockers_words

CLI = "docker"
OVERDUE = 124  # the exit code of a DockerError for a command that took too long, as timeout(1) has it
LIMIT = 60.0  # seconds; far above what any single question to a healthy engine takes


@dataclass(frozen=True, slots=True)
class Result:
    """What a command gave: its exit code and its two outputs."""

    exit: int
    stdout: str
    stderr: str


class DockerError(EngineError):
    """A docker command that failed: which (`command`), with what `exit` code, and all of its `stderr`."""

    def __init__(self, message: str, hint: str, command: Sequence[str], exit: int, stderr: str) -> None:
        super().__init__(message, hint)
        self.command = tuple(command)
        self.exit = exit
        self.stderr = stderr


def failure(argv: Sequence[str], exit: int, stderr: str) -> DockerError:
    """The error for a docker command that ended with `exit` and said `stderr`."""
    stderr = in_dockers_words(stderr)
    message, hint = explain(argv, exit, stderr)
    return DockerError(message, hint, [CLI, *argv], exit, stderr)


def run(
    *argv: str,
    stdin: str | None = None,
    limit: float = LIMIT,
    check: bool = True,
    env: Mapping[str, str] | None = None,
) -> Result:
    """Run `docker ARGV…` to its end. Raises DockerError if it fails and `check`, if it is absent, or after `limit` seconds."""
    with started(argv, env=env, stdin=stdin is not None) as process:
        try:
            out, err = process.communicate(None if stdin is None else stdin.encode(), timeout=limit)
        except subprocess.TimeoutExpired:
            raise overdue(argv, limit) from None
    result = Result(process.returncode, out.decode(errors="replace"), err.decode(errors="replace"))
    if check and result.exit:
        raise failure(argv, result.exit, result.stderr or result.stdout)
    return result


def follow(
    *argv: str,
    on_line: Callable[[str], None],
    stdin: str | None = None,
    limit: float = LIMIT,
    check: bool = True,
    env: Mapping[str, str] | None = None,
    first: float | None = None,
    under: Lock | None = None,
) -> Result:
    """As `run`, and give each line of its output (both kinds, in the order they come) to `on_line` at once.

    The Result has all lines as `stderr`. `first` limits the wait for the first line (seconds). The command inherits
    the lock it works `under`, which then stands as long as any of its processes lives.
    """
    told: list[str] = []
    late: list[float] = []
    with started(argv, env=env, stdin=stdin is not None, merge=True, under=under) as process:

        def give_up(after: float) -> None:
            late.append(after)
            _end(process)

        timers = [threading.Timer(after, give_up, [after]) for after in (limit, first) if after]
        for timer in timers:
            timer.start()
        try:
            if stdin is not None:
                _feed(process, stdin)
            assert process.stdout
            for line in lines(process.stdout):
                if first and not told:
                    timers[-1].cancel()
                told.append(line)
                on_line(line)
            exit = process.wait()
        finally:
            for timer in timers:
                timer.cancel()
    if late:
        raise overdue(argv, late[0])
    if check and exit:
        raise failure(argv, exit, "\n".join(told))
    return Result(exit, "", "\n".join(told))


@contextmanager
def started(
    argv: Sequence[str],
    *,
    env: Mapping[str, str] | None = None,
    stdin: bool = False,
    merge: bool = False,
    under: Lock | None = None,
) -> "Iterator[subprocess.Popen[bytes]]":
    """A running `docker ARGV…` with pipes, in a process group of its own, which is ended on the way out if need be."""
    try:
        process = subprocess.Popen(
            [CLI, *argv],
            stdin=subprocess.PIPE if stdin else subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT if merge else subprocess.PIPE,
            env={**os.environ, **(env or {}), "DOCKER_CLI_HINTS": "false", "BUILDKIT_PROGRESS": "plain"},
            pass_fds=under.inherited if under else (),
            start_new_session=True,
        )
    except FileNotFoundError as error:
        raise failure(argv, 127, "docker: command not found") from error
    except PermissionError as error:
        raise failure(argv, 126, "docker: cannot be run") from error
    if under:
        note_child(under, process.pid)
    try:
        yield process
    finally:
        if process.poll() is None:
            _end(process)
        process.wait()
        for pipe in (process.stdin, process.stdout, process.stderr):
            if pipe:
                pipe.close()


def _end(process: "subprocess.Popen[bytes]") -> None:
    # The whole group: the Compose plugin is a child of the docker command and outlives it otherwise.
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


def _feed(process: "subprocess.Popen[bytes]", text: str) -> None:
    assert process.stdin
    try:
        process.stdin.write(text.encode())
        process.stdin.close()
    except BrokenPipeError:
        pass  # it ended before it read; its exit code and output say why
    process.stdin = None


def lines(stream: Iterable[bytes]) -> Iterator[str]:
    """Lines as a person reads them, without their ends."""
    for raw in stream:
        line = raw.decode(errors="replace").rstrip()
        # A progress bar rewrites its line; what counts is what stands there last.
        yield line.rsplit("\r", 1)[-1]


def overdue(argv: Sequence[str], limit: float) -> DockerError:
    """The error for a command, or a question, that took longer than `limit` seconds."""
    return DockerError(
        f"`docker {argv[0]}` gave no answer within {limit:g} seconds.",
        "Look whether the engine is well: docker info",
        [CLI, *argv],
        OVERDUE,
        "",
    )
