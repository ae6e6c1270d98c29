import pytest

from machinelab import catalog
from machinelab.analysis import reading
from machinelab.worksheet import prose, replies, sealing
from machinelab.worksheet.session import Session

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
        opened, prose.load(catalog.worksheet_file(lab)), lambda id: reading.open_reference(opened, id)
    )
    return [session.grader(question) for question in session.questions if not session.obstacle(question)]


@pytest.mark.parametrize("lab", ["dns", "tcp", "wal"])
def test_every_answer_of_a_worksheet_has_its_outcome_and_is_graded_as_the_terminal_does(lab):
    for grader in graders(lab):
        first, *others = sealing.outcomes(grader, "reference")
        assert first.finding.ok
        answer = grader.answer
        right = [outcome for outcome in (first, *others) if outcome.finding.ok]
        assert len(right) == (len(answer) if isinstance(answer, frozenset) else 1)
        known = {outcome.finding.known for outcome in others}
        # A twin that another twin or the right answer equals on this run has no outcome of its own.
        assert known <= {"", *grader.question.wrong, *(grader.section.choices if grader.section else ())}
        forms = [form for outcome in (first, *others) for form in outcome.forms]
        assert len(forms) == len(set(forms))


def test_a_measured_number_is_taken_as_far_off_as_the_terminal_takes_it():
    (grader,) = [g for g in graders("dns") if g.question.id == "aged" and sealing.kind(g) == "measured"]
    answer = grader.answer
    forms = {form for outcome in sealing.outcomes(grader) if outcome.finding.ok for form in outcome.forms}
    for by, taken in ((0, True), (0.05, True), (-0.099, True), (0.11, False), (-0.11, False)):
        reply = answer * (1 + by)
        assert replies.meets(reply, answer, grader.run) is taken
        assert (next(iter(sealing._cells(int(reply * 1000) / 1000))) in forms) is taken
