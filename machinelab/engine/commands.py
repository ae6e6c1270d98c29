"""An experiment's commands: their words with the knobs filled in, and one of them running on a node.

No shell of the node ever reads a knob: words are split first and filled in after, and handed on as they are.
"""

import re
import shlex
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, suppress

from ..errors import BrokenLab, EngineError, UsageError
from ..model import At
from ..store.runs import Command
from . import api, docker, nodes
from .clock import Clock
from .topology import RunningLab

KEPT = 64 << 10  # bytes of each output that run.json keeps
PID_LINE = 16  # bytes at most of the line before them
SIDE_LIMIT = 60.0  # seconds for each command before and after a run; 20 were too few for a broker on a machine with a load of 16 a core
ENDING = 2.0  # seconds that a command gets to end by itself once it was asked to

# Says its own process id first (it is the leader of a group of its own), then becomes the command.
_ANNOUNCED = ("sh", "-c", 'echo $$; exec "$@"', "sh")
_SIGNAL = ("sh", "-c", 'kill -s "$1" -- "-$2"', "sh")

_KNOB = re.compile(r"\{([A-Za-z_][\w-]*)\}")
_INTERPRETER = re.compile(r"(?:.*/)?(?:(?:ba|da|a|z|k)?sh|python[\d.]*|perl|ruby|node|lua[\d.]*)")
_SCRIPT_OPTION = re.compile(r"-[a-z]*[ce]")


def words(at: At, knobs: Mapping[str, str]) -> tuple[str, ...]:
    """The words of a command, each `{knob}` in them replaced by its value; a value never becomes two words, or an option.

    Braces around anything but a knob stay as they are. Raises UsageError for a value that would be taken for an option,
    BrokenLab for a command that cannot be split or puts a knob into a script's text.
    """
    try:
        templates = shlex.split(at.command)
    except ValueError as error:
        raise BrokenLab(
            f"The command {at.command!r} on {at.node} cannot be split: {error}.", "Close its quotes."
        ) from error
    if not templates:
        raise BrokenLab(f"A command on {at.node} is empty.", "Write the command, or leave it out.")
    _no_knob_in_a_script(at, templates, knobs)
    return tuple(_filled(template, knobs) for template in templates)


def _filled(template: str, knobs: Mapping[str, str]) -> str:
    word = _KNOB.sub(lambda found: knobs.get(found[1], found[0]), template)
    if "\0" in word:
        raise UsageError(
            "A knob's value holds a NUL byte, which no command can be given.", "Leave the NUL byte out."
        )
    if word.startswith("-") and not template.startswith("-"):
        raise UsageError(
            f"{word!r} would be taken for an option.", "Give a value that does not begin with '-'."
        )
    return word


def _no_knob_in_a_script(at: At, templates: Sequence[str], knobs: Mapping[str, str]) -> None:
    for program, option, script in zip(templates, templates[1:], templates[2:], strict=False):
        if not (_INTERPRETER.fullmatch(program) and _SCRIPT_OPTION.fullmatch(option)):
            continue
        for name in _KNOB.findall(script):
            if name in knobs:
                raise BrokenLab(
                    f"The command on {at.node} puts the knob {name} into a script of {program}.",
                    f"Pass it as an argument: {program} {option} '… \"$1\"' {program} {{{name}}}",
                )


