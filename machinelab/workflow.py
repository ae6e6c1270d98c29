"""Up, run, try, reset, record as plain functions: what the command line, the inspector and the tests call."""

import shutil
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from . import catalog, reading, reference, runs
from .align import align
from .align.links import link
from .engine import images, lifecycle, session
from .engine.progress import Progress, silent
from .engine.topology import Topology, topology
from .errors import UsageError, nearest
from .model import Choice, Event, Experiment, Item, Lab, Trace
from .reading import Reading
from .sources import pcap

if TYPE_CHECKING:
    from .render.look import Look
    from .worksheet.desk import Desk

PATIENCE = 1_000_000_000  # ns; a request that nobody answers for so long is not waited for any more

Watch = Callable[[Event, Topology], None]


def up(lab: str, instance: str = "default", progress: Progress = silent) -> Topology:
    """Build what images are missing, start the lab, and wait until every server is ready."""
    declared = catalog.load_lab(lab)
    file = catalog.compose_file(lab)
    images.ensure(images.of_lab(lab, file), progress)
    where = lifecycle.up(lab, file, instance, progress)
    _prepare(declared, where)
    return where


def _prepare(lab: Lab, where: Topology) -> None:
    """Bring a started lab to its known state, so that a first run is like all others."""
    from .engine.commands import require, run_to_end, words

    for at in lab.reset:
        logs = f"machinelab logs {lab.id} {at.node}"
        require(run_to_end(where, "reset", at, words(at, {}), session.SIDE_LIMIT), at, logs)


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
    watch: Watch | None = None,
) -> Reading:
    """Run an experiment on a lab that is up, and read it against the guide."""
    lab = catalog.load_lab(lab_id)
    experiment = lab.experiment(experiment_id) if experiment_id else lab.experiments[0]
    knobs = settings(experiment, given or {})
    where = topology(lab_id, instance)
    id, folder = runs.create(lab_id, instance)
    listener = _Listener(experiment, knobs, where, watch)
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
) -> Reading:
    """Run a command of the learner's own on a node, captured and annotated like an experiment."""
    lab = catalog.load_lab(lab_id)
    where = topology(lab_id, instance)
    id, folder = runs.create(lab_id, instance)
    listener = _Listener(None, {}, where, None)
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


class _Listener:
    """Follows a capture as it comes, to know when all has been seen: the step waited for, and no question left open."""

    def __init__(
        self, experiment: Experiment | None, knobs: Mapping[str, str], where: Topology, watch: Watch | None
    ) -> None:
        self.experiment = experiment
        self.knobs = knobs
        self.where = where
        self.watch = watch
        self.live = pcap.Live()
        self.events: list[Event] = []
        self._done_at = -1  # events there were when `until` was last found to be seen

    def hear(self, data: bytes) -> None:
        """Take in another piece of the capture."""
        for event in self.live.feed(data):
            self.events.append(event)
            if self.watch:
                self.watch(event, self.where)

    def settled(self) -> bool:
        """Whether the step waited for was seen and every request was answered, or has waited for long enough."""
        trace = Trace(tuple(self.events), self.where.nodes)
        return self._seen(trace) and not self._open(list(trace.items()))

    def _seen(self, trace: Trace) -> bool:
        if self.experiment is None or not self.experiment.until:
            return True
        if self._done_at < 0:
            found = align(trace, self.experiment, self.knobs)
            if any(claim.step.id == self.experiment.until for claim in found.claims):
                self._done_at = len(self.events)
        return self._done_at >= 0

    def _open(self, items: list[Item]) -> bool:
        links = link(items)
        now = time.time_ns()
        return any(
            item.exchange is not None
            and not item.exchange.reply
            and index not in links.reply
            and now - item.event.time < PATIENCE
            for index, item in enumerate(items)
        )


def watcher(lab_id: str, experiment_id: str | None, look: "Look", say: Callable[[str], None]) -> Watch:
    """Prints each packet as it comes, annotated as far as can be known by then: whose step its hop and pattern fit, or whose reply it is."""
    from . import guide
    from .align.evidence import ready
    from .render.table import LiveTable

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
    from .render import topology as draw

    said = lab.what
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
    _prepare(lab, where)
    return where


def record(
    lab_id: str, wanted: Sequence[str] = (), progress: Progress = silent, instance: str = "default"
) -> list[Reading]:
    """Record the references of experiments (all, if none is named) from live containers, and keep them with the lab."""
    lab = catalog.load_lab(lab_id)
    found = []
    for id in wanted or [experiment.id for experiment in lab.experiments]:
        progress(id, "recording")
        fresh = run(lab_id, lab.experiment(id).id, {}, instance, progress=progress)
        keep(lab, fresh)
        found.append(fresh)
    return found


def keep(lab: Lab, fresh: Reading) -> None:
    """Put a run into the lab's reference folder, with its shape and the manifest."""
    assert fresh.info is not None
    folder = catalog.reference_folder(lab.id)
    source = reference.of_run(runs.folder_of(lab.id, fresh.info.instance) / str(fresh.info.id))
    id = fresh.experiment.id
    shutil.rmtree(folder / id, ignore_errors=True)
    (folder / id).mkdir(parents=True)
    shutil.copyfile(source.capture, folder / f"{id}.pcapng")
    if source.keys.exists():
        shutil.copyfile(source.keys, folder / f"{id}.keys")
    shutil.copytree(source.folder, folder / id, dirs_exist_ok=True, ignore=_packets)
    (folder / f"{id}.shape.txt").write_text(reference.shape(fresh.run.alignment), encoding="utf-8")
    day = datetime.fromtimestamp(fresh.info.started / 1e9, UTC).strftime("%Y-%m-%d")
    reference.write_manifest(folder, {id: {"day": day, "packets": str(len(fresh.run.trace.events))}})


def _packets(folder: str, names: list[str]) -> list[str]:
    """What does not go into `<experiment>/`, for it stands beside it."""
    return (
        [name for name in names if name in (runs.CAPTURE, runs.KEYS)] if Path(folder).name.isdigit() else []
    )


def desk(lab_id: str, instance: str = "default") -> "Desk":
    """The lab's worksheet, with the learner's runs (else the references) to grade from."""
    from .worksheet import prose
    from .worksheet.desk import Desk

    lab = catalog.load_lab(lab_id)
    file = catalog.worksheet_file(lab_id)
    if not lab.questions or not file.exists():
        raise UsageError(
            f"{lab_id} has no worksheet yet.", f"Read its guide meanwhile: machinelab guide {lab_id}"
        )
    return Desk(lab, prose.load(file), lambda id: reading.open_lab(lab, id, instance=instance), instance)


def sit(desk: "Desk", look: "Look", source: TextIO, out: TextIO) -> None:
    """The worksheet, one question after another. Experiments are run right there if the lab is up."""
    from .render import table
    from .worksheet import sitting

    lab_id, instance = desk.lab.id, desk.instance

    def perform(experiment: str) -> None:
        found = run(lab_id, experiment, {}, instance)
        out.writelines(line + "\n" for line in table.report(found.view(), look))

    def packets(experiment: str) -> list[str]:
        found = reading.open_lab(catalog.load_lab(lab_id), experiment, instance=instance)
        return list(table.table(found.view(), look))

    sitting.sit(desk, source, out, look, run=perform, packets=packets)
