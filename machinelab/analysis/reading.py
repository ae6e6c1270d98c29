"""Opening evidence: a run, a shipped reference or a capture from elsewhere, read against its guide."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from .. import catalog, guide
from ..align import align, identify
from ..correlate import correlate, tell_apart
from ..errors import LabError, UsageError, nearest
from ..model import Event, Experiment, Lab, Run, Trace
from ..store import references, runs
from .failures import FailedCommand, failed_commands
from .guide_values import Values

if TYPE_CHECKING:
    from ..sources.decoding import DecodeAs
    from .view import View

TRY = "try"  # the experiment id of a learner's own command


@dataclass(frozen=True, slots=True)
class Reading:
    """A run read against the guide: what every renderer and the worksheet start from.

    `origin` is how the evidence is spoken of ("run 7", "reference", a file's name); `strict` says whether differences
    from the guide count (they do not for a learner's own command or a capture from elsewhere).
    """

    lab: Lab
    run: Run
    guide: guide.Guide
    origin: str
    info: runs.RunInfo | None = None
    strict: bool = True

    @property
    def experiment(self) -> Experiment:
        """The experiment it was read as."""
        return self.run.experiment

    @property
    def ok(self) -> bool:
        """Whether the evidence is as the guide says and no command failed, as far as that is asked of it."""
        return not self.strict or (self.run.alignment.ok and not self.failed_commands)

    @property
    def failed_commands(self) -> tuple[FailedCommand, ...]:
        """The experiment's commands that ended with an unexpected exit code; a learner's own command may."""
        return failed_commands(self.experiment, self.info) if self.info and self.strict else ()

    @property
    def own(self) -> bool:
        """Whether it is a run of the learner's own machines."""
        return self.origin.startswith("run ")

    def offers(self) -> list[tuple[str, str]]:
        """What to type next, as (label, command)."""
        lab, ids = self.lab.id, [experiment.id for experiment in self.lab.in_order]
        shown = "" if self.experiment.id == TRY else f" {self.experiment.id}"
        rest = ids[ids.index(self.experiment.id) + 1 :] if self.experiment.id in ids else ids
        alias = f" --as {self.info.instance}" if self.info and self.info.instance != "default" else ""
        offers = [
            ("Look closer", f"machinelab inspect {lab}{shown}{alias}"),
            ("Read on", f"machinelab guide {lab}{shown}{alias}"),
        ]
        if self.lab.questions:
            offers.append(("Test yourself", f"machinelab worksheet {lab}{alias}"))
        return [*offers, *([("Now try", f"machinelab run {lab} {rest[0]}{alias}")] if rest else [])]

    def said(self) -> str:
        """What a learner's own command printed; empty for an experiment, whose packets are the answer."""
        own = self.info is not None and self.experiment.id == TRY
        commands = [c for c in self.info.commands if c.phase == "run"] if own and self.info else []
        return "".join(command.stdout + command.stderr for command in commands)

    def outputs(self) -> list[str]:
        """What went differently from plan while it ran, a line each."""
        return list(self.info.notes) if self.info else []

    def view(self) -> "View":
        """What the renderers show."""
        from .view import View

        alignment = replace(self.run.alignment, experiment=self.experiment)
        if self.experiment.id == TRY:
            # A learner's own command owes the guide nothing; a capture from elsewhere is told what came nearest.
            alignment = replace(alignment, missing=())
        return View(
            self.lab.id,
            self.run.trace,
            alignment,
            guide.words(self.guide, self.run.alignment.experiment.id, self._values()),
            self.origin,
            self.strict,
            self.own,
            self.info.instance if self.info else "default",
            _same_as(self.run.trace),
            self.failed_commands,
            self.run if self.experiment.id != TRY else None,
        )

    def _values(self) -> Values:
        """What the guide's value references stand for; of a reference capture, the lab's other references alone are asked."""
        shipped, instance = self.origin == "reference", self.info.instance if self.info else "default"

        @cache
        def other(experiment: str) -> Run | None:
            try:
                return open_lab(self.lab, experiment, instance=instance, shipped=shipped).run
            except LabError:
                return None

        return Values(self.lab, self.run, other)

    def select(self, events: Sequence[Event], expression: str = "", step: str | None = None) -> list[Event]:
        """The events that a filter matches and a step claims. Raises FilterError, UsageError (no such step)."""
        from .. import filter as display

        sees = display.compile(expression)
        known = [entry.id for experiment in self.lab.experiments for entry in experiment.steps]
        if step is not None and step not in known:
            raise UsageError(
                f"{self.lab.id} has no step {step!r}.", nearest(step, known) or "See the guide for its steps."
            )
        claimed = self.run.alignment.steps_of() if step else {}
        return [
            event
            for event in events
            if (not step or any(entry.id == step for entry, _ in claimed.get(event.id, ())))
            and sees.matches(event.fields)
        ]


def open_lab(
    lab: Lab,
    experiment: str | None = None,
    *,
    instance: str = "default",
    run: int | None = None,
    shipped: bool = False,
    decode_as: "DecodeAs | None" = None,
    most: int | None = None,
) -> Reading:
    """The run asked for, else the newest of the experiment, else the shipped reference. `most`: its first packets alone."""
    if experiment is not None and experiment != TRY:
        lab.experiment(experiment)
    folder = None if shipped else runs.find(lab.id, experiment, instance, run)
    if folder is None:
        return open_reference(lab, experiment or lab.core_path[0].id, decode_as=decode_as)
    info = runs.read(folder)
    if experiment is not None and info.experiment != experiment:
        raise UsageError(
            f"Run {info.id} is of {info.experiment}, not of {experiment}.", "Leave one of the two out."
        )
    return _read(lab, references.of_run(folder), info, f"run {info.id}", decode_as, most)


def open_asked(
    lab: Lab, name: str, instance: str = "default", *, decode_as: "DecodeAs | None" = None
) -> Reading:
    """What a question is asked of: the newest run of an experiment with its knobs as the name says (`cold@type=MX`), else the
    shipped reference of that name. Knobs that other questions turn stand at their defaults; the rest is the learner's choice.
    """
    experiment, turned = references.parse(name)
    found = lab.experiment(experiment)
    moved = {
        knob for question in lab.questions if question.experiment == experiment for knob in question.knobs
    }
    defaults = {knob: value for knob, value in found.defaults().items() if knob in moved}
    folder = runs.find(lab.id, experiment, instance, knobs={**defaults, **turned})
    if folder is None:
        return open_recorded(lab, name, decode_as)
    info = runs.read(folder)
    return _read(lab, references.of_run(folder), info, f"run {info.id}", decode_as)


def open_run(lab: Lab, folder: Path) -> Reading:
    """The run in a run folder, such as one that has just been made."""
    info = runs.read(folder)
    return _read(lab, references.of_run(folder), info, f"run {info.id}")


def open_named(
    lab: Lab,
    name: str,
    instance: str = "default",
    *,
    shipped: bool = False,
    decode_as: "DecodeAs | None" = None,
) -> Reading:
    """The evidence that people call `7` (a run's number) or `cold` (an experiment: its newest run, else its reference)."""
    if name.isdecimal():
        return open_lab(lab, instance=instance, run=int(name), decode_as=decode_as)
    return open_lab(lab, name, instance=instance, shipped=shipped, decode_as=decode_as)


def open_reference(
    lab: Lab, experiment: str, knobs: Mapping[str, str] | None = None, decode_as: "DecodeAs | None" = None
) -> Reading:
    """The capture of an experiment that ships with the lab, recorded with these knobs turned. Raises UsageError if there is none."""
    name = references.name_of(lab.experiment(experiment), knobs) if knobs else experiment
    return open_recorded(lab, name, decode_as)


def open_recorded(lab: Lab, name: str, decode_as: "DecodeAs | None" = None) -> Reading:
    """The shipped capture of that name: an experiment, or an experiment with knobs turned (`cold@type=MX`)."""
    evidence = references.of_reference(catalog.reference_folder(lab.id), name)
    return _read(lab, evidence, runs.read(evidence.folder), "reference", decode_as)


def open_evidence(lab: Lab, evidence: references.Evidence, origin: str) -> Reading:
    """Evidence that lies somewhere else, as `record` has before it puts it in its place."""
    return _read(lab, evidence, runs.read(evidence.folder), origin)


def open_file(
    path: Path,
    lab: Lab,
    experiment: str | None = None,
    keys: Path | None = None,
    decode_as: "DecodeAs | None" = None,
) -> Reading:
    """A capture from elsewhere, read as the experiment named or as the one that explains most of it."""
    from ..sources import pcap

    if not path.exists():
        raise UsageError(f"There is no file {path}.", "Give the path of a pcap or pcapng file.")
    try:
        if keys is not None:
            pcap.require_secrets(keys, path)
        trace = tell_apart(correlate(pcap.load(path, keys=keys, decode_as=decode_as)))
    except LabError as error:
        raise UsageError(error.message, error.hint) from error
    run = read_as(trace, lab, lab.experiment(experiment) if experiment else None, {})
    return Reading(lab, run, guide_of(lab), path.name, strict=False)


def _read(
    lab: Lab,
    evidence: references.Evidence,
    info: runs.RunInfo,
    origin: str,
    decode_as: "DecodeAs | None" = None,
    most: int | None = None,
) -> Reading:
    trace = load(evidence, info, decode_as, most)
    own = info.experiment == TRY
    run = read_as(trace, lab, None if own else lab.experiment(info.experiment), info.knobs)
    if own:
        run = replace(run, experiment=replace(run.experiment, id=TRY, title=_commands(info)))
    return Reading(lab, run, guide_of(lab), origin, info, strict=not own)


def load(
    evidence: references.Evidence,
    info: runs.RunInfo,
    decode_as: "DecodeAs | None" = None,
    most: int | None = None,
) -> Trace:
    """The events of one run from all its sources, in time order; `decode_as` beside the ports that the run remembers.

    `most`: of its packets the first alone.
    """
    from ..sources import timeline
    from ..sources.decoding import decoding

    if info.decode_as:
        decode_as = decoding((*info.decode_as, *(decode_as.rules if decode_as else ())))

    keys = evidence.keys if evidence.keys.exists() else None
    return correlate(
        timeline.load(evidence.capture, evidence.folder / runs.EVIDENCE, info.nodes, keys, decode_as, most)
    )


def read_as(trace: Trace, lab: Lab, experiment: Experiment | None, knobs: Mapping[str, str]) -> Run:
    """The trace read as that experiment; without one, as the experiment that it shows, or as none (its id is empty)."""
    if experiment:
        return Run(experiment, trace, align(trace, experiment, knobs), {**experiment.defaults(), **knobs})
    found = identify(trace, lab.experiments, knobs)
    return Run(found.alignment.experiment, trace, found.alignment, {**found.knobs, **knobs})


def guide_of(lab: Lab) -> guide.Guide:
    """The lab's guide, read once as long as its file does not change: it takes 30 ms. Raises LabError."""
    file = catalog.guide_file(lab.id)
    return _read_guide(file, file.stat().st_mtime_ns if file.exists() else 0)


@lru_cache(maxsize=4)
def _read_guide(file: Path, changed: int) -> guide.Guide:
    return guide.load(file)


def _same_as(trace: Trace) -> dict[str, tuple[int, ...]]:
    """Event id → the numbers of the other sightings of that packet."""
    return {
        event.id: tuple(s.number for s in event.sightings if s.number != event.number)
        for event in trace.events
        if event.sightings
    }


def _commands(info: runs.RunInfo) -> str:
    import shlex

    return "; ".join(f"{c.node}: {shlex.join(c.argv)}" for c in info.commands if c.phase == "run")
