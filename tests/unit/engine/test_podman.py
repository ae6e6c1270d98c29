"""Podman's ways; the words and answers here are as Podman 5.4.2 gave them."""

import pytest

from machinelab.engine import docker, podman

ACCESS = {"Name": "machinelab-dns-default_access", "Id": "e9a576749aa0", "Options": {}}
INTERNET = {"Name": "machinelab-dns-default_internet", "Id": "6fbceeaec629", "Options": None}


def test_a_bridge_is_named_in_its_own_api_alone() -> None:
    podmans = [
        {"id": "6fbceeaec629", "network_interface": "podman2"},
        {"id": "e9a576749aa0", "network_interface": "podman1"},
    ]
    told = podman.with_bridges([ACCESS, INTERNET], podmans)
    assert [entry["Options"] for entry in told] == [
        {podman.BRIDGE: "podman1"},
        {podman.BRIDGE: "podman2"},
    ]
    assert ACCESS["Options"] == {}


def test_a_network_that_went_between_the_two_questions() -> None:
    assert podman.with_bridges([ACCESS], []) == []


def test_a_service_is_ended_at_once_its_root_has_its_groups_and_its_init_may_look_for_its_child() -> None:
    entry = {"image": "x", "init": True, "cap_add": ["NET_ADMIN", "SETUID"], "stop_grace_period": "2s"}
    assert podman.service(entry) == {
        "image": "x",
        "user": "root",
        "init": True,
        "cap_add": ["NET_ADMIN", "SETUID", "KILL"],
        "stop_grace_period": "0s",
    }
    assert entry["cap_add"] == ["NET_ADMIN", "SETUID"]


def test_a_user_that_is_named_stays() -> None:
    assert podman.service({"user": "5353"})["user"] == "5353"


@pytest.mark.parametrize(
    "entry",
    [
        {},
        {"init": True},
        {"init": True, "cap_add": ["NET_RAW"]},
        {"cap_add": ["SETUID"]},
        {"init": False, "cap_add": ["SETUID"]},
    ],
)
def test_what_cannot_become_another_user_gets_nothing_more(entry: dict[str, object]) -> None:
    assert podman.service(entry).get("cap_add") == entry.get("cap_add")


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("/run:uid=5353,gid=5353,mode=0770", "/run:mode=0777"),
        ("/run:size=1m,gid=7", "/run:size=1m,mode=0777"),
        ("/run:mode=0755", "/run:mode=0755"),
        ("/tmp:exec", "/tmp:exec"),
        ("/tmp", "/tmp"),
    ],
)
def test_a_tmpfs_has_no_owner(asked: str, told: str) -> None:
    assert podman.service({"tmpfs": [asked]})["tmpfs"] == [told]


@pytest.mark.parametrize("entry", [None, {}, {"driver_opts": {"a": "b"}}])
def test_a_network_is_out_of_the_firewalls_way(entry: dict[str, object] | None) -> None:
    assert podman.network(entry) == {**(entry or {}), "internal": True}


@pytest.mark.parametrize(
    ("said", "message"),
    [
        (
            'Error response from daemon: no container with name or ID "lab-nosuch-1" found: no such container',
            "There is no container lab-nosuch-1.",
        ),
        (
            'Error response from daemon: no container with ID or name "lab-x-1" found: no such container',
            "There is no container lab-x-1.",
        ),
        (
            "Error response from daemon: can only create exec sessions on running containers: container state improper",
            "That node is not running.",
        ),
        (
            "Error: crun: executable file `nosuch` not found in $PATH: No such file or directory: OCI runtime "
            "attempted to invoke a command that was not found",
            "There is no program nosuch on that node.",
        ),
        (
            "Error response from daemon: subnet 198.18.6.0/24 is already used on the host or by another config",
            "The lab's addresses overlap with a network that is already there.",
        ),
        (
            "Error response from daemon: failed to find image machinelab/never-built:latest: "
            "docker.io/machinelab/never-built:latest: No such image",
            "The image machinelab/never-built:latest is not on this machine.",
        ),
        (
            "docker: Error response from daemon: no such image: docker.io/machinelab/not-there:latest: image not known",
            "The image machinelab/not-there:latest is not on this machine.",
        ),
        (
            'Error response from daemon: "lab_internet" has associated containers with it. Use -f to forcibly '
            "delete containers and pods: network is being used\nexit status 1",
            "The network lab_internet cannot be removed: a container that is not the lab's is still in it.",
        ),
    ],
)
def test_what_it_says_is_understood_as_dockers_words_are(said: str, message: str) -> None:
    assert docker.failure(("exec", "x"), 1, said).message == message


def test_who_asks_why_finds_dockers_words() -> None:
    error = docker.failure(("inspect", "x"), 1, 'no container with ID or name "x" found: no such container')
    assert "No such container" in error.stderr


def test_dockers_own_words_stay() -> None:
    said = "Error response from daemon: No such container: x\nanything else"
    assert podman.in_dockers_words(said) == said
