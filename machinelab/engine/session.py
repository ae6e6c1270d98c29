"""One run of an experiment: reset, listen, run the commands, wait until all has been seen, and keep it in a run folder."""

import shlex
import shutil
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from queue import Empty, SimpleQueue

from ..errors import LabError, UsageError, nearest
from ..model import At, Experiment, Lab
from ..store import runs
from . import gather, labels
from .capture import Tap, TapLost
from .clock import Clock
from .commands import Execution, Planned, in_turn, require, run_to_end, words
from .lock import held
from .progress import Progress, silent
from .topology import RunningLab

BEAT = 0.25  # seconds between two questions whether all has been seen, where no packet comes to ask it anew
LOG_READERS = 4  # docker commands at a time; each takes 40 ms of a core
TRY_LIMIT = 60.0  # seconds for a command of the learner's own
SHORT = 1.5  # seconds that a wait may last untold
PATIENCE = 600.0  # seconds that a run waits for another one of the same instance

Settled = Callable[[], bool]
OnData = Callable[[bytes], None]


@dataclass(slots=True)
class _Session:
    """What one run needs and gathers."""

    topology: RunningLab
    progress: Progress
    settled: Settled | None
    on_data: OnData
    interruptible: bool
    inbox: "SimpleQueue[bytes]" = field(default_factory=SimpleQueue)
    background: list[tuple[At, Execution]] = field(default_factory=list)
    commands: list[runs.Command] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    deadline: float = 0.0
    clock: Clock = field(default_factory=Clock)
    started: int = 0
    ended: int = 0
    dropped: int = 0

    def begin(self, limit: float, since: int) -> None:
        """The tap listens, by its own clock `since` then: from now on the run's time counts, and so many seconds of it."""
        moved = self.clock.follow(since)
        self.started = since
        self.commands = [
            replace(command, started=command.started + moved, ended=command.ended + moved)
            for command in self.commands
        ]
        self.deadline = time.monotonic() + limit
        self.progress("tap", "listening")

    def pump(self, tap: Tap, until: Callable[[], bool]) -> bool:
        """Pass on what the tap hears until `until()`; False if the run's limit came first. Raises TapLost.

        Everything the caller is told, it is told here, on the caller's own thread.
        """
        while not until():
            tap.check()
            left = self.deadline - time.monotonic()
            if left <= 0:
                return False
            self.pass_on(min(left, BEAT))
        return True

    def pass_on(self, wait: float) -> None:
        """Give the caller all that has come; where nothing has, wait for it that many seconds."""
        try:
            piece = self.inbox.get(timeout=wait)
            while True:
                if piece:
                    self.on_data(piece)
                piece = self.inbox.get_nowait()
        except Empty:
            return

    def record(self, at: At, command: runs.Command) -> None:
        """Keep a command, with a note if it did not end as its author expects."""
        self.commands.append(command)
        if command.exit is not None and command.exit not in at.exits:
            self.notes.append(
                f"`{shlex.join(command.argv)}` on {at.node} ended with exit code {command.exit}."
            )


def perform(
    lab: Lab,
    experiment: Experiment,
    knobs: Mapping[str, str],
    folder: Path,
    *,
    topology: RunningLab,
    settled: Settled | None = None,
    on_data: OnData | None = None,
    progress: Progress = silent,
    interruptible: bool = False,
) -> runs.RunInfo:
    """Run an experiment on a lab that is up, and fill `folder` with its capture, other evidence, its nodes' logs and run.json.

    `knobs` are all of them, with their values. The run ends when its commands have ended and `settled()` (asked whenever
    packets came; None: at once), or when `experiment.limit` seconds are over. `on_data` is given the pcapng stream piece by
    piece. Both are called on the caller's thread.

    Raises UsageError (a value that cannot be used), EngineError (a reset command failed, a node is not there, the tap
    cannot listen, another run of the same instance does not end), TapLost (the engine went away: what was heard stays in `folder`). After any other error, and after
    Ctrl-C before the commands have ended, nothing is left running and `folder` is gone. If `interruptible`, Ctrl-C ends the commands, not the run.
    """
    session = _Session(topology, progress, settled, on_data or (lambda piece: None), interruptible)
    alone = held(labels.run_lock(topology.lab, topology.instance), progress, wait=PATIENCE, among_users=True)
    with _removed_unless_done(folder), alone:
        plan = {phase: _filled(getattr(experiment, phase), knobs) for phase in ("reset", "run", "after")}
        gather.planned(experiment.gather, knobs)
        with _put_right_if_broken_off(session, plan["after"]):
            _reset(session, plan["reset"])
            with ExitStack() as ended_at_last, _tap(session, folder) as tap:
                session.begin(experiment.limit, tap.since)
                _run(session, tap, plan["run"], ended_at_last)
                _await_settled(session, tap, experiment.until)
                _finish(session, tap, folder)
            session.notes += gather.gather(topology, experiment.gather, knobs, session.started, folder)
        for at, command in in_turn(topology, "after", plan["after"], clock=session.clock):
            session.record(at, command)
        info = _info(session, lab, experiment, knobs, folder)
        runs.write(folder, info)
    return info


