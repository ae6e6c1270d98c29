"""What an author has left to mend in a worksheet; `machinelab check` asks here. Everything is gathered, nothing stops."""

from collections.abc import Iterator
from pathlib import Path

from ..errors import BrokenLab, LabError, Problem, nearest
from ..model import Lab, Question, Run
from ..store import references
from . import grading, prose_values
from .prose import Prose, Section
from .session import ORDER, PREDICT, Open

KINDS = (PREDICT, "observe", "explain", ORDER, "work-out")
LETTERS = "abcdefgh"
"""The letters a choice may have: p, q and s are keys of the sitting."""


def audit(lab: Lab, prose: Prose, path: Path) -> list[Problem]:
    """The problems of questions and prose, without any run. `path` is the lab.py that the questions stand in."""
    found = list(prose.problems)
    ids = [question.id for question in lab.questions]
    found += [Problem(path, 0, f"There are two questions {id!r}.", "Rename one.") for id in _twice(ids)]
    for section in prose.sections.values():
        if section.id not in ids:
            fix = (
                nearest(section.id, ids) or "Declare it among the questions of lab.py, or remove the section."
            )
            found.append(Problem(prose.path, section.line, f"There is no question {section.id!r}.", fix))
    for question in lab.questions:
        found += [Problem(path, 0, f"{question.id}: {text}", fix) for text, fix in _declared(lab, question)]
        found += _prose_of(lab, question, prose)
    return found


def _prose_of(lab: Lab, question: Question, prose: Prose) -> list[Problem]:
    section = prose.sections.get(question.id)
    if section is None:
        message = f"The question {question.id!r} has no section."
        return [Problem(prose.path, 0, message, f"Write one, marked <!-- question: {question.id} -->.")]
    written = _written(lab, question, section)
    return [Problem(prose.path, line, f"{question.id}: {text}", fix) for line, text, fix in written]


def _twice(ids: list[str]) -> list[str]:
    return [id for id in dict.fromkeys(ids) if ids.count(id) > 1]


def _declared(lab: Lab, question: Question) -> Iterator[tuple[str, str]]:
    if question.kind not in KINDS:
        yield f"its kind is {question.kind!r}.", f"Choose one of: {', '.join(KINDS)}."
    steps = _steps(lab, question.experiment)
    if steps is None:
        known = [experiment.id for experiment in lab.experiments]
        fix = nearest(question.experiment, known) or f"Choose one of: {', '.join(known)}."
        yield f"there is no experiment {question.experiment!r}.", fix
        return
    for step in dict.fromkeys((*question.needs, *question.evidence)):
        if step not in steps:
            fix = nearest(step, sorted(steps)) or "Name a step of its experiment."
            yield f"its experiment {question.experiment} has no step {step!r}.", fix
    yield from _knobs(lab, question)


def _knobs(lab: Lab, question: Question) -> Iterator[tuple[str, str]]:
    """Knobs that the experiment does not have, values that they do not take, and such as are not turned at all."""
    experiment = lab.experiment(question.experiment)
    for name, value in question.knobs.items():
        if name not in experiment.knobs:
            known = list(experiment.knobs)
            fix = nearest(name, known) or f"Name one of: {', '.join(known) or 'none; it has no knob'}."
            yield f"its experiment {question.experiment} has no knob {name!r}.", fix
        elif refused := experiment.refusal(name, value):
            yield f"the knob {name} cannot be {value!r}.", refused
        elif value == experiment.defaults()[name]:
            yield f"the knob {name} stands at {value} by itself.", "Leave it out, or turn it."


def _steps(lab: Lab, experiment: str) -> set[str] | None:
    found = next((e for e in lab.experiments if e.id == experiment), None)
    return {step.id for step in found.steps} if found else None


