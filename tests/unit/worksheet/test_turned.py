"""Questions about a knob turned, orders, answers right as well, numbers within a margin."""

from dataclasses import replace
from pathlib import Path

import pytest

from machinelab.model import Question
from machinelab.worksheet import audit, prose
from machinelab.worksheet.grading import Grader
from machinelab.worksheet.prose import Section
from machinelab.worksheet.replies import Malformed, ordered
from machinelab.worksheet.session import Session, fitting
from machinelab.worksheet.session import ordered as in_order

from .made import COLD, LAB, PROSE, Opened, Runs, run_of, upstream

CHOICES = {"a": "it asks", "b": "it is answered", "c": "it asks on"}
MORE = Question("more", "cold", "predict", upstream, knobs={"n": "3"})


@pytest.mark.parametrize("text", ("cab", "c a b", "C, A, B", "c > a > b", "c) a) b)", "(c) (a) (b)"))
def test_an_order_in_any_form(text: str) -> None:
    assert ordered(text, CHOICES) == "cab"


@pytest.mark.parametrize("text", ("ca", "caab", "cabd", "1 2 3", "a before b before c"))
def test_what_is_no_order(text: str) -> None:
    with pytest.raises(Malformed, match="each letter once"):
        ordered(text, CHOICES)


def test_an_order_is_graded_as_one_and_its_twin_recognised() -> None:
    question = Question("q", "cold", "order", lambda run: "acb", {"answers first": lambda run: "bac"})
    grader = Grader(question, run_of(2), section=Section("q", "Q", 1, choices=CHOICES))
    assert grader.grade("a, c, b").ok
    wrong = grader.grade("b a c")
    assert (wrong.ok, wrong.known) == (False, "answers first")


def test_a_number_within_a_margin_and_what_is_right_as_well() -> None:
    margin = Grader(replace(MORE, within=1), run_of(3))
    assert [margin.grade(str(n)).ok for n in (1, 2, 3, 4, 5)] == [False, True, True, True, False]
    also = Grader(replace(MORE, also={"counts the client's too": lambda run: 9}), run_of(3))
    assert [also.grade(str(n)).ok for n in (3, 9, 8)] == [True, True, False]


def test_a_misunderstanding_that_is_right_as_well_is_not_asked() -> None:
    both = replace(MORE, wrong={"guesses": lambda run: 9}, also={"counts all": lambda run: 9})
    assert "guesses" in Grader(both, run_of(3)).obstacle


def test_a_question_about_a_knob_is_asked_of_a_run_that_has_it() -> None:
    runs = Runs()
    runs.have["cold@n=3"] = Opened(run_of(3), "reference")
    session = Session(replace(LAB, questions=(MORE, *LAB.questions)), prose.parse(PROSE), runs)
    assert session.asked_of(MORE) == "cold@n=3"
    assert session.command("cold@n=3") == "machinelab run toy cold --set n=3"
    assert session.title("cold@n=3") == "cold · A question nobody has asked · n=3"
    assert session.grade(MORE, "3").ok
    assert session.grade(session.question("upstream"), "2").ok


def test_questions_about_knobs_come_after_the_others_of_their_experiment() -> None:
    lab = replace(LAB, questions=(MORE, *LAB.questions))
    assert [question.id for question in in_order(lab)] == ["who", "upstream", "first", "more", "why"]


@pytest.mark.parametrize(
    ("knobs", "said"),
    (({"m": "3"}, "has no knob 'm'"), ({"n": "2"}, "stands at 2 by itself")),
)
def test_a_knob_that_is_none_or_not_turned(knobs: dict[str, str], said: str) -> None:
    lab = replace(LAB, questions=(replace(MORE, knobs=knobs),))
    assert any(said in problem.message for problem in audit.audit(lab, prose.parse(PROSE), Path("lab.py")))


def test_a_further_right_answer_of_another_kind_is_told() -> None:
    question = replace(MORE, knobs={}, also={"points": lambda run: frozenset[str]()})
    lab = replace(LAB, questions=(question,))
    found = audit.audit_on(lab, prose.parse(PROSE), Runs(), Path("lab.py"))
    assert any("right as well (points) is not accepted" in problem.message for problem in found)


@pytest.mark.parametrize(("n", "asked"), (("2", ["why", "who"]), ("3", ["more", "why"]), ("4", ["why"])))
def test_what_a_run_can_be_asked_hangs_on_its_knobs(n: str, asked: list[str]) -> None:
    lab = replace(LAB, questions=(MORE, LAB.questions[0], LAB.questions[1]))
    assert [question.id for question in fitting(lab, COLD, {"n": n})] == asked
