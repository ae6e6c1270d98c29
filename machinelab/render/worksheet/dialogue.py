"""One question after another, in the terminal: predict, run, look, answer. Leave at any time; nothing is lost."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TextIO

from ...errors import BrokenLab, LabError
from ...model import Question
from ...worksheet import grading
from ...worksheet.prose_values import resolve
from ...worksheet.replies import Malformed
from ...worksheet.session import PREDICT, Session
from ..terminal import TerminalStyle, bare
from .console import INDENT, Console, Leave
from .script import kind

KEYS = "? a hint   p the packets   l the ladder   i the inspector   s skip   q leave (all is kept)"
AFTERWARDS = "Answer from the packets now"

Act = Callable[[str], None]
"""Runs the experiment of that id, saying how it goes. May raise LabError."""

Show = Callable[[str], Iterable[str]]
"""The lines of the experiment's packets, fit for the terminal. May raise LabError."""


@dataclass(frozen=True, slots=True)
class Views:
    """What can be looked at while a question is open: without steps, sentences or verdicts. `inspect` opens a full screen."""

    packets: Show | None = None
    ladder: Show | None = None
    inspect: Act | None = None


@dataclass(frozen=True, slots=True)
class Score:
    """How it ended: questions right and right at the first reply, of all; `finished` if the end was reached."""

    right: int
    first_time: int
    questions: int
    finished: bool


def hold(
    session: Session,
    source: TextIO,
    out: TextIO,
    terminal: TerminalStyle,
    *,
    run: Act | None = None,
    views: Views | None = None,
) -> Score:
    """Ask what is not yet answered rightly, from where it was left. Ends with the last question, `q`, Ctrl-D or Ctrl-C.

    `run` runs an experiment right here (None: the learner does it elsewhere), `views` show its packets. Raises LabError
    where replies cannot be kept.
    """
    console = Console(source, out, terminal)
    dialogue = _Dialogue(session, console, run, views or Views())
    finished = False
    try:
        finished = dialogue.all()
    except (Leave, KeyboardInterrupt):
        console.say("")
    dialogue.farewell(finished)
    return Score(session.right(), session.first_time(), len(session.questions), finished)


