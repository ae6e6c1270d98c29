"""What the engine printed when it was provoked: docker 20.10, 26.1 and 28.2, Compose 2.26 and 5.6."""

from pathlib import Path

import pytest

from machinelab.engine.causes import explain, last_words

USAGE = "\n\nUsage:  docker [OPTIONS] COMMAND [ARG...]\n\nRun 'docker --help' for more information"

HASH = "9e62f93eb7d2499903ac66232f187c56fc050eb74c765f90eb214360b21f0e96"

UNREACHED = [
    pytest.param(
        '\nerror during connect: Get "http://garbage:2375/v1.50/version": dial tcp: lookup garbage on 10.0.0.53:53: no such host',
        "The engine's host garbage is not known: its name has no address.",
        "Name it as tcp://HOST:2376",
        id="no host",
    ),
    pytest.param(
        'error during connect: Get "http://docker.example.com/v1.45/containers/json?filters=%7B%7D": command [ssh -o '
        "ConnectTimeout=30 -l root -p 1 -- 127.0.0.1 docker system dial-stdio] has exited with exit status 255, please make sure "
        "the URL is valid, and Docker 18.09 or later is installed on the remote host: stderr=ssh: connect to host 127.0.0.1 port 1: "
        "Connection refused\r\n\n",
        "The engine on 127.0.0.1 cannot be reached over ssh: ssh: connect to host 127.0.0.1 port 1: Connection refused",
        "ssh -l root -p 1 127.0.0.1 docker version",
        id="ssh refused, compose",
    ),
    pytest.param(
        'error during connect: Get "http://docker.example.com/v1.50/version": command [ssh -o ConnectTimeout=30 -T -- far docker '
        "system dial-stdio] has exited with exit status 127, make sure the URL is valid, and Docker 18.09 or later is installed on the "
        "remote host: stderr=bash: line 1: docker: command not found",
        "The engine on far cannot be reached over ssh: bash: line 1: docker: command not found",
        "ssh far docker version",
        id="no docker at the other end of ssh",
    ),
    pytest.param(
        'Failed to initialize: unable to resolve docker endpoint: context "nosuch": context not found: open '
        f"/root/.docker/contexts/meta/{HASH}/meta.json: no such file or directory",
        "There is no docker context nosuch.",
        "docker context ls",
        id="no context",
    ),
    pytest.param(
        "Failed to initialize: unable to resolve docker endpoint: invalid bind address format: foo://bar",
        "foo://bar is not the address of an engine.",
        "Write it as tcp://HOST:2376",
        id="no address",
    ),
    pytest.param(
        "Failed to initialize: unable to resolve docker endpoint: open /tmp/none/ca.pem: no such file or directory",
        "A certificate for the engine cannot be read: /tmp/none/ca.pem.",
        "DOCKER_CERT_PATH",
        id="no certificate",
    ),
    pytest.param(
        'error during connect: Get "https://127.0.0.1:2376/v1.50/version": tls: failed to verify certificate: x509: certificate signed '
        'by unknown authority (possibly because of "x509: ECDSA verification failure" while trying to verify candidate "a")',
        "The engine and this user do not trust each other's certificates: x509: certificate signed by unknown authority.",
        "Ask whoever runs the engine for its ca.pem",
        id="another's authority",
    ),
    pytest.param(
        'error during connect: Get "https://127.0.0.1:2376/v1.50/version": remote error: tls: certificate required',
        "The engine and this user do not trust each other's certificates: remote error: tls: certificate required.",
        "cert.pem and key.pem",
        id="no certificate of ours",
    ),
    pytest.param(
        "Error response from daemon: Client sent an HTTP request to an HTTPS server.",
        "The engine and this user do not agree whether to speak TLS.",
        "Set DOCKER_TLS_VERIFY=1",
        id="plain for TLS",
    ),
    pytest.param(
        "request returned 404 Not Found for API route and version http://10.0.0.9:1/v1.50/version, check if the server supports the "
        "requested API version",
        "What answers at http://10.0.0.9:1 is no container engine.",
        "Name another",
        id="something else answers",
    ),
]

