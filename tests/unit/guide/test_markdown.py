"""The one reader of Markdown: where code and comments stand, what is in italics, which lists explain fields."""

from hypothesis import given
from hypothesis import strategies as st

from machinelab.guide import introductions, markdown
from tests import ROOT

TEXT = """\
## Head <!-- step: a -->

First `@a.b` and ``x ` y``, then
`@a.b` <!-- no --> again, `<!-- code -->`.

> quoted `@c.d`
> on `e.f`

- item `@g.h`
  goes on `@i.j`

| a | b |
|---|---|
| x `@k.l` | `@k.l` |
| a \\| b `@m.n` | |

```
`@not.here`
```
"""


def test_everything_stands_where_it_is_said_to_stand() -> None:
    lines = TEXT.split("\n")
    found = [*markdown.placed(markdown.parse(TEXT), lines)]
    written = [(each.line, lines[each.line - 1][each.start : each.stop]) for each in found]
    assert written == [
        (1, "<!-- step: a -->"),
        (3, "`@a.b`"),
        (3, "``x ` y``"),
        (4, "`@a.b`"),
        (4, "<!-- no -->"),
        (4, "`<!-- code -->`"),
        (6, "`@c.d`"),
        (7, "`e.f`"),
        (9, "`@g.h`"),
        (10, "`@i.j`"),
        (14, "`@k.l`"),
        (14, "`@k.l`"),
        (15, "`@m.n`"),
    ]
    assert len({(each.line, each.start) for each in found}) == len(found)


@given(st.text(alphabet='ab`*_<!->|\\\\#\n \t[]()"&;1.'))
def test_what_is_placed_is_there_whatever_the_text(text: str) -> None:
    lines = text.split("\n")
    for each in markdown.placed(markdown.parse(text), lines):
        written = lines[each.line - 1][each.start : each.stop]
        if each.token.type == "code_inline":
            mark = each.token.markup
            assert written.startswith(mark) and written.endswith(mark) and len(written) > 2 * len(mark)
        else:
            assert written == each.token.content


def test_comments_go_and_what_only_looks_like_one_stays() -> None:
    tokens = markdown.without_comments(markdown.parse("<!-- a -->\n\nb <!-- c --> `<!-- d -->` <b>e</b>\n"))
    pieces = next(token.children or [] for token in tokens if token.type == "inline")
    assert [token.type for token in tokens] == ["paragraph_open", "inline", "paragraph_close"]
    assert [piece.content for piece in pieces] == ["b ", " ", "<!-- d -->", " ", "<b>", "e", "</b>"]


def test_a_list_explains_fields_where_each_item_begins_with_code() -> None:
    def told(text: str) -> int:
        return len([*markdown.fields_told(markdown.parse(text))])

    assert told("- `a.b`: one\n- `c.d`, `e.f`: two\n") == 1
    assert told("- `a.b`: one\n- two\n") == 0
    assert told("1. `a.b`: one\n") == 0
    assert told("- x\n  - `a.b`: inside\n- y\n") == 1


def test_italics_are_those_of_the_parser() -> None:
    assert markdown.italics("a *b c* `*d*` \\*e* **f** *g `h`*") == ("b c", "g h")


def test_experiments_are_introduced_at_headings_in_either_form() -> None:
    text = "# T\n\n## A <!-- experiment: a -->\n\nx\n\n## B\n<!-- experiment: b -->\n\n```\n<!-- experiment: c -->\n```\n"
    assert [*introductions(text)] == [(3, "a"), (8, "b")]


def test_nobody_else_makes_a_parser() -> None:
    makers = [
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "machinelab").rglob("*.py")
        if "MarkdownIt(" in path.read_text(encoding="utf-8")
    ]
    assert makers == ["machinelab/guide/markdown.py"]
