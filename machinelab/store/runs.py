"""The run folder: the border between what happened (Docker, clocks, subprocesses) and what is read from it.

    $MACHINELAB_HOME/runs/<lab>/<instance>/<id>/
        run.json          who was who, what was run, when
        capture.pcapng    the packets of every network of the lab
        keys.log          TLS secrets, where the nodes gave them
        logs/<node>.log   what the nodes said meanwhile
        evidence/<node>.<kind>   other evidence, as the node gave it; <kind> names the source that reads it

A reference capture (`labs/<lab>/reference/`) loads as a run folder does.
"""

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path

from ..errors import LabError, UsageError
from ..model import Interface

FORMAT = 1
CAPTURE = "capture.pcapng"
KEYS = "keys.log"
EVIDENCE = "evidence"
INFO = "run.json"


@dataclass(frozen=True, slots=True)
class Command:
    """One command as it was run on a node. Times in nanoseconds since the epoch; output cut at 64 KiB."""

    phase: str
    node: str
    argv: tuple[str, ...]
    exit: int | None
    started: int
    ended: int
    stdout: str = ""
    stderr: str = ""


@dataclass(frozen=True, slots=True)
class RunInfo:
    """What `run.json` holds. `networks` is name → subnet; `started` and `ended` in nanoseconds since the epoch; `decode_as` the rules given."""

    lab: str
    experiment: str
    instance: str = "default"
    id: int = 0
    knobs: Mapping[str, str] = field(default_factory=dict)
    started: int = 0
    ended: int = 0
    networks: Mapping[str, str] = field(default_factory=dict)
    nodes: Mapping[str, tuple[Interface, ...]] = field(default_factory=dict)
    commands: tuple[Command, ...] = ()
    dropped: int = 0
    notes: tuple[str, ...] = ()
    decode_as: tuple[str, ...] = ()


def home() -> Path:
    """`$MACHINELAB_HOME`, else the XDG state folder: where runs and progress are kept."""
    if chosen := os.environ.get("MACHINELAB_HOME"):
        return Path(chosen).expanduser()
    state = os.environ.get("XDG_STATE_HOME") or "~/.local/state"
    return Path(state).expanduser() / "machinelab"


def write(folder: Path, info: RunInfo) -> None:
    """Put `run.json` into a run folder, whole or not at all."""
    text = json.dumps({"format": FORMAT, **asdict(info)}, indent=1, ensure_ascii=False)
    draft = folder / f".{INFO}"
    draft.write_text(text + "\n", encoding="utf-8")
    draft.replace(folder / INFO)


def read(folder: Path) -> RunInfo:
    """The `run.json` of a run folder. Raises LabError if it is missing, broken or of a later format."""
    return (
        parse((folder / INFO).read_text(encoding="utf-8"), str(folder / INFO))
        if (folder / INFO).exists()
        else _absent(folder)
    )


def _absent(folder: Path) -> RunInfo:
    raise LabError(
        f"{folder} is not a run: it has no {INFO}.",
        "Run the experiment again, or name another run with --run.",
    )


def parse(text: str, source: str) -> RunInfo:
    """RunInfo from the text of a `run.json`; `source` is named in errors."""
    try:
        data = json.loads(text)
        if data.pop("format") != FORMAT:
            raise ValueError("another format")
        data["nodes"] = {n: tuple(Interface(**i) for i in feet) for n, feet in data["nodes"].items()}
        data["commands"] = tuple(Command(**{**c, "argv": tuple(c["argv"])}) for c in data["commands"])
        data["notes"] = tuple(data["notes"])
        data["decode_as"] = tuple(data.get("decode_as", ()))
        return RunInfo(**data)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise LabError(
            f"{source} cannot be read: {error}.", "Run the experiment again; the old folder can be deleted."
        ) from error


def folder_of(lab: str, instance: str = "default") -> Path:
    """Where the runs of one instance of a lab lie."""
    return home() / "runs" / lab / instance


def listing(lab: str, instance: str = "default") -> list[int]:
    """The ids of all finished runs, oldest first. A folder without `run.json` is a run that was broken off."""
    folder = folder_of(lab, instance)
    if not folder.is_dir():
        return []
    return sorted(int(p.name) for p in folder.iterdir() if p.name.isdigit() and (p / INFO).exists())


def infos(lab: str, instance: str = "default") -> list[RunInfo]:
    """What is known of each finished run, oldest first. One whose `run.json` is broken or of a later format is left out."""
    found = []
    for number in listing(lab, instance):
        with suppress(LabError):
            found.append(read(folder_of(lab, instance) / str(number)))
    return found


def create(lab: str, instance: str = "default") -> tuple[int, Path]:
    """A new, empty run folder with the next free id. Safe beside others that do the same."""
    parent = folder_of(lab, instance)
    try:
        parent.mkdir(parents=True, exist_ok=True)
        number = max((int(p.name) for p in parent.iterdir() if p.name.isdigit()), default=0) + 1
        while True:
            try:
                (parent / str(number)).mkdir()
                return number, parent / str(number)
            except FileExistsError:
                number += 1
    except OSError as error:
        raise LabError(
            f"No run can be kept in {parent}: {error.strerror}.",
            "Free some space, or point MACHINELAB_HOME elsewhere.",
        ) from error


def find(
    lab: str,
    experiment: str | None,
    instance: str = "default",
    id: int | None = None,
    knobs: Mapping[str, str] | None = None,
) -> Path | None:
    """The run asked for: that id, else the newest of the experiment (None: of any) with these knobs; None if there is none."""
    if id is not None:
        if id not in listing(lab, instance):
            have = listing(lab, instance)
            alias = "" if instance == "default" else f" --as {instance}"
            kept = (
                f"There are {len(have)}, up to {have[-1]}. See them" if have else "There are none. Make one"
            )
            command = f"machinelab {'runs' if have else 'run'} {lab}{alias}"
            raise UsageError(f"{lab} has no run {id}.", f"{kept}: {command}")
        return folder_of(lab, instance) / str(id)
    for number in reversed(listing(lab, instance)):
        folder = folder_of(lab, instance) / str(number)
        info = read(folder) if experiment is not None or knobs else None
        if info is None or (experiment in (None, info.experiment) and _has(info, knobs or {})):
            return folder
    return None


def _has(info: RunInfo, knobs: Mapping[str, str]) -> bool:
    return all(info.knobs.get(name) == value for name, value in knobs.items())
