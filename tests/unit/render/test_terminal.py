import io

from hypothesis import given
from hypothesis import strategies as st

from machinelab.render import escape
from machinelab.render.terminal import TerminalStyle, bare, cells, pad, terminal_style

TEXT = st.text(st.one_of(st.characters(), st.sampled_from("  ab漢字é…"))).map(
    lambda t: escape.terminal(t, None)
)


class Screen(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def test_a_pipe_has_no_colour_and_eighty_columns() -> None:
    assert terminal_style(io.StringIO(), {}) == TerminalStyle(80, False, True)


def test_a_terminal_has_colour_unless_no_color_or_dumb() -> None:
    assert terminal_style(Screen(), {}).colour
    assert not terminal_style(Screen(), {"NO_COLOR": "1"}).colour
    assert terminal_style(Screen(), {"NO_COLOR": ""}).colour
    assert not terminal_style(Screen(), {"TERM": "dumb"}).colour
    assert terminal_style(io.StringIO(), {"FORCE_COLOR": "1"}).colour


def test_columns_is_obeyed_within_reason() -> None:
    assert terminal_style(io.StringIO(), {"COLUMNS": "160"}).width == 160
    assert terminal_style(io.StringIO(), {"COLUMNS": "3"}).width == 40
    assert terminal_style(io.StringIO(), {"COLUMNS": "wide"}).width == 80


def test_an_ascii_stream_gets_ascii_signs() -> None:
    ascii = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    assert not terminal_style(ascii, {}).unicode
    assert TerminalStyle(unicode=False).text("stub → bücher\x1b") == "stub -> b\\xfccher\\x1b"
    assert TerminalStyle(unicode=False).draw("✓ …") == "ok ..."


@given(TEXT, st.integers(1, 50), st.integers(0, 4))
def test_wrapped_lines_fit_and_keep_every_word(text: str, width: int, lines: int) -> None:
    found = TerminalStyle().wrap(text, width, lines)
    widest = max([width, *(cells(c) for c in text)])  # a wide character in one column cannot be helped
    assert all(cells(line) <= widest for line in found)
    assert found
    if lines:
        assert len(found) <= lines or cells(text) <= width
    else:
        assert "".join(found).replace(" ", "") == text.replace(" ", "")


@given(TEXT, st.integers(0, 30), st.booleans())
def test_cut_and_squeezed_text_fits(text: str, width: int, unicode: bool) -> None:
    terminal = TerminalStyle(unicode=unicode)
    assert cells(terminal.cut(text, width)) <= width
    assert cells(terminal.squeeze(text, width)) <= width


def test_squeeze_keeps_both_ends_of_an_address() -> None:
    assert TerminalStyle().squeeze("2001:db8:1:2:3:4:5:53", 11) == "2001:…:5:53"


def test_wide_and_combining_characters_are_measured_as_printed() -> None:
    assert cells("漢字") == 4
    assert cells("e\u0301") == 1
    assert pad("漢", 4) == "漢  "


def test_runs_of_spaces_stay_where_the_line_is_not_broken() -> None:
    assert TerminalStyle().wrap("A? www.example.test  rd", 30) == ["A? www.example.test  rd"]
    assert TerminalStyle().wrap("A? www.example.test  rd ad", 22) == ["A? www.example.test", "rd ad"]
    assert TerminalStyle().wrap("one two three", 7, 1) == ["one tw…"] or TerminalStyle().wrap(
        "one two three", 7, 1
    ) == ["one…"]


def test_the_kits_own_signs_are_one_column_each() -> None:
    from machinelab.render.escape import _ASCII
    from machinelab.render.terminal import _cell

    assert [sign for sign in _ASCII if len(sign) != 1 or _cell(sign) != 1 or not sign.isprintable()] == []


def test_marks_of_markdown_are_left_out_where_no_style_shows_them() -> None:
    assert bare("Compare `dns.resp.ttl` with *both*, **now**.") == "Compare dns.resp.ttl with both, now."
    assert bare("2 * 3 * 4, a `b") == "2 * 3 * 4, a `b"
