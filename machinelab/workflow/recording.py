"""Recording a lab's references from live containers."""

import shutil
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from .. import catalog
from ..analysis.reading import Reading
from ..engine.progress import Progress, silent
from ..model import Lab
from ..store import references, runs
from .running import run


def record(
    lab: Lab, wanted: Sequence[str] = (), progress: Progress = silent, instance: str = "default"
) -> list[Reading]:
    """Record the references of experiments (all, if none is named) from live containers, and keep them with the lab."""
    found = []
    for id in wanted or [experiment.id for experiment in lab.experiments]:
        progress(id, "recording")
        fresh = run(lab, lab.experiment(id), {}, instance, progress=progress)
        keep(lab, fresh)
        found.append(fresh)
    return found


def keep(lab: Lab, fresh: Reading) -> None:
    """Put a run into the lab's reference folder, with its shape and the manifest."""
    assert fresh.info is not None
    folder = catalog.reference_folder(lab.id)
    source = references.of_run(runs.folder_of(lab.id, fresh.info.instance) / str(fresh.info.id))
    id = fresh.experiment.id
    shutil.rmtree(folder / id, ignore_errors=True)
    (folder / id).mkdir(parents=True)
    shutil.copyfile(source.capture, folder / f"{id}.pcapng")
    if source.keys.exists():
        shutil.copyfile(source.keys, folder / f"{id}.keys")
    shutil.copytree(source.folder, folder / id, dirs_exist_ok=True, ignore=_packets)
    (folder / f"{id}.shape.txt").write_text(references.shape(fresh.run.alignment), encoding="utf-8")
    day = datetime.fromtimestamp(fresh.info.started / 1e9, UTC).strftime("%Y-%m-%d")
    references.write_manifest(folder, {id: {"day": day, "packets": str(len(fresh.run.trace.events))}})


def _packets(folder: str, names: list[str]) -> list[str]:
    """The files that stand beside `<experiment>/` and not in it."""
    return (
        [name for name in names if name in (runs.CAPTURE, runs.KEYS)] if Path(folder).name.isdigit() else []
    )
