"""The worksheet: prose for each question and a question for all prose, hints that say something, wrong answers refused."""

import re
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import replace

from .. import catalog
from ..analysis.reading import Reading
from ..errors import LabError, Problem
from ..model import Question
from ..worksheet import audit, prose
from ..worksheet.grading import Grader
from .subject import Subject


def problems(subject: Subject) -> Iterator[Problem]:
    """All that is wrong with the questions, in themselves and asked of the references."""
    path = catalog.worksheet_file(subject.lab.id)
    if not path.exists():
        return  # the catalog tells
    words = prose.load(path)
    there = {**subject.readings, **subject.variants}
    ids = {experiment.id for experiment in subject.lab.experiments}
    known = [each for each in subject.lab.questions if each.experiment in ids]
    asked = tuple(each for each in known if audit.asked_of(subject.lab, each) in there)
    yield from _unrecorded(subject, [each for each in known if each not in asked and each.knobs])
    found = audit.audit(subject.lab, words, subject.file)
    on_run = replace(subject.lab, questions=asked)
    found += audit.audit_on(on_run, words, there.__getitem__, subject.file)
    yield from (_placed(subject, problem) for problem in found)
    yield from _hanging(subject, [each for each in asked if not each.within and not each.steady], there)
    for question in subject.lab.questions:
        section = words.sections.get(question.id)
        if not question.wrong and not (section and section.choices):
            fix = 'Give it a wrong twin: wrong={"counts the replies too": lambda run: …}.'
            yield subject.at(
                question.id, f"{question.id} has no wrong answer: nobody knows if it refuses one.", fix
            )
    if not subject.lab.questions:
        yield Problem(subject.file, 0, "The lab asks no questions.", "Add one: questions=(Question(…),).")


def _hanging(subject: Subject, questions: list[Question], there: Mapping[str, Reading]) -> Iterator[Problem]:
    """Exact counts of a step that may come any number of times: of retries, of what the scheduler decides, of a product's habits."""
    for question in questions:
        run = there[audit.asked_of(subject.lab, question)].run
        free = {step.id for step in run.experiment.steps if step.times[1] is None}
        named = [step for step in (question.evidence or question.needs) if step in free]
        try:
            answer = Grader(question, run).answer
        except LabError:
            continue  # told of by the audit
        step = next((step for step in named if answer == len(run.claims(step)) and run.claims(step)), "")
        if step and isinstance(answer, int):
            said = f"{question.id} asks exactly how often {step} is seen, which may differ from run to run."
            fix = "Allow for it (within=1), or say what makes it certain (steady='one for each zone')."
            yield subject.at(question.id, said, fix)


def _unrecorded(subject: Subject, questions: list[Question]) -> Iterator[Problem]:
    """Questions about a knob turned, of which there is no reference: nobody without an engine could answer them."""
    for question in questions:
        turned = "".join(f" --set {shlex.quote(f'{name}={value}')}" for name, value in question.knobs.items())
        said = f"{question.id} needs {', '.join(f'{k}={v}' for k, v in question.knobs.items())}, and no reference has that."
        fix = f"Record it: machinelab record {subject.lab.id} {question.experiment}{turned}"
        yield subject.at(question.id, said, fix)


def _placed(subject: Subject, problem: Problem) -> Problem:
    """With the line of lab.py where the question that is spoken of is made."""
    if problem.path != subject.file or problem.line:
        return problem
    known = {question.id for question in subject.lab.questions}
    spoken = next((word for word in re.findall(r"[a-z0-9-]+", problem.message) if word in known), "")
    return subject.at(spoken, problem.message, problem.fix) if spoken else problem
