"""The tap as the rest of the engine sees it: one container that listens on a lab's bridges while a `with` block lasts.

What it hears goes to a file, and chunk by chunk to whoever wants it live. The program is compose/images/tap/tap.py.

It is started by the docker command, not by the SDK: that the tap's standard input ends is its word to stop, and the SDK's
connection cannot end in one direction over TLS (`ssl` closes both). `docker run` half-closes over TLS and ssh alike.
"""

import os
import secrets
import selectors
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from ..errors import EngineError
from . import docker, labels

IMAGE = "machinelab/tap:latest"
START_LIMIT = 20.0  # seconds; it takes a quarter of one, and an engine under load ten times that
STOP_LIMIT = 10.0  # seconds; it takes 0.1, and 2 after a burst of 200,000 packets
CHUNK = 1 << 16  # bytes; what a pipe holds

PACKET_BLOCK = 6  # pcapng's enhanced packet block, draft-ietf-opsawg-pcapng §4.3

STEPPED = "The clock was set by {:+.3f} s in the midst of the run: what came before and what came after cannot be put in order. Run it again."


@dataclass(frozen=True, slots=True)
class Counts:
    """Frames of one network: `received` for the capture, `dropped` of them by the kernel for want of room."""

    received: int
    dropped: int


class TapLost(EngineError):
    """The tap went away in the middle of a run. What it heard until then is in the capture file."""


