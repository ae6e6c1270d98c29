"""What a lab's filters claim where it is not: in the references of the other labs, and in captures beside its own.

An experiment that is named for another lab's reference does not ask for what sets it apart: that is a problem. What single
steps claim elsewhere is none by itself, for a SYN is a SYN; an author can have it listed, and see whether each sentence is
true there.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from .. import catalog
from .. import filter as display
from ..align import identify
from ..align.looks import Looks
from ..analysis import reading
from ..analysis.reading import Reading
from ..errors import LabError, Problem, UsageError
from ..filter import FilterError
from ..model import Event, Lab, Trace
from .subject import Subject, open_subject

EVERYWHERE = frozenset({"tcp"})  # what every lab's captures hold, whether its filters name it or not
LOOK_ALIKES = Path("tests", "captures", "foreign")
"""Captures of everyday traffic that was once taken for an experiment, in a checkout."""


@dataclass(frozen=True, slots=True)
class Capture:
    """A capture that is none of a lab's; `place` is how it is spoken of, `owner` the lab whose reference it is, or "foreign"."""

    place: str
    file: Path
    owner: str

    def read(self, lab: Lab) -> Reading:
        """The capture read against that lab's guide, with the secrets beside it, as one from anywhere."""
        keys = self.file.with_suffix(".keys")
        if keys.exists():
            try:
                return reading.open_file(self.file, lab, None, keys)
            except UsageError:
                pass  # a handshake that failed before there was a secret leaves a key log without one
        return reading.open_file(self.file, lab)


@dataclass(frozen=True, slots=True)
class Claimed:
    """Messages that meet the filter of a step, in a capture that is none of its lab's; `owner` as of that."""

    step: str
    place: str
    messages: int
    owner: str = ""


def problems(subject: Subject) -> Iterator[Problem]:
    """The lab's experiments that are named for references of other labs: of each, the smallest with each protocol that they share."""
    try:
        for capture in sample(subject.lab, _spoken(subject.lab)):
            if id := capture.read(subject.lab).experiment.id:
                yield _named(subject, id, capture)
    except (FilterError, ValueError):
        return  # a filter or a hop that makes no sense: `naming` tells


def _named(subject: Subject, id: str, capture: Capture) -> Problem:
    said = f"{id} is named for the reference of {capture.place}: nothing in its steps sets it apart."
    fix = "Have its steps ask for what their sentences say, or name those that no other traffic has: telling=(…)."
    return subject.at(id, said, fix)


def sample(lab: Lab, spoken: frozenset[str]) -> Iterator[Capture]:
    """Of every other lab, the smallest reference with each protocol that this lab's filters speak of."""
    for other in _others(lab):
        files = {file.stem: file for file in _references(other.id)}
        chosen: dict[str, Path] = {}
        for experiment in other.experiments:
            file = files.get(experiment.id)
            for protocol in _protocols(step.sees for step in experiment.steps) | EVERYWHERE if file else ():
                if file and (protocol not in chosen or _size(file) < _size(chosen[protocol])):
                    chosen[protocol] = file
        for file in dict.fromkeys(chosen[protocol] for protocol in sorted(chosen.keys() & spoken)):
            yield Capture(f"{other.id} {file.stem}", file, other.id)


def captures(lab: Lab) -> list[Capture]:
    """All references of the other labs, and, in a checkout, everyday traffic that looks like theirs."""
    found = [
        Capture(f"{other.id} {file.stem}", file, other.id)
        for other in _others(lab)
        for file in _references(other.id)
    ]
    folder = catalog.root() / LOOK_ALIKES
    return [*found, *(Capture(file.name, file, LOOK_ALIKES.name) for file in sorted(folder.glob("*.pcap*")))]


def claimed(id: str) -> Iterator[Claimed | Problem]:
    """What the filters of a lab claim in all captures that are none of its own. Raises UsageError where its filters cannot be asked."""
    subject = open_subject(id)
    if subject is None:
        raise UsageError(f"{id} cannot be read.", f"See what is wrong with it: machinelab check {id}")
    try:
        yield from listing(subject, captures(subject.lab))
    except (FilterError, ValueError) as error:
        raise UsageError(
            f"The steps of {id} cannot be asked: {error}", f"Mend it first: machinelab check {id}"
        ) from error


def told(found: Sequence[Claimed]) -> Iterator[str]:
    """A line for each step: how many messages of which captures it claims, those of one lab taken together."""
    by_step: dict[str, dict[str, list[Claimed]]] = {}
    for each in found:
        by_step.setdefault(each.step, {}).setdefault(each.owner or each.place, []).append(each)
    for step, owners in by_step.items():
        parts = [
            f"{sum(one.messages for one in ones)} of {place}"
            + (f" ({len(ones)} captures)" if len(ones) > 1 else "")
            for place, ones in owners.items()
        ]
        yield f"{step}: {', '.join(parts)}"


def listing(subject: Subject, where: Sequence[Capture]) -> Iterator[Claimed | Problem]:
    """What each step's filter claims in these captures and in neighbours of the lab's own, and which experiments are named there."""
    filters = {step.id: step.sees for each in subject.lab.experiments for step in each.steps if step.sees}
    for capture in where:
        found = capture.read(subject.lab)
        yield from _claims(capture, found.run.trace, filters)
        if id := found.experiment.id:
            yield _named(subject, id, capture)
    for place, experiment, trace in neighbours(subject):
        other = identify(trace, subject.lab.experiments).alignment.experiment
        if other.id and experiment not in (other.id, other.variant_of):
            yield Claimed(f"all of {other.id}", place, len(trace.events))


def _claims(capture: Capture, trace: Trace, filters: dict[str, str]) -> Iterator[Claimed]:
    looks = Looks(trace, filters.values())
    counts: Counter[int] = Counter()
    for mask in filter(None, looks.masks):
        counts.update(bit for bit in range(mask.bit_length()) if mask >> bit & 1)
    for step, sees in filters.items():
        if times := counts[looks.bit(sees)]:
            yield Claimed(step, capture.place, times, capture.owner)


def neighbours(subject: Subject) -> Iterator[tuple[str, str, Trace]]:
    """Captures made from the lab's own references: each conversation by itself, and the packets of one node, without who is who.

    Gives how each is spoken of, and the experiment that it was taken from.
    """
    for id, found in subject.readings.items():
        packets = [event for event in found.run.trace.events if event.source == "packets"]
        parts: dict[object, list[Event]] = {}
        for event in packets:
            parts.setdefault(event.stream, []).append(event)
        if len(parts) > 1:
            for number, events in enumerate(parts.values(), 1):
                yield f"conversation {number} of {id}", id, Trace(tuple(events))
        if len(packets) > 1:
            half = packets[: len(packets) // 2]
            yield f"the first half of {id}", id, Trace(tuple(half))


def _others(lab: Lab) -> Iterator[Lab]:
    for id in catalog.made():
        if id != lab.id:
            try:
                yield catalog.load_lab(id)
            except LabError:
                continue  # its own check tells


def _references(id: str) -> list[Path]:
    return sorted(catalog.reference_folder(id).glob("*.pcapng"))


def _size(file: Path) -> int:
    return file.stat().st_size


def _spoken(lab: Lab) -> frozenset[str]:
    return _protocols(step.sees for experiment in lab.experiments for step in experiment.steps)


def _protocols(filters: Iterator[str]) -> frozenset[str]:
    """The first words of the fields that filters speak of."""
    return frozenset(name.partition(".")[0] for text in filters for name in display.compile(text).names)
