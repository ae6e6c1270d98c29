"""`machinelab learn`: the core path of a lab, one thing at a time; what stands on its screens is in learning_pages.py."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TextIO

from ..analysis.blind import blind
from ..analysis.reading import Reading
from ..analysis.view import View
from ..errors import BrokenLab, LabError
from ..model import Lab, Question
from ..render import screen, table
from ..render.terminal import TerminalStyle, bare
from ..render.worksheet.console import Console, Leave
from ..store import place
from ..worksheet import grading
from ..worksheet.prose_values import resolve
from ..worksheet.replies import Malformed
from ..worksheet.session import Session
from . import learning_pages as pages
from .learning_pages import ANSWER, END, LABELS, LOOK, MAP, PREDICTED, QUESTION, RUN, TOLD, Stop, stops


@dataclass(frozen=True, slots=True)
class Means:
    """What the way can do outside: run an experiment, start the lab, open a view (blind) or a whole run full screen. None: not here."""

    run: Callable[[str], Reading] | None = None
    up: Callable[[], None] | None = None
    inspect: Callable[[View], None] | None = None
    inspect_whole: Callable[[Reading], None] | None = None


@dataclass(slots=True)
class Course:
    """A sitting: where one is, and what there is to do it with."""

    session: Session
    console: Console
    means: Means
    clear: bool
    at: int = 0
    said: str = ""
    hints: dict[str, int] = field(default_factory=dict)
    way: list[Stop] = field(default_factory=list)

    @property
    def lab(self) -> Lab:
        """The lab whose core path it is."""
        return self.session.lab

    @property
    def terminal(self) -> TerminalStyle:
        """How it is drawn."""
        return self.console.terminal

    def begin(self, start: str = "") -> None:
        """Go to where one was left, or to an experiment's first stop."""
        self.way = stops(self.lab, self.session.questions)
        wanted = start or place.load().of(self.lab.id, self.session.instance)
        names = [stop.name for stop in self.way]
        first = [i for i, stop in enumerate(self.way) if wanted and stop.experiment == wanted]
        self.at = names.index(wanted) if wanted in names else first[0] if first else 0

    def all(self) -> bool:
        """One stop after another. True at the end of the way. Raises Leave."""
        backwards = False
        while True:
            stop = self.way[self.at]
            place.keep(self.lab.id, self.session.instance, stop.name)
            self.said = ""
            try:
                moved = self.visit(stop, backwards)
            except (BrokenLab, LabError) as error:
                moved = self.pages(
                    stop, [f"  {line}" for line in self.wrapped(f"{error.message} {error.hint}")]
                )
            backwards = moved < 0
            if stop.does == END and not backwards:
                return True
            self.at = max(0, min(self.at + moved, len(self.way) - 1))

    def visit(self, stop: Stop, backwards: bool) -> int:
        """Show a stop until the reader goes on (1) or back (-1). Raises Leave."""
        if stop.does == RUN:
            return self.run(stop)
        if stop.does in (PREDICTED, ANSWER):
            return self.ask(stop, self.session.question(stop.question), backwards)
        return self.pages(
            stop, list(self.drawn(stop)), last=backwards, back="finish" if stop.does == END else ""
        )

    def drawn(self, stop: Stop) -> Iterator[str]:
        """What there is to read at a stop."""
        if stop.does == END:
            return pages.end(self.session, self.terminal)
        found = self.reading(stop.experiment)
        make = {QUESTION: pages.opening, MAP: pages.who, LOOK: pages.look, TOLD: pages.told}
        return make[stop.does](found, self.terminal)

    # ---- what is done ----

    def run(self, stop: Stop) -> int:
        """Have the experiment run, here or elsewhere, or take the reference."""
        while True:
            own = self.session.own(stop.experiment)
            lines = [
                "Now run it, and see what is on the wire.",
                "",
                "    " + self.terminal.paint(self.session.command(stop.experiment), "command"),
                "",
                f"There is a run of yours: {self.session.source(stop.experiment).origin}."
                if own
                else "There is no run of yours yet. Without an engine, read the shipped reference.",
            ]
            here = "Enter run it here   " if self.means.run else "Enter I have run it   "
            keep = "k keep the run I have   " if own else "r read the reference   "
            foot = f"{here}{keep}{'u start the lab   ' if self.means.up else ''}b back   q leave"
            typed = self.screen(stop, [*lines, *self.verdict()], foot).casefold()
            if typed in pages.BACK:
                return -1
            if typed == ("k" if own else "r"):
                return 1
            if typed == "" and self._ran(stop.experiment):
                return 1
            if typed == "u" and self.means.up:
                self._try(self.means.up)

    def _ran(self, experiment: str) -> bool:
        if self.means.run:
            perform = self.means.run
            if not self._try(lambda: perform(experiment)):
                return False
        self.session.forget(experiment)
        if not self.session.own(experiment):
            self.said = f"✗ There is no run of {experiment} yet."
            return False
        return True

    def _try(self, act: Callable[[], object]) -> bool:
        try:
            act()
        except LabError as error:
            self.said = f"✗ {error.message} {error.hint}"
            return False
        self.said = ""
        return True

    def ask(self, stop: Stop, question: Question, backwards: bool) -> int:
        """A question, until it is answered rightly or passed over. A prediction is kept, and graded after the run."""
        early = stop.does == PREDICTED
        if self.session.progress.right(question.id):
            answered = [*pages.question(self.session, question, early, self.terminal), "", "✓ Answered."]
            return self.pages(stop, answered) if backwards else 1
        if early and (self.session.waiting(question) or self.session.own(stop.experiment)):
            return -1 if backwards else 1
        if not early and (why := self.session.obstacle(question)):
            return self.pages(stop, [f"Not asked of this run. {line}" for line in self.wrapped(why)])
        if not early and (kept := self.session.waiting(question)):
            self.judge(question, kept)
            self.said = f"You predicted: {kept}\n{self.said}"
        while True:
            right = self.session.progress.right(question.id)
            body = [*pages.question(self.session, question, early, self.terminal), *self.verdict()]
            foot, back = pages.keys(self.session.section(question), early, right)
            typed = self.screen(stop, body, foot)
            match typed.casefold():
                case key if key in back:
                    return -1
                case "s":
                    return 1
                case "":
                    if right or self.session.waiting(question):
                        return 1
                    self.said = "Type your answer and Enter; s skips the question."
                case "?":
                    self.hint(question)
                case "p" | "l" | "i" as key:
                    self.look(stop, key, early)
                case _ if early:
                    if self.predict(question, typed):
                        return 1
                case _:
                    self.judge(question, typed)

    def look(self, stop: Stop, key: str, early: bool) -> None:
        """The evidence, blind, as packets, as a ladder or full screen; not before a prediction is made."""
        if early:
            self.said = "Not yet: a prediction is made before looking."
        elif key == "p":
            view = blind(self.reading(stop.experiment).view())
            self.pages(stop, list(table.table(view, self.terminal, quiet=True)), back=pages.QUESTION_AGAIN)
        elif key == "l":
            self.pages(
                stop,
                list(pages.look(self.reading(stop.experiment), self.terminal)),
                back=pages.QUESTION_AGAIN,
            )
        else:
            self.inspect(stop)

    def predict(self, question: Question, reply: str) -> bool:
        """Keep a prediction until its run; whether it is one."""
        try:
            self.session.check(question, reply)
        except Malformed as error:
            self.said = f"✗ {error.message} {error.hint}"
            return False
        self.session.keep({question.id: (reply, None)})
        return True

    def judge(self, question: Question, reply: str) -> None:
        """Grade a reply, keep it, and remember what to say."""
        try:
            finding = self.session.grade(question, reply)
        except Malformed as error:
            self.said = f"✗ {error.message} {error.hint}"
            return
        self.session.keep({question.id: (reply, finding)})
        source = self.session.source(self.session.asked_of(question))
        if finding.ok:
            closing = resolve(self.session.section(question).closing, source.run)
            self.said = f"✓ Right. {grading.cited(finding.packets, source.origin)}\n{closing}"
        else:
            self.said = f"✗ Not yet ({reply}). {finding.because}"

    def hint(self, question: Question) -> None:
        """The next hint, each clearer than the last."""
        hints, given = self.session.section(question).hints, self.hints.get(question.id, 0)
        if given >= len(hints):
            self.said = "There are no more hints." if hints else "There is no hint for this one."
            return
        self.hints[question.id] = given + 1
        self.session.hinted(question)
        self.said = f"Hint: {hints[given]}"

    def inspect(self, stop: Stop) -> None:
        """The run full screen: blind until the experiment's questions are answered."""
        if self.means.inspect is None:
            self.said = "The inspector needs a terminal; p lists the packets."
            return
        found = self.reading(stop.experiment)
        if stop.does == TOLD and self.means.inspect_whole:
            self.means.inspect_whole(found)
        else:
            self.means.inspect(blind(found.view()))

    # ---- screens ----

    def pages(self, stop: Stop, lines: Sequence[str], last: bool = False, back: str = "") -> int:
        """Lines over as many screens as they take; `last`: from the last one; `back`: what Enter at the end leads back to. 1 past the end, -1 before the beginning."""
        found = screen.parts(lines, screen.height(self.console.out))
        at = len(found) - 1 if last else 0
        looks = stop.does in (LOOK, TOLD) and not back
        while 0 <= at < len(found):
            more = f"{at + 1} of {len(found)}   " if len(found) > 1 else ""
            on = back if back and at == len(found) - 1 else "go on"
            skip = f"n {back or 'skip the rest'}   " if at < len(found) - 1 else ""
            foot = f"{more}Enter {on}   b back   {'i inspector   ' if looks else ''}{skip}q leave"
            match self.screen(stop, found[at], foot).casefold():
                case key if key in pages.BACK:
                    at -= 1
                case "n":
                    return 1
                case "i" if looks:
                    self.inspect(stop)
                case "":
                    at += 1
                case _:
                    pass
        return 1 if at >= 0 else -1

    def screen(self, stop: Stop, body: Sequence[str], foot: str) -> str:
        """One screen, and what the reader typed. Of a body that is too tall the end is shown: what was said last."""
        room, path = screen.height(self.console.out), [experiment.id for experiment in self.lab.core_path]
        body = body if len(body) <= room else body[-room:]
        where = f"{path.index(stop.experiment) + 1} of {len(path)}" if stop.experiment in path else "the end"
        left = " · ".join(filter(None, (self.lab.id, stop.experiment, LABELS.get(stop.does, ""))))
        self.console.lines(screen.frame(left, where, body, foot, self.terminal, self.clear))
        typed = self.console.read("> ")
        if typed.casefold() in ("q", "quit"):
            raise Leave
        return typed

    def verdict(self) -> list[str]:
        """What was said last, wrapped."""
        return (
            ["", *(line for text in self.said.split("\n") if text for line in self.wrapped(text))]
            if self.said
            else []
        )

    def wrapped(self, text: str) -> list[str]:
        """A paragraph as lines."""
        return self.terminal.wrap(self.terminal.text(bare(text), None), self.terminal.width)

    def reading(self, experiment: str) -> Reading:
        """The reader's newest run, else the reference."""
        found = self.session.source(experiment)
        assert isinstance(found, Reading)
        return found


def hold(
    session: Session, terminal: TerminalStyle, source: TextIO, out: TextIO, means: Means, start: str = ""
) -> bool:
    """The way, from where it was left or from an experiment. True if the end was reached. Ends with `q`, Ctrl-D or Ctrl-C."""
    course = Course(session, Console(source, out, terminal), means, out.isatty())
    course.begin(start)
    try:
        return course.all()
    except (Leave, KeyboardInterrupt):
        course.console.say("", f"All is kept. Go on with: machinelab learn {session.lab.id}{session.alias}")
        course.console.flush()
        return False
