"""A worksheet that is being worked on: the lab's questions, their prose, the learner's runs, and the replies kept so far."""

import shlex
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Protocol

from ..errors import BrokenLab, LabError, UsageError, nearest
from ..model import Experiment, Lab, Question, Run
from ..store import answers, references
from . import grading, replies
from .prose import Prose, Section

PREDICT, ORDER = "predict", "order"


class Source(Protocol):
    """What a question is graded from: a run, and how it is spoken of. A Reading is one."""

    @property
    def run(self) -> Run:
        """The run."""
        ...

    @property
    def origin(self) -> str:
        """ "run 7", or "reference"."""
        ...


Open = Callable[[str], Source]
"""What is asked (`cold`, or with knobs turned `cold@type=MX`) → the newest run of it, else the reference. Raises LabError if there is neither."""


class Session:
    """A worksheet being worked on. Replies are written down as they are graded; runs are opened when first asked for."""

    def __init__(
        self,
        lab: Lab,
        prose: Prose,
        open: Open,
        instance: str = "default",
        file: str = "",
        experiment: str = "",
    ) -> None:
        """`file`: the capture from elsewhere that all of its questions are graded from, if it is one. `experiment`: what they are about, if only one."""
        self.lab = lab
        self.prose = prose
        self.instance = instance
        self.file = file
        self.about = experiment
        self.questions = ordered(lab)
        self.progress = answers.load(lab.id, instance)
        self._open = open
        self._sources: dict[str, Source] = {}
        self._graders: dict[str, grading.Grader] = {}

    def question(self, id: str) -> Question:
        """The question of that id. Raises UsageError, with the nearest spelling, if there is none."""
        known = {question.id: question for question in self.questions}
        if id not in known:
            hint = nearest(id, list(known)) or f"The questions: {', '.join(known)}."
            raise UsageError(f"The worksheet of {self.lab.id} has no question {id!r}.", hint)
        return known[id]

    def section(self, question: Question) -> Section:
        """The prose of a question; a bare one where there is none, so that nothing stops at an unfinished lab."""
        return self.prose.sections.get(question.id) or Section(question.id, question.id, 0, question.id)

    def experiment(self, id: str) -> Experiment:
        """The experiment a question is about. Raises BrokenLab if the lab has none of that id."""
        try:
            return self.lab.experiment(id)
        except UsageError as error:
            raise BrokenLab(
                f"A question is about an experiment that is not there. {error.message}", error.hint
            ) from error

    def asked_of(self, question: Question) -> str:
        """What a question is asked of: an experiment, or one with knobs turned (`cold@type=MX`)."""
        return references.name_of(self.experiment(question.experiment), question.knobs)

    def title(self, name: str) -> str:
        """`cold · A name nobody has asked for · type=MX`."""
        experiment, knobs = references.parse(name)
        turned = (f"{knob}={value}" for knob, value in knobs.items())
        return " · ".join([experiment, self.experiment(experiment).title, *turned])

    def source(self, name: str) -> Source:
        """What the questions of an experiment (with knobs: `cold@type=MX`) are graded from, opened once. Raises LabError if there is nothing."""
        if name not in self._sources:
            self.experiment(references.parse(name)[0])
            self._sources[name] = self._open(name)
        return self._sources[name]

    def forget(self, name: str) -> None:
        """Look for a newer run the next time."""
        self._sources.pop(name, None)

    def grader(self, question: Question) -> grading.Grader:
        """What grades a question by the learner's newest run, else the reference. Raises LabError if there is neither."""
        run = self.source(self.asked_of(question)).run
        known = self._graders.get(question.id)
        if known is None or known.run is not run:
            known = grading.Grader(question, run, section=self.section(question), lab=self.lab.id)
            self._graders[question.id] = known
        return known

    def own(self, name: str) -> bool:
        """Whether there is a run of the learner's own."""
        try:
            return self.source(name).origin != grading.REFERENCE
        except BrokenLab:
            raise
        except LabError:
            return False

    def obstacle(self, question: Question) -> str:
        """Why a question cannot be asked now, in a sentence or two; empty if it can. Raises BrokenLab."""
        try:
            grader = self.grader(question)
        except BrokenLab:
            raise
        except LabError as error:
            return f"{error.message} {error.hint}".strip()
        why = grader.obstacle
        again = "" if self.file else f" Run it again: {self.command(self.asked_of(question))}"
        return f"{why}{again}" if why else ""

    def grade(self, question: Question, reply: str) -> grading.Finding:
        """Grade a reply by the learner's newest run, else the reference. Raises Malformed, BrokenLab or LabError."""
        return self.grader(question).grade(reply, self.source(self.asked_of(question)).origin)

    def check(self, question: Question, reply: str) -> None:
        """Hold a prediction to its form, as far as that can be told before the run. Raises Malformed."""
        if choices := self.section(question).choices:
            replies.ordered(reply, choices) if question.kind == ORDER else replies.letter(reply, choices)
        elif not self.obstacle(question):
            self.grader(question).read(reply)

    def keep(self, graded: Mapping[str, tuple[str, grading.Finding | None]]) -> None:
        """Write replies down by question id; one without a finding is a prediction that waits for its run.

        What was right stays right.
        """
        entries = {id: self._entry(id, reply, finding) for id, (reply, finding) in graded.items()}
        self.progress = answers.keep(self.lab.id, self.instance, entries)

    def _entry(self, id: str, reply: str, finding: grading.Finding | None) -> answers.Kept:
        before = self.progress.answers.get(id, answers.Kept())
        tries = before.tries + (finding is not None)
        if before.ok and not (finding and finding.ok):
            return replace(before, tries=tries)
        if finding is None:
            return replace(before, reply=reply, ok=None, origin="", packets=())
        origin = self.source(self.asked_of(self.question(id))).origin
        first = finding.ok if before.first is None else before.first
        return answers.Kept(reply, finding.ok, first, tries, before.hints, origin, finding.packets)

    def open(self, question: Question | None) -> None:
        """Write down which question is before the learner now, to go on there another time; None: the end was reached."""
        self.progress = answers.keep(self.lab.id, self.instance, {}, question.id if question else "")

    def hinted(self, question: Question) -> None:
        """Write down that one more hint was asked for."""
        before = self.progress.answers.get(question.id, answers.Kept())
        entry = replace(before, hints=before.hints + 1)
        self.progress = answers.keep(self.lab.id, self.instance, {question.id: entry})

    def right(self) -> int:
        """How many questions are answered rightly."""
        return sum(self.progress.right(question.id) for question in self.questions)

    def waiting(self, question: Question) -> str:
        """The prediction that waits for its run; empty if there is none."""
        kept = self.progress.answers.get(question.id)
        return kept.reply if kept and kept.ok is None else ""

    def first_time(self) -> int:
        """How many questions were right at the first reply."""
        return sum(bool(self.progress.answers.get(q.id, answers.Kept()).first) for q in self.questions)

    def command(self, name: str) -> str:
        """What a learner types to run an experiment, with its knobs turned if the name says so (`cold@type=MX`); of a capture from elsewhere, to see its packets."""
        if self.file:
            return f"machinelab packets {self.file} {references.parse(name)[0]} --guide {self.lab.id}"
        experiment, knobs = references.parse(name)
        turned = "".join(f" --set {shlex.quote(f'{knob}={value}')}" for knob, value in knobs.items())
        return f"machinelab run {self.lab.id} {experiment}{turned}{self.alias}"

    @property
    def alias(self) -> str:
        """` --as alice`, where the instance has to be named."""
        return "" if self.instance == "default" else f" --as {self.instance}"

    @property
    def worksheet(self) -> str:
        """What a learner types to be asked its questions."""
        if self.file:
            return f"machinelab worksheet {self.file} --guide {self.lab.id}"
        name = f"{self.lab.id} {self.about}".rstrip()
        return f"machinelab worksheet {name}{self.alias}"

    def standing(self) -> str:
        """How far the learner is, in a sentence."""
        first = f", {self.first_time()} at the first try" if self.first_time() else ""
        return f"{self.right()} of {len(self.questions)} right{first}."

    def from_where_left(self, todo: list[Question]) -> list[Question]:
        """Questions from the one that was before the learner last, then those before it.

        Predictions that wait for the same experiment's run come with it, to be graded together.
        """
        order = [question.id for question in self.questions]
        if self.progress.at not in order:
            return todo
        place, home = order.index(self.progress.at), self.asked_of(self.question(self.progress.at))
        later = [
            question
            for question in todo
            if order.index(question.id) >= place
            or (self.asked_of(question) == home and self.waiting(question))
        ]
        return later + [question for question in todo if question not in later]


def ordered(lab: Lab) -> tuple[Question, ...]:
    """The questions as they are asked: experiment by experiment along the core path, then the others; knobs turned last; of each the predictions first."""
    places = {experiment.id: place for place, experiment in enumerate(lab.in_order)}

    def place(question: Question) -> tuple[int, list[tuple[str, str]], bool]:
        turned = sorted(question.knobs.items())
        return places.get(question.experiment, len(places)), turned, question.kind != PREDICT

    return tuple(sorted(lab.questions, key=place))


def fitting(lab: Lab, experiment: Experiment, knobs: Mapping[str, str]) -> tuple[Question, ...]:
    """The lab's questions without those about this experiment that need other knobs than a run of it has."""
    here = [question for question in lab.questions if question.experiment == experiment.id]
    defaults = experiment.defaults()
    moved = {knob: defaults.get(knob, "") for question in here for knob in question.knobs}
    stands = {knob: knobs.get(knob, default) for knob, default in moved.items()}
    return tuple(q for q in lab.questions if q not in here or {**moved, **q.knobs} == stands)
