"""The shipped captures: where they lie, that nobody tampered with them, and the shape they must keep.

labs/<lab>/reference/
    manifest.toml          when each was recorded, how many packets it has, and the SHA-256 of its files
    cold.pcapng            the capture
    cold.shape.txt         its shape, for people and for `check`
    cold/run.json          who was who; other evidence beside it
    cold@type=MX.pcapng    the same experiment with a knob turned, with its own shape and folder
"""

import hashlib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, unquote

from ..errors import BrokenLab, UsageError, nearest
from ..model import Alignment, Claim, Experiment, Step
from . import runs

MANIFEST = "manifest.toml"
KNOBS = "@"  # between an experiment and the knobs that are turned, in the name of a reference
MAX_PACKETS = 2_000
MAX_BYTES = 3_000_000  # TCP alone needs more than two: its slow start under three congestion controls is what the plots compare
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")  # of TOML


@dataclass(frozen=True, slots=True)
class Evidence:
    """The files of one run, wherever they lie: `capture` and `keys` may be absent, `folder` holds run.json and the rest."""

    folder: Path
    capture: Path
    keys: Path


def of_run(folder: Path) -> Evidence:
    """The evidence in a run folder."""
    return Evidence(folder, folder / runs.CAPTURE, folder / runs.KEYS)


def name_of(experiment: Experiment, knobs: Mapping[str, str]) -> str:
    """What the reference of an experiment is called: `cold`, and with knobs turned `cold@name=www.example.test,type=MX`.

    A knob that stands at its default is not named. What a file name may not hold is percent-encoded (RFC 3986 §2.1).
    """
    settings = ",".join(f"{name}={quote(value, safe='')}" for name, value in turned(experiment, knobs))
    return f"{experiment.id}{KNOBS}{settings}" if settings else experiment.id


def parse(name: str) -> tuple[str, dict[str, str]]:
    """The experiment and the knobs turned that a reference's name says: the opposite of `name_of`."""
    experiment, _, settings = name.partition(KNOBS)
    pairs = (setting.partition("=") for setting in settings.split(",") if setting)
    return experiment, {knob: unquote(value) for knob, _, value in pairs}


def turned(experiment: Experiment, knobs: Mapping[str, str]) -> list[tuple[str, str]]:
    """The knobs that do not stand at their defaults, with their values, by name."""
    defaults = experiment.defaults()
    return sorted((name, value) for name, value in knobs.items() if value != defaults.get(name))


def of_reference(folder: Path, name: str) -> Evidence:
    """The evidence of a shipped reference, its hashes checked. Raises UsageError if there is none, BrokenLab if tampered with."""
    found = Evidence(folder / name, folder / f"{name}.pcapng", folder / f"{name}.keys")
    if not (found.folder / runs.INFO).exists():
        raise _absent(folder, name)
    verify(folder, name)
    return found


def _absent(folder: Path, name: str) -> UsageError:
    experiment, _, settings = name.partition(KNOBS)
    if not settings:
        known = experiments(folder)
        hint = nearest(experiment, known) or f"References: {', '.join(known) or 'none yet'}."
        return UsageError(f"There is no reference capture of {experiment!r}.", hint)
    there = [
        f"--set {' --set '.join(unquote(s) for s in each.split(','))}"
        for each in variants(folder, experiment)
    ]
    return UsageError(
        f"There is no reference capture of {experiment!r} with {unquote(settings.replace(',', ', '))}.",
        f"There is one with its defaults{''.join(f', and one with {each}' for each in there)}.",
    )


def recorded(folder: Path) -> list[str]:
    """The names of all references: of experiments with their defaults, and with knobs turned."""
    return sorted(path.parent.name for path in folder.glob(f"*/{runs.INFO}"))


def experiments(folder: Path) -> list[str]:
    """The experiments that have a reference with their defaults."""
    return [name for name in recorded(folder) if KNOBS not in name]


def variants(folder: Path, experiment: str) -> list[str]:
    """What is after the `@` in the names of an experiment's references with knobs turned."""
    start = f"{experiment}{KNOBS}"
    return [name.removeprefix(start) for name in recorded(folder) if name.startswith(start)]


