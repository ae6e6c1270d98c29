"""References: there, as they were recorded, small enough, and what the guide says, to the last packet."""

from collections.abc import Iterator

from .. import filter as display
from ..analysis.reading import Reading
from ..errors import LabError, Problem
from ..model import Experiment
from ..store import references
from .subject import Subject

SHOWN = 3
"""How many unexplained packets are told of by number; of more, how many."""


def problems(subject: Subject) -> Iterator[Problem]:
    """All that is wrong with the shipped captures."""
    for experiment in subject.lab.experiments:
        yield from _one(subject, experiment)
    yield from _never_seen(subject)
    yield from _size(subject)


def _record(subject: Subject, id: str = "") -> str:
    return f"Record it: machinelab record {subject.lab.id} {id}".rstrip()


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
        found = subject.readings[id]
        yield from _as_the_guide_says(subject, found)
        yield from _unexplained(subject, found)
        yield from _shape(subject, found)
        if len(found.run.trace.events) > references.MAX_PACKETS:
            said = f"The reference of {id} has {len(found.run.trace.events)} packets, more than {references.MAX_PACKETS}."
            yield Problem(
                subject.references / f"{id}.pcapng",
                0,
                said,
                "Let the experiment send less, and record it again.",
            )


def _as_the_guide_says(subject: Subject, found: Reading) -> Iterator[Problem]:
    for missing in found.run.alignment.missing:
        said = f"{missing.step.id} in the reference of {found.experiment.id}: {missing.reason}"
        fix = f"Mend the step, or record it again: machinelab record {subject.lab.id} {found.experiment.id}"
        yield subject.at(missing.step.id, said, fix)


def _unexplained(subject: Subject, found: Reading) -> Iterator[Problem]:
    id, left = found.experiment.id, found.run.alignment.unclaimed
    names = found.run.trace.names()
    for event in left[:SHOWN]:
        way = f"{names.get(event.src, event.src)} > {names.get(event.dst, event.dst)}"
        said = (
            f"No step and no background of {id} explains packet {event.id}: {way}, {event.content.summary()}"
        )
        fix = (
            f"Write a step or background for it. See: machinelab packets {subject.lab.id} {id} --reference -v"
        )
        yield subject.at(id, said, fix)
    if len(left) > SHOWN:
        said = f"{len(left) - SHOWN} more packets of {id} are explained by nothing."
        yield subject.at(id, said, f"See: machinelab packets {subject.lab.id} {id} --reference")


def _shape(subject: Subject, found: Reading) -> Iterator[Problem]:
    path = subject.references / f"{found.experiment.id}.shape.txt"
    try:
        same = path.read_text(encoding="utf-8") == references.shape(found.run.alignment)
    except (OSError, UnicodeDecodeError):
        same = False
    if not same:
        said = f"This is not the shape that the reference of {found.experiment.id} has when it is read today."
        yield Problem(
            path, 0, said, f"See whether that is meant, then {_record(subject, found.experiment.id).lower()}"
        )


def _never_seen(subject: Subject) -> Iterator[Problem]:
    """Optional steps that no reference shows, though its knobs allow them: nobody knows whether their patterns fit."""
    asked: set[str] = set()
    seen: set[str] = set()
    for found in subject.readings.values():
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
