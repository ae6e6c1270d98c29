"""References: there, as they were recorded, small enough, and what the guide says, to the last packet."""

import shlex
from collections.abc import Iterator

from .. import filter as display
from ..analysis.failures import allowance
from ..analysis.headline import LONGEST, UNFIT
from ..analysis.reading import Reading
from ..errors import LabError, Problem, UsageError
from ..model import Experiment
from ..store import references
from ..workflow.running import settings
from .subject import Subject

SHOWN = 3
"""How many unexplained packets are told of by number; of more, how many."""


def problems(subject: Subject) -> Iterator[Problem]:
    """All that is wrong with the shipped captures."""
    for experiment in subject.lab.experiments:
        yield from _one(subject, experiment)
        yield from _headline(subject, experiment)
    yield from _never_seen(subject)
    yield from _size(subject)


def _headline(subject: Subject, experiment: Experiment) -> Iterator[Problem]:
    """An experiment that does not say what happened, or whose function cannot tell it of a reference."""
    if experiment.headline is None:
        said = f"{experiment.id} does not say what happened."
        fix = "Give it headline=, a function of the run that gives a sentence."
        yield subject.at(experiment.id, said, fix)
        return
    for found in (*subject.readings.values(), *subject.variants.values()):
        if found.experiment.id != experiment.id:
            continue
        try:
            told = experiment.headline(found.run)
        except UNFIT as error:
            said = f"The headline of {experiment.id} fails on its reference: {type(error).__name__}: {error}"
            yield subject.at(experiment.id, said, "Work it out of steps that the reference shows.")
            continue
        text = told if isinstance(told, str) else told.text
        if not text.strip() or len(text) > LONGEST:
            said = f"The headline of {experiment.id} is {len(text)} characters long: it is one sentence, of 1 to {LONGEST}."
            yield subject.at(experiment.id, said, "Say what happened, and nothing else.")


def _record(subject: Subject, id: str = "") -> str:
    return f"Record it: machinelab record {subject.lab.id} {id}".rstrip()


def _command(subject: Subject, found: Reading) -> str:
    """What records a reference again, the knobs turned as they were."""
    turned = references.turned(found.experiment, found.info.knobs if found.info else {})
    words = [f" --set {shlex.quote(f'{name}={value}')}" for name, value in turned]
    return f"machinelab record {subject.lab.id} {found.experiment.id}{''.join(words)}"


def _one(subject: Subject, experiment: Experiment) -> Iterator[Problem]:
    id = experiment.id
    if id in subject.unread:
        if not subject.unread[id]:
            return
        yield subject.at(
            id, f"The reference of {id} cannot be read: {subject.unread[id]}", _record(subject, id)
        )
    elif id not in subject.readings:
        yield subject.at(id, f"{id} has no reference capture.", _record(subject, id))
    else:
        yield from _recorded(subject, id, subject.readings[id])
    for name in sorted(subject.unread):
        if name.startswith(f"{id}{references.KNOBS}") and subject.unread[name]:
            said = f"The reference {name} cannot be read: {subject.unread[name]}"
            yield subject.at(id, said, "Record it again, or remove its files.")
    for name, found in subject.variants.items():
        if found.experiment.id == id:
            yield from _knobs(subject, name, found)
            yield from _recorded(subject, name, found)


def _recorded(subject: Subject, name: str, found: Reading) -> Iterator[Problem]:
    """What is wrong with one reference of that name (its experiment, or that with the knobs that were turned)."""
    yield from _failed(subject, name, found)
    yield from _as_the_guide_says(subject, name, found)
    yield from _unexplained(subject, name, found)
    yield from _shape(subject, name, found)
    if len(found.run.trace.events) > references.MAX_PACKETS:
        said = f"The reference of {name} has {len(found.run.trace.events)} packets, more than {references.MAX_PACKETS}."
        yield Problem(
            subject.references / f"{name}.pcapng",
            0,
            said,
            "Let the experiment send less, and record it again.",
        )


