from collections.abc import Callable, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from machinelab.render.markdown import markdown
from machinelab.render.table import table
from machinelab.render.terminal import TerminalStyle, cells

from . import small

GUIDE = """\
# DNS, how names resolve

<!-- step: ask-root -->
## The first question

It *starts* at the top, with `dns.id` and a [link](https://example.test). [red]not markup[/red]

- one
- two <!-- inline
comment --> three

| record | says |
| - | - |
| NS | who to ask |

```packets cold ask-root..answer
1 stub > resolver A? www.example.test
```

```sh
dig +norec  # <!-- shown, for it is code -->
```

> Nothing is decided by the name alone.
"""


def set_text(text: str, terminal: TerminalStyle, packets: object = None) -> str:
    return "\n".join(markdown(text, terminal, packets))  # type: ignore[arg-type]


@pytest.mark.parametrize("width", [80, 160])
def test_guide(width: int, golden: Callable[[str, str], None]) -> None:
    golden(f"render/markdown-{width}.txt", set_text(GUIDE, TerminalStyle(width)) + "\n")


def test_comments_are_hidden_but_in_code() -> None:
    said = set_text(GUIDE, TerminalStyle(80))
    assert "step:" not in said
    assert "inline" not in said
    assert "<!-- shown, for it is code -->" in said


def test_a_fence_holds_the_readers_packets_where_there_are_any() -> None:
    view = small.cold()
    asked: list[tuple[str, int]] = []

    def packets(info: str, terminal: TerminalStyle) -> Sequence[str] | None:
        asked.append((info, terminal.width))
        return list(table(view, terminal))

    for terminal in (TerminalStyle(80), TerminalStyle(80, colour=True)):
        said = set_text(GUIDE, terminal, packets)
        assert "A? www.example.test  rd" in said
        assert "1 stub > resolver" not in said
    assert asked == [("cold ask-root..answer", 76)] * 2


def test_the_frame_is_straight_with_colour_too() -> None:
    from machinelab.render.markdown import plain

    view = small.cold()
    for terminal in (TerminalStyle(80), TerminalStyle(80, colour=True), TerminalStyle(120, unicode=False)):
        lines = [
            plain(line)
            for line in set_text(GUIDE, terminal, lambda info, inner: list(table(view, inner))).split("\n")
        ]
        frame = [
            line
            for line in lines
            if line.startswith(("┌", "│", "└", "+", "|")) and not line.startswith("| N")
        ]
        assert len({cells(line) for line in frame}) == 1
        assert max(map(cells, frame)) <= terminal.width


def test_rich_markup_in_a_guide_is_text() -> None:
    assert "[red]not markup[/red]" in set_text("a [red]not markup[/red] b", TerminalStyle(80))


def test_ascii_only_where_the_encoding_has_no_more() -> None:
    assert set_text(GUIDE, TerminalStyle(80, unicode=False)).isascii()


def test_without_colour_there_are_no_codes_and_headings_are_underlined() -> None:
    said = set_text(GUIDE, TerminalStyle(80))
    assert "\x1b" not in said
    assert "The first question\n──────────────────\n" in said


def test_a_fence_that_is_never_closed_runs_to_the_end() -> None:
    assert "└" in set_text("text\n\n```packets cold\nrow", TerminalStyle(80))


@settings(deadline=None, max_examples=60)
@given(st.text(st.one_of(st.characters(), st.sampled_from("\x1b\u202e`~<!->#|[]\n\n  ")), max_size=120))
def test_nothing_in_a_guide_reaches_the_terminal_raw(text: str) -> None:
    for line in markdown(text, TerminalStyle(80)):
        assert line.isprintable()
        line.encode()


@pytest.mark.parametrize("width", [80, 120])
def test_a_picture_is_not_broken_however_wide(width: int) -> None:
    drawn = ["┌" + "─" * 78 + "┐", "│" + " " * 78 + "│", "└" + "─" * 78 + "┘"]
    text = "\n".join(["a", "", "```picture topology", *drawn, "```", "", "b"])
    lines = list(markdown(text, TerminalStyle(width, False)))
    assert [line.strip() for line in lines if line.strip()] == ["a", *drawn, "b"]
    assert len({len(line) - len(line.lstrip()) for line in lines if line.strip() in drawn}) == 1


def test_a_picture_is_cut_where_the_terminal_is_too_narrow() -> None:
    lines = list(markdown("```picture x\n" + "─" * 70 + "\n```\n", TerminalStyle(40, False)))
    assert max(cells(line) for line in lines) == 40
