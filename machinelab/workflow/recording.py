"""Recording a lab's references from live containers."""

import shutil
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from .. import catalog
from ..analysis.failures import allowance
from ..analysis.reading import Reading
from ..engine.progress import Progress, silent
from ..model import Lab
from ..store import references, runs
from .running import run, settings

SHOWN = 3  # unexplained events that are told of by number


class Recorded(NamedTuple):
    """A run that was to become a reference. `refused` says why it was not kept, in a sentence or two; else it is empty."""

    name: str
    reading: Reading
    refused: str = ""


def record(
    lab: Lab,
    wanted: Sequence[str] = (),
    given: Mapping[str, str] | None = None,
    instance: str = "default",
    *,
    progress: Progress = silent,
) -> list[Recorded]:
    """Record the references of experiments (all, if none is named) from live containers, and keep them with the lab.

    With the knobs `given`, references of those experiments with these knobs turned, beside those with the defaults. A run that
    is not as the guide says (`refusal`) is not kept. Raises UsageError for an experiment, a knob or a value that there is not.
    """
    experiments = [lab.experiment(id) for id in wanted] if wanted else list(lab.experiments)
    for experiment in experiments:
        settings(experiment, given or {})
    found = []
    for experiment in experiments:
        progress(experiment.id, "recording")
        fresh = run(lab, experiment, given, instance, progress=progress)
        name = references.name_of(experiment, fresh.run.knobs)
        refused = refusal(fresh)
        if not refused:
            keep(lab, name, fresh)
        found.append(Recorded(name, fresh, refused))
    return found


def refusal(fresh: Reading) -> str:
    """Why a run is no reference, and what to do about it: a command that failed, a step that was not seen, unexplained events."""
    if fresh.failed_commands:
        return " ".join(f"{failed}. {allowance(failed)}" for failed in fresh.failed_commands)
    alignment = fresh.run.alignment
    said = [f"{missing.step.id}: {missing.reason}" for missing in alignment.missing]
    if left := alignment.unclaimed:
        ids = ", ".join(event.id for event in left[:SHOWN])
        more = f" and {len(left) - SHOWN} more" if len(left) > SHOWN else ""
        said.append(
            f"No step and no background explains {'event' if len(left) == 1 else 'events'} {ids}{more}."
        )
    if not said:
        return ""
    look = f"machinelab packets {fresh.lab.id} {fresh.experiment.id} -v"
    return f"{' '.join(said)} Mend the steps, or write one, then record again. See: {look}"


def keep(lab: Lab, name: str, fresh: Reading) -> None:
    """Put a run into the lab's reference folder under this name, with its shape and the manifest."""
    assert fresh.info is not None
    folder = catalog.reference_folder(lab.id)
    source = references.of_run(runs.folder_of(lab.id, fresh.info.instance) / str(fresh.info.id))
    shutil.rmtree(folder / name, ignore_errors=True)
    (folder / name).mkdir(parents=True)
    shutil.copyfile(source.capture, folder / f"{name}.pcapng")
    (folder / f"{name}.keys").unlink(missing_ok=True)
    if (
        source.keys.exists() and source.keys.read_bytes().strip()
    ):  # a run in which nothing was encrypted has none
        shutil.copyfile(source.keys, folder / f"{name}.keys")
    shutil.copytree(source.folder, folder / name, dirs_exist_ok=True, ignore=_packets)
    (folder / f"{name}.shape.txt").write_text(references.shape(fresh.run.alignment), encoding="utf-8")
    day = datetime.fromtimestamp(fresh.info.started / 1e9, UTC).strftime("%Y-%m-%d")
    references.write_manifest(folder, {name: {"day": day, "packets": str(len(fresh.run.trace.events))}})


def _packets(folder: str, names: list[str]) -> list[str]:
    """The files that stand beside `<name>/` and not in it."""
    return (
        [name for name in names if name in (runs.CAPTURE, runs.KEYS)] if Path(folder).name.isdigit() else []
    )
