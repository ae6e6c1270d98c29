"""Question × run × reply → Finding: the answer is worked out from the learner's own run, and its packets are cited.

Whether a reply is near enough to the answer (tolerance, units, spelling) is decided in replies.py.
"""

import json
import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property

from ..errors import BrokenLab
from ..guide.inline import first_sentence
from ..model import Answer, Question, Run
from . import replies
from .prose import Section
from .prose_values import resolve

REFERENCE = "reference"
"""The origin of evidence that ships with the lab (see reading.py)."""

CITED = 8
"""How many packets a sentence names; the finding holds them all."""


@dataclass(frozen=True, slots=True)
class Finding:
    """How a reply was graded. `because` is a sentence or two; `packets` are the ids of the events it cites.

    `known` is the misunderstanding the reply was recognised as: a wrong twin's name, a choice's letter; else empty.
    """

    question: str
    ok: bool
    because: str
    packets: tuple[str, ...] = ()
    known: str = ""

    def dump(self) -> str:
        """The line of `worksheet --json`."""
        cited = [int(id) if id.isdecimal() else id for id in self.packets]
        data = {"question": self.question, "ok": self.ok, "because": self.because, "packets": cited}
        return json.dumps(data, ensure_ascii=False)


class Grader:
    """Grades replies to a question by one run. The answer and each wrong twin's are worked out once, when first needed.

    `section` is the question's prose, `lab` the id that errors name. Where the lab's own functions fail, whatever needs them
    raises BrokenLab.
    """

    def __init__(
        self, question: Question, run: Run, *, section: Section | None = None, lab: str = ""
    ) -> None:
        self.question = question
        self.run = run
        self.section = section
        self.lab = lab
        self._twins: dict[str, Answer] = {}

    @cached_property
    def answer(self) -> Answer:
        """The right answer on this run. Raises BrokenLab where the function fails or gives what no reply can be."""
        answer = self._call(self.question.answer, "answer")
        choices = self.section.choices if self.section else {}
        if choices and self.section and answer not in choices and not replies.is_order(answer, choices):
            what = f"its answer is {answer!r}, which is none of its choices"
            raise _broken(self.lab, self.question, what, self.section)
        return answer

    @cached_property
    def also(self) -> tuple[Answer, ...]:
        """What is right as well on this run. Raises BrokenLab where a function fails."""
        return tuple(self._call(give, f"answer {why!r}") for why, give in self.question.also.items())

    def accepts(self, said: Answer) -> bool:
        """Whether a reply, read as an answer, is the right one or right as well. Raises BrokenLab."""
        within = self.question.within
        return any(replies.meets(said, right, self.run, within) for right in (self.answer, *self.also))

    def twin(self, name: str) -> Answer:
        """What the wrong twin of that name gives on this run. Raises BrokenLab."""
        if name not in self._twins:
            self._twins[name] = self._call(self.question.wrong[name], f"wrong answer {name!r}")
        return self._twins[name]

    @cached_property
    def obstacle(self) -> str:
        """Why the question cannot be asked of this run, in a sentence or two; empty if it can. Raises BrokenLab."""
        for step in self.question.needs:
            if not self.run.claims(step):
                return _lacking(step, self.run)
        if self.answer == frozenset():
            return "No packet of this run shows what the question is about."
        for name in self.question.wrong:
            if self.accepts(self.twin(name)):
                return f"In this run a common misunderstanding ({name}) would come out right too, so it would tell nothing."
        return ""

    def read(self, reply: str) -> Answer:
        """A reply as an answer of the kind asked for. Raises Malformed where it is of another."""
        return replies.read(reply, self.answer, self.run, self.section.choices if self.section else {})

    def grade(self, reply: str, origin: str = "") -> Finding:
        """Grade a reply. A question that cannot be asked of this run gives a finding that says so, not ok.

        `origin` is how the run is spoken of ("run 7", "reference"). Raises Malformed for a reply that is no answer of this kind.
        """
        if self.obstacle:
            return Finding(self.question.id, False, self.obstacle)
        said = self.read(reply)
        if self.accepts(said):
            return _right(self.question, self.run, self.answer, said, self.section, origin)
        return _wrong(self.question, self.run, said, self._recognised(said), self.section, origin)

    def _recognised(self, said: Answer) -> str:
        """The misunderstanding that a wrong reply is, if it is one that the lab knows."""
        for name in self.question.wrong:
            if replies.meets(said, self.twin(name), self.run):
                return name
        return said if self.section and isinstance(said, str) and said in self.section.choices else ""

    def _call(self, function: Callable[[Run], Answer], what: str) -> Answer:
        """What one of the lab's functions gives, if it is what an answer may be; else raises BrokenLab."""
        try:
            answer = function(self.run)
        except Exception as error:  # an author's code may raise anything, and no traceback reaches a learner
            what_failed = f"its {what} raised {type(error).__name__}: {error}"
            raise _broken(self.lab, self.question, what_failed) from error
        if isinstance(answer, bool):
            return "yes" if answer else "no"
        if isinstance(answer, frozenset) and all(isinstance(id, str) for id in answer):
            return answer
        if isinstance(answer, str | int) or (isinstance(answer, float) and math.isfinite(answer)):
            return answer
        raise _broken(self.lab, self.question, f"its {what} gave {answer!r}, which nobody could reply")


