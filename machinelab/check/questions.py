"""The worksheet: prose for each question and a question for all prose, hints that say something, wrong answers refused."""

import re
from collections.abc import Iterator
from dataclasses import replace

from .. import catalog
from ..errors import Problem
from ..worksheet import audit, prose
from .subject import Subject


def problems(subject: Subject) -> Iterator[Problem]:
    """All that is wrong with the questions, in themselves and asked of the references."""
    path = catalog.worksheet_file(subject.lab.id)
    if not path.exists():
        return  # the catalog tells
    words = prose.load(path)
    asked = tuple(each for each in subject.lab.questions if each.experiment in subject.readings)
    found = audit.audit(subject.lab, words, subject.file)
    on_run = replace(subject.lab, questions=asked)
    found += audit.audit_on(on_run, words, lambda id: subject.readings[id], subject.file)
    yield from (_placed(subject, problem) for problem in found)
    for question in subject.lab.questions:
        section = words.sections.get(question.id)
        if not question.wrong and not (section and section.choices):
            fix = 'Give it a wrong twin: wrong={"counts the replies too": lambda run: …}.'
            yield subject.at(
                question.id, f"{question.id} has no wrong answer: nobody knows if it refuses one.", fix
            )
    if not subject.lab.questions:
        yield Problem(subject.file, 0, "The lab asks no questions.", "Add one: questions=(Question(…),).")


def _placed(subject: Subject, problem: Problem) -> Problem:
    """With the line of lab.py where the question that is spoken of is made."""
    if problem.path != subject.file or problem.line:
        return problem
    known = {question.id for question in subject.lab.questions}
    spoken = next((word for word in re.findall(r"[a-z0-9-]+", problem.message) if word in known), "")
    return subject.at(spoken, problem.message, problem.fix) if spoken else problem
