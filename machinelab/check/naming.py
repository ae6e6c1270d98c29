"""Names that mean nothing: a field, a node, a step or a knob that is not there, and ids that are there twice."""

from collections import Counter
from collections.abc import Iterable, Iterator

from .. import fields
from .. import filter as display
from ..align import hops
from ..engine.commands import words
from ..engine.gather import KEYS
from ..errors import LabError, Problem
from ..filter import FilterError
from ..model import Alone, At, Background, Experiment, Gather, Step
from ..sources import timeline
from .subject import Subject, commands, near

TRANSPORTS = frozenset({"tcp", "udp", "ip", "ipv6", "eth", "frame"})


def problems(subject: Subject) -> Iterator[Problem]:
    """All that is wrong with the names in lab.py."""
    yield from _twice(subject, "experiment", [experiment.id for experiment in subject.lab.experiments])
    for experiment in subject.lab.experiments:
        yield from _twice(subject, f"step of {experiment.id}", [step.id for step in experiment.steps])
        yield from _whole(subject, experiment)
        yield from _named_steps(subject, experiment)
        parts: tuple[Step | Background, ...] = (*experiment.steps, *experiment.background)
        for part in parts:
            yield from _patterns(subject, experiment, part)
        for step in experiment.steps:
            yield from _equalities(subject, experiment, step)
            yield from _field(subject, step, "whole", step.whole) if step.whole else ()
            yield from _alone(subject, step, step.alone) if step.alone else ()
        yield from _telling(subject, experiment)
        for background in experiment.background:
            yield from _says_nothing(subject, background)
        yield from _commands(subject, commands(experiment), experiment)
        yield from _gathers(subject, experiment.gather, experiment)
    yield from _commands(subject, (*subject.lab.reset, *subject.lab.warm_up), None)
    yield from _gathers(subject, subject.lab.gather, None)
    yield from _descriptions(subject)


def _twice(subject: Subject, kind: str, ids: Iterable[str]) -> Iterator[Problem]:
    for id, times in Counter(ids).items():
        if times > 1:
            yield subject.at(id, f"{id} is the id of more than one {kind}.", "Give each an id of its own.")


def _whole(subject: Subject, experiment: Experiment) -> Iterator[Problem]:
    id = experiment.id
    if not experiment.title.strip():
        yield subject.at(id, f"{id} has no title.", "Say in a few words what happens.")
    known = [each.id for each in subject.lab.experiments]
    if experiment.variant_of and experiment.variant_of not in known:
        fix = near(experiment.variant_of, known, f"Name one of: {', '.join(known)}.")
        yield subject.at(id, f"{id} is a variant of {experiment.variant_of!r}, which there is not.", fix)


def _named_steps(subject: Subject, experiment: Experiment) -> Iterator[Problem]:
    known = [step.id for step in experiment.steps]
    named = [("until", experiment.until), *(("encloses", id) for id in experiment.encloses or ())]
    named += [(f"reply_to of {step.id}", step.reply_to) for step in experiment.steps]
    for where, id in named:
        if id and id not in known:
            fix = near(id, known, f"Name one of its steps: {', '.join(known)}.")
            yield subject.at(
                id, f"{experiment.id}: {where} names the step {id!r}, which it does not have.", fix
            )


def _field(subject: Subject, step: Step, where: str, name: str) -> Iterator[Problem]:
    if name not in fields.registry():
        fix = near(name, list(fields.registry()), "Use the field's name in Wireshark.")
        yield subject.at(step.id, f"{step.id}: {where} names the field {name!r}, which there is not.", fix)


def _equalities(subject: Subject, experiment: Experiment, step: Step) -> Iterator[Problem]:
    """Each field of `same`, and the step whose message it must equal: one that stands before."""
    steps = [each.id for each in experiment.steps]
    before = steps[: steps.index(step.id)]
    for equal in step.equalities:
        for name in dict.fromkeys([equal.field, equal.other]):
            if name not in fields.registry():
                fix = near(name, list(fields.registry()), "Use the field's name in Wireshark.")
                yield subject.at(
                    step.id, f"{step.id}: {equal.relation} names the field {name!r}, which there is not.", fix
                )
        if equal.relation == "after" and equal.wait <= 0:
            said = f"after of {step.id} is no time: it must be more than 0 seconds."
            yield subject.at(
                step.id, said, "Write the seconds that pass at least; mere order is the steps' own."
            )
        if not equal.step:
            fix = f'Name the step, same={{"{equal.field}": "STEP"}}, or give it a reply_to.'
            yield subject.at(
                step.id, f"{step.id}: {equal.relation} does not say whose {equal.field} it is.", fix
            )
        elif equal.step not in before:
            said = "which does not come before it" if equal.step in steps else "which it does not have"
            fix = near(equal.step, before, f"Name a step before it: {', '.join(before) or 'there is none'}.")
            yield subject.at(
                step.id,
                f"{experiment.id}: {equal.relation} of {step.id} names the step {equal.step!r}, {said}.",
                fix,
            )


