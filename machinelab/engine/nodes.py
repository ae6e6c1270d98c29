"""Commands on a lab's nodes, and what the nodes said."""

import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

from ..errors import UsageError, nearest
from . import api, docker, labels
from .clock import Clock
from .topology import LabNotUp, ps, topology

LIMIT = 20.0  # seconds; what an experiment's command may take unless it says otherwise
GRACE = 5.0  # seconds more for the engine to bring the news that the limit has struck


@dataclass(frozen=True, slots=True)
class Ran:
    """A command that ran on a node. `exit` is None if it took too long; times are nanoseconds since the epoch."""

    exit: int | None
    stdout: str
    stderr: str
    started: int
    ended: int


def exec_argv(
    lab: str,
    instance: str,
    node: str,
    argv: Sequence[str],
    *,
    timeout: float | None = None,
    options: Sequence[str] = (),
) -> list[str]:
    """The words after `docker` that run `argv` on a node; with `timeout` (seconds) the node itself ends it, not only its client."""
    limited = ["timeout", "-k", "1", f"{timeout:g}"] if timeout else []
    return ["exec", *options, labels.container(lab, instance, node), *limited, *argv]


def exec_(
    lab: str, instance: str, node: str, argv: Sequence[str], timeout: float = LIMIT, stdin: str | None = None
) -> Ran:
    """Run a command on a node, without a shell, to its end. Whatever its exit code, that is no error here.

    Raises LabNotUp, UsageError (no such node), EngineError (the engine failed).
    """
    words = exec_argv(lab, instance, node, argv, timeout=timeout, options=["-i"] if stdin is not None else [])
    clock = Clock()
    started = clock.now()
    told = docker.run(*words, stdin=stdin, limit=timeout + GRACE, check=False)
    ended = clock.now()
    if told.exit and _is_engines(told.stderr):
        raise why_not(lab, instance, node, docker.failure(words, told.exit, told.stderr))
    if told.exit == 255 and not told.stderr:
        # What the client says, or rather does not say, when the engine goes away under it; else it was the command's own.
        docker.run("version", "--format", "{{.Server.Version}}")
    overdue = told.exit in {docker.OVERDUE, 137} and ended - started >= timeout * 1e9
    return Ran(None if overdue else told.exit, told.stdout, told.stderr, started, ended)


_ENGINES = (
    "Error response from daemon",
    "Error: No such container",
    "Cannot connect to the Docker daemon",
    "error during connect",
    "OCI runtime",
    "permission denied while trying",
    "failed to connect to the docker API",
    "docker: ",
)


def _is_engines(stderr: str) -> bool:
    # The exit code does not tell: `docker exec` gives 1 for a missing container, as many a command does.
    return stderr.startswith(_ENGINES)


def why_not(lab: str, instance: str, node: str, error: docker.DockerError) -> Exception:
    """The error to raise when the engine would not run something on a node: the lab is not up, no such node, or `error`."""
    if "No such container" not in error.stderr and "is not running" not in error.stderr:
        return error
    rows = [row for row in ps(lab, instance) if row.node]
    if not any(row.state == "running" for row in rows):
        return LabNotUp(lab, instance)
    known = [row.node for row in rows]
    if node not in known:
        return UsageError(
            f"{lab} has no node {node!r}.", nearest(node, known) or f"Choose one of: {', '.join(known)}."
        )
    look = labels.command("logs", lab, instance)
    return docker.DockerError(
        f"The node {node} is not running.",
        f"See what it said last: {look} {node}",
        error.command,
        error.exit,
        error.stderr,
    )


def shell(lab: str, instance: str, node: str, argv: Sequence[str] = ()) -> int:
    """Give the terminal to a command on a node (none: bash, else sh), and return its exit code. Raises LabNotUp, UsageError."""
    known = topology(lab, instance).nodes
    if node not in known:
        raise UsageError(
            f"{lab} has no node {node!r}.",
            nearest(node, list(known)) or f"Choose one of: {', '.join(known)}.",
        )
    words = list(argv) or ["/bin/sh", "-c", "command -v bash >/dev/null && exec bash || exec sh"]
    options = ["-it"] if sys.stdin.isatty() and sys.stdout.isatty() else ["-i"]
    return subprocess.call([docker.CLI, *exec_argv(lab, instance, node, words, options=options)])


def logs(lab: str, instance: str, node: str, *, tail: int | None = None, since: int | None = None) -> str:
    """What a node has written to both its outputs, all or the last `tail` lines, from `since` (ns since the epoch) on.

    As it was written: terminal control bytes are still in it. Raises LabNotUp, UsageError.
    """
    container = labels.container(lab, instance, node)
    try:
        said = api.output(container, tail=tail, since=since)
    except docker.DockerError as error:
        raise why_not(lab, instance, node, error) from error
    return "".join(line + "\n" for line in docker.lines(BytesIO(said)))
