"""Up, run, try, reset, record as plain functions: what the command line, the inspector and the tests call."""

import shutil
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from .. import catalog
from ..engine import images, lifecycle
from ..engine.progress import Progress, silent
from ..engine.topology import Topology, ps, topology
from ..errors import LabError, UsageError, nearest
from ..model import At, Choice, Event, Experiment, Lab, Trace
from ..store import runs

# Dissecting, aligning and reading cost 0.2 s of a processor to import: what only starts and stops does without them.
if TYPE_CHECKING:
    from ..analysis.reading import Reading
    from ..render.look import Look
    from ..worksheet.session import Desk
    from .completion import Watch


def up(lab: str, instance: str = "default", progress: Progress = silent) -> Topology:
    """Build what images are missing, start the lab, and wait until every server is ready."""
    declared = catalog.load_lab(lab)
    _load_meanwhile()
    was_up = any(row.state == "running" for row in ps(lab, instance) if row.node)
    where = lifecycle.up(
        lab,
        catalog.compose_file(lab),
        instance,
        progress,
        lambda composition: images.ensure(images.of_composition(composition), progress),
    )
    _prepare(declared, where, (*declared.reset, *declared.warm_up) if was_up else declared.warm_up)
    return where


def _load_meanwhile() -> None:
    """While Compose and the engine work, load what is needed after them (50 ms of a processor)."""

    def load() -> None:
        from ..engine import commands  # noqa: F401
        from ..render import topology  # noqa: F401

    threading.Thread(target=load, daemon=True).start()


def _prepare(lab: Lab, where: Topology, commands: Sequence[At]) -> None:
    """Bring a started lab to its known state, so that a first run is like all others."""
    from ..engine import labels
    from ..engine.commands import in_turn, require, words

    logs = labels.command("logs", lab.id, where.instance)
    for at, command in in_turn(where, "reset", [(at, words(at, {})) for at in commands]):
        require(command, at, logs)


def settings(experiment: Experiment, given: Mapping[str, str]) -> dict[str, str]:
    """All knobs with their values. Raises UsageError for a knob or a value that there is not."""
    for name, value in given.items():
        knob = experiment.knobs.get(name)
        if knob is None:
            known = list(experiment.knobs)
            hint = nearest(name, known) or (
                f"Its knobs: {', '.join(known)}." if known else "Leave --set out."
            )
            raise UsageError(f"{experiment.id} has no knob {name!r}.", hint)
        if isinstance(knob, Choice) and value not in knob.options:
            hint = nearest(value, knob.options) or f"Choose one of: {', '.join(knob.options)}."
            raise UsageError(f"{name} cannot be {value!r}.", hint)
    return {**experiment.defaults(), **given}


def run(
    lab_id: str,
    experiment_id: str | None = None,
    given: Mapping[str, str] | None = None,
    instance: str = "default",
    *,
    progress: Progress = silent,
    watch: "Watch | None" = None,
) -> "Reading":
    """Run an experiment on a lab that is up, and read it against the guide."""
    from ..analysis import reading
    from ..engine import session
    from .completion import Listener

    lab = catalog.load_lab(lab_id)
    experiment = lab.experiment(experiment_id) if experiment_id else lab.experiments[0]
    knobs = settings(experiment, given or {})
    _make_ready_to_tell(lab)
    where = topology(lab_id, instance)
    id, folder = runs.create(lab_id, instance)
    listener = Listener(experiment, knobs, where, watch)
    session.perform(
        lab,
        experiment,
        knobs,
        folder,
        topology=where,
        settled=listener.settled,
        on_data=listener.hear,
        progress=progress,
    )
    return reading.open_lab(lab, experiment.id, instance=instance, run=id)


def attempt(
    lab_id: str,
    node: str,
    argv: Sequence[str],
    instance: str = "default",
    *,
    progress: Progress = silent,
) -> "Reading":
    """Run a command of the learner's own on a node, captured and annotated like an experiment."""
    from ..analysis import reading
    from ..engine import session
    from .completion import Listener

    lab = catalog.load_lab(lab_id)
    _make_ready_to_tell(lab)
    where = topology(lab_id, instance)
    id, folder = runs.create(lab_id, instance)
    # Whichever experiment the command will be read as, what the servers ask each other all the time is not its question.
    background = tuple({entry: None for each in lab.experiments for entry in each.background})
    listener = Listener(None, {}, where, None, background)
    session.attempt(
        lab,
        node,
        argv,
        folder,
        topology=where,
        settled=listener.settled,
        on_data=listener.hear,
        progress=progress,
    )
    return reading.open_lab(lab, reading.TRY, instance=instance, run=id)


def _make_ready_to_tell(lab: Lab) -> None:
    """While the nodes work, load what shows a run (0.1 s of a processor), so that nobody waits for it afterwards."""

    def load() -> None:
        from ..analysis import reading
        from ..render import json, table, verdict  # noqa: F401 - for whoever imports them next
        from ..sources import timeline  # noqa: F401

        with suppress(LabError):  # told where it is asked for
            reading.guide_of(lab)

    threading.Thread(target=load, daemon=True).start()


