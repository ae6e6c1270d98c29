import json

import pytest

from machinelab.engine import docker, doctor, install
from machinelab.engine.doctor import Check
from machinelab.errors import EngineError

BOOKWORM = {"ID": "debian", "VERSION_ID": "12", "PRETTY_NAME": "Debian GNU/Linux 12 (bookworm)"}
TRIXIE = {"ID": "debian", "VERSION_ID": "13"}
NOBLE = {"ID": "ubuntu", "VERSION_ID": "24.04"}
FEDORA = {"ID": "fedora", "VERSION_ID": "41", "PRETTY_NAME": "Fedora Linux 41"}


def checks(*bad: str, unmade: bool = False) -> list[Check]:
    found = [Check(name, name not in bad, "x") for name in ("docker", "engine", "compose")]
    return [*found, Check("base image", True, "x", needed=not unmade)]


def planned(
    monkeypatch: pytest.MonkeyPatch, release: dict[str, str], given: list[Check], *, root: bool = True
) -> list[str]:
    monkeypatch.setattr(install.host, "os_release", lambda: release)
    monkeypatch.setattr(install, "_installed", lambda package: False)
    monkeypatch.setattr(install.os, "geteuid", lambda: 0 if root else 1000)
    monkeypatch.setattr(install.getpass, "getuser", lambda: "ada")
    monkeypatch.delenv("DOCKER_HOST", raising=False)
    return [action.words for action in install.plan(given)]


ALL = ("docker", "engine", "compose")


def test_a_fresh_bookworm_gets_compose_from_the_next_debian(monkeypatch: pytest.MonkeyPatch) -> None:
    assert planned(monkeypatch, BOOKWORM, checks(*ALL, unmade=True)) == [
        "install docker.io, mmdebstrap, debian-archive-keyring with apt",
        "put Compose from Debian trixie into /usr/local/lib/docker/cli-plugins",
        "start the container engine",
    ]


def test_a_fresh_trixie(monkeypatch: pytest.MonkeyPatch) -> None:
    assert planned(monkeypatch, TRIXIE, checks(*ALL, unmade=True)) == [
        "install docker.io, docker-cli, docker-compose, mmdebstrap, debian-archive-keyring with apt",
        "start the container engine",
    ]


def test_a_fresh_ubuntu_for_a_user(monkeypatch: pytest.MonkeyPatch) -> None:
    assert planned(monkeypatch, NOBLE, checks(*ALL, unmade=True), root=False) == [
        "install docker.io, docker-compose-v2, mmdebstrap, debian-archive-keyring, uidmap with apt",
        "start the container engine",
        "let ada use the engine (the group docker)",
    ]


def test_what_is_well_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    assert planned(monkeypatch, BOOKWORM, checks()) == []
    assert planned(monkeypatch, FEDORA, checks()) == []


def test_elsewhere_one_is_told_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(EngineError) as caught:
        planned(monkeypatch, FEDORA, checks(*ALL))
    assert (
        caught.value.message
        == "doctor --fix knows Debian 12 and later and Ubuntu 22.04 and later, not Fedora Linux 41."
    )
    assert caught.value.hint.startswith("Install Docker with Compose 2.20.3 or later by hand")


def test_an_engine_elsewhere_is_neither_installed_nor_started(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(install.host, "os_release", lambda: TRIXIE)
    monkeypatch.setenv("DOCKER_HOST", "tcp://10.0.0.1:2376")
    monkeypatch.setattr(install, "_installed", lambda package: True)
    assert install.plan(checks("engine")) == []


def test_nothing_is_done_without_a_yes(monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []
    monkeypatch.setattr(install.doctor, "diagnose", lambda: checks(*ALL))
    monkeypatch.setattr(
        install, "plan", lambda found: [install.Action("burn the house down", lambda: done.append("burnt"))]
    )
    said: list[str] = []
    with pytest.raises(EngineError) as caught:
        install.fix(said.append, lambda question: False)
    assert (caught.value.message, done) == ("Nothing was changed.", [])
    assert "  · burn the house down" in said
    install.fix(said.append, lambda question: True)
    assert done == ["burnt"]


@pytest.mark.parametrize(
    ("release", "known"),
    [
        (BOOKWORM, True),
        (TRIXIE, True),
        (NOBLE, True),
        (FEDORA, False),
        ({}, False),
        ({"ID": "debian", "VERSION_ID": "11"}, False),
    ],
)
def test_systems_that_fix_knows(release: dict[str, str], known: bool) -> None:
    assert doctor.install_supported(release) is known


def test_labs_can_run_if_all_that_is_needed_is_well() -> None:
    assert doctor.healthy([Check("a", True, ""), Check("b", False, "", needed=False)])
    assert not doctor.healthy([Check("a", True, ""), Check("b", False, "")])


def test_json_is_one_object_a_line() -> None:
    lines = doctor.as_json(
        [Check("engine", False, "gone", "Start it."), Check("disk", True, "ok", needed=False)]
    ).splitlines()
    assert [json.loads(line) for line in lines] == [
        {"name": "engine", "ok": False, "detail": "gone", "hint": "Start it.", "needed": True},
        {"name": "disk", "ok": True, "detail": "ok", "hint": "", "needed": False},
    ]


def test_an_old_compose_is_told_with_its_version(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor.compose, "version", lambda: (2, 17, 3))
    assert doctor._compose() == Check(
        "compose",
        False,
        "Docker Compose is too old: 2.17.3, and 2.20.3 or later is needed.",
        "Install a later one: machinelab doctor --fix",
    )


def test_a_rootless_engine_will_not_do() -> None:
    found = doctor._rootful({"SecurityOptions": ["name=seccomp,profile=builtin", "name=rootless"]})
    assert not found.ok and "rootless" in found.detail
    assert doctor._rootful({"SecurityOptions": ["name=seccomp,profile=builtin"]}).ok


PODMAN_INFO = '{"ServerVersion": "5.4.2", "OperatingSystem": "debian"}'


def test_podman_is_named_and_will_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor.docker, "run", lambda *words, **_: docker.Result(0, PODMAN_INFO, ""))
    monkeypatch.setattr(doctor.api, "podman", lambda: "5.4.2")
    monkeypatch.setenv("DOCKER_HOST", "unix:///run/podman/podman.sock")
    found, _ = doctor._engine()
    place = "at unix:///run/podman/podman.sock"
    assert found == Check("engine", True, f"Podman 5.4.2 in Docker's place {place}, debian; tried is 5.4")


def test_an_engine_without_a_first_program_for_nodes(monkeypatch: pytest.MonkeyPatch) -> None:
    said = 'container create: lookup init binary: exec: "catatonit": executable file not found in $PATH'

    def refuse(*words: str) -> docker.Result:
        assert "--init" in words
        raise docker.failure(words, 127, said)

    monkeypatch.setattr(doctor.images, "present", lambda tags: {doctor.images.TAP: ""})
    monkeypatch.setattr(doctor.docker, "run", refuse)
    found = doctor._init()
    assert not found.ok and found.needed
    assert found.hint == "Install the package catatonit where the engine runs."


def test_a_machine_without_the_docker_command(monkeypatch: pytest.MonkeyPatch, tmp_path: "object") -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(docker.DockerError) as caught:
        docker.run("ps")
    assert caught.value.message == "There is no docker command on this machine."
    assert caught.value.hint == "Install an engine: machinelab doctor --fix"
    found = {check.name: check for check in doctor.diagnose()}
    assert not found["docker"].ok and not found["engine"].ok and not found["compose"].ok
    assert "tap" not in found
