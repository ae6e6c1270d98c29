import json
from dataclasses import replace

import pytest

from machinelab.errors import BrokenLab
from machinelab.model import Field, Question
from machinelab.worksheet import grading, prose
from machinelab.worksheet.grading import Grader
from machinelab.worksheet.replies import Malformed

from ..align.made import Made
from .made import PROSE, QUESTIONS, run_of

ASKED = {question.id: question for question in QUESTIONS}
SECTIONS = prose.parse(PROSE).sections


def graded(id, reply, run, origin="run 7", section=True):
    return Grader(ASKED[id], run, section=SECTIONS[id] if section else None, lab="toy").grade(reply, origin)


def test_a_right_number_says_why_and_cites_the_packets_of_the_run():
    finding = graded("upstream", "2 packets", run_of(2))
    assert finding.ok
    assert finding.because == "One for each step down. Packets 2 and 4 of run 7 show it."
    assert finding.packets == ("2", "4")


def test_the_answer_changes_with_the_run():
    assert not graded("upstream", "2", run_of(3)).ok
    assert graded("upstream", "3", run_of(3)).packets == ("2", "4", "6")


def test_a_known_misunderstanding_gets_its_own_reply_with_values_of_this_run():
    finding = graded("upstream", "4", run_of(2))
    assert (finding.ok, finding.known) == (False, "counts the replies too")
    assert finding.because == "Half of what you counted came back: see `0x0102`. Begin at packet 2 of run 7."


def test_a_wrong_reply_nobody_foresaw_is_told_where_to_look_and_not_how_many():
    finding = graded("upstream", "9", run_of(2))
    assert finding.because == "Look at what leaves `server`. Begin at packet 2 of run 7."
    assert finding.packets == ("2",)


def test_without_prose_a_wrong_twin_is_named():
    assert graded("upstream", "4", run_of(2), section=False).because.startswith(
        "That is the answer of one who counts the replies too."
    )


def test_a_reference_is_said_to_be_one():
    for reply in ("2", "9"):
        assert "of the shipped reference" in graded("upstream", reply, run_of(2), "reference").because


@pytest.mark.parametrize("packet", ["2", "4"])
def test_any_of_the_right_packets_is_right(packet):
    assert graded("first", packet, run_of(2)).packets == ("2", "4")


def test_a_wrong_packet_is_told_what_it_is_and_the_right_ones_are_not_given_away():
    finding = graded("first", "3", run_of(2))
    assert finding.because == "Packet 3 of run 7 is down. Both ends count."
    assert finding.packets == ("3",)
    assert graded("first", "1", run_of(2)).because == "Packet 1 of run 7 is ask. That one goes to the server."


def test_a_name_may_be_a_node_or_its_address():
    for reply in ("other", "Other.", "O"):
        assert graded("who", reply, run_of(2)).ok
    assert graded("who", "client", run_of(2)).known == "names who asked"


def test_each_wrong_choice_has_its_own_reply():
    run = run_of(0)
    assert graded("why", "b", run).ok
    assert graded("why", "a", run).because == "It is the same network. Look at packet 2 of run 7."
    assert graded("why", "c)", run).because.startswith("It has its answer.")
    with pytest.raises(Malformed):
        graded("why", "d", run)


def test_a_full_stop_in_a_value_does_not_end_the_sentence():
    section = replace(SECTIONS["upstream"], closing="It was `@ask.dns.qry.name`. More.")
    run = run_of(2)
    event = run.trace.events[0]
    named = replace(event, content=Made({"dns.qry.name": [Field("dns.qry.name", "one. Two. three")]}))
    first, *rest = run.alignment.claims
    claims = (replace(first, items=(first.items[0]._replace(event=named),)), *rest)
    altered = replace(run, alignment=replace(run.alignment, claims=claims))
    finding = Grader(ASKED["upstream"], altered, section=section).grade("2")
    assert finding.because == "It was `one. Two. three`. Packets 2 and 4 show it."


