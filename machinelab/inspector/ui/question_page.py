"""The worksheet beside the packets: which question is open, what it says, and how a reply fared. No Textual in here."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from ...errors import LabError
from ...model import Question
from ...worksheet import grading
from ...worksheet.prose_values import resolve
from ...worksheet.replies import Malformed
from ...worksheet.session import PREDICT, Session


@dataclass(slots=True)
class QuestionPage:
    """The questions of one experiment, one of them open."""

    session: Session
    experiment: str
    at: int = 0
    said: str = ""
    verdict: str = ""  # the same in plain words, without what the worksheet says to a right answer
    given: dict[str, int] = field(default_factory=dict)

    @property
    def questions(self) -> Sequence[Question]:
        """Those about this experiment."""
        return [q for q in self.session.questions if q.experiment == self.experiment]

    @property
    def question(self) -> Question | None:
        """The open one."""
        return self.questions[self.at] if self.at < len(self.questions) else None

    def start(self) -> None:
        """Open the first that is not yet answered rightly."""
        undone = [i for i, q in enumerate(self.questions) if not self.session.progress.right(q.id)]
        self.at = undone[0] if undone else 0

    def turn(self, by: int) -> None:
        """Another question."""
        if self.questions:
            self.at = (self.at + by) % len(self.questions)
            self.said = self.verdict = ""

    def pointing(self) -> bool:
        """Whether the answer is a packet to point at."""
        question = self.question
        if question is None or self.obstacle():
            return False
        answer = self.session.grader(question).answer
        return isinstance(answer, frozenset)

    def obstacle(self) -> str:
        """Why the open question cannot be asked of this run; empty if it can."""
        return self.session.obstacle(self.question) if self.question else ""

    def answer(self, reply: str) -> None:
        """Grade a reply, keep it, and remember what to say."""
        question = self.question
        if question is None:
            return
        try:
            finding = self.session.grade(question, reply)
            self.session.keep({question.id: (reply, finding)})
            closing = self.session.section(question).closing
            source = self.session.source(self.session.asked_of(question))
            if finding.ok:
                cited = grading.cited(finding.packets, source.origin)
                self.said = f"**✓ Right.** {cited}\n\n{resolve(closing, source.run)}"
                self.verdict = f"✓ Right. {cited}"
            else:
                self.said = f"**✗ Not yet** ({reply}). {finding.because}"
                self.verdict = f"✗ Not yet ({reply}). {finding.because}"
        except (Malformed, LabError) as error:
            self.said = f"**✗** {error.message} {error.hint}"
            self.verdict = f"✗ {error.message} {error.hint}"

    def hint(self) -> None:
        """One more hint, each clearer than the last."""
        question = self.question
        if question is None:
            return
        hints = self.session.section(question).hints
        if self.more_hints:
            self.given[question.id] = self.given.get(question.id, 0) + 1
            self.session.hinted(question)
            self.said = ""
            self.verdict = f"Hint: {hints[self.given[question.id] - 1]}"
        else:
            self.verdict = "There are no more hints." if hints else "There is no hint for this one."

    @property
    def more_hints(self) -> bool:
        """Whether there is a hint that was not yet given."""
        question = self.question
        return question is not None and len(self.session.section(question).hints) > self.given.get(
            question.id, 0
        )

    def text(self) -> str:
        """The open question as Markdown."""
        question = self.question
        if question is None:
            return f"The worksheet has no question about {self.experiment}."
        section = self.session.section(question)
        right = " ✓" if self.session.progress.right(question.id) else ""
        parts = [f"## {section.title}{right}"]
        if why := self.obstacle():
            return "\n\n".join(
                [*parts, f"Not asked of this run. {why}", "- `}` the next question\n- `w` the guide again"]
            )
        hints = [f"> Hint: {hint}" for hint in section.hints[: self.given.get(question.id, 0)]]
        parts += [self.said] if self.said else hints[-1:]
        parts.append(section.prompt)
        parts += (
            ["\n".join(f"- {letter}) {text}" for letter, text in section.choices.items())]
            if section.choices
            else []
        )
        parts += hints if self.said else hints[:-1]
        return "\n\n".join([*parts, self._how(question)])

    def _how(self, question: Question) -> str:
        """The keys that go on from here."""
        section = self.session.section(question)
        typed = "type its letter" if section.choices else "type your answer"
        keys = [("Enter", "this packet is the answer") if self.pointing() else ("a", typed)]
        keys += [(".", "a hint")] if self.more_hints else []
        keys += [("}", "the next question")] if len(self.questions) > 1 else []
        lines = [f"- `{key}` {says}" for key, says in (*keys, ("w", "the guide again"))]
        foresaw = (
            "A guess is best made before the run; now it can be read off.\n\n"
            if question.kind == PREDICT
            else ""
        )
        return foresaw + "\n".join(lines)

    def standing(self) -> str:
        """`2 of 3`."""
        return f"question {self.at + 1} of {len(self.questions)}" if self.questions else ""