def watcher(lab_id: str, experiment_id: str | None, look: "Look", say: Callable[[str], None]) -> "Watch":
    """Prints each packet as it comes, annotated as far as can be known by then: whose step its hop and pattern fit, or whose reply it is."""
    from .. import guide
    from ..align.evidence import ready
    from ..render.table import LiveTable

    lab = catalog.load_lab(lab_id)
    experiment = lab.experiment(experiment_id) if experiment_id else lab.experiments[0]
    patterns = [ready(step) for step in experiment.steps if not step.never]
    asked: dict[object, list[str]] = {}  # exchange → the steps that its request fits
    words = guide.words(guide.load(catalog.guide_file(lab_id)), experiment.id)
    table: list[LiveTable] = []

    def watch(event: Event, where: Topology) -> None:
        names = Trace((), where.nodes).names()
        if not table:
            table.append(LiveTable(look, list(where.nodes), [step.id for step in experiment.steps], words))
            say(table[0].head())
        exchange = next((message.exchange for message in event.messages if message.exchange), None)
        waiting = asked.get(exchange.key, []) if exchange and exchange.reply else []
        fits = [
            p.step
            for p in patterns
            if (p.step.reply_to in waiting if p.step.reply_to else p.hop.matches(event, names))
            and p.sees.matches(event.fields)
        ]
        fits.sort(key=lambda step: step.optional)  # what has to come is likelier than what may
        if exchange and not exchange.reply:
            asked[exchange.key] = [step.id for step in fits]
        for line in table[0].lines(event, names, [(step, 1) for step in fits[:1]]):
            say(line)

    return watch


def drawn(lab: Lab, where: Topology, look: "Look") -> list[str]:
    """The topology as text, and what to try."""
    from ..render import topology as draw

    said = lab.descriptions
    nodes = [draw.Node(name, feet, said.get(name, "")) for name, feet in where.nodes.items()]
    first = [
        ("Try", f"machinelab run {lab.id} {lab.experiments[0].id}"),
        ("Stop", f"machinelab down {lab.id}"),
    ]
    if where.instance != "default":
        first = [(label, f"{command} --as {where.instance}") for label, command in first]
    return list(draw.topology(catalog.entry(lab.id).title, where.subnets(), nodes, look, first))


def reset(lab_id: str, instance: str = "default", progress: Progress = silent) -> Topology:
    """Back to the known state: nodes made anew from their (perhaps edited) configuration, caches empty."""
    lab = catalog.load_lab(lab_id)
    where = lifecycle.reset_nodes(lab_id, catalog.compose_file(lab_id), instance, progress=progress)
    _prepare(lab, where, lab.warm_up)
    return where


def record(
    lab_id: str, wanted: Sequence[str] = (), progress: Progress = silent, instance: str = "default"
) -> "list[Reading]":
    """Record the references of experiments (all, if none is named) from live containers, and keep them with the lab."""
    lab = catalog.load_lab(lab_id)
    found = []
    for id in wanted or [experiment.id for experiment in lab.experiments]:
        progress(id, "recording")
        fresh = run(lab_id, lab.experiment(id).id, {}, instance, progress=progress)
        keep(lab, fresh)
        found.append(fresh)
    return found


def keep(lab: Lab, fresh: "Reading") -> None:
    """Put a run into the lab's reference folder, with its shape and the manifest."""
    from ..store import references

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
    """What does not go into `<experiment>/`, for it stands beside it."""
    return (
        [name for name in names if name in (runs.CAPTURE, runs.KEYS)] if Path(folder).name.isdigit() else []
    )


def desk(lab_id: str, instance: str = "default") -> "Desk":
    """The lab's worksheet, with the learner's runs (else the references) to grade from."""
    from ..analysis import reading
    from ..worksheet import prose
    from ..worksheet.session import Desk

    lab = catalog.load_lab(lab_id)
    file = catalog.worksheet_file(lab_id)
    if not lab.questions or not file.exists():
        raise UsageError(
            f"{lab_id} has no worksheet yet.", f"Read its guide meanwhile: machinelab guide {lab_id}"
        )
    return Desk(lab, prose.load(file), lambda id: reading.open_lab(lab, id, instance=instance), instance)


def sit(desk: "Desk", look: "Look", source: TextIO, out: TextIO) -> None:
    """The worksheet, one question after another. Experiments are run right there if the lab is up."""
    from ..analysis import reading
    from ..render import table
    from ..render.worksheet import dialogue

    lab_id, instance = desk.lab.id, desk.instance

    def perform(experiment: str) -> None:
        found = run(lab_id, experiment, {}, instance)
        out.writelines(line + "\n" for line in table.report(found.view(), look))

    def packets(experiment: str) -> list[str]:
        found = reading.open_lab(catalog.load_lab(lab_id), experiment, instance=instance)
        return list(table.table(found.view(), look))

    dialogue.sit(desk, source, out, look, run=perform, packets=packets)
