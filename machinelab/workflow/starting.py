"""Starting a lab and bringing it back to its known state: up, reset."""

import threading
from collections.abc import Sequence

from .. import catalog
from ..engine import images, lifecycle, mounts
from ..engine.progress import Progress, silent
from ..engine.topology import RunningLab, ps
from ..model import At, Lab
from ..render.terminal import TerminalStyle


def up(lab: Lab, instance: str = "default", progress: Progress = silent) -> RunningLab:
    """Build what images are missing, start the lab, and wait until every server is ready."""
    _import_meanwhile()
    _fit(lab)
    was_up = any(row.state == "running" for row in ps(lab.id, instance) if row.node)
    where = lifecycle.up(
        lab.id,
        catalog.compose_file(lab.id),
        instance,
        progress,
        lambda composition: images.ensure(images.of_composition(composition), progress),
    )
    _prepare(lab, where, (*lab.reset, *lab.warm_up) if was_up else lab.warm_up)
    return where


def reset(lab: Lab, instance: str = "default", progress: Progress = silent) -> RunningLab:
    """Back to the known state: nodes made anew from their (perhaps edited) configuration, caches empty."""
    _fit(lab)
    where = lifecycle.reset_nodes(lab.id, catalog.compose_file(lab.id), instance, progress=progress)
    _prepare(lab, where, lab.warm_up)
    return where


def _fit(lab: Lab) -> None:
    """Let the nodes read their files, as they are to read them. Raises LabError."""
    mounts.prepare(list(mounts.folders_of(catalog.compose_file(lab.id))))


def _import_meanwhile() -> None:
    """Import in another thread what is needed after Compose and the engine have done their work (50 ms of a processor)."""

    def load() -> None:
        from ..engine import commands  # noqa: F401
        from ..render import topology  # noqa: F401

    threading.Thread(target=load, daemon=True).start()


def _prepare(lab: Lab, where: RunningLab, commands: Sequence[At]) -> None:
    """Bring a started lab to its known state, so that a first run is like all others. Raises EngineError."""
    from ..engine import labels
    from ..engine.commands import in_turn, require, words

    logs = labels.command("logs", lab.id, where.instance)
    for at, command in in_turn(where, "reset", [(at, words(at, {})) for at in commands]):
        require(command, at, logs)


def description(lab: Lab, where: RunningLab, terminal: TerminalStyle) -> list[str]:
    """The topology of a started lab as text, and what to type next."""
    from ..render import topology as draw

    nodes = [
        draw.TopologyNode(name, interfaces, lab.descriptions.get(name, ""))
        for name, interfaces in where.nodes.items()
    ]
    first = [
        ("Learn", f"machinelab learn {lab.id}"),
        ("Try", f"machinelab run {lab.id} {lab.core_path[0].id}"),
        ("Stop", f"machinelab down {lab.id}"),
    ]
    if where.instance != "default":
        first = [(label, f"{command} --as {where.instance}") for label, command in first]
    return list(draw.topology(catalog.entry(lab.id).title, where.subnets(), nodes, terminal, first))
