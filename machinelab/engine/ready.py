"""Is it ready yet? Asks each node by its own healthcheck, as soon and as often as makes sense, and says who is not.

The engine's own healthchecks come once a second, the first a second after the start. To have a node run a command costs the
engine 0.1 s of a processor, so the question is put once and repeated on the node itself.
"""

import re
import threading
import time
from dataclasses import dataclass, field
from queue import SimpleQueue

from ..errors import BrokenLab, EngineError, LabError
from . import api, docker, labels
from .compose import Composition
from .progress import Progress

PAUSES = (0.1, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5)  # seconds between "not yet" and the next question, on the node
LATER = (
    0.5,
    0.5,
    0.5,
    0.5,
)  # for a node that has not been ready by then; in between it is seen whether it still runs
LOG_LINES = 12
GONE = "gone"  # what we call the state of a container that the engine does not have

# Asks until the answer is yes, at most once more than there are pauses; says at last what the test complained of.
_ASK = (
    *("sh", "-c"),
    """pauses=$1; shift
command -v -- "$1" >/dev/null || { echo "executable file not found" >&2; exit 127; }
for pause in $pauses last; do
    said=$("$@" 2>&1) && exit 0
    [ $pause = last ] || sleep $pause
done
printf '%s\\n' "$said" >&2
exit 1""",
    "sh",
)


class NodeFailed(EngineError):
    """A server that stopped, or never became ready: which `node`, and its last `log` lines."""

    def __init__(self, message: str, hint: str, node: str, log: str) -> None:
        shown = (
            "".join(f"\n  {node} | {line}" for line in log.splitlines()) or f"\n  {node} | (it said nothing)"
        )
        super().__init__(message + shown, hint)
        self.node = node
        self.log = log


@dataclass(slots=True)
class Readiness:
    """The wait for `nodes` of a composition: one thread asks each, from `begin` until it is ready or one fails."""

    composition: Composition
    nodes: tuple[str, ...]
    progress: Progress
    _begun: set[str] = field(default_factory=set)
    _stop: threading.Event = field(default_factory=threading.Event)
    _answers: "SimpleQueue[LabError | None]" = field(default_factory=SimpleQueue)

    def begin(self, node: str) -> None:
        """Start to ask a node, once its container runs. Asked already, nothing happens. Not to be called by two at once."""
        if node not in self._begun and node in self.nodes:
            self._begun.add(node)
            threading.Thread(target=self._ask, args=(node,), daemon=True).start()

    def finish(self) -> None:
        """Wait until all nodes are ready. Raises NodeFailed for the first that cannot become so."""
        for node in self.nodes:
            self.begin(node)
        try:
            for _ in self.nodes:
                if error := self._answers.get():
                    raise error
        finally:
            self._stop.set()

    def cancel(self) -> None:
        """Ask no more."""
        self._stop.set()

    def _ask(self, node: str) -> None:
        answer: LabError | None = None
        try:
            wait_for(self.composition, node, self._stop)
            if not self._stop.is_set():
                self.progress(node, "ready", 1.0)
        except LabError as error:
            answer = error
        finally:
            self._answers.put(answer)


def wait_for(composition: Composition, node: str, stop: threading.Event) -> None:
    """Ask a node's healthcheck until it passes or `stop` is set. Raises NodeFailed if it stops or takes too long."""
    test = composition.healthcheck(node)
    container = labels.container(composition.lab, composition.instance, node)
    end = time.monotonic() + limit_of(composition, node)
    pauses: tuple[float, ...] = PAUSES
    while not stop.is_set():
        words = " ".join(map(str, pauses))
        asked = api.execute(container, (*_ASK, words, *test), 30) if test else None
        if asked and asked.exit == 0:
            return
        if asked and "executable file not found" in asked.stdout + asked.stderr:
            raise no_such_test(composition, node, test)
        state, code = state_of(composition, node)
        if state == "running" and not test:
            return
        if state not in {"running", "created"}:
            raise ended(composition, node, state, code)
        if time.monotonic() > end:
            raise never_ready(composition, node, (asked.stderr or asked.stdout).strip() if asked else "")
        if asked is None or asked.exit == api.NOT_RUN:
            stop.wait(pauses[0])
        pauses = LATER


