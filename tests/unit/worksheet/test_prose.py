import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from machinelab.worksheet import prose

from .made import PROSE


def problems(text):
    return [(problem.line, problem.message) for problem in prose.parse(text).problems]


def test_a_question_has_prompt_hints_replies_and_closing():
    section = prose.parse(PROSE).sections["upstream"]
    assert section.title == "How many questions go on?"
    assert section.line == 3 == PROSE.splitlines().index("## How many questions go on?") + 1
    assert section.prompt == "How many questions does the *server* ask\nwhile the client waits?"
    assert section.hints == ("Look at what leaves `server`.", "Count the packets from `server` to `other`.")
    assert section.replies == {
        "counts the replies too": "Half of what you counted came back: see `@down.dns.id`."
    }
    assert section.closing.splitlines()[-1] == "It could not have asked less."
    assert PROSE.splitlines()[section.lines["counts the replies too"] - 1] == "- counts the replies too"


def test_choices_have_letters_and_replies_of_their_own():
    section = prose.parse(PROSE).sections["why"]
    assert list(section.choices.items())[1] == ("b", "The server remembered.")
    assert section.replies == {"a": "It is the same network.", "c": "It has its answer."}
    assert not prose.parse(PROSE).problems


def test_a_reply_may_stand_in_paragraphs_and_a_hint_in_one_quotation_with_another():
    text = "## Q\n<!-- question: q -->\n\nAsk.\n\n> Hint: one,\n> still one.\n> Hint: two.\n\n- a) first\n  line\n\n  A reply.\n\n  More.\n"
    section = prose.parse(text).sections["q"]
    assert section.hints == ("one,\nstill one.", "two.")
    assert section.choices == {"a": "first line"} and section.replies == {"a": "A reply.\n\nMore."}
    assert section.closing == ""


def test_sections_end_at_the_next_heading_of_their_level():
    text = "## A\n<!-- question: a -->\nAsk a.\n\n### Aside\n\nStill a.\n\n## Other\n\nNobody's.\n\n## B\n\n<!-- question: b -->\nAsk b."
    found = prose.parse(text).sections
    assert list(found) == ["a", "b"] and "Nobody" not in found["a"].prompt
    assert found["a"].prompt.endswith("Still a.") and found["b"].prompt == "Ask b."


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("## Q\n<!-- question: -->\n", 2, "names no question"),
        ("## Q\n<!-- question: q -->\nA\n\n## R\n<!-- question: q -->\nB", 6, "has a section already"),
        ("Text\n\n<!-- question: q -->\n", 3, "stands under no heading"),
        ("## Q\n<!-- question: q -->\nA\n\n> Hint:\n", 5, "this hint is empty"),
        ("## Q\n<!-- question: q -->\nA\n\n> Look there.\n", 5, "is no hint"),
        ("## Q\n<!-- question: q -->\nA\n\n- a) x\n- a) y\n", 6, "here twice"),
        ("## Q\n<!-- question: q -->\nA\n\n> Hint: h\n\nStray.\n\n- a) x\n", 7, "between hints and replies"),
    ],
)
def test_what_is_wrong_is_gathered_with_its_line(text, line, message):
    ((found, said),) = problems(text)
    assert found == line and message in said


def test_a_file_that_cannot_be_read_is_a_problem(tmp_path):
    (problem,) = prose.load(tmp_path / "none.md").problems
    assert problem.path == tmp_path / "none.md" and problem.fix.startswith("Write")
    (tmp_path / "bad.md").write_bytes(b"\xff")
    assert prose.load(tmp_path / "bad.md").problems


LINES = st.sampled_from(PROSE.splitlines())


@given(st.lists(LINES | st.text(max_size=12), max_size=30).map("\n".join))
def test_no_text_raises(text):
    found = prose.parse(text, Path("w.md"))
    # Markdown ends a line with any of these (CommonMark §2.1), and so do editors.
    lines = len(re.split("\r\n?|\n", text))
    assert all(0 < problem.line <= lines for problem in found.problems)
