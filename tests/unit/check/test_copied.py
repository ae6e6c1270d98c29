"""Questions that can be answered by looking up their words, or that hang on chance: each put into a copy of a whole lab."""

from pathlib import Path

import pytest

from machinelab.check import accepted
from tests.unit.check import toy

LAB, GUIDE, SHEET = "labs/{id}/lab.py", "guides/{id}.md", "labs/{id}/worksheet.md"
PROMPT = "ask for understanding, not for copying a value. Which packet is the server's reply?"
OBSERVE = 'answer=packets_of("reply"),\n    wrong={"takes the question for the reply": packets_of("ask")},'
NUMBER = 'answer=lambda run: {},\n    wrong={{"takes the question for the reply": lambda run: 0}},'
CHOICES = "- takes the question for the reply\n  > what to say to one who makes this mistake."


def told(said: str) -> list[str]:
    """The messages that say it, with the file's name."""
    return [f"{p.path.name}: {p.message}" for p in toy.problems() if said in p.message]


def test_the_finished_lab_has_no_such_question(lab: Path) -> None:
    assert told("looked up") == [] and told("may differ") == []


def test_a_packet_that_its_own_sentence_answers(lab: Path) -> None:
    toy.edit(
        GUIDE,
        "one sentence that stands beside the packet.",
        "The client wants to know whether the server is alive.",
    )
    toy.edit(
        GUIDE, "one sentence that stands beside the packet.", "The server bounces the payload straight back."
    )
    toy.edit(SHEET, PROMPT, "Which packet bounces the payload?")
    (said,) = told("which-replies: its answer can be looked up by its own words (bounc, payload)")
    assert said.startswith("worksheet.md")


def test_the_same_packet_asked_for_in_other_words(lab: Path) -> None:
    toy.edit(
        GUIDE,
        "one sentence that stands beside the packet.",
        "The client wants to know whether the server is alive.",
    )
    toy.edit(
        GUIDE, "one sentence that stands beside the packet.", "The server bounces the payload straight back."
    )
    toy.edit(
        SHEET, PROMPT, "A firewall drops everything that leaves this host. Which packet would be missing?"
    )
    assert told("looked up") == []


def test_a_number_that_stands_in_the_guide(lab: Path) -> None:
    toy.edit(
        GUIDE,
        "Then what happens there, and why (RFC 792).",
        "The payload of the question measures 56 octets by default.",
    )
    toy.edit(SHEET, PROMPT, "How many octets does the payload of a default question measure?")
    toy.edit(LAB, OBSERVE, NUMBER.format(56))
    assert told("looked up by its own words")


def test_a_number_that_has_to_be_worked_out(lab: Path) -> None:
    toy.edit(
        GUIDE,
        "Then what happens there, and why (RFC 792).",
        "The payload of the question measures 56 octets by default.",
    )
    toy.edit(SHEET, PROMPT, "How many octets would two hosts exchange in payloads during one minute?")
    toy.edit(LAB, OBSERVE, NUMBER.format(6720))
    assert told("looked up") == []


@pytest.mark.parametrize(
    ("right", "copied"),
    (("The kernel bounces every payload unchanged.", True), ("It has no other choice.", False)),
)
def test_a_choice_that_says_what_the_guide_says(lab: Path, right: str, copied: bool) -> None:
    toy.edit(
        GUIDE,
        "Then what happens there, and why (RFC 792).",
        "There the kernel bounces every payload unchanged.",
    )
    toy.edit(SHEET, CHOICES, f"- a) {right}\n- b) A daemon invents one.\n  > Which daemon?")
    toy.edit(LAB, '"observe"', '"explain"')
    toy.edit(LAB, OBSERVE, 'answer=lambda run: "a",')
    assert bool(told("looked up")) is copied


COUNT = 'answer=lambda run: len(run.claims("reply")),\n    wrong={"takes the question for the reply": lambda run: 0},'


@pytest.mark.parametrize(
    ("more", "hangs"), (("", True), ("\n    within=1,", False), ('\n    steady="it is asked once",', False))
)
def test_an_exact_count_of_what_may_come_any_number_of_times(lab: Path, more: str, hangs: bool) -> None:
    toy.edit(LAB, 'sees="icmp.type == 0"', 'sees="icmp.type == 0", times=(1, None)')
    toy.edit(LAB, OBSERVE, COUNT + more)
    if more.startswith("\n    within"):
        toy.edit(LAB, "lambda run: 0}", "lambda run: 9}")
    assert bool(told("may differ from run to run")) is hangs


def test_a_question_about_a_knob_needs_a_reference_with_it(lab: Path) -> None:
    toy.edit(LAB, 'evidence=("reply",),', 'evidence=("reply",),\n    knobs={"size": "8"},')
    (said,) = told("needs size=8, and no reference has that")
    assert said.startswith("lab.py")


def test_what_is_taken_as_an_answer(lab: Path) -> None:
    (found,) = accepted.accepted([toy.ID])
    assert (found.question, found.asked_of, found.taken) == ("which-replies", "hello", (("2", "reply"),))
    assert found.tried == 2
    toy.edit(
        LAB, 'needs=("ask", "reply"),', 'needs=("ask", "reply"),\n    also={"asks, too": packets_of("ask")},'
    )
    toy.edit(LAB, '\n    wrong={"takes the question for the reply": packets_of("ask")},', "")
    (found,) = accepted.accepted([toy.ID])
    assert [reply for reply, _ in found.taken] == ["1", "2"] and found.also == ("asks, too",)
    assert "right as well: asks, too" in found.line()


def test_a_plot_that_compares_what_nobody_recorded(lab: Path) -> None:
    toy.edit(
        LAB,
        "    minutes=15,",
        '    plots=(Plot("p", "P", "hello", "x", "y", lambda runs: (Series("s", ((1.0, 2.0),)),), "size"),),\n    minutes=15,',
    )
    toy.edit(LAB, "Lab, Question", "Lab, Plot, Question, Series")
    assert [said.partition("with ")[2] for said in told("The plot p compares size")] == ["8.", "1400."]
