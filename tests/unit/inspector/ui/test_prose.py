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