class _Dialogue:
    """What it must remember: where it is, and which questions were passed over."""

    def __init__(self, session: Session, console: Console, run: Act | None, views: Views) -> None:
        self.session = session
        self.console = console
        self.run = run
        self.views = views
        self.shipped: set[str] = set()  # experiments whose reference was accepted
        self.settled: set[str] = set()  # questions done with, this time
        self.predicted: dict[str, str] = {}
        self.skipped: list[str] = []
        self.unasked: list[str] = []
        self.given: dict[str, int] = {}  # hints

    def all(self) -> bool:
        """Ask everything that is open. True once the end is reached."""
        session = self.session
        self.console.say(*session.progress.notes)
        if not session.questions:
            self.console.say(f"The worksheet of {session.lab.id} has no questions yet.")
            return True
        self.console.say(f"The worksheet of {session.lab.id}: {session.standing()}", style="bold")
        todo = [question for question in session.questions if not session.progress.right(question.id)]
        if not todo:
            if self.console.read("Finished. Go through it again? [y/N] ").casefold() not in ("y", "yes"):
                return True
            todo = list(session.questions)
        self.console.say(KEYS, style="dim")
        for experiment, questions in groupby(session.from_where_left(todo), key=session.asked_of):
            self.experiment(experiment, list(questions))
        session.open(None)
        return True

    def experiment(self, experiment: str, questions: Sequence[Question]) -> None:
        """Predictions first, then the run, then how they fared, then the rest."""
        session = self.session
        self.console.say("", session.title(experiment), style="bold")
        if any(question.knobs for question in questions):
            self.console.say("These questions need a run of their own, with the knob turned.", style="dim")
        if not session.own(experiment) and experiment not in self.shipped:
            for question in questions:
                if question.kind == PREDICT and not session.waiting(question):
                    self.guarded(self.predict, question)
            if not self.offer(experiment):
                self.skipped += [question.id for question in questions if question.id not in self.skipped]
                return
        for question in questions:
            if question.kind == PREDICT:
                self.guarded(self.settle, question)
        for question in questions:
            if question.id not in self.settled and question.id not in self.skipped:
                self.guarded(self.ask, question)

    def guarded(self, act: Callable[[Question], None], question: Question) -> None:
        """A question with an error of its author's is reported and skipped; the others can still be asked."""
        try:
            act(question)
        except BrokenLab as error:
            self.console.complain(error)
            self._pass_over(question)

    def predict(self, question: Question) -> None:
        """Ask before the run, and keep the reply until then."""
        self.show(question, looking=False)
        while reply := self.reply(question, looking=False):
            try:
                self.session.check(question, reply)
            except Malformed as error:
                self.console.complain(error)
                continue
            self.predicted[question.id] = reply
            self.session.keep({question.id: (reply, None)})
            self.console.say("Kept. It is graded when the experiment has run.")
            return

    def offer(self, experiment: str) -> bool:
        """Have the experiment run, here or elsewhere, or take the reference. False: not now."""
        here = "Enter: run it here" if self.run else "Enter: I have run it"
        while True:
            self.console.say("", f"Now run: {self.session.command(experiment)}", style="command")
            choice = self.console.read(
                f"{here}, r: read the shipped reference, s: later, q: leave > "
            ).casefold()
            if choice in ("q", "quit"):
                raise Leave
            if choice in ("s", "skip"):
                return False
            if choice == "r":
                self.shipped.add(experiment)
                self.console.say("Then the packets are those of the shipped reference.")
                return True
            if choice == "" and self._ran(experiment):
                return True

    def _ran(self, experiment: str) -> bool:
        try:
            if self.run:
                self.run(experiment)
        except LabError as error:
            self.console.complain(error)
        self.session.forget(experiment)
        if self.session.own(experiment):
            return True
        self.console.say(f"There is no run of {experiment} yet.")
        return False

    def settle(self, question: Question) -> None:
        """Grade a prediction that waited for its run."""
        reply = self.predicted.pop(question.id, "") or self.session.waiting(question)
        if not reply:
            return
        if self._cannot(question):
            return
        self.console.say("", f"{self._number(question)} {self.session.section(question).title}", style="bold")
        self.console.say(f"You predicted: {self.console.terminal.text(reply)}")
        try:
            self._judge(question, reply)
        except Malformed as error:
            self.console.complain(error)

    def ask(self, question: Question) -> None:
        """Ask until the answer is right or the learner goes on."""
        if self._cannot(question):
            return
        self.show(question)
        while reply := self.reply(question):
            try:
                self._judge(question, reply)
            except Malformed as error:
                self.console.complain(error)
            if question.id in self.settled:
                return
            self.console.say("Try again; ? is a hint, s goes on.", style="dim")

    def _judge(self, question: Question, reply: str) -> None:
        """Grade a reply, keep it, and say how it fared."""
        source = self.session.source(self.session.asked_of(question))
        finding = self.session.grade(question, reply)
        self.session.keep({question.id: (reply, finding)})
        if not finding.ok:
            self.console.marked("✗", finding.because)
            return
        self.settled.add(question.id)
        self.console.marked("✓", f"Right. {grading.cited(finding.packets, source.origin)}")
        self.console.prose(resolve(self.session.section(question).closing, source.run))

    def _cannot(self, question: Question) -> bool:
        """Say why a question is not asked of this run, if it is not."""
        why = self.session.obstacle(question)
        if why:
            self.console.say(
                "", f"{self._number(question)} {self.session.section(question).title}", style="bold"
            )
            self.console.marked("·", f"Not asked of this run. {why}")
            self._pass_over(question)
        return bool(why)

    def _pass_over(self, question: Question) -> None:
        self.settled.add(question.id)
        if question.id not in self.unasked:
            self.unasked.append(question.id)

    def show(self, question: Question, *, looking: bool = True) -> None:
        """The question as it is put: its place, title, what kind of answer, the prompt and the choices."""
        self.session.open(question)
        section = self.session.section(question)
        self.console.say("", f"{self._number(question)} {section.title}", style="bold")
        asked = AFTERWARDS if question.kind == PREDICT and looking else kind(question, bool(section.choices))
        self.console.say(f"{asked}.", style="dim")
        self.console.prose(section.prompt)
        for letter, text in section.choices.items():
            self.console.lines(
                self.console.terminal.hang(self.console.terminal.text(bare(text)), f"{INDENT}  {letter}) ")
            )

    def reply(self, question: Question, *, looking: bool = True) -> str:
        """What the learner answers; empty if the question is skipped. Hints and packets are given meanwhile."""
        while True:
            text = self.console.read("> ")
            match text.casefold():
                case "":
                    self.console.say(KEYS, style="dim")
                case "q" | "quit":
                    raise Leave
                case "s" | "skip":
                    self.skipped.append(question.id)
                    return ""
                case "?":
                    self.hint(question)
                case "p":
                    self.list(question, self.views.packets, looking)
                case "l":
                    self.list(question, self.views.ladder, looking)
                case "i":
                    self.inspect(question, looking)
                case _:
                    return text

    def hint(self, question: Question) -> None:
        """The next hint, each clearer than the last."""
        hints = self.session.section(question).hints
        place = self.given.get(question.id, 0)
        if place >= len(hints):
            self.console.say("There are no more hints." if hints else "There is no hint for this one.")
            return
        self.given[question.id] = place + 1
        self.session.hinted(question)
        self.console.prose(f"Hint: {hints[place]}")

    def list(self, question: Question, show: Show | None, looking: bool) -> None:
        """The experiment's packets, but not before a prediction."""
        if not self._may_look(looking):
            return
        if show is None:
            self.console.say(f"See them with: machinelab packets {self.session.lab.id} {question.experiment}")
            return
        try:
            self.console.lines(show(self.session.asked_of(question)))
        except LabError as error:
            self.console.complain(error)

    def inspect(self, question: Question, looking: bool) -> None:
        """The same full screen; back here when it is left."""
        if not self._may_look(looking):
            return
        if self.views.inspect is None:
            self.console.say("The inspector needs a terminal; p lists the packets.")
            return
        try:
            self.views.inspect(self.session.asked_of(question))
        except LabError as error:
            self.console.complain(error)

    def _may_look(self, looking: bool) -> bool:
        if not looking:
            self.console.say("Not yet: a prediction is made before looking.")
        return looking

    def _number(self, question: Question) -> str:
        place = self.session.questions.index(question) + 1
        return f"{place} of {len(self.session.questions)}"

    def farewell(self, finished: bool) -> None:
        """The score, what was passed over, and how to go on."""
        if not self.session.questions:
            return
        parts = [self.session.standing()]
        if self.skipped:
            parts.append(f"Skipped: {', '.join(dict.fromkeys(self.skipped))}.")
        if self.unasked:
            parts.append(f"Not asked of these runs: {', '.join(self.unasked)}.")
        self.console.say("", " ".join(parts))
        if self.session.right() < len(self.session.questions):
            how = "All is kept." if not finished else "There is more."
            self.console.say(f"{how} Go on with: {self.session.worksheet}")
        self.console.flush()