def _written(lab: Lab, question: Question, section: Section) -> Iterator[tuple[int, str, str]]:
    """(line, what is wrong, how to mend it) of a section held against its question."""
    if not section.prompt.strip():
        yield section.line, "its section asks nothing.", "Write the prompt below the heading."
    if not section.hints:
        yield section.line, "it has no hint.", "Add `> Hint: …`: where to look, never what to answer."
    if not section.closing.strip():
        yield section.line, "it has no closing explanation.", "Write it below hints and replies."
    yield from _choices(question, section)
    for name in section.replies.keys() - section.choices.keys() - question.wrong.keys():
        fix = (
            nearest(name, list(question.wrong)) or "Name a wrong twin of lab.py, or write a choice as `a) …`."
        )
        yield section.lines[name], f"{name!r} is no wrong answer of it.", fix
    for name in question.wrong:
        if name not in section.replies and (question.kind == ORDER or not section.choices):
            yield (
                section.line,
                f"nothing is said to one who {name}.",
                f"Add `- {name}` with `  > …` below it.",
            )
    if prose_values.REFERENCE.search(section.prompt) or any(
        map(prose_values.REFERENCE.search, section.hints)
    ):
        yield (
            section.line,
            "its prompt or hint shows a value from the run.",
            "Keep values for replies and closing.",
        )
    steps = _steps(lab, question.experiment) or set()
    placed = [(section.lines[key], text) for key, text in section.replies.items()]
    for line, text in (*placed, (section.line, section.closing)):
        for message in prose_values.problems(text, steps):
            yield line, message, "Name a step of the question's experiment and a field that the kit knows."


def _choices(question: Question, section: Section) -> Iterator[tuple[int, str, str]]:
    letters = "".join(section.choices)
    if question.kind in ("explain", ORDER) and len(letters) < 2:
        yield section.line, "there is nothing to choose from.", "Write the choices as `- a) …`, `- b) …`."
    if letters and (letters != LETTERS[: len(letters)]):
        yield section.line, f"its choices are {', '.join(letters)}.", "Letter them a, b, c …, at most to h."
    if (
        question.kind != ORDER
        and letters
        and (loose := [key for key in section.lines if key not in section.choices])
    ):
        yield section.lines[loose[0]], f"{loose[0]!r} is no choice.", "Begin it with a letter: `- c) …`."


def audit_on(lab: Lab, prose: Prose, open: Open, path: Path) -> list[Problem]:
    """The problems that show only on a run (`open` gives the reference): broken functions, a right answer that a wrong twin
    gives too or that is not accepted, a wrong choice without a reply, a question that is never asked.
    """
    found: list[Problem] = []
    for question in lab.questions:
        try:
            found += _on(lab, question, prose, open(asked_of(lab, question)).run, path)
        except BrokenLab as error:
            found.append(Problem(path, 0, error.message, error.hint))
        except LabError as error:
            found.append(Problem(path, 0, f"{question.id}: {error.message}", error.hint))
    return found


def asked_of(lab: Lab, question: Question) -> str:
    """The name of the reference that a question is asked of, with its knobs turned."""
    return references.name_of(lab.experiment(question.experiment), question.knobs)


def _on(lab: Lab, question: Question, prose: Prose, run: Run, path: Path) -> Iterator[Problem]:
    section = prose.sections.get(question.id)
    grader = grading.Grader(question, run, section=section, lab=lab.id)
    if why := grader.obstacle:
        message = f"{question.id} cannot be asked of the reference. {why}"
        yield Problem(path, 0, message, "Mend its functions, or ask it of another experiment.")
        return
    answer = grader.answer
    reply = min(answer) if isinstance(answer, frozenset) else str(answer)
    if not grader.grade(reply).ok:
        yield Problem(
            path, 0, f"{question.id}: its right answer, {reply}, is not accepted.", "Mend its functions."
        )
    for why, also in zip(question.also, grader.also, strict=True):
        right = min(also) if isinstance(also, frozenset) and also else str(also)
        if also == frozenset() or not grader.grade(right).ok:
            message = f"{question.id}: what is right as well ({why}) is not accepted: {right}."
            yield Problem(
                path, 0, message, "Give an answer of the same kind as the right one, or take it away."
            )
    for letter in section.choices if section and question.kind != ORDER else ():
        if section and letter != answer and letter not in grader.also and not section.replies.get(letter):
            message = f"{question.id}: the wrong choice {letter} has no reply."
            yield Problem(prose.path, section.lines[letter], message, "Add it, as `  > …`.")
