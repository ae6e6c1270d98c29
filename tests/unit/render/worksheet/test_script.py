import json

import pytest

from machinelab.errors import BrokenLab, UsageError
from machinelab.model import Lab, Question
from machinelab.render.terminal import TerminalStyle
from machinelab.render.worksheet import script
from machinelab.store import answers
from machinelab.worksheet.session import ordered

from ...worksheet.made import COLD, LAB, PROSE, WARM, Runs, session_of


def test_questions_are_asked_by_experiment_and_predictions_first():
    assert [question.id for question in ordered(LAB)] == ["who", "upstream", "first", "why"]


def test_the_printed_sheet_has_every_question_and_gives_no_answer_away():
    text = "\n".join(script.printed(session_of(Runs())))
    for part in (
        "### 2. How many questions go on? (`upstream`)",
        "- c) The client gave up.",
        "machinelab run toy warm",
    ):
        assert part in text
    for secret in ("Hint", "Look at what leaves", "Half of what", "It remembered.", "It is the same network"):
        assert secret in PROSE and secret not in text


def test_answers_are_graded_in_the_order_given_and_kept():
    found = script.answered(session_of(Runs()), ["why=b", "upstream = 4"])
    assert [(finding.question, finding.ok) for finding in found] == [("why", True), ("upstream", False)]
    kept = answers.load("toy").answers
    assert kept["why"].ok and kept["why"].origin == "reference" and not kept["upstream"].ok


def test_answers_change_with_the_run():
    runs = Runs()
    assert script.answered(session_of(runs), ["upstream=2"])[0].ok
    runs.make("cold", 5)
    finding = script.answered(session_of(runs), ["upstream=2"])[0]
    assert not finding.ok and "run 7" in finding.because
    assert answers.load("toy").answers["upstream"].ok, "what was right stays right"


@pytest.mark.parametrize(
    ("texts", "message", "hint"),
    [
        (["upsteam=4"], "no question 'upsteam'", "Did you mean upstream?"),
        (["upstream"], "is not ID=VALUE", "Write it like"),
        (["=4"], "is not ID=VALUE", "Write it like"),
        (["why=a", "why=b"], "answered twice", "Give each"),
        (["upstream=four"], "upstream: 'four' is not one number", "Give a number"),
        (["upstream="], "upstream: The reply is empty", "Give an answer"),
        (["why=z"], "none of the choices", "Give one letter: a, b, c."),
        (["first=77"], "no packet 77", "Give a number"),
    ],
)
def test_what_is_not_well_formed_is_usage_and_nothing_is_kept(texts, message, hint):
    with pytest.raises(UsageError, match=message) as raised:
        script.answered(session_of(Runs()), ["who=other", *texts])
    assert hint in raised.value.hint
    assert answers.load("toy").answers == {}


def test_a_question_that_cannot_be_asked_is_not_ok_says_why_and_is_not_kept():
    runs = Runs()
    runs.make("cold", 0)
    (finding,) = script.answered(session_of(runs), ["upstream=0"])
    assert not finding.ok and "Run it again: machinelab run toy cold" in finding.because
    del runs.have["warm"]
    (finding,) = script.answered(session_of(runs), ["why=b"])
    assert finding.because.startswith("There is no reference capture of 'warm'.")
    assert answers.load("toy").answers == {}


def test_a_question_about_no_experiment_is_the_labs_fault():
    lab = Lab("toy", (COLD, WARM), (Question("why", "cald", "explain", lambda run: "a"),))
    with pytest.raises(BrokenLab, match="no experiment 'cald'"):
        script.answered(session_of(Runs(), lab), ["why=a"])


def test_findings_are_told_a_paragraph_each_without_control_bytes():
    found = script.answered(session_of(Runs()), ["why=b", "who=client"])
    lines = list(script.report(found, TerminalStyle(width=60)))
    assert lines[0].startswith("✓ why: It remembered.")
    assert any(line.startswith("✗ who: ") for line in lines) and all(len(line) <= 60 for line in lines)
    assert json.loads(found[0].dump())["ok"] is True