def _lacking(step: str, run: Run) -> str:
    missing = next((m for m in run.alignment.missing if m.step.id == step), None)
    why = f" {missing.reason}" if missing else ""
    return f"The question is about the step {step}, which this run does not show.{why}"


def _broken(lab: str, question: Question, what: str, section: Section | None = None) -> BrokenLab:
    where = f"labs/{lab}/lab.py" if lab else "its lab.py"
    more = f" (worksheet.md:{section.line})" if section else ""
    return BrokenLab(
        f"The question {question.id!r} of {lab or 'this lab'} is broken: {what}.",
        f"Mend it in {where}{more}, then run: machinelab check {lab}".rstrip(),
    )


def _right(
    question: Question, run: Run, answer: Answer, said: Answer, section: Section | None, origin: str
) -> Finding:
    packets = evidence_of(question, run)
    if isinstance(said, frozenset) and isinstance(answer, frozenset):
        packets = ordered(run, said | answer)
    # The sentence is cut first: a value from the wire may hold full stops.
    closing = resolve(first_sentence(" ".join(section.closing.split())), run) if section else ""
    why = [closing or "That is what the packets say.", cited(packets, origin)]
    return Finding(question.id, True, " ".join(filter(None, why)), packets)


def _wrong(
    question: Question, run: Run, said: Answer, known: str, section: Section | None, origin: str
) -> Finding:
    why = section.replies.get(known, "") if section else ""
    if not why and known and known in question.wrong:
        why = f"That is the answer of one who {known}."
    if isinstance(said, frozenset):
        packets = ordered(run, said)
        text = [*(_what(run, id, origin) for id in packets), why or _where(section)]
    else:
        packets = evidence_of(question, run)[:1]
        text = [why or _where(section), _pointed(packets, evidence_of(question, run), origin)]
    because = " ".join(resolve(" ".join(filter(None, text)), run).split())
    return Finding(question.id, False, because, packets, known)


def _where(section: Section | None) -> str:
    return section.hints[0] if section and section.hints else "The packets of this run say something else."


def evidence_of(question: Question, run: Run) -> tuple[str, ...]:
    """The ids of the events that a grade cites: those of the steps named as evidence, else of those needed."""
    steps = question.evidence or question.needs
    return ordered(run, {event.id for step in steps for event in run.claims(step)})


def ordered(run: Run, ids: Iterable[str]) -> tuple[str, ...]:
    """Ids of events in time order."""
    wanted = set(ids)
    return tuple(event.id for event in run.trace.events if event.id in wanted)


def called(packets: tuple[str, ...]) -> str:
    """`packet 2`, `packets 2, 4 and 6`, of many the first; `wal:3` as it is."""
    shown = list(packets[:CITED])
    more = [f"{len(packets) - CITED} more"] if len(packets) > CITED else []
    names = [*shown, *more]
    kind = ("packet " if len(packets) == 1 else "packets ") if shown and shown[0].isdecimal() else ""
    return kind + (f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else "".join(names))


def spoken(origin: str) -> str:
    """An origin inside a sentence: `run 7`, `the shipped reference`."""
    return "the shipped reference" if origin == REFERENCE else origin


def cited(packets: tuple[str, ...], origin: str) -> str:
    """`Packets 2, 4 and 6 of run 7 show it.`"""
    if not packets:
        return f"Graded from {spoken(origin)}." if origin else ""
    text = called(packets) + (f" of {spoken(origin)}" if origin else "")
    # The name of an event that is no packet stays as people type it: strace:2.
    start = text[0].upper() if text.startswith("packet") else text[0]
    return start + text[1:] + (" shows it." if len(packets) == 1 else " show it.")


def _pointed(packets: tuple[str, ...], all_: tuple[str, ...], origin: str) -> str:
    """Where to look without giving away how many there are: `Look at packet 2 of run 7.`, `Begin at packet 2 …`"""
    if not packets:
        return f"Graded from {spoken(origin)}." if origin else ""
    verb = "Look at" if len(all_) == 1 else "Begin at"
    return f"{verb} {called(packets)}" + (f" of {spoken(origin)}." if origin else ".")


def _what(run: Run, id: str, origin: str) -> str:
    """`Packet 5 of run 7 is root-refers.` What somebody pointed at, in the guide's words."""
    what = ("Packet " if id.isdecimal() else "") + id + (f" of {spoken(origin)}" if origin else "")
    steps = dict.fromkeys(step.id for step, _ in run.alignment.steps_of().get(id, ()))
    if steps:
        return f"{what} is {' and '.join(steps)}."
    if background := run.alignment.background.get(id):
        return f"{what} is background ({background})."
    return (
        f"{what} only carries a message's stream." if id in run.alignment.carriers else f"{what} is no step."
    )