def test_a_question_whose_wrong_twin_comes_out_right_is_not_asked():
    run = run_of(0)
    why = Grader(ASKED["upstream"], run).obstacle
    assert why.startswith("In this run a common misunderstanding (counts the replies too)")
    finding = graded("upstream", "0", run)
    assert (finding.ok, finding.because) == (False, why)


def test_a_question_about_a_step_that_was_not_seen_is_not_asked_and_the_step_is_named():
    why = Grader(ASKED["upstream"], run_of(2, answered=False)).obstacle
    assert why.startswith(
        "The question is about the step answer, which this run does not show. There is no reply"
    )


def test_no_right_packet_means_the_question_is_not_asked():
    assert "No packet of this run" in Grader(replace(ASKED["first"], wrong={}), run_of(0)).obstacle


def broken(**what):
    return replace(Question("q", "cold", "predict", lambda run: 1), **what)


def test_functions_that_raise_are_the_labs_fault_and_told_in_one_line():
    with pytest.raises(BrokenLab) as raised:
        Grader(broken(answer=lambda run: 1 / 0), run_of(2), lab="toy").grade("1")
    assert raised.value.message == (
        "The question 'q' of toy is broken: its answer raised ZeroDivisionError: division by zero."
    )
    assert raised.value.hint == "Mend it in labs/toy/lab.py, then run: machinelab check toy"
    assert raised.value.exit_code == 4
    with pytest.raises(BrokenLab, match="its wrong answer 'twin' raised KeyError"):
        question = broken(wrong={"twin": lambda run: run.first("nowhere").number})
        Grader(question, run_of(2), lab="toy").grade("1")


@pytest.mark.parametrize("answer", [None, [1], float("nan"), frozenset({2})])
def test_an_answer_that_nobody_could_reply_is_the_labs_fault(answer):
    with pytest.raises(BrokenLab, match="which nobody could reply"):
        _ = Grader(broken(answer=lambda run: answer), run_of(2)).answer


def test_an_answer_that_is_none_of_the_choices_is_the_labs_fault():
    with pytest.raises(BrokenLab, match="none of its choices"):
        question = replace(ASKED["why"], answer=lambda run: "x")
        _ = Grader(question, run_of(0), section=SECTIONS["why"]).answer


def test_true_and_false_are_yes_and_no():
    question = broken(answer=lambda run: len(run.claims("up")) == 2)
    assert Grader(question, run_of(2)).grade("Yes").ok
    assert Grader(question, run_of(3)).grade("n").ok


def test_the_json_line_has_these_four_and_packets_as_numbers():
    line = json.loads(graded("upstream", "2", run_of(2)).dump())
    assert list(line) == ["question", "ok", "because", "packets"]
    assert line["packets"] == [2, 4]
    assert json.loads(grading.Finding("q", True, "", ("3", "wal:1")).dump())["packets"] == [3, "wal:1"]


def test_of_many_packets_the_first_are_named():
    assert grading.called(tuple(map(str, range(1, 21)))) == "packets 1, 2, 3, 4, 5, 6, 7, 8 and 12 more"
    assert grading.called(("1",)) == "packet 1"
    assert grading.called(("wal:1", "wal:2")) == "wal:1 and wal:2"


def test_the_answer_and_each_wrong_twin_are_worked_out_once_for_a_question_and_a_run():
    called = []
    question = broken(
        answer=lambda run: called.append("answer") or 1,
        wrong={
            name: lambda run, name=name, n=n: called.append(name) or n for n, name in ((2, "a"), (3, "b"))
        },
    )
    grader = Grader(question, run_of(2))
    assert called == []
    assert [grader.grade(reply).known for reply in ("3", "2", "7", "1")] == ["b", "a", "", ""]
    assert grader.obstacle == "" and grader.answer == 1
    assert sorted(called) == ["a", "answer", "b"]
