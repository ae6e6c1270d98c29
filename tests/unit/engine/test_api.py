"""The engine's HTTP API, against a server of this test's own on a socket of its own."""

import io
import json
import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from machinelab.engine import api, docker, sdk

outputs = st.lists(st.tuples(st.sampled_from([api.STDOUT, api.STDERR]), st.binary(max_size=300)))


def framed(said: list[tuple[int, bytes]]) -> bytes:
    return b"".join(bytes([kind, 0, 0, 0]) + len(piece).to_bytes(4, "big") + piece for kind, piece in said)


@given(outputs)
def test_two_outputs_of_one_stream_are_told_apart(said: list[tuple[int, bytes]]) -> None:
    assert list(api.pieces(io.BytesIO(framed(said)))) == said


@given(outputs, st.data())
def test_a_stream_that_breaks_off_gives_what_there_was(
    said: list[tuple[int, bytes]], data: st.DataObject
) -> None:
    whole = framed(said)
    cut = whole[: data.draw(st.integers(0, len(whole)))]
    assert sum(len(piece) for _, piece in api.pieces(io.BytesIO(cut))) <= len(cut)


@given(st.binary())
def test_a_terminals_output_has_no_heads_and_is_kept(raw: bytes) -> None:
    said = b"$ " + raw
    assert b"".join(piece for _, piece in api.pieces(io.BytesIO(said))) == said


class Engine(BaseHTTPRequestHandler):
    """Answers as an engine does: a version, a list, a refusal, a command that runs."""

    podmans = ""  # the version of the other API, which Podman has

    def do_GET(self) -> None:
        if self.path == "/_ping":
            return self.answer(200, b"OK")
        if self.path.startswith("/v1.41/containers/json?") and "all=1" in self.path:
            return self.answer(200, json.dumps([{"Id": "a"}]).encode())
        if self.path.startswith("/v5.4.2/libpod/networks/json?filters="):
            return self.answer(200, json.dumps([{"id": "b"}]).encode())
        if self.path == "/v1.41/exec/e1/json":
            return self.answer(200, b'{"ExitCode": 3, "Running": false}')
        return self.answer(404, b'{"message": "No such container: gone"}')

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.path == "/v1.41/containers/node/exec":
            assert asked["Cmd"] == ["say", "it"]
            return self.answer(201, b'{"Id": "e1"}')
        if self.path == "/v1.41/exec/e1/start":
            self.send_response(200)
            self.end_headers()
            self.wfile.write(framed([(api.STDOUT, b"said\n"), (api.STDERR, b"complained\n")]))
            self.close_connection = True
            return None
        if self.path == "/v1.41/exec/e2/start":
            self.send_response(200)
            self.end_headers()
            self.wfile.write(framed([(api.STDOUT, b"17\n")]))
            self.wfile.flush()
            self.rfile.read(1)  # until the other side hangs up
            self.close_connection = True
            return None
        return self.answer(409, b'{"message": "Container abc is not running"}')

    def answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Api-Version", "1.41")
        if self.podmans:
            self.send_header("Libpod-Api-Version", self.podmans)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def address_string(self) -> str:
        return "here"

    def log_message(self, *_: object) -> None:
        return


class OnSocket(ThreadingHTTPServer):
    address_family = socket.AF_UNIX
    daemon_threads = True
    block_on_close = False

    def server_bind(self) -> None:
        self.socket.bind(self.server_address)


@pytest.fixture
def engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    file = str(tmp_path / "engine.sock")
    monkeypatch.setenv("DOCKER_HOST", f"unix://{file}")
    sdk._clients.clear()
    with OnSocket(file, Engine) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield
        server.shutdown()
    sdk._clients.clear()


@pytest.mark.usefixtures("engine")
def test_questions_go_to_the_engine_in_its_own_version() -> None:
    assert api.containers(["x=y"], stopped=True) == [{"Id": "a"}]