class Execution:
    """A command running on a node, from the moment it is made. Used as a `with` block: none is left running behind it.

    `on_end` is called, on another thread, when it is over. Its times are read off `clock`.
    """

    def __init__(
        self,
        topology: RunningLab,
        phase: str,
        node: str,
        argv: Sequence[str],
        on_end: Callable[[], None] = lambda: None,
        clock: Clock | None = None,
    ) -> None:
        self.node, self.argv = node, tuple(argv)
        self._topology, self._phase, self._on_end = topology, phase, on_end
        self._clock = clock or Clock()
        self._container = topology.container(node)
        self._stream: api.Stream | None = None
        self._over = threading.Event()
        self._announced = threading.Event()
        self._said = {api.STDOUT: bytearray(), api.STDERR: bytearray()}
        self._pid = b""
        self._code: int | None = None
        self._failure: docker.DockerError | None = None
        self._broken = False
        self._started = self._ended = time.monotonic_ns()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def __enter__(self) -> "Execution":
        return self

    def __exit__(self, *_: object) -> None:
        try:
            self.end()
        finally:
            if self._stream:
                self._stream.hang_up()
            self._thread.join(ENDING)  # it is a daemon: an engine that does not answer at all keeps nobody

    @property
    def over(self) -> bool:
        """Whether it has ended."""
        return self._over.is_set()

    def wait(self, limit: float) -> bool:
        """Wait for its end, at most `limit` seconds. Whether it has ended."""
        return self._over.wait(limit)

    def end(self, signal: str = "TERM") -> None:
        """End it, and whatever it started in its process group, on the node itself; by SIGKILL if it does not heed."""
        if self.over:
            return
        self._broken = True
        self._announced.wait(ENDING)
        for name in (signal, "KILL"):
            if self._pid and not self.over:
                with suppress(docker.DockerError):
                    api.execute(self._container, (*_SIGNAL, name, self._pid.decode()), docker.LIMIT)
            if self._over.wait(ENDING):
                return

    def command(self) -> Command:
        """How it went, as run.json keeps it; `exit` is None if it was ended. Raises EngineError if it never ran."""
        if self.over and not self._broken and (self._failure or not self._pid):
            raise self._never_ran()
        code = None if self._broken else self._code
        said, complained = (
            bytes(self._said[kind][:KEPT]).decode(errors="replace") for kind in (api.STDOUT, api.STDERR)
        )
        started, ended = (self._clock.at(moment) for moment in (self._started, self._ended))
        return Command(self._phase, self.node, self.argv, code, started, ended, said, complained)

    def _never_ran(self) -> Exception:
        said = b"".join(self._said.values()).decode(errors="replace")
        failure = self._failure or docker.failure(self._like, api.NOT_RUN, said)
        return nodes.why_not(self._topology.lab, self._topology.instance, self.node, failure)

    @property
    def _like(self) -> tuple[str, ...]:
        return ("exec", self._container, *_ANNOUNCED, *self.argv)

    def _run(self) -> None:
        try:
            self._talk()
        except docker.DockerError as error:
            self._failure = error
        except OSError as error:
            # The line went dead: we hung up ourselves, or the engine is gone.
            self._failure = docker.failure(self._like, api.NOT_RUN, f"error during connect: {error}: EOF")
        finally:
            self._ended = time.monotonic_ns()
            self._announced.set()
            self._over.set()
            self._on_end()

    def _talk(self) -> None:
        mark = api.begin(self._container, (*_ANNOUNCED, *self.argv), self._like)
        self._stream = api.start(mark, self._like, limit=None)
        for kind, piece in self._stream:
            self._keep(kind, piece)
        self._code = api.exit_code(mark, self._like)

    def _keep(self, kind: int, piece: bytes) -> None:
        """The first 64 KiB of each output; before them, standard output has the line with the process id."""
        kept = self._said[kind]
        kept += piece[: max(0, KEPT + PID_LINE - len(kept))]
        if kind == api.STDOUT and not self._pid and b"\n" in kept:
            line, _, rest = bytes(kept).partition(b"\n")
            if line.isdigit():
                self._pid = line
                kept[:] = rest
            self._announced.set()


Planned = Sequence[tuple[At, tuple[str, ...]]]
"""Commands, each with its words."""


def in_turn(
    topology: RunningLab, phase: str, commands: Planned, limit: float = SIDE_LIMIT, clock: Clock | None = None
) -> Iterator[tuple[At, Command]]:
    """Run commands one after another, those that are `parallel` with the one before; each is ended after `limit` seconds.

    Each is given when it has ended, in the order they stand. Raises EngineError for one that could not be run.
    """
    first = 0
    while first < len(commands):
        last = first + 1
        while last < len(commands) and commands[last][0].parallel:
            last += 1
        yield from _together(topology, phase, commands[first:last], limit, clock)
        first = last


def _together(
    topology: RunningLab, phase: str, commands: Planned, limit: float, clock: Clock | None
) -> Iterator[tuple[At, Command]]:
    with ExitStack() as stack:
        running = [
            (at, stack.enter_context(Execution(topology, phase, at.node, argv, clock=clock)))
            for at, argv in commands
        ]
        for at, execution in running:
            if not execution.wait(limit):
                execution.end()
            yield at, execution.command()


def run_to_end(
    topology: RunningLab, phase: str, at: At, argv: Sequence[str], limit: float = SIDE_LIMIT
) -> Command:
    """Run one command and wait for it; it is ended after `limit` seconds. Raises EngineError if it could not be run."""
    return next(command for _, command in in_turn(topology, phase, [(at, tuple(argv))], limit))


def require(command: Command, at: At, logs: str) -> None:
    """Raises EngineError, with what the command said, unless it ended with one of the exit codes that are no failure."""
    if command.exit in at.exits:
        return
    said = (command.stderr or command.stdout).strip() or "(it said nothing)"
    how = (
        "was ended, for it took too long" if command.exit is None else f"ended with exit code {command.exit}"
    )
    shown = "".join(f"\n  {at.node} | {line}" for line in said.splitlines()[-12:])
    raise EngineError(
        f"`{shlex.join(command.argv)}` on {at.node} {how}:{shown}",
        f"See what the node says: {logs} {at.node}",
    )