SEEN = [
    *UNREACHED,
    pytest.param(
        "docker: command not found",
        "There is no docker command on this machine.",
        "machinelab doctor --fix",
        id="no command",
    ),
    pytest.param(
        "Cannot connect to the Docker daemon at unix:///run/none.sock. Is the docker daemon running?",
        "No container engine answers at unix:///run/none.sock.",
        "Start it: machinelab doctor --fix",
        id="no engine",
    ),
    pytest.param(
        "Cannot connect to the Docker daemon at tcp://127.0.0.1:9. Is the docker daemon running?",
        "No container engine answers at tcp://127.0.0.1:9.",
        "Start it there, or name another engine",
        id="no engine by tcp",
    ),
    pytest.param(
        "dependency failed to start: Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?",
        "No container engine answers at unix:///var/run/docker.sock.",
        "Start it",
        id="engine killed under compose",
    ),
    pytest.param(
        "permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock: Get "
        '"http://%2Fvar%2Frun%2Fdocker.sock/v1.24/containers/json": dial unix /var/run/docker.sock: connect: permission denied',
        "This user may not talk to the container engine at unix:///var/run/docker.sock.",
        "Run `sudo usermod -aG docker ",
        id="not allowed",
    ),
    pytest.param(
        "docker: 'compose' is not a docker command.\nSee 'docker --help'",
        "Docker has no Compose plugin here (the command `docker compose`).",
        "Install it: machinelab doctor --fix",
        id="no compose, 20.10",
    ),
    pytest.param(
        "docker: unknown command: docker compose\n\nRun 'docker --help' for more information",
        "Docker has no Compose plugin here",
        "Install it",
        id="no compose, 28",
    ),
    pytest.param(
        "unknown shorthand flag: 'f' in -f" + USAGE,
        "Docker has no Compose plugin here",
        "Install it",
        id="no compose, -f",
    ),
    pytest.param(
        "unknown flag: --progress\nSee 'docker --help'.\n\nUsage:  docker [OPTIONS] COMMAND\n\nA self-sufficient runtime for containers",
        "Docker has no Compose plugin here",
        "Install it",
        id="no compose, --progress",
    ),
    pytest.param(
        "unknown flag: --progress",
        "Docker Compose is too old: it does not know --progress. The kit needs 2.20.3 or later.",
        "Install a later one: machinelab doctor --fix",
        id="old compose",
    ),
    pytest.param(
        "unexpected EOF", "The container engine went away in the middle of the work.", "down --all", id="gone"
    ),
    pytest.param(
        " Container machinelab-dns-a-tld-1 Starting\n"
        'error during connect: Post "http://%2Frun%2Fdocker.sock/v1.41/containers/76f4040bfc1a/start": EOF',
        "The container engine went away in the middle of the work.",
        "down --all",
        id="gone under a request",
    ),
    pytest.param(
        ' Network machinelab-dns-a_internet Error error during connect: Post "http://%2Frun%2Fdocker.sock/v1.41/networks/create": EOF\n'
        'failed to create network machinelab-dns-a_access: error during connect: Post "http://%2Frun%2Fdocker.sock/v1.41/networks/create": EOF',
        "The container engine went away in the middle of the work.",
        "down --all",
        id="gone under two requests",
    ),
    pytest.param(
        'time="2026-11-23T11:41:41Z" level=error msg="error waiting for container: unexpected EOF"',
        "The container engine went away",
        "Start it again",
        id="gone while it ran",
    ),
    pytest.param(
        "failed to create network h_default: Error response from daemon: failed to update store for object type "
        "*libnetwork.Network: write /small/network/files/local-kv.db: no space left on device",
        "The disk that the container engine writes to is full.",
        "Free some space: docker system df",
        id="disk full",
    ),
    pytest.param(
        "docker: Error response from daemon: write /small/overlay2/5ea1d-init/link: no space left on device.\nSee 'docker run --help'.",
        "The disk that the container engine writes to is full.",
        "Free some space",
        id="disk full at a start",
    ),
    pytest.param(
        "docker: Error response from daemon: driver failed programming external connectivity on endpoint p2 (f73c26f1): "
        "Bind for 127.0.0.1:18080 failed: port is already allocated",
        "Port 127.0.0.1:18080 is taken by somebody else.",
        "ss -ltnp 'sport = :18080'",
        id="port of a container",
    ),
    pytest.param(
        "docker: Error response from daemon: driver failed programming external connectivity on endpoint p2 (5533b733): "
        "Error starting userland proxy: listen tcp4 127.0.0.1:18081: bind: address already in use",
        "Port 127.0.0.1:18081 is taken by somebody else.",
        "ss -ltnp 'sport = :18081'",
        id="port of a process",
    ),
    pytest.param(
        "failed to create network mltry_x: Error response from daemon: Pool overlaps with other one on this address space",
        "The lab's addresses overlap with a network that is already there.",
        "--as NAME",
        id="overlap",
    ),
    pytest.param(
        " Network machinelab-dns-ports_access Error Error response from daemon: Pool overlaps with other one on this address space\n"
        " network:access failed to create network machinelab-dns-ports_access: Error response from daemon: "
        "Pool overlaps with other one on this address space\n"
        ' Network machinelab-dns-ports_internet Error error during connect: Post "http://%2Fvar%2Frun%2Fdocker.sock/v1.41/networks/create": '
        "failed to create network machinelab-dns-ports_access: Error response from daemon: Pool overlaps with other one on this address space\n"
        "failed to create network machinelab-dns-ports_access: Error response from daemon: Pool overlaps with other one on this address space",
        "The lab's addresses overlap with a network that is already there.",
        "--as NAME",
        id="overlap, and what Compose 5 gave up beside it",
    ),
    pytest.param(
        "Error response from daemon: no such image: machinelab/none:latest: No such image: machinelab/none:latest",
        "The image machinelab/none:latest is not on this machine.",
        "machinelab images build",
        id="no image",
    ),
    pytest.param(
        " Container machinelab-dns-ports-root-1 Creating\n"
        " service:auth1:1 Error response from daemon: No such image: machinelab/absent:latest\n"
        ' Network machinelab-dns-ports_access Error error during connect: Post "http://%2Fvar%2Frun%2Fdocker.sock/v1.41/networks/create": '
        "Error response from daemon: No such image: machinelab/absent:latest\n"
        "Error response from daemon: No such image: machinelab/absent:latest",
        "The image machinelab/absent:latest is not on this machine.",
        "machinelab images build",
        id="no image, and what Compose 5 gave up beside it",
    ),
    pytest.param(
        'Error response from daemon: Get "https://registry.example/v2/": dial tcp: lookup registry.example on 10.0.0.53:53: no such host',
        "no registry can be reached (registry.example).",
        "machinelab images load FILE",
        id="no registry",
    ),
    pytest.param(
        'docker: Error response from daemon: invalid mount config for type "bind": bind source path does not exist: /nope2',
        "A file or folder that the lab mounts is not there: /nope2.",
        "git checkout -- /nope2",
        id="mount",
    ),
    pytest.param(
        "Error response from daemon: No such container: mltry-none",
        "There is no container mltry-none.",
        "machinelab ps",
        id="no container",
    ),
    pytest.param(
        "Error response from daemon: container 424f5264 is not running",
        "That node is not running.",
        "machinelab logs",
        id="stopped",
    ),
    pytest.param(
        "OCI runtime exec failed: exec failed: unable to start container process: exec: "
        '"nosuch": executable file not found in $PATH: unknown',
        "There is no program nosuch on that node.",
        "machinelab shell",
        id="no program",
    ),
    pytest.param(
        'container create: lookup init binary: exec: "catatonit": executable file not found in $PATH',
        "The engine that answers is Podman, and lacks the program that is to be the first of each node.",
        "Install the package catatonit",
        id="podman without an init",
    ),
]


