import hashlib
import json
from pathlib import Path

import pytest

from machinelab.engine import endpoint


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The docker command's own folder, empty, and nothing said by the environment."""
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path))
    for variable in ("DOCKER_HOST", "DOCKER_CONTEXT"):
        monkeypatch.delenv(variable, raising=False)
    return tmp_path


def context(config: Path, name: str, host: str) -> None:
    folder = config / "contexts" / "meta" / hashlib.sha256(name.encode()).hexdigest()
    folder.mkdir(parents=True)
    told = {"Name": name, "Metadata": {}, "Endpoints": {"docker": {"Host": host, "SkipTLSVerify": False}}}
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