def _knobs(subject: Subject, name: str, found: Reading) -> Iterator[Problem]:
    """A reference with knobs turned that the experiment does not have, or that was recorded with others than its name says."""
    turned = found.info.knobs if found.info else {}
    path = subject.references / f"{name}.pcapng"
    try:
        settings(found.experiment, turned)
    except UsageError as error:
        yield Problem(
            path, 0, f"The reference {name}: {error.message}", "Remove its files, or record it anew."
        )
        return
    if references.name_of(found.experiment, turned) != name:
        said = f"The reference {name} was recorded with {', '.join(f'{k}={v}' for k, v in sorted(turned.items()))}."
        yield Problem(path, 0, said, "Remove its files, and record it anew.")


def _as_the_guide_says(subject: Subject, name: str, found: Reading) -> Iterator[Problem]:
    for missing in found.run.alignment.missing:
        said = f"{missing.step.id} in the reference of {name}: {missing.reason}"
        fix = f"Mend the step, or record it again: {_command(subject, found)}"
        yield subject.at(missing.step.id, said, fix)


def _failed(subject: Subject, name: str, found: Reading) -> Iterator[Problem]:
    """Commands that failed in the run that was recorded, though their author expects other exit codes."""
    for failed in found.failed_commands:
        said = f"In the reference of {name}, {failed}"
        place = failed.declared.command if failed.declared else found.experiment.id
        yield subject.at(place, said, f"{allowance(failed)} Then record it again.")


def _unexplained(subject: Subject, name: str, found: Reading) -> Iterator[Problem]:
    id, left = found.experiment.id, found.run.alignment.unclaimed
    names = found.run.trace.names()
    for event in left[:SHOWN]:
        way = f"{names.get(event.src, event.src)} > {names.get(event.dst, event.dst)}"
        said = f"No step and no background of {name} explains packet {event.id}: {way}, {event.content.summary()}"
        fix = (
            f"Write a step or background for it. See: machinelab packets {subject.lab.id} {id} --reference -v"
        )
        yield subject.at(id, said, fix)
    if len(left) > SHOWN:
        said = f"{len(left) - SHOWN} more packets of {name} are explained by nothing."
        yield subject.at(id, said, f"See: machinelab packets {subject.lab.id} {id} --reference")


def _shape(subject: Subject, name: str, found: Reading) -> Iterator[Problem]:
    path = subject.references / f"{name}.shape.txt"
    try:
        same = path.read_text(encoding="utf-8") == references.shape(found.run.alignment)
    except (OSError, UnicodeDecodeError):
        same = False
    if not same:
        said = f"This is not the shape that the reference of {name} has when it is read today."
        yield Problem(path, 0, said, f"See whether that is meant, then record it: {_command(subject, found)}")


def _never_seen(subject: Subject) -> Iterator[Problem]:
    """Optional steps that no reference shows, though its knobs allow them: nobody knows whether their patterns fit."""
    asked: set[str] = set()
    seen: set[str] = set()
    for found in (*subject.readings.values(), *subject.variants.values()):
        for step in found.experiment.steps:
            if step.optional and not step.never and _wanted(step.when, found):
                asked.add(step.id)
        seen |= {claim.step.id for claim in found.run.alignment.claims}
    if subject.unread:
        return  # one of those may show it
    for id in sorted(asked - seen):
        said = f"The step {id} matches nothing in any reference of the lab."
        yield subject.at(id, said, "Mend its hop or pattern, record a run that shows it, or take it away.")


def _wanted(when: str, found: Reading) -> bool:
    try:
        return not when or display.condition(when)(found.run.knobs)
    except LabError:
        return False


def _size(subject: Subject) -> Iterator[Problem]:
    folder = subject.references
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) if folder.is_dir() else 0
    if size > references.MAX_BYTES:
        said = f"The references take {size:,} bytes, more than {references.MAX_BYTES:,}."
        yield Problem(folder, 0, said, "Let the experiments send less, and record them again.")
