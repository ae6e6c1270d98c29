"""A connection to the engine that the docker command itself would talk to: its socket where that is a file here, else through the command.

`docker system dial-stdio` passes the API through whatever the endpoint is: TLS, SSH, a named pipe.
"""

import hashlib
import json
import os
import socket
import subprocess
from pathlib import Path

CLI = "docker"
USUAL = "/var/run/docker.sock"


def path() -> str | None:
    """The file of the engine's socket, by DOCKER_HOST, DOCKER_CONTEXT or the context in use; None if it is not a file here."""
    host = os.environ.get("DOCKER_HOST") or _of_context()
    return host.removeprefix("unix://") if host.startswith(("unix:///", "/")) else None


def identity() -> str:
    """What tells this engine from another on the machine, for whoever asks by whatever name."""
    file = path()
    return str(Path(file).resolve()) if file else os.environ.get("DOCKER_HOST") or _of_context()


def _of_context() -> str:
    # As the command keeps it: config.json names the context, and its file lies under the hash of that name.
    folder = Path(os.environ.get("DOCKER_CONFIG") or Path.home() / ".docker")
    name = os.environ.get("DOCKER_CONTEXT")
    try:
        if not name:
            name = str(json.loads((folder / "config.json").read_bytes()).get("currentContext") or "")
        if name in {"", "default"}:
            return USUAL
        digest = hashlib.sha256(name.encode()).hexdigest()
        meta = json.loads((folder / "contexts" / "meta" / digest / "meta.json").read_bytes())
        return str(meta["Endpoints"]["docker"]["Host"])
    except FileNotFoundError:
        return "" if name else USUAL
    except (OSError, ValueError, LookupError, AttributeError, TypeError):
        return ""  # the command will know better, or say what is wrong


def connect(limit: float | None) -> socket.socket:
    """A stream to the engine, whose answers may take `limit` seconds each. Raises OSError."""
    file = path()
    stream = socket.socket(socket.AF_UNIX) if file else _through_the_command()
    stream.settimeout(limit)
    if file:
        try:
            stream.connect(file)
        except BaseException:
            stream.close()
            raise
    return stream


def _through_the_command() -> socket.socket:
    ours, theirs = socket.socketpair()
    with theirs:
        # It ends by itself once our end is closed; nobody has to wait for it.
        subprocess.Popen(
            [CLI, "system", "dial-stdio"],
            stdin=theirs.fileno(),
            stdout=theirs.fileno(),
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    return ours
