"""`up`, `down` and `reset` of a lab's instance."""

import re
from collections.abc import Callable
from contextlib import ExitStack, suppress
from pathlib import Path

from ..errors import EngineError
from . import addresses, api, compose, docker, labels, ready, routes
from .compose import Composition
from .lock import Lock, held, unfinished
from .progress import Progress, silent
from .removal import Removed, instances, remove, remove_until_quiet
from .topology import LabNotUp, RunningLab, prefixes_of, ps, topology

TRIES = 4  # how often an instance looks for other addresses when somebody else was quicker


def up(
    lab: str,
    file: Path,
    instance: str = labels.DEFAULT,
    progress: Progress = silent,
    prepare: Callable[[Composition], object] = lambda composition: None,
) -> RunningLab:
    """Start a lab's instance and wait until every server is ready; where it is up already, make sure of it.

    `prepare` is given the lab's compose file before anything is started: its images must be there when it returns.
    Raises EngineError: addresses in the way, an image missing, NodeFailed.
    """
    labels.checked_instance(instance)
    api.prepare()  # while Compose reads the file
    composition = compose.load(lab, file, instance, _likely(lab, file, instance))
    prepare(composition)
    with held(labels.lock(lab, instance), progress, among_users=True) as lock:
        if lock.broken:
            remove_until_quiet(lab, instance)
        launch = _launch if instance == labels.DEFAULT else _launch_elsewhere
        watch = launch(composition, progress, lock)
        watch.finish()
        return _all_running(watch.composition)


def reset_nodes(
    lab: str,
    file: Path,
    instance: str = labels.DEFAULT,
    nodes: tuple[str, ...] = (),
    progress: Progress = silent,
) -> RunningLab:
    """Make nodes (none named: all) anew from the lab's files, and wait until they are ready. Raises LabNotUp, NodeFailed."""
    with held(labels.lock(lab, instance), progress, among_users=True) as lock:
        prefixes = prefixes_of(lab, instance)
        if not prefixes:
            raise LabNotUp(lab, instance)
        composition = compose.load(lab, file, instance, prefixes)
        if lock.broken:  # who knows what is there: begin with nothing
            remove_until_quiet(lab, instance)
            nodes = ()
        _start(composition, progress, lock, "--force-recreate", "--no-deps", "-t", "1", nodes=nodes).finish()
        return _all_running(composition)


def down(lab: str, instance: str = labels.DEFAULT, progress: Progress = silent) -> Removed:
    """Take away all that belongs to a lab's instance, the tap too. What is not up is no error."""
    with held(labels.lock(lab, instance), progress, among_users=True) as lock:
        return remove_until_quiet(lab, instance) if lock.broken else remove(lab, instance)


def down_all(progress: Progress = silent) -> Removed:
    """Take away all that the kit ever started on this engine, whatever became of the processes that started it."""
    pending = [
        (lab, instance) for lab, _, instance in (name.partition("@") for name in unfinished()) if instance
    ]
    removed = Removed()
    for lab, instance in sorted({*instances(), *pending}):
        progress(lab if instance == labels.DEFAULT else f"{lab} as {instance}", "going down")
        removed += down(lab, instance, progress)
    return removed + remove(None, None)


def _likely(lab: str, file: Path, instance: str) -> addresses.Prefixes | None:
    """Where an instance will most likely be: read with these, its compose file need not be read again."""
    if instance == labels.DEFAULT:
        return None
    there = prefixes_of(lab, instance)
    return there or addresses.allocate(addresses.named_in(file), routes.taken(), lab, instance)


def _launch(composition: Composition, progress: Progress, lock: Lock) -> ready.Readiness:
    """Start an instance on the lab's own addresses."""
    lab, instance = composition.lab, composition.instance
    entries = routes.taken()
    addresses.require_free(composition.prefixes(), entries, lab, instance)
    fresh = not any(entry.project == composition.project for entry in entries)
    try:
        return _start(composition, progress, lock)
    except docker.DockerError as error:
        if fresh:
            _take_back(composition)
        if _is_overlap(error):
            # Somebody was quicker than our look at the networks.
            addresses.require_free(composition.prefixes(), routes.taken(), lab, instance)
        raise


def _launch_elsewhere(composition: Composition, progress: Progress, lock: Lock) -> ready.Readiness:
    """Start an instance on addresses of its own: those it has, where it is up already, else free ones."""
    lab, instance = composition.lab, composition.instance
    for attempt in range(TRIES):
        with ExitStack() as choosing:
            prefixes = prefixes_of(lab, instance)
            fresh = not prefixes
            if prefixes.keys() != composition.networks.keys():
                choosing.enter_context(held("addresses", progress))
                prefixes = addresses.allocate(composition.networks, routes.taken(), lab, instance)
            if composition.prefixes() != prefixes:
                composition = compose.load(lab, composition.file, instance, prefixes)
            try:
                return _start(composition, progress, lock)
            except docker.DockerError as error:
                # An overlap: whoever does not share our lock took them meanwhile. The engine decides, we look again.
                overlaps = _is_overlap(error)
                if fresh or overlaps:
                    _take_back(composition)
                if not overlaps or attempt == TRIES - 1:
                    raise
    raise AssertionError(TRIES)


def _take_back(composition: Composition) -> None:
    """Remove what a start that failed has left. Where the engine itself is what failed, `down` finds it later."""
    # Compose gave up at the first failure; the engine may still be making what it was asked for beside it.
    with suppress(docker.DockerError):  # the failure of the start is what there is to tell, not this one
        remove_until_quiet(composition.lab, composition.instance)


def _all_running(composition: Composition) -> RunningLab:
    """What is up now. Raises NodeFailed for a server that passed its healthcheck and stopped right after."""
    for row in ps(composition.lab, composition.instance):
        if row.state != "running" and row.node in composition.services:
            raise ready.ended(composition, row.node, *ready.state_of(composition, row.node))
    return topology(composition.lab, composition.instance)


def _is_overlap(error: docker.DockerError) -> bool:
    return "Pool overlaps" in error.stderr or "conflicts with" in error.stderr


def _start(
    composition: Composition, progress: Progress, lock: Lock, *options: str, nodes: tuple[str, ...] = ()
) -> ready.Readiness:
    """Have Compose start the nodes, each asked whether it is ready from the moment it runs."""
    watch = ready.Readiness(composition, nodes or tuple(composition.services), progress)
    try:
        compose.start(composition, progress, lock, *options, nodes=nodes, running=watch.begin)
    except docker.DockerError as error:
        watch.cancel()
        raise _of_node(error, composition) or error from None
    except BaseException:
        watch.cancel()
        raise
    return watch


def _of_node(error: docker.DockerError, composition: Composition) -> EngineError | None:
    """Where Compose waited for a server that others depend on, and it failed: that server's own error."""
    found = re.search(r"container (\S+) (?:is unhealthy|exited \((\d+)\))", error.stderr)
    if not found:
        return None
    node = composition.node(found[1])
    return (
        ready.stopped(composition, node, int(found[2]))
        if found[2]
        else ready.never_ready(composition, node, "")
    )