def files(folder: Path, name: str) -> list[Path]:
    """Every file that belongs to one reference, sorted."""
    beside = [folder / f"{name}{ending}" for ending in (".pcapng", ".keys", ".shape.txt")]
    inside = sorted(path for path in (folder / name).rglob("*") if path.is_file())
    return [path for path in beside if path.exists()] + inside


def digest(path: Path) -> str:
    """SHA-256 of a file, in hex."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def manifest(folder: Path) -> Mapping[str, Mapping[str, Mapping[str, str]]]:
    """What `manifest.toml` says: a reference's name → {"recorded": {...}, "sha256": {file: digest}}."""
    path = folder / MANIFEST
    try:
        return tomllib.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    except tomllib.TOMLDecodeError as error:
        raise BrokenLab(
            f"{path} cannot be read: {error}.", "Record the references again: machinelab record LAB"
        ) from error


def verify(folder: Path, experiment: str) -> None:
    """Hold a reference against its hashes. Raises BrokenLab naming the file that differs."""
    said = manifest(folder).get(experiment, {}).get("sha256", {})
    there = {str(path.relative_to(folder)): path for path in files(folder, experiment)}
    for name in sorted(said.keys() | there.keys()):
        if name not in there:
            raise BrokenLab(
                f"The reference {folder / name} is missing.", "Install machinelab again, or record it again."
            )
        if said.get(name) != digest(there[name]):
            raise BrokenLab(
                f"The reference {folder / name} is not the one that was recorded: its SHA-256 differs.",
                "Install machinelab again, or, if you changed it on purpose, record it: machinelab record LAB",
            )


def write_manifest(folder: Path, fresh: Mapping[str, Mapping[str, str]]) -> None:
    """Write `manifest.toml` for all references that are there; `fresh` adds to or replaces what is known of some."""
    before = manifest(folder)
    lines = ["# Written by `machinelab record`. The hashes are checked whenever a reference is opened.", ""]
    for name in recorded(folder):
        said = {**before.get(name, {}).get("recorded", {}), **fresh.get(name, {})}
        key = name if _BARE_KEY.fullmatch(name) else f'"{name}"'
        lines += [
            f"[{key}.recorded]",
            *(f'{key} = "{value}"' for key, value in sorted(said.items())),
            "",
        ]
        hashes = {str(path.relative_to(folder)): digest(path) for path in files(folder, name)}
        lines += [f"[{key}.sha256]", *(f'"{file}" = "{value}"' for file, value in hashes.items()), ""]
    (folder / MANIFEST).write_text("\n".join(lines), encoding="utf-8")


def shape(alignment: Alignment, *, optional: bool = False) -> str:
    """What happened, without what differs from run to run: steps with their hops and count class, in their tracks' order.

    A step that may be absent (`times` from 0) is part of it only with `optional`: whether a server closes its connection
    before the capture ends, or a dying leader still announces itself, differs from run to run.
    """
    lines = []
    steps = {step.id: step for step in alignment.experiment.steps}
    for exchange in sorted({claim.exchange for claim in alignment.claims}):
        claims = [
            claim
            for claim in alignment.claims
            if claim.exchange == exchange and (optional or not claim.step.optional)
        ]
        lines.append(f"exchange {exchange}")
        lines += [
            f"  {_track(claim)}{claim.step.id}  {_hops(claim, steps, alignment.roles)}  {_many(claim)}"
            for claim in claims
        ]
    lines += [f"missing  {missing.step.id}" for missing in alignment.missing]
    return "\n".join(lines) + "\n"


def _track(claim: Claim) -> str:
    return f"[{claim.step.track}] " if claim.step.track else ""


def _hops(claim: Claim, steps: Mapping[str, Step], roles: Mapping[str, str]) -> str:
    """The step's own hop where it leaves a choice (which of two servers is asked is chance), else the nodes seen."""
    hop = claim.step.hop
    if not hop and claim.step.reply_to in steps:
        hop = " > ".join(reversed([part.strip() for part in steps[claim.step.reply_to].hop.split(">")]))
    if "|" in hop or "any" in hop.split():
        return hop
    seen = {" > ".join(item.event.path(roles)) for item in claim.items}
    return ", ".join(sorted(seen))


def _many(claim: Claim) -> str:
    """Optional and repeatable steps count as any; the rest as one or many."""
    if claim.step.times != (1, 1) or claim.retries:
        return "any"
    return "1" if len(claim.items) == 1 else "many"
