from dataclasses import replace
from pathlib import Path

import pytest

from machinelab.worksheet import prose
from machinelab.worksheet.audit import audit, audit_on

from .made import LAB, PROSE, QUESTIONS, Runs

HERE = Path("lab.py")


def told(text=PROSE, lab=LAB):
    return [str(problem) for problem in audit(lab, prose.parse(text), HERE)]


def changed(id, **what):
    return replace(LAB, questions=tuple(replace(q, **what) if q.id == id else q for q in QUESTIONS))


def on_reference(lab=LAB, text=PROSE, runs=None):
    return [str(problem) for problem in audit_on(lab, prose.parse(text), runs or Runs(), HERE)]


def test_a_whole_worksheet_has_no_problems():
    assert told() == [] and on_reference() == []


@pytest.mark.parametrize(
    ("old", "new", "place", "message"),
    [
        ("<!-- question: who -->", "<!-- question: whom -->", "worksheet.md:20", "no question 'whom'"),
        ("<!-- question: who -->", "", "worksheet.md:", "'who' has no section"),
        ("> Hint: Both ends count.", "", "worksheet.md:32", "first: it has no hint"),
        ("Which packet is a question to `other`?", "", "worksheet.md:32", "first: its section asks nothing"),
        ("Any of them.", "", "worksheet.md:32", "first: it has no closing"),
        ("- names who asked", "- names who asks", "worksheet.md:27", "'names who asks' is no wrong answer"),
        (
            "- names who asked\n  > The",
            "The",
            "worksheet.md:20",
            "nothing is said to one who names who asked",
        ),
        (
            "`@down.dns.id`",
            "`@dawn.dns.id`",
            "worksheet.md:13",
            "names a step that the experiment does not have",
        ),
        ("`@down.dns.id`", "`@down.dns.idd`", "worksheet.md:13", "names a field that there is not"),
        ("Both ends count.", "See `@up.dns.id`.", "worksheet.md:32", "shows a value from the run"),
        ("- b) The", "- d) The", "worksheet.md:44", "why: its choices are a, d, c"),
        ("- b) The server", "- The server", "worksheet.md:53", "why: 'The server remembered.' is no choice"),
    ],
)
def test_each_fault_of_the_prose_is_found_and_placed(old, new, place, message):
    assert old in PROSE
    assert any(place in problem and message in problem for problem in told(PROSE.replace(old, new)))


@pytest.mark.parametrize(
    ("what", "message"),
    [
        ({"kind": "guess"}, "its kind is 'guess'"),
        ({"experiment": "worm"}, "there is no experiment 'worm'"),
        ({"needs": ("anser",)}, "has no step 'anser'"),
        ({"evidence": ("upp",)}, "has no step 'upp'"),
    ],
)
def test_each_fault_of_a_question_is_found(what, message):
    assert any(message in problem for problem in told(lab=changed("why", **what)))


def test_a_choice_question_needs_choices():
    assert any("nothing to choose from" in problem for problem in told(lab=changed("who", kind="explain")))


def test_two_questions_of_one_name_are_told():
    lab = replace(LAB, questions=(*QUESTIONS, QUESTIONS[0]))
    assert any("two questions 'why'" in problem for problem in told(lab=lab))


def test_faults_that_show_on_the_reference():
    assert "raised KeyError" in on_reference(changed("who", answer=lambda run: run.first("gone").id))[0]
    same = changed("who", wrong={"names who asked": lambda run: "other"})
    assert "cannot be asked of the reference" in on_reference(same)[0]
    assert "which this run does not show" in on_reference(changed("why", needs=("up",)))[0]
    assert (
        "the wrong choice a has no reply"
        in on_reference(text=PROSE.replace("  > It is the same network.\n", ""))[0]
    )
    assert "who: The reply is empty" in on_reference(changed("who", answer=lambda run: ""))[0]


def test_a_reference_that_is_not_there_is_told_for_each_question():
    runs = Runs()
    del runs.have["warm"]
    assert [p for p in on_reference(runs=runs) if "why: There is no reference capture of 'warm'." in p]
