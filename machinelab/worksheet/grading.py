"""Question × run × reply → Finding: the answer is worked out from the learner's own run, and its packets are cited."""

import json
import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from ..errors import BrokenLab
from ..guide.inline import first_sentence
from ..model import Answer, Question, Run
from . import replies
from .prose import Section
from .values import resolve

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


def grade(
    question: Question,
    run: Run,
    reply: str,
    *,
    section: Section | None = None,
    lab: str = "",
    origin: str = "",
) -> Finding:
    """Grade a reply by a run. A question that cannot be asked of this run gives a finding that says so, not ok.

    `section` is its prose, `origin` how the run is spoken of ("run 7", "reference"). Raises Malformed for a reply that is no
    answer of this kind, BrokenLab where the lab's own functions fail.
    """
    if why := obstacle(question, run, section=section, lab=lab):
        return Finding(question.id, False, why)
    answer = answer_of(question, run, section=section, lab=lab)
    said = replies.read(reply, answer, run, section.choices if section else {})
    if replies.meets(said, answer, run):
        return _right(question, run, answer, said, section, origin)
    return _wrong(question, run, said, section, lab, origin)


def answer_of(question: Question, run: Run, *, section: Section | None = None, lab: str = "") -> Answer:
    """The right answer on this run. Raises BrokenLab where the function fails or gives what no reply can be."""
    answer = _ask(question.answer, question, run, lab, "answer")
    if section and section.choices and answer not in section.choices:
        raise _broken(lab, question, f"its answer is {answer!r}, which is none of its choices", section)
    return answer


def obstacle(question: Question, run: Run, *, section: Section | None = None, lab: str = "") -> str:
    """Why the question cannot be asked of this run, in a sentence or two; empty if it can. Raises BrokenLab."""
    for step in question.needs:
        if not run.claims(step):
            return _lacking(step, run)
    answer = answer_of(question, run, section=section, lab=lab)
    if answer == frozenset():
        return "No packet of this run shows what the question is about."
    for name, twin in question.wrong.items():
        if replies.meets(_ask(twin, question, run, lab, f"wrong answer {name!r}"), answer, run):
            return f"In this run a common misunderstanding ({name}) would come out right too, so it would tell nothing."
    return ""


def _lacking(step: str, run: Run) -> str:
    missing = next((m for m in run.alignment.missing if m.step.id == step), None)
    why = f" {missing.reason}" if missing else ""
    return f"The question is about the step {step}, which this run does not show.{why}"


def _ask(function: Callable[[Run], Answer], question: Question, run: Run, lab: str, what: str) -> Answer:
    """Call one of the lab's functions and hold what it gives to what an answer may be."""
    try:
        answer = function(run)
    except Exception as error:  # an author's code may raise anything, and no traceback reaches a learner
        raise _broken(lab, question, f"its {what} raised {type(error).__name__}: {error}") from error
    if isinstance(answer, bool):
        return "yes" if answer else "no"
    if isinstance(answer, frozenset) and all(isinstance(id, str) for id in answer):
        return answer
    if isinstance(answer, str | int) or (isinstance(answer, float) and math.isfinite(answer)):
        return answer
    raise _broken(lab, question, f"its {what} gave {answer!r}, which nobody could reply")


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
    question: Question, run: Run, said: Answer, section: Section | None, lab: str, origin: str
) -> Finding:
    known = _known(question, run, said, section, lab)
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


def _known(question: Question, run: Run, said: Answer, section: Section | None, lab: str) -> str:
    """The misunderstanding that a wrong reply is, if it is one that the lab knows."""
    for name, twin in question.wrong.items():
        if replies.meets(said, _ask(twin, question, run, lab, f"wrong answer {name!r}"), run):
            return name
    return said if section and isinstance(said, str) and said in section.choices else ""


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
