"""An engine that is reached over TCP with TLS, over ssh and by a context: up, a run with its capture, logs, down; and what is told where it cannot be."""

import json
import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from .remote import LOOPBACK, NO_SSHD, SSHD, Authority, for_client, for_server, ssh_server
from .second import POSSIBLE, WHY_NOT, Engine, of_its_own

pytestmark = [pytest.mark.live, pytest.mark.skipif(not POSSIBLE, reason=WHY_NOT)]
AS = ("--as", "far")
NAMES = ("DOCKER_HOST", "DOCKER_CONTEXT", "DOCKER_TLS_VERIFY", "DOCKER_CERT_PATH")
Environment = dict[str, str]


class Far:
    """An engine with a TCP listener, and who may use it."""

    def __init__(self, engine: Engine, address: str, folder: Path, authority: Authority) -> None:
        self.engine, self.address, self.folder, self.authority = engine, address, folder, authority
        self.certificates = for_client(authority, folder / "client")


@pytest.fixture(scope="module")
def far(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Far]:
    folder = tmp_path_factory.mktemp("far")
    authority = Authority()
    with socket.create_server((LOOPBACK, 0)) as listener:
        address = f"tcp://{LOOPBACK}:{listener.getsockname()[1]}"
        with of_its_own((listener, for_server(authority, folder / "server"))) as engine:
            yield Far(engine, address, folder, authority)


@pytest.fixture
def plain(tmp_path: Path) -> Environment:
    """An environment that names no engine, and a configuration of docker's of the test's own, with a proxy in it."""
    config = tmp_path / "config"
    config.mkdir()
    plugins = Path(os.environ.get("DOCKER_CONFIG", Path.home() / ".docker")) / "cli-plugins"
    if plugins.exists():
        (config / "cli-plugins").symlink_to(plugins)
    proxy = "http://proxy.invalid:3128"
    (config / "config.json").write_text(
        json.dumps(
            {"proxies": {"default": {"httpProxy": proxy, "httpsProxy": proxy, "noProxy": "far.invalid"}}}
        )
    )
    own = {name: value for name, value in os.environ.items() if name not in NAMES}
    return {**own, "DOCKER_CONFIG": str(config), "MACHINELAB_HOME": str(tmp_path / "home"), "NO_COLOR": "1"}


def by_tls(far: Far, plain: Environment) -> Environment:
    return {
        **plain,
        "DOCKER_HOST": far.address,
        "DOCKER_TLS_VERIFY": "1",
        "DOCKER_CERT_PATH": str(far.certificates),
    }


def by_context(far: Far, plain: Environment) -> Environment:
    files = ",".join(f"{name}={far.certificates}/{name}.pem" for name in ("ca", "cert", "key"))
    named = ("context", "create", "far", "--docker", f"host={far.address},{files}")
    for words in (named, ("context", "use", "far")):
        subprocess.run(["docker", *words], env=plain, check=True, capture_output=True)
    return plain


def typed(environment: Environment, *words: str) -> "subprocess.CompletedProcess[str]":
    argv = [sys.executable, "-m", "machinelab", *words]
    return subprocess.run(argv, capture_output=True, text=True, env=environment, timeout=180, check=False)


def done(environment: Environment, *words: str) -> str:
    told = typed(environment, *words)
    assert told.returncode == 0, f"{words}: {told.stderr}{told.stdout}"
    return told.stdout


@pytest.fixture(params=["tls", "context", "ssh"])
def reached(request: pytest.FixtureRequest, far: Far, plain: Environment) -> Iterator[Environment]:
    with ExitStack() as stack:
        if request.param == "ssh":
            if not SSHD:
                pytest.skip(NO_SSHD)
            # A socket's path may have 107 bytes.
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="machinelab-ssh-")))
            host, programs = stack.enter_context(ssh_server(folder, far.engine.socket))
            yield {**plain, "DOCKER_HOST": host, "PATH": f"{programs}:{plain['PATH']}"}
        else:
            yield (by_tls if request.param == "tls" else by_context)(far, plain)


