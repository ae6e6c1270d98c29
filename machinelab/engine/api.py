"""Questions to the engine over its HTTP API: each takes a millisecond where a docker command takes twenty of a processor.

The engine is the one that the docker command would talk to, and errors read as that command's do. What makes, starts and
removes things stays with the command and with Compose.
"""

import json
import socket
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from functools import cache
from http.client import HTTPConnection, HTTPException, HTTPResponse
from typing import Any
from urllib.parse import quote, urlencode

from . import docker, endpoint

STDOUT, STDERR = 1, 2
PODMANS = "/libpod/"  # how the paths of Podman's own API begin
NOT_RUN = 126  # the exit code of a command that the engine would not run


class Connection(HTTPConnection):
    """A connection to the engine, which is given `limit` seconds (None: for ever) for each next piece of an answer."""

    def __init__(self, limit: float | None = docker.LIMIT) -> None:
        super().__init__("docker")
        self.limit = limit
        self.stream: socket.socket | None = None

    def connect(self) -> None:
        """Open it."""
        self.sock = self.stream = endpoint.connect(self.limit)

    def hang_up(self) -> None:
        """End it at once, also for another thread that waits for an answer."""
        if self.stream:
            with suppress(OSError):
                self.stream.shutdown(socket.SHUT_RDWR)


def get(path: str, query: Mapping[str, object] | None = None, *, like: Sequence[str]) -> Any:
    """The engine's answer to a question; `like` are the words of the docker command that asks the same, for errors.

    Raises DockerError where the engine refuses or cannot be reached.
    """
    with closing(Connection()) as line, _in_words(line, like):
        return json.loads(_ask(line, "GET", path, like, query).read())


def filters(**conditions: Sequence[str]) -> dict[str, object]:
    """The query that keeps what meets all conditions: `filters(label=["a=b"])`."""
    return {"filters": json.dumps({name: list(values) for name, values in conditions.items()})}


def output(path: str, query: Mapping[str, object], *, like: Sequence[str]) -> bytes:
    """What a container wrote, both outputs in the order they came. Raises DockerError."""
    with closing(Connection()) as line, _in_words(line, like):
        return b"".join(piece for _, piece in pieces(_ask(line, "GET", path, like, query)))


def execute(container: str, argv: Sequence[str], limit: float) -> docker.Result:
    """Run a command in a container to its end, as `docker exec` does. Raises DockerError only where the engine is gone.

    What the engine itself refuses comes as exit code NOT_RUN, its words as standard error, as the command has it.
    """
    like = ("exec", container, *argv)
    said: dict[int, list[bytes]] = {STDOUT: [], STDERR: []}
    with closing(Connection(limit)) as line:
        try:
            path = begin(line, container, argv, like)
            with _in_words(line, like):
                for kind, piece in pieces(start(line, path, like)):
                    said[kind].append(piece)
        except docker.DockerError as error:
            if not error.stderr.startswith(REFUSED):
                raise
            return docker.Result(NOT_RUN, "", error.stderr)
        code = exit_code(line, path, like)
    out, err = (b"".join(said[kind]).decode(errors="replace") for kind in (STDOUT, STDERR))
    return docker.Result(code, out, err)


REFUSED = "Error response from daemon: "


def begin(line: Connection, container: str, argv: Sequence[str], like: Sequence[str]) -> str:
    """Prepare a command in a container; gives its path in the API. Raises DockerError."""
    wanted = {"AttachStdout": True, "AttachStderr": True, "Cmd": list(argv)}
    made = json.loads(_ask(line, "POST", f"/containers/{quote(container)}/exec", like, body=wanted).read())
    return f"/exec/{made['Id']}"


def start(line: Connection, path: str, like: Sequence[str]) -> HTTPResponse:
    """Start a prepared command; gives the stream of its outputs, which ends when it does. Raises DockerError."""
    return _ask(line, "POST", f"{path}/start", like, body={"Detach": False, "Tty": False})


def exit_code(line: Connection, path: str, like: Sequence[str]) -> int:
    """How a command ended whose stream has ended. Raises DockerError."""
    for pause in (*[0.01] * 100, None):
        told = json.loads(_ask(line, "GET", f"{path}/json", like).read())
        if not told.get("Running") or pause is None:
            break
        # The end of a stream may be told before the end of its command, and nobody tells of that.
        time.sleep(pause)
    return int(told.get("ExitCode") or 0)


def pieces(response: HTTPResponse) -> Iterator[tuple[int, bytes]]:
    """The pieces of a stream that holds two outputs, each with its number (STDOUT, STDERR)."""
    while len(head := response.read(8)) == 8:
        if head[0] not in {STDOUT, STDERR} or any(head[1:4]):
            # A terminal's output comes as it is, without heads (only what an author gave a `tty` has one).
            yield STDOUT, head + response.read()
            return
        yield head[0], response.read(int.from_bytes(head[4:], "big"))
    if head:
        yield STDOUT, head


def _ask(
    line: Connection,
    method: str,
    path: str,
    like: Sequence[str],
    query: Mapping[str, object] | None = None,
    body: object = None,
) -> HTTPResponse:
    version = _versions()[path.startswith(PODMANS)]
    where = version + path + (f"?{urlencode(query)}" if query else "")
    data = None if body is None else json.dumps(body)
    with _in_words(line, like):
        line.request(method, where, data, {"Content-Type": "application/json"} if data else {})
        response = line.getresponse()
    if response.status < 400:
        return response
    raise docker.failure(like, 1, REFUSED + _complaint(response.read()))


def _complaint(body: bytes) -> str:
    try:
        return str(json.loads(body)["message"])
    except (ValueError, LookupError, TypeError):
        return body.decode(errors="replace").strip()


def podman() -> str:
    """The version of Podman, where it answers in Docker's place; else ""."""
    return _versions()[True].removeprefix("/v")


@cache
def _versions() -> tuple[str, str]:
    # The engine's own: every later one still has what is asked here, and paths without a version are on their way out.
    # Podman has two APIs, Docker's and its own.
    with closing(Connection()) as line, _in_words(line, ("version",)):
        line.request("GET", "/_ping")
        headers = line.getresponse().headers
    docker_s, podman_s = (headers.get(name) for name in ("Api-Version", "Libpod-Api-Version"))
    return f"/v{docker_s}" if docker_s else "", f"/v{podman_s}" if podman_s else ""


@contextmanager
def _in_words(line: Connection, like: Sequence[str]) -> Iterator[None]:
    try:
        yield
    except TimeoutError:
        raise docker.overdue(like, line.limit or 0) from None
    except (OSError, HTTPException) as error:
        raise _unreachable(like, error) from error


def _unreachable(like: Sequence[str], error: Exception) -> docker.DockerError:
    """Why the engine cannot be reached, in the words of the docker command."""
    try:
        docker.run("version", "--format", "{{.Server.Version}}")
    except docker.DockerError as known:
        return known
    return docker.failure(like, 1, f"error during connect: {error}: EOF")
