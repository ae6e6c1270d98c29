"""What else a run left on its nodes: fetched when the tap has been stopped, and kept as it is."""

import shlex
from collections.abc import Mapping, Sequence
from concurrent.futures import Executor, Future
from pathlib import Path

from ..errors import LabError
from ..model import At, Gather
from ..store import runs
from . import api, docker, nodes
from .commands import words
from .topology import RunningLab

LIMIT = 30.0  # seconds for each
MOST = 64 << 20  # bytes of one node's evidence; a run folder is for people, not for an archive
KEYS = "keys"


def planned(
    gathers: Sequence[Gather], knobs: Mapping[str, str], started: int = 0
) -> list[tuple[Gather, tuple[str, ...]]]:
    """The words of each command. `started` is in nanoseconds since the epoch. Raises UsageError, BrokenLab."""
    known = {**knobs, "started": f"{started // 10**9}.{started % 10**9:09d}"}
    return [(gather, words(At(gather.node, gather.command), known)) for gather in gathers]


def gather(
    topology: RunningLab, gathers: Sequence[Gather], knobs: Mapping[str, str], started: int, folder: Path
) -> list[str]:
    """Fetch all of it into the run folder. What could not be fetched is told, a line each."""
    notes = []
    for one, argv in planned(gathers, knobs, started):
        data, complaint = _output(topology, one.node, argv)
        if complaint:
            notes.append(f"`{shlex.join(argv)}` on {one.node} gave no evidence: {complaint}")
        elif one.kind == KEYS and not data:
            continue  # no handshake came as far as a secret
        elif one.kind == KEYS:
            _append(folder / runs.KEYS, data)
        else:
            _append(folder / runs.EVIDENCE / f"{one.node}.{one.kind}", data)
    return notes


def logs(topology: RunningLab, started: int, readers: Executor) -> dict[str, Future[str]]:
    """Begin to read what each node has said since `started` (ns since the epoch, by the engine's clock)."""
    return {
        node: readers.submit(nodes.logs, topology.lab, topology.instance, node, since=started)
        for node in topology.nodes
    }


def keep_logs(read: Mapping[str, Future[str]], folder: Path) -> list[str]:
    """Put them into the run folder, a file for each node that said something. What could not be read is told, a line each."""
    notes = []
    for node, reading in read.items():
        try:
            text = reading.result()
        except LabError as error:
            notes.append(f"The log of {node} could not be read: {error.message}")
            continue
        if text:
            file = folder / "logs" / f"{node}.log"
            file.parent.mkdir(exist_ok=True)
            file.write_text(text, encoding="utf-8")
    return notes


def _append(file: Path, data: bytes) -> None:
    file.parent.mkdir(exist_ok=True)
    with file.open("ab") as out:
        out.write(data)


def _output(topology: RunningLab, node: str, argv: Sequence[str]) -> tuple[bytes, str]:
    """What a command writes, byte for byte; else why there is nothing to be had."""
    limited = ("timeout", "-k", "1", f"{LIMIT:g}", *argv)
    try:
        code, out, err = api.executed(topology.container(node), limited, LIMIT + nodes.GRACE)
    except docker.DockerError as error:
        return b"", error.message
    if code:
        said = err.decode(errors="replace").strip().splitlines()
        return b"", said[-1] if said else f"it ended with exit code {code}."
    if len(out) > MOST:
        return b"", f"it is larger than {MOST >> 20} MiB."
    return out, ""