def test_a_lab_on_an_engine_elsewhere(far: Far, reached: Environment) -> None:
    try:
        done(reached, "up", "dns", *AS)
        assert len(far.engine.left()) > 5
        run = json.loads(done(reached, "run", "dns", "cold", *AS, "--json"))
        assert run["ok"], run
        listed = done(reached, "ps")
        assert "resolver" in listed and "far" in listed
        assert done(reached, "logs", "dns", "resolver", *AS)
        inside = ("exec", "machinelab-dns-far-stub-1", "env")
        proxies = [line for line in far.engine.docker(*inside).stdout.splitlines() if "proxy" in line.lower()]
        assert "http_proxy=" in proxies and "NO_PROXY=" in proxies
        assert all(line.endswith("=") for line in proxies), proxies
    finally:
        typed(reached, "down", "dns", *AS)
    assert far.engine.left() == []


def test_doctor_says_how_the_engine_is_reached(far: Far, plain: Environment) -> None:
    told = typed(by_tls(far, plain), "doctor", "--json").stdout
    (engine,) = [json.loads(line) for line in told.splitlines() if '"engine"' in line]
    assert engine["ok"] and engine["detail"].count(f" at {far.address} with TLS, ") == 1
    told = typed(by_context(far, plain), "doctor", "--json").stdout
    (engine,) = [json.loads(line) for line in told.splitlines() if '"engine"' in line]
    assert engine["detail"].count(f" at {far.address} with TLS (context far), ") == 1


COMMANDS = pytest.mark.parametrize("words", [("ps",), ("up", "dns", *AS), ("down", "dns", *AS)], ids=" ".join)


def refused(environment: Environment, words: tuple[str, ...], message: str) -> None:
    told = typed(environment, *words)
    assert told.returncode == 3, (told.returncode, told.stderr)
    lines = told.stderr.strip().splitlines()
    # One line and its hint, after what `up` says of the lab.
    assert message in lines[-2] and len(lines) == (3 if words[0] == "up" else 2), told.stderr
    assert "middle of the work" not in told.stderr


@COMMANDS
@pytest.mark.parametrize(
    ("host", "message"),
    [
        ("garbage", "The engine's host garbage is not known"),
        ("foo://bar", "foo://bar is not the address of an engine."),
        (f"tcp://{LOOPBACK}:1", f"No container engine answers at tcp://{LOOPBACK}:1."),
        (f"ssh://root@{LOOPBACK}:1", f"The engine on {LOOPBACK} cannot be reached over ssh: "),
        ("unix:///nowhere/docker.sock", "No container engine answers at unix:///nowhere/docker.sock."),
    ],
)
def test_an_engine_that_is_not_there(
    plain: Environment, words: tuple[str, ...], host: str, message: str
) -> None:
    refused({**plain, "DOCKER_HOST": host}, words, message)


@COMMANDS
def test_a_context_that_is_not_there(plain: Environment, words: tuple[str, ...]) -> None:
    refused({**plain, "DOCKER_CONTEXT": "nosuch"}, words, "There is no docker context nosuch.")


@COMMANDS
def test_certificates_that_do_not_fit(far: Far, plain: Environment, words: tuple[str, ...]) -> None:
    name = "".join(words).replace("-", "")
    other = for_client(Authority(), far.folder / f"other{name}")
    asked = by_tls(far, plain)
    refused({**asked, "DOCKER_CERT_PATH": str(other)}, words, "do not trust each other's certificates: ")
    refused({**asked, "DOCKER_CERT_PATH": "/nowhere"}, words, "A certificate for the engine cannot be read: ")
    del asked["DOCKER_TLS_VERIFY"]
    refused(asked, words, "do not agree whether to speak TLS.")