def limit_of(composition: Composition, node: str) -> float:
    """How many seconds a node may take: what its healthcheck grants by retries, interval and start period."""
    check = composition.services[node].get("healthcheck") or {}
    granted = int(check.get("retries") or 3) * (_seconds(check.get("interval"), 30) or 1) + _seconds(
        check.get("start_period"), 0
    )
    return max(granted, 5.0)


def _seconds(text: object, default: float) -> float:
    """A duration as Compose prints it: "1s", "1m30s", "500ms"."""
    if not isinstance(text, str):
        return default
    units = {"h": 3600.0, "m": 60.0, "s": 1.0, "ms": 1e-3, "us": 1e-6, "ns": 1e-9}
    return sum(float(number) * units[unit] for number, unit in re.findall(r"([\d.]+)(ms|us|ns|h|m|s)", text))


def state_of(composition: Composition, node: str) -> tuple[str, int]:
    """The state of a node's container in the engine's words (GONE if it has none), and its exit code."""
    container = labels.container(composition.lab, composition.instance, node)
    try:
        state = api.container(container)["State"]
    except docker.DockerError as error:
        if "No such container" not in error.stderr:
            raise
        return GONE, 0
    # `docker compose up -d` starts a container that crashes again and again without a complaint.
    return ("restarting" if state.get("Restarting") else str(state["Status"])), int(
        state.get("ExitCode") or 0
    )


def ended(composition: Composition, node: str, state: str, code: int) -> EngineError:
    """The error for a node that runs no more: its server ended, or somebody took its container away or renamed it."""
    if state != GONE:
        return stopped(composition, node, code)
    name = labels.container(composition.lab, composition.instance, node)
    again = labels.command("reset", composition.lab, composition.instance)
    return EngineError(f"{node} is gone: there is no container {name}.", f"Make it anew: {again}")


def stopped(composition: Composition, node: str, code: int) -> NodeFailed:
    """The error for a server that ended by itself, with its last words and the way back."""
    log = last_log(composition, node)
    return NodeFailed(
        f"{node} stopped with exit code {code}. It said last:", way_back(composition, node), node, log
    )


def never_ready(composition: Composition, node: str, complaint: str) -> NodeFailed:
    """The error for a server that runs but does not pass its healthcheck."""
    waited = limit_of(composition, node)
    because = f" (its healthcheck says: {complaint.splitlines()[-1]})" if complaint else ""
    log = last_log(composition, node)
    message = f"{node} runs, but was not ready after {waited:g} seconds{because}. It said last:"
    look = labels.command("logs", composition.lab, composition.instance) + f" {node}"
    return NodeFailed(message, f"Read all it said: {look}. {way_back(composition, node)}", node, log)


def no_such_test(composition: Composition, node: str, test: tuple[str, ...]) -> BrokenLab:
    """The error for a healthcheck that can never pass."""
    hint = f"Name a program that its image has, in {composition.file}, or build the image anew: machinelab images build."
    return BrokenLab(f"The healthcheck of {node} runs {test[0]}, which is not in its image.", hint)


def last_log(composition: Composition, node: str) -> str:
    """The last lines a node wrote, both outputs together."""
    container = labels.container(composition.lab, composition.instance, node)
    try:
        said = api.output(container, tail=LOG_LINES)
    except docker.DockerError:
        return ""
    return said.decode(errors="replace").strip()


def way_back(composition: Composition, node: str) -> str:
    """How to undo an edit of a node's configuration."""
    files = [path for path in composition.mounts(node) if composition.file.parent in (path, *path.parents)]
    again = labels.command("reset", composition.lab, composition.instance)
    if not files:
        return f"Start it anew: {again}"
    named = " ".join(str(path) for path in files)
    if any((parent / ".git").exists() for parent in composition.file.parents):
        return f"Mend the edit, or undo it with `git checkout -- {named}`; then {again}"
    return f"Mend the edit in {named}, or bring the shipped files back by installing machinelab again; then {again}"