def attempt(
    lab: Lab,
    node: str,
    argv: Sequence[str],
    folder: Path,
    *,
    topology: RunningLab,
    settled: Settled | None = None,
    on_data: OnData | None = None,
    progress: Progress = silent,
    limit: float = TRY_LIMIT,
) -> runs.RunInfo:
    """Run a command of the learner's own on a node, as the experiment `try`. Ctrl-C ends the command and keeps the run.

    Raises UsageError for a node that is not there, and what `perform` raises.
    """
    with _removed_unless_done(folder):
        _can_be_tried(lab, node, argv, topology)
    command = shlex.join(argv)
    own = Experiment("try", command, run=(At(node, command),), steps=(), limit=limit, gather=lab.gather)
    return perform(
        lab,
        own,
        {},
        folder,
        topology=topology,
        settled=settled,
        on_data=on_data,
        progress=progress,
        interruptible=True,
    )


def _can_be_tried(lab: Lab, node: str, argv: Sequence[str], topology: RunningLab) -> None:
    if node not in topology.nodes:
        known = list(topology.nodes)
        hint = nearest(node, known) or f"Choose one of: {', '.join(known)}."
        raise UsageError(f"{lab.id} has no node {node!r} that runs.", hint)
    if not argv:
        usage = f"machinelab try {lab.id} {node} -- COMMAND"
        raise UsageError("There is no command to try.", f"Write it after two dashes: {usage}")


def _filled(commands: Sequence[At], knobs: Mapping[str, str]) -> Planned:
    return [(at, words(at, knobs)) for at in commands]


@contextmanager
def _removed_unless_done(folder: Path) -> Iterator[None]:
    try:
        yield
    except TapLost:
        raise
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


@contextmanager
def _put_right_if_broken_off(session: _Session, commands: Planned) -> Iterator[None]:
    try:
        yield
    except BaseException:
        # What `reset` or `run` changed on the nodes is not left to the next run; what fails here would only hide why.
        for at, argv in commands:
            with suppress(LabError):
                run_to_end(session.topology, "after", at, argv)
        raise


def _tap(session: _Session, folder: Path) -> Tap:
    up = session.topology
    bridges = {name: network.bridge for name, network in up.networks.items()}
    return Tap(up.lab, up.instance, bridges, folder / runs.CAPTURE, session.inbox.put)


def _reset(session: _Session, commands: Planned) -> None:
    logs = labels.command("logs", session.topology.lab, session.topology.instance)
    for at, command in in_turn(session.topology, "reset", commands, clock=session.clock):
        session.progress(at.node, "reset")
        session.commands.append(command)
        require(command, at, logs)


def _run(session: _Session, tap: Tap, commands: Planned, ended_at_last: ExitStack) -> None:
    for at, argv in commands:
        session.progress(at.node, shlex.join(argv))
        execution = Execution(
            session.topology, "run", at.node, argv, lambda: session.inbox.put(b""), session.clock
        )
        if at.background:
            session.background.append((at, ended_at_last.enter_context(execution)))
            continue
        with execution:
            _follow(session, tap, execution)
            session.record(at, execution.command())


def _follow(session: _Session, tap: Tap, execution: Execution) -> None:
    """Wait for a command; end it at the run's limit, or, if the learner may, on Ctrl-C."""
    said = f"`{shlex.join(execution.argv)}` on {execution.node} was ended"
    try:
        if session.pump(tap, lambda: execution.over):
            return
        execution.end()
        session.notes.append(f"{said}: the run had come to its limit.")
    except KeyboardInterrupt:
        if not session.interruptible:
            raise
        execution.end("INT")
        session.notes.append(f"{said} with Ctrl-C.")


def _await_settled(session: _Session, tap: Tap, until: str) -> None:
    """Wait for what is still to come, to the run's limit or Ctrl-C at most: perhaps it never comes. A wait that lasts is told."""
    if (settled := session.settled) is None:
        return
    quiet = time.monotonic() + SHORT
    try:
        session.pump(tap, lambda: settled() or time.monotonic() > quiet)
        if not settled():
            left = max(0.0, session.deadline - time.monotonic())
            awaited = f"the step {until}" if until else "replies"
            session.progress("tap", f"waiting for {awaited}, {left:.0f} s at most (Ctrl-C: no longer)")
        if not session.pump(tap, settled):
            session.notes.append("The run came to its limit before all that was waited for had been seen.")
    except KeyboardInterrupt:
        session.notes.append("The wait for further packets was ended with Ctrl-C.")


def _finish(session: _Session, tap: Tap, folder: Path) -> None:
    """Have the last frame written, end what runs in the background, and fetch the logs, all at the same time."""
    session.ended = session.clock.now()
    up = session.topology
    with ThreadPoolExecutor(LOG_READERS) as readers:
        logs = gather.logs(up, session.started, readers)
        counts = tap.stop()
        session.progress("tap", "flushed")
        session.pass_on(0)
        for at, execution in session.background:
            execution.end()
            session.record(at, execution.command())
    session.dropped = sum(count.dropped for count in counts.values())
    session.notes += [*tap.notes, *gather.keep_logs(logs, folder)]


def _info(
    session: _Session, lab: Lab, experiment: Experiment, knobs: Mapping[str, str], folder: Path
) -> runs.RunInfo:
    return runs.RunInfo(
        lab=lab.id,
        experiment=experiment.id,
        instance=session.topology.instance,
        id=int(folder.name) if folder.name.isdigit() else 0,
        knobs=dict(knobs),
        started=session.started,
        ended=session.ended,
        networks=session.topology.subnets(),
        nodes=session.topology.nodes,
        commands=tuple(sorted(session.commands, key=lambda command: command.started)),
        dropped=session.dropped,
        notes=tuple(session.notes),
    )