@pytest.mark.parametrize(("stderr", "message", "hint"), SEEN)
def test_what_the_engine_says_is_put_in_plain_words(stderr: str, message: str, hint: str) -> None:
    found = explain(["compose", "up"], 1, stderr)
    assert message in found[0]
    assert hint in found[1]


@pytest.mark.parametrize(("stderr", "message", "hint"), SEEN)
def test_every_hint_starts_with_a_verb(stderr: str, message: str, hint: str) -> None:
    verb = explain(["run"], 1, stderr)[1].split()[0]
    known = {"Ask", "Build", "Find", "Free", "Install", "Put", "Remove", "Run", "See", "Start"}
    assert verb in known | {"Choose", "Name", "Point", "Set", "Try", "Write"}


def test_what_is_not_known_is_told_as_it_was_said() -> None:
    message, hint = explain(
        ["compose", "-f", "x.yaml", "up", "-d"],
        17,
        "services.a.foo must be a list\n\nRun 'docker run --help' for more information\n",
    )
    assert message == "`docker compose up` failed (exit 17): services.a.foo must be a list"
    assert hint == "Ask what is wrong with the engine: machinelab doctor"


def test_silence_is_told_too() -> None:
    assert explain(["ps"], 2, "")[0] == "`docker ps` failed (exit 2): it said nothing"


def test_usage_advice_is_nobodys_last_words() -> None:
    assert last_words("it broke\n\nRun 'docker run --help' for more information\n") == "it broke"


def test_files_that_only_this_machine_has_tell_of_an_engine_elsewhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DOCKER_HOST", "ssh://me@far")
    message, hint = explain(
        ["compose", "up"], 1, f"invalid mount: bind source path does not exist: {tmp_path}"
    )
    assert message.startswith(f"The engine at ssh://me@far does not see the lab's files: {tmp_path} ")
    assert "Use an engine of this machine" in hint
