"""Commands of an experiment that failed: an exit code that its author does not expect."""

import shlex
from dataclasses import dataclass

from ..model import At, Experiment
from ..store import runs


@dataclass(frozen=True, slots=True)
class FailedCommand:
    """A command that ended with an exit code other than those its `At` names. `stderr` is the last line of it.

    `declared` is the `At`; None where the experiment has no such command any more.
    """

    phase: str
    node: str
    command: str
    exit: int
    stderr: str
    declared: At | None = None

    def __str__(self) -> str:
        said = f": {self.stderr}" if self.stderr else ""
        return f"`{self.command}` on {self.node} failed with exit code {self.exit}{said}"


def failed_commands(experiment: Experiment, info: runs.RunInfo) -> tuple[FailedCommand, ...]:
    """The commands of `run` and `after` that failed, in the order in which they were started. One that was cut off did not fail.

    Where a `reset` command fails, there is no run. A node's commands of one phase are started in the order in which the
    experiment declares them.
    """
    declared: dict[tuple[str, str], list[At]] = {}
    for phase in ("run", "after"):
        for at in getattr(experiment, phase):
            declared.setdefault((phase, at.node), []).append(at)
    found = []
    for command in info.commands:
        if command.phase == "reset":
            continue
        waiting = declared.get((command.phase, command.node))
        at = waiting.pop(0) if waiting else None
        if command.exit is not None and command.exit not in (at.exits if at else (0,)):
            found.append(_failed(command, command.exit, at))
    return tuple(found)


def _failed(command: runs.Command, exit: int, at: At | None) -> FailedCommand:
    last = command.stderr.strip().splitlines()[-1:]
    return FailedCommand(
        command.phase, command.node, shlex.join(command.argv), exit, "".join(last).strip(), at
    )


def allowance(failed: FailedCommand) -> str:
    """What the author of a lab can do about it."""
    codes = sorted({*(failed.declared.exits if failed.declared else (0,)), failed.exit})
    return f"Mend the command; if it is meant to end so, declare it: At({failed.node!r}, …, exits={tuple(codes)})."
