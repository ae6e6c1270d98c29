import pytest

from machinelab.inspector.ui.palette import palette
from machinelab.inspector.ui.prose import prose
from machinelab.render.terminal import TerminalStyle, cells

from ...render import small
from . import screens


def said(text, width=40):
    return [
        "".join(piece for piece, _ in line)
        for line in prose(text, width, TerminalStyle(width), palette("plain"))
    ]


def test_a_comma_stays_with_its_word():
    assert said("It stands here, **loudly**, with `code`.", 22) == ["It stands here,", "loudly, with code."]


def test_bullets_hang_and_headings_stand_alone():
    lines = said("## Title\n\n- one that goes on and on and on\n- two\n\n1. first\n", 20)
    assert lines[0] == "Title" and "• one that goes on" in lines and "  and on and on" in lines
    assert "1. first" in lines


def test_a_fence_keeps_its_lines_and_comments_are_hidden():
    assert said("<!-- step: x -->a\n\n```\n$ one   two\n```\n") == ["a", "", "$ one   two"]


def test_indented_code_keeps_its_lines_and_a_picture_is_its_words():
    assert said("a\n\n    ▼ b\n    └ c\n\n![The map](map.svg)\n") == ["a", "", "▼ b", "└ c", "", "The map"]


def test_what_else_an_item_holds_hangs_below_its_words():
    lines = said("1. one `x`\n\n   more\n\n   - inner\n2. *two*\n")
    assert [line for line in lines if line] == ["1. one x", "   more", "  • inner", "2. two"]


@pytest.mark.parametrize("width", [8, 20, 37, 80])
def test_every_line_fits_and_is_harmless(width):
    text = f"{screens.section('root-refers')}\n\n{small.HOSTILE}\n\n`{'x' * 200}`, {'漢' * 50} **{small.HOSTILE}**\n\n- {'y' * 90}"
    for line in said(text, width):
        assert cells(line) <= width + 4 and line.isprintable(), line


@pytest.mark.parametrize(
    "text", ["", "\n\n", "```", "- ", "> ", "#", "| a | b |\n|---|---|", "`", "**", "[x]("]
)
def test_odd_markdown_ends(text):
    said(text)