def _alone(subject: Subject, step: Step, alone: Alone) -> Iterator[Problem]:
    """A message known by itself has a filter that compiles, and asks for more than a transport's being there."""
    try:
        names = display.compile(alone.sees).needs
    except FilterError as error:
        said = f"{step.id} alone: {error.message}\n{error.caret()}"
        yield subject.at(alone.id, said, error.hint or "Mend the filter.")
        return
    if names <= TRANSPORTS:
        said = f"{step.id} alone asks for no field that has to be there: it may be anything."
        yield subject.at(
            alone.id, said, "Name in its filter what makes the sentence true of any such message."
        )


def _telling(subject: Subject, experiment: Experiment) -> Iterator[Problem]:
    """The steps by which an experiment is known are steps that it has, and that have to be seen."""
    known = [step.id for step in experiment.steps if not step.optional]
    for id in experiment.telling:
        if id not in known:
            fix = near(id, known, f"Name one of its steps: {', '.join(known)}.")
            said = f"{experiment.id}: telling names {id!r}, which is no step that it must have."
            yield subject.at(id, said, fix)


def _patterns(subject: Subject, experiment: Experiment, part: Step | Background) -> Iterator[Problem]:
    try:
        display.compile(part.sees)
        if isinstance(part, Step):
            display.compile(part.pieces)
        if isinstance(part, Step) and part.when:
            display.condition(part.when, list(experiment.knobs))
    except FilterError as error:
        yield subject.at(
            part.id, f"{part.id}: {error.message}\n{error.caret()}", error.hint or "Mend the filter."
        )
    try:
        nodes = hops.parse(part.hop).nodes
    except ValueError as error:
        yield subject.at(part.id, f"{part.id}: {error}.", 'Write it like "stub > resolver".')
        return
    yield from (
        _node(subject, part.id, node, f"{part.id}: the hop {part.hop!r}") for node in _unknown(subject, nodes)
    )


def _unknown(subject: Subject, nodes: Iterable[str]) -> list[str]:
    return sorted(set(nodes) - subject.services.keys()) if subject.services else []


def _node(subject: Subject, place: str, node: str, who: str) -> Problem:
    known = list(subject.services)
    fix = near(node, known, f"Name one of: {', '.join(known)}.")
    return subject.at(place, f"{who} names {node!r}, which is no service of the compose file.", fix)


def _says_nothing(subject: Subject, background: Background) -> Iterator[Problem]:
    try:
        names = display.compile(background.sees).names
    except FilterError:
        return
    if names <= TRANSPORTS:
        said = f"The background {background.id} names only a transport ({background.sees or 'anything'})."
        yield subject.at(background.id, said, "Say what the traffic is: a transport is no explanation.")


def _commands(subject: Subject, ats: Iterable[At], experiment: Experiment | None) -> Iterator[Problem]:
    who = experiment.id if experiment else "The lab's reset"
    for at in ats:
        for node in _unknown(subject, [at.node]):
            yield _node(subject, at.node, node, f"{who}: the command {at.command!r}")
        try:
            words(at, experiment.defaults() if experiment else {})
        except LabError as error:
            yield subject.at(at.command, f"{who}: {error.message}", error.hint)


def _gathers(subject: Subject, gathers: Iterable[Gather], experiment: Experiment | None) -> Iterator[Problem]:
    who = experiment.id if experiment else "The lab"
    for one in gathers:
        yield from _commands(subject, [At(one.node, one.command)], experiment)
        if one.kind != KEYS and timeline.reader(one.kind) is None:
            said = f"{who} gathers evidence of the kind {one.kind!r}, which nothing can read."
            yield subject.at(
                one.kind, said, f"Write machinelab/sources/{one.kind}.py, or name a kind there is."
            )


def _descriptions(subject: Subject) -> Iterator[Problem]:
    for node in _unknown(subject, subject.lab.descriptions):
        yield _node(subject, node, node, "The lab's `descriptions`")
