import hashlib
import json
from pathlib import Path

import pytest

from machinelab.engine import endpoint
from machinelab.engine.endpoint import Endpoint


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The docker command's own folder, empty, and nothing said by the environment."""
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path))
    for variable in ("DOCKER_HOST", "DOCKER_CONTEXT", "DOCKER_TLS_VERIFY", "DOCKER_TLS", "DOCKER_CERT_PATH"):
        monkeypatch.delenv(variable, raising=False)
    return tmp_path


def context(config: Path, name: str, host: str, *, skips: bool = False) -> None:
    folder = config / "contexts" / "meta" / hashlib.sha256(name.encode()).hexdigest()
    folder.mkdir(parents=True)
    told = {"Name": name, "Metadata": {}, "Endpoints": {"docker": {"Host": host, "SkipTLSVerify": skips}}}
    (folder / "meta.json").write_text(json.dumps(told))


def test_the_usual_place(config: Path) -> None:
    assert endpoint.path() == "/var/run/docker.sock"
    (config / "config.json").write_text('{"auths": {}}')
    assert endpoint.path() == "/var/run/docker.sock"
    (config / "config.json").write_text('{"currentContext": "default"}')
    assert endpoint.path() == "/var/run/docker.sock"


@pytest.mark.parametrize(
    ("host", "path"),
    [
        ("unix:///run/podman/podman.sock", "/run/podman/podman.sock"),
        ("tcp://10.0.0.1:2376", None),
        ("ssh://me@far", None),
        ("npipe:////./pipe/docker_engine", None),
    ],
)
def test_a_host_of_the_environment_goes_first(
    config: Path, monkeypatch: pytest.MonkeyPatch, host: str, path: str | None
) -> None:
    context(config, "desktop", "unix:///desktop.sock")
    (config / "config.json").write_text('{"currentContext": "desktop"}')
    monkeypatch.setenv("DOCKER_HOST", host)
    assert endpoint.path() == path


def test_the_context_in_use(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    context(config, "desktop", "unix:///home/me/.docker/run/docker.sock")
    context(config, "far", "ssh://me@far")
    (config / "config.json").write_text('{"currentContext": "desktop"}')
    assert endpoint.path() == "/home/me/.docker/run/docker.sock"
    monkeypatch.setenv("DOCKER_CONTEXT", "far")
    assert endpoint.path() is None
    monkeypatch.setenv("DOCKER_CONTEXT", "default")
    assert endpoint.path() == "/var/run/docker.sock"


@pytest.mark.parametrize("text", ["{", "[]", '{"currentContext": "gone"}', '{"currentContext": 7}'])
def test_what_cannot_be_told_is_left_to_the_command(config: Path, text: str) -> None:
    (config / "config.json").write_text(text)
    assert endpoint.path() is None


def test_one_engine_is_the_same_by_whatever_name(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = config / "engine.sock"
    place.touch()
    (config / "other.sock").symlink_to(place)
    monkeypatch.setenv("DOCKER_HOST", f"unix://{config}/other.sock")
    assert endpoint.identity() == str(place.resolve())
    monkeypatch.setenv("DOCKER_HOST", "ssh://elsewhere")
    assert endpoint.identity() == "ssh://elsewhere"


def test_tls_by_the_environment(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKER_HOST", "tcp://10.0.0.7:2376")
    assert endpoint.found().certificates is None
    monkeypatch.setenv("DOCKER_CERT_PATH", "/certificates")
    assert endpoint.found().certificates is None  # the folder alone asks for nothing
    monkeypatch.setenv("DOCKER_TLS_VERIFY", "1")
    assert endpoint.found() == Endpoint("tcp://10.0.0.7:2376", "", Path("/certificates"), True)
    monkeypatch.delenv("DOCKER_CERT_PATH")
    assert endpoint.found().certificates == config
    monkeypatch.delenv("DOCKER_TLS_VERIFY")
    monkeypatch.setenv("DOCKER_TLS", "1")
    assert endpoint.found() == Endpoint("tcp://10.0.0.7:2376", "", config, False)
    monkeypatch.setenv("DOCKER_HOST", "unix:///var/run/docker.sock")
    assert endpoint.found().certificates is None


def test_tls_of_a_context(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKER_CONTEXT", "far")
    context(config, "far", "tcp://10.0.0.7:2376")
    assert endpoint.found() == Endpoint("tcp://10.0.0.7:2376", "far")
    files = config / "contexts" / "tls" / hashlib.sha256(b"far").hexdigest() / "docker"
    files.mkdir(parents=True)
    assert endpoint.found() == Endpoint("tcp://10.0.0.7:2376", "far", files)
    context(config, "careless", "tcp://10.0.0.8:2376", skips=True)
    monkeypatch.setenv("DOCKER_CONTEXT", "careless")
    assert endpoint.found().certificates and not endpoint.found().verify


def test_how_it_is_reached_in_words() -> None:
    assert Endpoint("unix:///var/run/docker.sock").how == "at unix:///var/run/docker.sock"
    assert Endpoint("tcp://a:1", "far", Path("/c")).how == "at tcp://a:1 with TLS (context far)"
    assert Endpoint("tcp://a:1", "", Path("/c"), False).how == "at tcp://a:1 with TLS, unverified"
