"""The worksheet without a conversation: all questions as Markdown, and answers given on the command line."""

from collections.abc import Iterator, Sequence

from ...errors import UsageError
from ...model import Question
from ...worksheet.grading import Finding
from ...worksheet.session import Session
from ..terminal import TerminalStyle, bare

KINDS = {
    "predict": "Predict, before you run it",
    "observe": "Point at a packet: answer with its number",
    "explain": "Choose the cause: answer with its letter",
    "order": "Put them in order: answer with all the letters",
    "work-out": "Work it out: answer with a number or a word",
}


def printed(session: Session) -> Iterator[str]:
    """The lines of the whole worksheet in Markdown, with the choices, without hints and answers."""
    yield f"# The worksheet of {session.lab.id}"
    asked_of = ""
    for number, question in enumerate(session.questions, 1):
        if session.asked_of(question) != asked_of:
            asked_of = session.asked_of(question)
            turned = "".join(f", {knob}={value}" for knob, value in question.knobs.items())
            yield from (
                "",
                f"## {question.experiment}: {session.experiment(question.experiment).title}{turned}",
                "",
                f"    {session.command(asked_of)}",
            )
        yield from ("", *_question(session, question, number))
    yield ""
    yield f"Answer with `{session.worksheet} --answer ID=VALUE`, once for each question."


def _question(session: Session, question: Question, number: int) -> Iterator[str]:
    section = session.section(question)
    yield f"### {number}. {section.title} (`{question.id}`)"
    yield ""
    yield f"*{kind(question, bool(section.choices))}.*"
    yield ""
    yield from section.prompt.splitlines()
    if section.choices:
        yield ""
        yield from (f"- {letter}) {text}" for letter, text in section.choices.items())


def kind(question: Question, choices: bool) -> str:
    """What is asked for, in a phrase."""
    said = KINDS.get(question.kind, question.kind)
    return f"{said}: answer with a letter" if choices and question.kind == "predict" else said


def answered(session: Session, texts: Sequence[str]) -> list[Finding]:
    """Grade `ID=VALUE` texts and keep them; all are well-formed or none is graded. A question that cannot be asked is not ok.

    Raises UsageError for an unknown question, one given twice, or a malformed reply; BrokenLab or LabError as grading does.
    """
    replies = _parsed(session, texts)
    findings = [_graded(session, question, reply) for question, reply in replies]
    kept = {
        question.id: (reply, finding)
        for (question, reply), finding in zip(replies, findings, strict=True)
        if finding.ok or not session.obstacle(question)
    }
    session.keep(kept)
    return findings


def _parsed(session: Session, texts: Sequence[str]) -> list[tuple[Question, str]]:
    replies: dict[str, tuple[Question, str]] = {}
    for text in texts:
        id, sign, reply = text.partition("=")
        if not sign or not id.strip():
            raise UsageError(f"--answer {text} is not ID=VALUE.", "Write it like --answer upstream=4")
        question = session.question(id.strip())
        if question.id in replies:
            raise UsageError(f"{question.id} is answered twice.", "Give each question one --answer.")
        replies[question.id] = (question, reply)
    return list(replies.values())


def _graded(session: Session, question: Question, reply: str) -> Finding:
    if why := session.obstacle(question):
        return Finding(question.id, False, why)
    try:
        return session.grade(question, reply)
    except UsageError as error:
        raise UsageError(f"{question.id}: {error.message}", error.hint) from error


def report(findings: Sequence[Finding], terminal: TerminalStyle) -> Iterator[str]:
    """Findings for a person, a paragraph each."""
    for finding in findings:
        mark = terminal.draw("✓" if finding.ok else "✗")
        first, *rest = terminal.hang(
            terminal.text(f"{finding.question}: {bare(finding.because)}"), f"{mark} "
        )
        yield first.replace(mark, terminal.paint(mark, "good" if finding.ok else "bad"), 1)
        yield from rest
