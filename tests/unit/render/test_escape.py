import unicodedata

from hypothesis import given
from hypothesis import strategies as st
from rich.text import Text

from machinelab.render import escape

# Any code point, lone surrogates and controls included, with the dangerous ones often.
ANYTHING = st.text(
    st.one_of(
        st.characters(), st.sampled_from("\x1b\x00\x7f\x9b\u202e\u200b\ud800\udfff\n\r\t[]\\`|<>&*_#\u0301 ")
    )
)


@given(ANYTHING)
def test_terminal_text_is_printable_and_encodable_whatever_came_in(text: str) -> None:
    safe = escape.terminal(text)
    assert safe.isprintable()
    safe.encode("utf-8")
    assert not any(
        unicodedata.bidirectional(c) in {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
        for c in safe
    )


@given(ANYTHING)
def test_escaping_twice_changes_nothing(text: str) -> None:
    once = escape.terminal(text, None)
    assert escape.terminal(once, None) == once


@given(ANYTHING, st.integers(0, 40))
def test_the_limit_holds(text: str, limit: int) -> None:
    safe = escape.terminal(text, limit)
    assert len(safe) <= limit
    whole = escape.terminal(text, None)
    assert safe == whole if len(whole) <= limit else (safe == "" or safe.endswith("…"))


@given(ANYTHING)
def test_ascii_only_is_ascii(text: str) -> None:
    assert escape.ascii_only(escape.terminal(text)).isascii()


@given(ANYTHING)
def test_rich_shows_markup_from_the_wire_as_text(text: str) -> None:
    assert Text.from_markup(escape.markup(text) + "[bold]![/bold]").plain == escape.terminal(text) + "!"


@given(ANYTHING)
def test_html_holds_no_tag_and_no_quote(text: str) -> None:
    import html

    safe = escape.html(text)
    assert not set(safe) & set("<>\"'")
    assert html.unescape(safe) == escape.terminal(text)


@given(ANYTHING)
def test_markdown_reads_back_as_the_same_text(text: str) -> None:
    from markdown_it import MarkdownIt

    tokens = MarkdownIt("commonmark").enable("table").parse(f"before {escape.markdown(text)}after")
    inline = [token for token in tokens if token.type == "inline"]
    assert len(inline) == 1
    children = inline[0].children or []
    assert {child.type for child in children} <= {"text", "text_special"}
    assert "".join(child.content for child in children) == f"before {escape.terminal(text)}after"


@given(ANYTHING)
def test_markdown_at_the_start_of_a_line_is_a_paragraph_of_text(text: str) -> None:
    from markdown_it import MarkdownIt

    tokens = MarkdownIt("commonmark").enable("table").parse(escape.markdown(text))
    assert {token.type for token in tokens} <= {"paragraph_open", "inline", "paragraph_close"}


def test_what_each_kind_of_danger_becomes() -> None:
    assert escape.terminal("\x1b[2J") == "\\x1b[2J"
    assert escape.terminal("a\nb\tc\r") == "a\\nb\\tc\\r"
    assert escape.terminal("\x9b31m\x7f") == "\\x9b31m\\x7f"
    assert escape.terminal("\u202etest.\u200bwww") == "\\u202etest.\\u200bwww"
    assert escape.terminal("\udc80\u2800\U000e0100") == "\\udc80\\u2800\\U000e0100"
    assert escape.terminal("a\u0301\u0301\u0301") == "a\u0301\u0301\\u0301"
    assert escape.terminal("bücher.example 漢字") == "bücher.example 漢字"


def test_a_spelt_out_character_is_never_cut_in_two() -> None:
    assert escape.terminal("abc\x1b\x1b", 9) == "abc\\x1b…"
    assert escape.terminal("x" * 10_000_000, 5) == "xxxx…"
