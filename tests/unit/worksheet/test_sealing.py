import pytest

from machinelab import catalog
from machinelab.analysis import reading
from machinelab.model import Question
from machinelab.worksheet import prose, replies, sealing
from machinelab.worksheet.grading import Grader
from machinelab.worksheet.prose import Section
from machinelab.worksheet.session import Session

from .made import run_of

MESSAGES = [(("7",), "Right, for these are the packets."), (("14", "15"), "Half of them came back.")]


def test_each_form_opens_its_own_message_and_nothing_else_does():
    sealed = sealing.seal("toy upstream", MESSAGES)
    assert sealing.unseal(sealed, "7") == "Right, for these are the packets."
    assert sealing.unseal(sealed, "14") == sealing.unseal(sealed, "15") == "Half of them came back."
    assert sealing.unseal(sealed, "8") is None


def test_neither_order_nor_length_tells_which_message_is_the_right_one():
    forwards, backwards = (sealing.seal("toy", MESSAGES[::way]) for way in (1, -1))
    assert (forwards.locks, forwards.said) == (backwards.locks, backwards.said)
    assert len({len(text) for text in forwards.said}) == 1


def test_the_same_answer_looks_different_in_another_question():
    one, other = (sealing.seal(name, MESSAGES) for name in ("dns upstream", "tls upstream"))
    assert not {tag for tag, _ in one.locks} & {tag for tag, _ in other.locks}
    assert not set(one.said) & set(other.said)


def test_a_message_may_have_any_letters():
    assert sealing.unseal(sealing.seal("toy", [(("a",), "→ " * 100 + "é")]), "a") == "→ " * 100 + "é"


def graders(lab):
    opened = catalog.load_lab(lab)
    session = Session(
        opened, prose.load(catalog.worksheet_file(lab)), lambda name: reading.open_recorded(opened, name)
    )
    return [session.grader(question) for question in session.questions if not session.obstacle(question)]


@pytest.mark.parametrize("lab", ["dns", "tcp", "wal"])
def test_every_answer_of_a_worksheet_has_its_outcome_and_is_graded_as_the_terminal_does(lab):
    for grader in graders(lab):
        first, *others = sealing.outcomes(grader, "reference")
        assert first.finding.ok
        answer = grader.answer
        taken = [outcome for outcome in (first, *others) if outcome.finding.ok]
        assert len(taken) == (len(answer) if isinstance(answer, frozenset) else 1)
        known = {outcome.finding.known for outcome in others}
        # A twin that another twin or the right answer equals on this run has no outcome of its own.
        assert known <= {"", *grader.question.wrong, *(grader.section.choices if grader.section else ())}
        forms = [form for outcome in (first, *others) for form in outcome.forms]
        assert len(forms) == len(set(forms))


def made(answer, choices=None, **more):
    """A grader of a question with that answer, on a run of the small lab."""
    question = Question("made", "cold", "work-out", lambda run: answer, **more)
    return Grader(question, run_of(2), section=Section("made", "Made", 1, choices=choices or {}))


def right(grader):
    return {form for outcome in sealing.outcomes(grader) if outcome.finding.ok for form in outcome.forms}


@pytest.mark.parametrize(
    ("answer", "within", "kind", "scale"),
    [
        (196.0, 0.0, "measured", sealing._relative),
        (-0.25, 0.0, "measured", sealing._relative),
        (40, 2.0, "near", sealing._absolute(2.0)),
        (0.5, 0.2, "near", sealing._absolute(0.2)),
        (-3, 1.0, "near", sealing._absolute(1.0)),
    ],
)
def test_a_number_is_taken_as_far_off_as_the_terminal_takes_it(answer, within, kind, scale):
    grader = made(answer, within=within)
    assert sealing.kind(grader) == kind
    reach = within or abs(answer) * replies.NEAR
    for by, taken in ((0, True), (0.5, True), (0.97, True), (-0.97, True), (1.06, False), (-1.06, False)):
        reply = answer + reach * by
        assert replies.meets(reply, answer, grader.run, within) is taken
        sign = "-" if kind == "measured" and reply < 0 else ""
        assert (f"{sign}{scale(reply)}" in right(grader)) is taken


def test_a_whole_number_is_that_number():
    grader = made(7, wrong={"measures": lambda run: 14.2, "counts": lambda run: 8})
    assert sealing.kind(grader) == "whole" and right(grader) == {"7"}
    twins = {form for outcome in sealing.outcomes(grader)[1:] for form in outcome.forms}
    assert twins == {"8", "13", "14", "15"}


def test_an_order_and_what_is_right_as_well():
    choices = {"a": "SYN", "b": "SYN, ACK", "c": "ACK"}
    grader = made(
        "abc", choices, also={"both at once": lambda run: "acb"}, wrong={"turns it": lambda run: "cba"}
    )
    assert sealing.kind(grader) == "order" and right(grader) == {"abc", "acb"}
    assert [outcome.forms for outcome in sealing.outcomes(grader)] == [("abc",), ("acb",), ("cba",)]


def test_yes_may_be_said_in_any_way_and_is_one_form():
    assert sealing.kind(made("Yes")) == "word" and right(made("Yes")) == {"yes"}