@pytest.mark.usefixtures("engine")
def test_podman_is_known_by_its_own_api(monkeypatch: pytest.MonkeyPatch) -> None:
    assert api.podman() == ""
    sdk._clients.clear()
    monkeypatch.setattr(Engine, "podmans", "5.4.2")
    assert api.podman() == "5.4.2"
    assert api.podmans_networks(["x=y"]) == [{"id": "b"}]
    assert api.containers(stopped=True) == [{"Id": "a"}]


@pytest.mark.usefixtures("engine")
def test_a_refusal_reads_as_the_commands_own() -> None:
    with pytest.raises(docker.DockerError) as caught:
        api.container("gone")
    assert caught.value.message == "There is no container gone."
    assert caught.value.stderr == "Error response from daemon: No such container: gone"


@pytest.mark.usefixtures("engine")
def test_a_command_on_a_node() -> None:
    assert api.execute("node", ["say", "it"], 5) == docker.Result(3, "said\n", "complained\n")


@pytest.mark.usefixtures("engine")
def test_one_client_serves_a_whole_command() -> None:
    api.containers(stopped=True)
    first = sdk.client()
    api.podman()
    assert sdk.client() is first and len(sdk._clients) == 1


@pytest.mark.usefixtures("engine")
def test_a_stream_that_somebody_else_hangs_up_on_ends_for_its_reader() -> None:
    stream = api.start("e2", ("exec", "node"), limit=None)
    heard: list[tuple[int, bytes]] = []
    first = threading.Event()
    ended: list[str] = []

    def read() -> None:
        try:
            for piece in stream:
                heard.append(piece)
                first.set()
        except OSError as error:
            ended.append(type(error).__name__)
        finally:
            ended.append("over")

    reader = threading.Thread(target=read, daemon=True)
    reader.start()
    assert first.wait(10)  # a piece comes when it is said, not with the next one
    stream.hang_up()
    reader.join(10)
    assert ended[-1] == "over" and heard == [(api.STDOUT, b"17\n")]


@pytest.mark.usefixtures("engine")
def test_a_command_that_the_engine_refuses() -> None:
    told = api.execute("stopped", ["true"], 5)
    assert told == docker.Result(api.NOT_RUN, "", "Error response from daemon: Container abc is not running")


def test_no_engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/none.sock")
    monkeypatch.setenv("PATH", str(tmp_path))
    sdk._clients.clear()
    with pytest.raises(docker.DockerError) as caught:
        api.networks()
    assert caught.value.message == "There is no docker command on this machine."


def test_what_a_greeting_found_out_is_not_asked_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A host that drops what comes takes half a minute for each attempt."""
    asked = tmp_path / "asked"
    command = tmp_path / "docker"
    said = "Cannot connect to the Docker daemon at unix:///none. Is the docker daemon running?"
    command.write_text(f"#!/bin/sh\necho once >>{asked}\necho '{said}' >&2\nexit 1\n")
    command.chmod(0o755)
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/none.sock")
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    sdk.greet()
    for times in (1, 2):  # and whoever asks after that asks anew: it may be there by then
        with pytest.raises(docker.DockerError, match="No container engine answers at unix:///none"):
            api.networks()
        assert asked.read_text().split() == ["once"] * times


def test_an_engine_that_takes_no_connection(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As behind a firewall: the queue of those that knock is full, and the kernel drops the next."""
    monkeypatch.setattr(sdk, "CONNECT", 0.5)
    with socket.create_server(("127.0.0.1", 0), backlog=0) as full, ExitStack() as knocking:
        for _ in range(3):
            one = knocking.enter_context(socket.socket())
            one.setblocking(False)
            one.connect_ex(full.getsockname())
        address = f"tcp://127.0.0.1:{full.getsockname()[1]}"
        monkeypatch.setenv("DOCKER_HOST", address)
        with pytest.raises(docker.DockerError) as caught:
            api.networks()
    assert caught.value.message == f"No container engine answers at {address}."
