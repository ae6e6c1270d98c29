"""Questions to the engine, commands on its containers and what they wrote, by the Docker SDK; a question takes 2 ms where a docker command takes 20 of a processor.

The engine is the one that the docker command would talk to, and errors read as that command's do. What makes, starts and
removes things stays with the command and with Compose: both take the registry's credentials, and are ended with their groups.
"""

import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Protocol

from . import docker

if TYPE_CHECKING:
    from requests import Response

STDOUT, STDERR = 1, 2
NOT_RUN = 126  # the exit code of a command that the engine would not run

Asked = Mapping[str, Any]
"""A container, a network, an image or a volume as the engine tells of it."""


class Readable(Protocol):
    """What gives so many bytes, or fewer at its end."""

    def read(self, amount: int = ..., /) -> bytes:
        """The next bytes."""
        ...


def prepare() -> None:
    """Import the SDK and greet the engine beside what is done meanwhile; what goes wrong is told to whoever asks next."""
    threading.Thread(target=_greet, name="engine", daemon=True).start()


def _greet() -> None:
    from . import sdk

    sdk.greet()


def podman() -> str:
    """The version of Podman, where it answers in Docker's place; else "". Raises DockerError."""
    from . import sdk

    return sdk.client().podman


def containers(label: Sequence[str] = (), *, stopped: bool = False) -> list[Asked]:
    """The containers that have all these labels; those that do not run only with `stopped`. Raises DockerError."""
    from . import sdk

    with sdk.in_words(("ps",)):
        return list(sdk.client().containers(all=stopped, filters={"label": list(label)}))


def networks(label: Sequence[str] = ()) -> list[Asked]:
    """The networks that have all these labels. Raises DockerError."""
    from . import sdk

    with sdk.in_words(("network", "ls")):
        return list(sdk.client().networks(filters={"label": list(label)}))


def podmans_networks(label: Sequence[str] = ()) -> list[Asked]:
    """The same as Podman's own API tells of them. Raises DockerError."""
    import json

    from . import sdk

    query = {"filters": json.dumps({"label": list(label)})}
    found: list[Asked] = sdk.own_path("/libpod/networks/json", query, ("network", "ls"))
    return found


def volumes(label: Sequence[str] = ()) -> list[Asked]:
    """The volumes that have all these labels. Raises DockerError."""
    from . import sdk

    with sdk.in_words(("volume", "ls")):
        return list(sdk.client().volumes(filters={"label": list(label)}).get("Volumes") or [])


def images(tags: Sequence[str]) -> list[Asked]:
    """The images that bear one of these tags. Raises DockerError."""
    from . import sdk

    with sdk.in_words(("image", "ls")):
        return list(sdk.client().images(filters={"reference": list(tags)}))


def container(name: str) -> Asked:
    """One container. Raises DockerError, where there is none too."""
    from . import sdk

    with sdk.in_words(("inspect", name)):
        found: Asked = sdk.client().inspect_container(name)
        return found


def network(name: str) -> Asked:
    """One network, with who is in it. Raises DockerError, where there is none too."""
    from . import sdk

    with sdk.in_words(("network", "inspect", name)):
        found: Asked = sdk.client().inspect_network(name)
        return found


def output(container: str, *, tail: int | None = None, since: int | None = None) -> bytes:
    """What a container wrote, both outputs in the order they came: the last `tail` lines, from `since` (ns since the epoch) on.

    `since` is taken to the quarter of a microsecond, which is what the SDK's number of seconds can hold. Raises DockerError.
    """
    from . import sdk

    with sdk.in_words(("logs", container)):
        moment = None if since is None else since / 1e9
        said: bytes = sdk.client().logs(container, tail="all" if tail is None else tail, since=moment)
        return said


def name_of(entry: Asked) -> str:
    """The name of a container, a network or a volume."""
    return str(entry.get("Name") or next(iter(entry.get("Names") or [""]))).removeprefix("/")


def execute(container: str, argv: Sequence[str], limit: float) -> docker.Result:
    """As `executed`, with its outputs as text."""
    code, out, err = executed(container, argv, limit)
    return docker.Result(code, out.decode(errors="replace"), err.decode(errors="replace"))


def executed(container: str, argv: Sequence[str], limit: float) -> tuple[int, bytes, bytes]:
    """Run a command in a container to its end, as `docker exec` does: its exit code and its two outputs.

    Each piece of them may take `limit` seconds. What the engine itself refuses comes as exit code NOT_RUN, its words as
    standard error, as the command has it. Raises DockerError only where the engine is gone.
    """
    from . import sdk

    like = ("exec", container, *argv)
    said: dict[int, list[bytes]] = {STDOUT: [], STDERR: []}
    try:
        mark = begin(container, argv, like)
        with sdk.in_words(like, limit):
            for kind, piece in start(mark, like, limit):
                said[kind].append(piece)
    except docker.DockerError as error:
        if not error.stderr.startswith(sdk.REFUSED):
            raise
        return NOT_RUN, b"", error.stderr.encode()
    return exit_code(mark, like), b"".join(said[STDOUT]), b"".join(said[STDERR])


def begin(container: str, argv: Sequence[str], like: Sequence[str]) -> str:
    """Prepare a command in a container; gives its mark. Raises DockerError."""
    from . import sdk

    with sdk.in_words(like):
        return str(sdk.client().exec_create(container, list(argv))["Id"])


def start(mark: str, like: Sequence[str], limit: float | None) -> "Stream":
    """Start a prepared command; gives the stream of its outputs, which ends when it does. Raises DockerError."""
    from . import sdk

    with sdk.in_words(like):
        return Stream(sdk.posted(f"/exec/{mark}/start", {"Detach": False, "Tty": False}, limit))


def exit_code(mark: str, like: Sequence[str]) -> int:
    """How a command ended whose stream has ended. Raises DockerError."""
    from . import sdk

    for pause in (*[0.01] * 100, None):
        with sdk.in_words(like):
            told = sdk.client().exec_inspect(mark)
        if not told.get("Running") or pause is None:
            break
        # The end of a stream may be told before the end of its command, and nobody tells of that.
        time.sleep(pause)
    return int(told.get("ExitCode") or 0)


class Stream:
    """The two outputs of a command as they come: pieces with their number (STDOUT, STDERR). Raises OSError where the line dies."""

    def __init__(self, answer: "Response") -> None:
        self._answer = answer

    def __iter__(self) -> Iterator[tuple[int, bytes]]:
        import urllib3

        try:
            yield from pieces(self._answer.raw)
        except urllib3.exceptions.TimeoutError as error:
            raise TimeoutError(str(error)) from error
        except (urllib3.exceptions.HTTPError, ValueError, AttributeError) as error:
            # The last two: somebody hung up while it was read.
            raise ConnectionError(str(error)) from error
        finally:
            self._answer.close()

    def hang_up(self) -> None:
        """End it at once, also for another thread that waits for the next piece."""
        from docker.types.daemon import CancellableStream

        with suppress(OSError, ValueError, AttributeError):  # it has ended by itself
            CancellableStream(iter(()), self._answer).close()


def pieces(response: Readable) -> Iterator[tuple[int, bytes]]:
    """The pieces of a stream that holds two outputs, each with its number (STDOUT, STDERR)."""
    while len(head := response.read(8)) == 8:
        if head[0] not in {STDOUT, STDERR} or any(head[1:4]):
            # A terminal's output comes as it is, without heads (only what an author gave a `tty` has one).
            yield STDOUT, head + response.read()
            return
        yield head[0], response.read(int.from_bytes(head[4:], "big"))
    if head:
        yield STDOUT, head