class Tap:
    """A capture of an instance's networks (name → bridge) into `file`.

    Entering the block returns once the tap says that it listens; `stop` returns once the last frame is in the file.
    `on_data` is given each piece of the pcapng stream as it comes, and b"" once when there is no more; it is called on
    the tap's own thread and should only pass the piece on. Raises EngineError if the tap cannot listen.
    """

    def __init__(
        self,
        lab: str,
        instance: str,
        networks: Mapping[str, str],
        file: Path,
        on_data: Callable[[bytes], None] = lambda piece: None,
    ) -> None:
        self.file = file
        self.gone: list[str] = []
        self.notes: list[str] = []  # what befell the capture, a sentence each
        self.since = time.time_ns()  # by the tap's own clock once it listens: all from then on is in the file
        self._lab, self._instance, self._networks = lab, instance, dict(networks)
        self._name = f"{labels.project(lab, instance)}-tap-{secrets.token_hex(4)}"
        self._on_data = on_data
        self._changed = threading.Condition()
        self._listening = self._ended = False
        self._flushed: tuple[int, int] | None = None
        self._copied = 0
        self._counts: dict[str, Counts] = {}
        self._said: list[str] = []
        self._fault: OSError | None = None
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        self._process = self._stack.enter_context(docker.started(self._command(), stdin=True))
        self._thread = threading.Thread(target=self._copy, name="tap", daemon=True)
        self._thread.start()
        try:
            self._wait(lambda: self._listening, START_LIMIT, "listen")
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ask_to_stop()
        if error is None and self._flushed is not None:
            # All is in the file. Its container takes 0.2 s more to go; nobody has to wait for that but our own end.
            leaving = threading.Thread(target=self._leave, name="tap leaving")
            _leaving[:] = [*(thread for thread in _leaving if thread.is_alive()), leaving]
            leaving.start()
        else:
            self._leave()

    def _leave(self) -> None:
        try:
            self._process.wait(STOP_LIMIT)
        except subprocess.TimeoutExpired:
            docker.run("rm", "--force", self._name, check=False)
            self._process.kill()
        self._thread.join()
        self._stack.close()

    def check(self) -> None:
        """Raises TapLost if the tap ended before it was asked to, EngineError if its file can take no more."""
        if self._fault is not None or (self._ended and self._flushed is None):
            raise self._why("go on", 0)

    def stop(self) -> Mapping[str, Counts]:
        """Wait until every frame sent so far is in the file; then the tap ends by itself.

        Returns what was counted on each network. Raises TapLost if the tap is gone.
        """
        self._ask_to_stop()
        self._wait(
            lambda: self._flushed is not None and self._copied >= self._flushed[0], STOP_LIMIT, "finish"
        )
        if self._flushed and self._flushed[1]:
            put_in_order(self.file)
        return dict(self._counts)

    def _command(self) -> list[str]:
        marks = {labels.LAB: self._lab, labels.INSTANCE: self._instance, labels.ROLE: "tap"}
        return [
            *("run", "--interactive", "--rm", "--pull=never", f"--name={self._name}"),
            *(f"--label={name}={value}" for name, value in marks.items()),
            *("--network=host", "--log-driver=none", "--read-only"),
            *(
                "--cap-drop=ALL",
                "--cap-add=NET_RAW",
                "--cap-add=NET_ADMIN",
                "--security-opt=no-new-privileges",
            ),
            IMAGE,
            *(f"{name}={bridge}" for name, bridge in self._networks.items()),
        ]

    def _ask_to_stop(self) -> None:
        assert self._process.stdin
        self._process.stdin.close()

    def _wait(self, ready: Callable[[], bool], limit: float, what: str) -> None:
        with self._changed:
            over = self._changed.wait_for(lambda: ready() or self._ended or self._fault, limit)
            if ready() and not self._fault:
                return
        raise self._why(what, limit) if over else self._overdue(what, limit)

    def _overdue(self, what: str, limit: float) -> EngineError:
        return EngineError(
            f"The tap did not {what} within {limit:g} seconds.",
            "Look whether the engine is well: docker info",
        )

    def _why(self, what: str, limit: float) -> EngineError:
        if self._fault:
            return EngineError(
                f"The capture cannot be written to {self.file}: {self._fault.strerror}.",
                "Free some space, or point MACHINELAB_HOME elsewhere.",
            )
        refusal = next((line for line in self._said if line.startswith("error ")), None)
        if refusal:
            return self._refused(refusal)
        if not self._listening:
            return docker.failure(self._command(), self._process.wait(limit), "\n".join(self._said))
        return TapLost(
            f"The tap ended in the middle of the run{self._last_words()}. What it heard until then is in {self.file}.",
            "Look whether the engine is still there: machinelab doctor",
        )

    def _last_words(self) -> str:
        return f" ({self._said[-1]})" if self._said else ""

    def _refused(self, line: str) -> EngineError:
        _, code, text = line.split(" ", 2)
        bridge = text.partition(":")[0]
        network = next((name for name, known in self._networks.items() if known == bridge), bridge)
        again = (
            labels.command("down", self._lab, self._instance),
            labels.command("up", self._lab, self._instance),
        )
        if code == "no-bridge":
            return EngineError(
                f"The network {network} is not there any more ({text}).", f"Start the lab again: {again[1]}"
            )
        if code == "not-permitted":
            return EngineError(
                f"The engine does not let the tap listen ({text}).",
                "Use an engine whose containers may have NET_RAW and NET_ADMIN: rootful Docker, or Podman as root.",
            )
        return EngineError(
            f"The tap cannot listen: {text}", f"Start the lab again: {again[0]}, then {again[1]}"
        )

    def _copy(self) -> None:
        pieces = self._stream()
        try:
            with self.file.open("wb", buffering=0) as sink:
                for piece in pieces:
                    sink.write(piece)
                    self._on_data(piece)
                    self._tell(copied=len(piece))
        except OSError as error:
            self._fault = error
            self._tell()
            for _ in pieces:
                pass  # a tap that nobody reads could not end
        finally:
            self._tell(ended=True)
            self._on_data(b"")

    def _tell(self, copied: int = 0, ended: bool = False) -> None:
        with self._changed:
            self._copied += copied
            self._ended = self._ended or ended
            self._changed.notify_all()

    def _stream(self) -> Iterator[bytes]:
        # Pieces of standard output; control lines are taken in on the way.
        assert self._process.stdout and self._process.stderr
        control, rest = self._process.stderr.fileno(), b""
        with selectors.DefaultSelector() as selector:
            for pipe in (self._process.stdout, self._process.stderr):
                selector.register(pipe, selectors.EVENT_READ)
            while selector.get_map():
                for key, _ in selector.select():
                    piece = os.read(key.fd, CHUNK)
                    if not piece:
                        selector.unregister(key.fileobj)
                    elif key.fd != control:
                        yield piece
                    else:
                        *lines, rest = (rest + piece).split(b"\n")
                        self._hear(lines)
        self._hear([rest] if rest else [])

    def _hear(self, lines: list[bytes]) -> None:
        with self._changed:
            for line in lines:
                match line.decode(errors="replace").split():
                    case ["since", moment]:
                        self.since = int(moment)
                    case ["listening"]:
                        self._listening = True
                    case ["stepped", nanoseconds]:
                        self.notes.append(STEPPED.format(int(nanoseconds) / 1e9))
                    case ["gone", network]:
                        self.gone.append(network)
                        self.notes.append(f"The network {network} went away during the run.")
                    case ["count", network, received, dropped]:
                        self._counts[network] = Counts(int(received), int(dropped))
                    case ["flushed", written, late]:
                        self._flushed = int(written), int(late)
                    case words:
                        self._said.append(" ".join(words))
            self._changed.notify_all()


_leaving: list[threading.Thread] = []


def all_left() -> None:
    """Wait until the containers of all taps that have done their work are gone."""
    while _leaving:
        _leaving.pop().join()


def put_in_order(file: Path) -> None:
    """Sort the packets of the tap's pcapng file by time; the order of those of the same time is kept.

    The tap sorts within some milliseconds. On a machine under heavy load a frame may come later than that.
    """
    opening: list[bytes] = []
    packets: list[tuple[int, bytes]] = []
    closing: list[bytes] = []
    for kind, block in _blocks(file.read_bytes()):
        if kind == PACKET_BLOCK:
            high, low = (int.from_bytes(block[at : at + 4], "little") for at in (12, 16))
            packets.append((high << 32 | low, block))
        else:
            (closing if packets else opening).append(block)
    packets.sort(key=lambda packet: packet[0])
    draft = file.with_name(f".{file.name}")
    draft.write_bytes(b"".join((*opening, *(block for _, block in packets), *closing)))
    draft.replace(file)


def _blocks(data: bytes) -> Iterator[tuple[int, bytes]]:
    offset = 0
    while offset + 12 <= len(data):
        kind, length = (int.from_bytes(data[at : at + 4], "little") for at in (offset, offset + 4))
        yield kind, data[offset : offset + length]
        offset += max(length, 12)
