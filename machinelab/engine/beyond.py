"""What the Docker SDK lacks: a connection by the docker command, for ssh; and Podman's own paths. Imported with the SDK alone."""

import socket
import subprocess
from typing import Any

import requests
from docker import APIClient
from docker.errors import APIError
from docker.transport.basehttpadapter import BaseHTTPAdapter
from urllib3.connection import HTTPConnection
from urllib3.connectionpool import HTTPConnectionPool

from . import docker

POOL = 100  # connections kept at most; every node of a lab is asked at once, and a full pool complains on standard error


class ThroughTheCommand(BaseHTTPAdapter):
    """Connects by `docker system dial-stdio`: over ssh as the docker command does it, with the same configuration and time limit.

    The SDK's own ssh wants paramiko (four packages more), even for the ssh that is installed, which then writes its
    complaints to the terminal and may wait for ever.
    """

    def __init__(self) -> None:
        super().__init__()
        self._pool = _Pool("localhost", maxsize=POOL)

    def get_connection(self, url: str | bytes, proxies: object = None) -> HTTPConnectionPool:
        """The one pool that there is."""
        return self._pool

    def request_url(self, request: requests.PreparedRequest, proxies: object) -> str:
        """The path alone."""
        return str(request.path_url)


class _Line(HTTPConnection):
    def connect(self) -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            # It ends by itself once our end is closed; nobody has to wait for it.
            subprocess.Popen(
                [docker.CLI, "system", "dial-stdio"],
                stdin=theirs.fileno(),
                stdout=theirs.fileno(),
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
        ours.settimeout(self.timeout if isinstance(self.timeout, int | float) else None)
        self.sock = ours


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Line


def podmans(one: APIClient, version: str, path: str, query: dict[str, Any]) -> Any:
    """An answer of Podman's own API. Raises APIError, RequestException."""
    answer = one.get(f"{one.base_url}/v{version}{path}", params=query, timeout=docker.LIMIT)
    checked(answer)
    return answer.json()


def checked(answer: requests.Response) -> None:
    """Raises APIError, with the engine's words, where it refuses."""
    if answer.status_code < 400:
        return
    try:
        said = str(answer.json()["message"])
    except (ValueError, LookupError, TypeError):
        said = answer.text.strip()
    raise APIError(str(answer.status_code), answer, said)
