"""Which answers a worksheet takes: every event of a reference, every choice, every node and number near the right one is tried."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import permutations

from .. import catalog
from ..errors import LabError
from ..model import Answer, Question, Run
from ..worksheet import audit, prose, replies
from ..worksheet.grading import Grader
from .subject import open_subject

ORDERED = 5
"""Up to so many choices each order is tried; of more, the right ones."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """What a question takes on the reference that it is asked of. `taken` are replies with what they are; `tried` counts all replies.

    `also` are the reasons why something else than the right answer is right as well; `why` says why it cannot be asked.
    """

    lab: str
    question: str
    asked_of: str
    kind: str
    taken: tuple[tuple[str, str], ...] = ()
    tried: int = 0
    also: tuple[str, ...] = ()
    why: str = ""

    def dump(self) -> str:
        """The line of `check --answers --json`."""
        data = {
            "lab": self.lab,
            "question": self.question,
            "asked_of": self.asked_of,
            "kind": self.kind,
            "accepted": [{"reply": reply, "is": what} for reply, what in self.taken],
            "tried": self.tried,
            "also": list(self.also),
            "why": self.why,
        }
        return json.dumps(data, ensure_ascii=False)

    def line(self) -> str:
        """The same for a person."""
        taken = ", ".join(f"{reply} ({what})" if what else reply for reply, what in self.taken) or self.why
        also = f"; right as well: {', '.join(self.also)}" if self.also else ""
        return f"{self.lab} {self.question} · {self.asked_of} · {self.kind}: {taken} (of {self.tried} tried){also}"


def accepted(labs: Sequence[str] = ()) -> Iterator[Accepted]:
    """What each question of these labs takes (none named: of all there are). Raises UsageError for a lab that there is not."""
    for id in labs or catalog.made():
        catalog.status(id)
        subject = open_subject(id)
        if subject is None:
            continue
        words = prose.load(catalog.worksheet_file(id))
        there = {**subject.readings, **subject.variants}
        for question in subject.lab.questions:
            name = audit.asked_of(subject.lab, question)
            if name not in there:
                yield Accepted(id, question.id, name, question.kind, why="there is no such reference")
                continue
            grader = Grader(question, there[name].run, section=words.sections.get(question.id), lab=id)
            yield _of(id, question, name, grader)


def _of(lab: str, question: Question, name: str, grader: Grader) -> Accepted:
    try:
        if why := grader.obstacle:
            return Accepted(lab, question.id, name, question.kind, why=why)
        tried = list(dict.fromkeys(_replies(grader)))
        taken = tuple(
            (reply, _what(grader.run, grader.answer, reply)) for reply in tried if _taken(grader, reply)
        )
    except LabError as error:
        return Accepted(lab, question.id, name, question.kind, why=error.message)
    return Accepted(lab, question.id, name, question.kind, taken, len(tried), tuple(question.also))


def _taken(grader: Grader, reply: str) -> bool:
    try:
        return grader.grade(reply).ok
    except replies.Malformed:
        return False


def _replies(grader: Grader) -> Iterator[str]:
    """All that somebody could reply: first what is right, then every event, choice, node and number."""
    right = grader.answer
    choices = grader.section.choices if grader.section else {}
    yield from (str(answer) for answer in (right, *grader.also) if not isinstance(answer, frozenset))
    if replies.is_order(right, choices):
        orders = permutations(choices) if len(choices) <= ORDERED else ()
        yield from ("".join(order) for order in orders)
    elif choices:
        yield from choices
    elif isinstance(right, str):
        yield from dict.fromkeys([*grader.run.trace.names().values(), *grader.run.alignment.roles.values()])
    elif not isinstance(right, frozenset):
        yield from map(str, range(int(max(20, 2 * right)) + 1))
    yield from (event.id for event in grader.run.trace.events)


def _what(run: Run, right: Answer, reply: str) -> str:
    """The steps of an event that is pointed at."""
    if not isinstance(right, frozenset):
        return ""
    steps = dict.fromkeys(step.id for step, _ in run.alignment.steps_of().get(reply, ()))
    return " and ".join(steps) or run.alignment.background.get(reply, "no step")
