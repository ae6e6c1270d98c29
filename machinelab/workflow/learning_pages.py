"""What stands on the screens of `machinelab learn`: the question, who is there, the packets, what it was, where to go next."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..analysis import pictures
from ..analysis.blind import blind
from ..analysis.reading import Reading
from ..model import Lab, Question
from ..render import ladder, markdown, table
from ..render.headline import headline
from ..render.pictures import shown as draw
from ..render.terminal import TerminalStyle, bare
from ..render.worksheet.script import kind
from ..worksheet.prose import Section
from ..worksheet.session import PREDICT, Session
from . import guide_text

QUESTION, MAP, PREDICTED, RUN, LOOK, ANSWER, TOLD, END = (
    "question",
    "map",
    "predict",
    "run",
    "look",
    "answer",
    "told",
    "end",
)
LABELS = {
    QUESTION: "the question",
    MAP: "who is there",
    PREDICTED: "predict",
    RUN: "run",
    LOOK: "look",
    ANSWER: "answer",
    TOLD: "what it was",
}
MARKS = (
    "```",
    "<",
    "- ",
    "* ",
    "|",
    "#",
    "!",
    ">",
)  # what a block of Markdown begins with that is no sentence
BACK = ("b", "<")
QUESTION_AGAIN = "to the question"


@dataclass(frozen=True, slots=True)
class Stop:
    """A place on the way: an experiment ("" at the end), what is done there, and the question, if one is asked."""

    experiment: str
    does: str
    question: str = ""

    @property
    def name(self) -> str:
        """`cold:predict:upstream`, as it is kept."""
        return ":".join(filter(None, (self.experiment, self.does, self.question)))


def stops(lab: Lab, questions: Sequence[Question]) -> list[Stop]:
    """The whole way. Questions that need a knob turned are the worksheet's, not the way's."""
    found = []
    for experiment in lab.core_path:
        asked = [each for each in questions if each.experiment == experiment.id and not each.knobs]
        found += [Stop(experiment.id, QUESTION), Stop(experiment.id, MAP)]
        found += [Stop(experiment.id, PREDICTED, each.id) for each in asked if each.kind == PREDICT]
        found += [Stop(experiment.id, RUN), Stop(experiment.id, LOOK)]
        found += [Stop(experiment.id, ANSWER, each.id) for each in asked]
        found.append(Stop(experiment.id, TOLD))
    return [*found, Stop("", END)]


def opening(found: Reading, terminal: TerminalStyle) -> Iterator[str]:
    """The question that the experiment answers: the first paragraph of its part of the guide."""
    text = guide_text.Sections(found, shipped=True).markdown("")
    blocks = [block.strip() for block in text.split("\n\n")]
    asked = next((block for block in blocks if block and not block.startswith(MARKS)), "")
    yield terminal.paint(terminal.text(found.experiment.title), "bold")
    yield ""
    yield from markdown.markdown(asked, terminal)


def who(found: Reading, terminal: TerminalStyle) -> Iterator[str]:
    """What will be run, and the lab's map."""
    yield "This will be run:"
    yield ""
    defaults = found.experiment.defaults()
    for at in found.experiment.run:
        command = at.command
        for name, value in defaults.items():
            command = command.replace("{" + name + "}", value)
        yield from terminal.hang(terminal.text(command), f"  {at.node}  ")
    yield ""
    yield from draw.body(pictures.show(pictures.of_topology(found.lab), found), terminal)


def look(found: Reading, terminal: TerminalStyle) -> Iterator[str]:
    """What was captured, with nothing said about it."""
    view = blind(found.view())
    yield from table.title(view, terminal)
    yield ""
    yield from ladder.ladder(view, terminal)


def told(found: Reading, terminal: TerminalStyle) -> Iterator[str]:
    """What happened, the experiment's own pictures, and what the guide says of it."""
    yield from headline(found.view(), terminal)
    for picture in pictures.of(found.lab, found.experiment.id):
        shown = pictures.show(picture, found) if picture.id != pictures.TOPOLOGY else None
        if shown is not None and shown.drawing is not None:
            yield from ("", *draw.body(shown, terminal))
    yield ""
    text = guide_text.text(found, markdown.inside(terminal), shipped=not found.own, alone=True)
    yield from markdown.markdown(text, terminal)


def end(session: Session, terminal: TerminalStyle) -> Iterator[str]:
    """The end of the way, and where to go from there."""
    lab = session.lab
    yield f"That was the core path of {lab.id}. {session.standing()}"
    yield ""
    for label, command in (
        ("Go further", f"machinelab list {lab.id}{session.alias}"),
        ("The other questions, with knobs turned", session.worksheet),
        ("The whole guide", f"machinelab guide {lab.id}{session.alias}"),
        ("From the beginning", f"machinelab learn {lab.id} {lab.core_path[0].id}{session.alias}"),
        ("Another lab", f"machinelab path{session.alias}"),
    ):
        yield f"  {label}:"
        yield "    " + terminal.paint(command, "command")
    if lab.further:
        further = ", ".join(experiment.id for experiment in lab.further)
        yield from ("", *terminal.hang(f"Further experiments: {further}.", ""))


def keys(section: Section, early: bool, right: bool) -> tuple[str, tuple[str, ...]]:
    """What a question's last line names, and the keys that go back: where `b` is one of the choices, it is an answer."""
    if right:
        return "Enter go on   b back   q leave", BACK
    back = tuple(key for key in BACK if key not in section.choices)
    look = "" if early else "p packets  l ladder  i inspector  "
    typed = "a letter" if section.choices else "type it"
    return f"{typed}, or  {look}? hint  s skip  {back[0]} back  q leave", back


def question(session: Session, asked: Question, early: bool, terminal: TerminalStyle) -> Iterator[str]:
    """The question as it is put; `early`: before the run."""
    section = session.section(asked)
    said = kind(asked, bool(section.choices)) if early or asked.kind != PREDICT else "Answer from the packets"
    yield terminal.paint(terminal.text(section.title), "bold")
    yield terminal.paint(terminal.text(f"{said}."), "dim")
    yield ""
    yield from markdown.markdown(section.prompt, terminal)
    for letter, text in section.choices.items():
        yield from terminal.hang(terminal.text(bare(text)), f"  {letter}) ")
