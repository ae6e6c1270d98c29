"""The Docker SDK's client, made once a command. Imported only by what asks the engine: it costs 80 ms of a processor.

Its errors read as the docker command's own. What the SDK lacks is in `beyond`.
"""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.client import HTTPException
from typing import Any
from urllib.parse import urlsplit

import requests
import urllib3
from docker import APIClient
from docker.constants import DEFAULT_DOCKER_API_VERSION
from docker.errors import APIError, DockerException
from docker.tls import TLSConfig
from requests.utils import get_environ_proxies

from . import docker, endpoint
from .beyond import POOL, ThroughTheCommand, checked, podmans
from .endpoint import Endpoint

REFUSED = "Error response from daemon: "
CONNECT = 10.0  # seconds for a connection to be taken; the kernel tries for two minutes where a firewall drops what comes
NOWHERE = "unix:///docker"  # what the client is given for an address where the docker command connects

Failed = (requests.RequestException, urllib3.exceptions.HTTPError, HTTPException, OSError, DockerException)
"""What a question raises that came to no answer."""


class Client(APIClient):
    """The SDK's client for an endpoint. `podman` is the version of Podman's own API, where that answers in Docker's place."""

    def __init__(self, place: Endpoint) -> None:
        ours = not place.url.startswith(("unix:", "/", "tcp:", "http:", "https:", "npipe:")) and (
            "://" in place.url or not place.url
        )
        super().__init__(
            NOWHERE if ours else place.url,
            version=DEFAULT_DOCKER_API_VERSION,
            timeout=int(docker.LIMIT),
            tls=_tls(place) if place.certificates else False,
            max_pool_size=POOL,
        )
        if ours:
            self.mount("http+docker://", ThroughTheCommand())
        # Of the environment, requests takes REQUESTS_CA_BUNDLE and CURL_CA_BUNDLE too, in place of the engine's own authority.
        self.trust_env = False
        self.proxies = _proxies(self.base_url)
        # The engine's own version: every later one still has what is asked here. /version would ask containerd and runc too.
        told = self.get(f"{self.base_url}/_ping", timeout=(CONNECT, docker.LIMIT)).headers
        self._version = told.get("Api-Version") or DEFAULT_DOCKER_API_VERSION
        self.podman = str(told.get("Libpod-Api-Version") or "")


def _tls(place: Endpoint) -> TLSConfig:
    assert place.certificates
    ca, cert, key = (place.certificates / f"{name}.pem" for name in ("ca", "cert", "key"))
    own = (str(cert), str(key)) if cert.exists() or key.exists() else None
    return TLSConfig(
        client_cert=own, ca_cert=str(ca) if ca.exists() or place.verify else None, verify=place.verify
    )


def _proxies(url: str) -> dict[str, str]:
    """A proxy of the environment for an engine elsewhere, as the docker command takes it; never for this machine."""
    host = urlsplit(url).hostname or ""
    near = not url.startswith(("http://", "https://")) or host == "localhost" or host.startswith("127.")
    return {} if near or host == "::1" else dict(get_environ_proxies(url))


_one = threading.RLock()
_clients: dict[Endpoint, Client] = {}
_failed: dict[Endpoint, docker.DockerError] = {}


def greet() -> None:
    """Make the client; why it cannot be made is told to whoever asks for it next, who need not wait for the same again."""
    with _one:
        try:
            client()
        except docker.DockerError as error:
            _failed[endpoint.found()] = error


def client() -> Client:
    """The client for the engine that is to be used, asked once which it is. Raises DockerError."""
    place = endpoint.found()
    with _one:
        if error := _failed.pop(place, None):
            raise error
        if place not in _clients:
            with in_words(("version",)):
                _clients[place] = Client(place)
        return _clients[place]


@contextmanager
def in_words(like: Sequence[str], limit: float = docker.LIMIT) -> Iterator[None]:
    """Whatever goes wrong in the block is raised as DockerError, in the words of the docker command `like`."""
    try:
        yield
    except APIError as error:
        said = error.explanation or error
        text = said.decode(errors="replace") if isinstance(said, bytes) else str(said)
        raise docker.failure(like, 1, REFUSED + text.strip()) from error
    except requests.ConnectTimeout as error:
        said = f"Cannot connect to the Docker daemon at {endpoint.found().url}. Is the docker daemon running?"
        raise docker.failure(like, 1, said) from error
    except (requests.Timeout, urllib3.exceptions.TimeoutError, TimeoutError):
        raise docker.overdue(like, limit) from None
    except Failed as error:
        raise _unreachable(like, error) from error


def _unreachable(like: Sequence[str], error: Exception) -> docker.DockerError:
    """Why the engine cannot be reached, in the words of the docker command."""
    try:
        docker.run("version", "--format", "{{.Server.Version}}")
    except docker.DockerError as known:
        return known
    return docker.failure(like, 1, f"error during connect: {error}: EOF")


def posted(path: str, body: object, limit: float | None) -> requests.Response:
    """A request whose answer is a stream, each piece of which may take `limit` seconds (None: for ever). Raises APIError and `Failed`.

    Not `exec_start`: over TLS it waits for a socket whose bytes have been decrypted already, so it gives each piece only when the
    next one comes (measured: a first line after 3.1 s, where this gives it after 0.07).
    """
    one = client()
    url = f"{one.base_url}/v{one.api_version}{path}"
    answer = one.post(url, json=body, stream=True, timeout=(docker.LIMIT, limit))
    checked(answer)
    return answer


def own_path(path: str, query: dict[str, Any], like: Sequence[str]) -> Any:
    """An answer of Podman's own API, which the SDK does not know. Raises DockerError."""
    one = client()
    with in_words(like):
        return podmans(one, one.podman, path, query)
