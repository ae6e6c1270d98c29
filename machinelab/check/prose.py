"""Steps without prose and prose without steps; references, links and fences that lead nowhere; what is still TODO."""

import re
from collections.abc import Iterator
from pathlib import Path

from .. import catalog, guide
from ..errors import Problem
from ..guide import Fence, Reference
from ..workflow.guide_text import ReaderValues
from .subject import Subject, near

_TODO = re.compile(r"\bTODO\b:?\s*(.*)")


def problems(subject: Subject) -> Iterator[Problem]:
    """All that is wrong between lab.py and the guide."""
    yield from unfinished(subject)
    if not subject.guide.path.exists():
        return  # the catalog tells; every step would be without prose
    yield from subject.guide.problems
    yield from _opening(subject)
    yield from _without_prose(subject)
    yield from _without_step(subject)
    for reference in subject.guide.references:
        yield from _reference(subject, reference)
    for fence in subject.guide.fences:
        yield from _fence(subject, fence)
    yield from _links(subject)


def _opening(subject: Subject) -> Iterator[Problem]:
    """A lab opens with what one will be able to do, what to know before, and how long it takes; README names its servers."""
    found, line = subject.guide, 1
    lacks = [
        ("minutes", found.minutes),
        ("servers", found.servers),
        ("you will be able to", found.able),
        ("know before", found.know),
    ]
    for name, said in lacks:
        if not said:
            yield subject.in_guide(
                line, f"The front matter lacks `{name}`.", f"Write {name}: between two lines of ---."
            )


def _without_prose(subject: Subject) -> Iterator[Problem]:
    told: set[str] = set()
    for experiment in subject.lab.experiments:
        parts = [("step", each.id) for each in experiment.steps]
        parts += [("step", each.alone.id) for each in experiment.steps if each.alone]
        parts += [("background", each.id) for each in experiment.background]
        for kind, id in parts:
            if id not in told and not guide.section(subject.guide, experiment.id, id):
                told.add(id)
                fix = f"Write a section in {subject.guide.path.name} with <!-- {kind}: {id} --> below its heading."
                yield subject.at(id, f"The {kind} {id} (in {experiment.id}) has no prose.", fix)


def _without_step(subject: Subject) -> Iterator[Problem]:
    experiments = subject.lab.experiments
    steps = {step.id for each in experiments for step in each.steps}
    steps |= {step.alone.id for each in experiments for step in each.steps if step.alone}
    known = {
        "step": steps | {f"{each.id}/{step.id}" for each in experiments for step in each.steps},
        "background": {entry.id for each in experiments for entry in each.background},
        "experiment": {each.id for each in experiments},
    }
    for kind, id, line in guide.ids(subject.guide):
        if id not in known[kind]:
            fix = near(
                id,
                sorted(known[kind]),
                f"Add it to lab.py, or take the comment away: there is no {kind} {id}.",
            )
            yield subject.in_guide(
                line, f"This section explains the {kind} {id!r}, which the lab does not have.", fix
            )


def _reference(subject: Subject, reference: Reference) -> Iterator[Problem]:
    ids = [each.id for each in subject.lab.experiments]
    if reference.experiment and reference.experiment not in ids:
        fix = near(reference.experiment, ids, f"Name one of: {', '.join(ids)}.")
        yield subject.in_guide(reference.line, f"`{reference.text}` names no experiment of the lab.", fix)
        return
    scope = [reference.experiment] if reference.experiment else ids
    steps = [step for id in scope for step in subject.steps(id)]
    if reference.step not in steps:
        fix = near(reference.step, steps, "Name a step of the lab.")
        yield subject.in_guide(
            reference.line, f"`{reference.text}` names no step of {' or '.join(scope)}.", fix
        )
    elif (
        all(id in subject.readings for id in scope)
        and (own := resolver(subject))
        and own.value(reference) is None
    ):
        fix = "Name a field of that step's packets, or a lower [n]."
        yield subject.in_guide(reference.line, f"`{reference.text}` has no value in the reference.", fix)


def _fence(subject: Subject, fence: Fence) -> Iterator[Problem]:
    ids = [each.id for each in subject.lab.experiments]
    if fence.experiment not in ids:
        fix = near(fence.experiment, ids, f"Name one of: {', '.join(ids)}.")
        yield subject.in_guide(
            fence.line, f"This fence is of {fence.experiment!r}, no experiment of the lab.", fix
        )
        return
    steps = subject.steps(fence.experiment)
    for step in sorted({*fence.named} - {*steps}):
        fix = near(step, steps, f"Name one of: {', '.join(steps)}.")
        yield subject.in_guide(fence.line, f"{fence.experiment} has no step {step!r}.", fix)


def _links(subject: Subject) -> Iterator[Problem]:
    """Files that the guide links to; addresses of the web are not asked."""
    for link in subject.guide.links:
        target = link.target.partition("#")[0]
        if (
            target
            and not re.match(r"[a-z][a-z0-9+.-]*:", target)
            and not (subject.guide.path.parent / target).exists()
        ):
            yield subject.in_guide(
                link.line, f"The link to {target} leads nowhere.", "Mend the path, or write the file."
            )


def unfinished(subject: Subject) -> Iterator[Problem]:
    """Every TODO in the lab's text files; what packets show of one is told where it is written."""
    folders = (catalog.compose_file(subject.lab.id).parent, catalog.image_folder(subject.lab.id))
    files = [
        subject.guide.path,
        catalog.worksheet_file(subject.lab.id),
        *sorted(subject.file.parent.glob("*.py")),
    ]
    files += sorted(path for folder in folders for path in folder.rglob("*") if path.is_file())
    shown = {n for fence in subject.guide.fences for n in range(fence.line, fence.last_line + 1)}
    for path in files:
        for line, todo in _todos(path):
            if path != subject.guide.path or line not in shown:
                yield Problem(
                    path, line, f"Still to do: {todo or 'this line'}", "Do it, and take the TODO away."
                )


def _todos(path: Path) -> Iterator[tuple[int, str]]:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return
    for number, line in enumerate(lines, 1):
        if match := _TODO.search(line):
            yield number, match[1].strip().removesuffix("-->").strip(" \"',)")


def resolver(subject: Subject) -> ReaderValues | None:
    """Where values and packets of the shipped references come from; None if there is no reference."""
    if not subject.readings:
        return None
    values = ReaderValues(next(iter(subject.readings.values())), shipped=True)
    values.open = lambda id: subject.readings.get(id) if id else values.found
    values.recorded = subject.recorded
    return values
