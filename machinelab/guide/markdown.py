"""Markdown by markdown-it: the one reader of all of ours, and what several of its users ask of the tokens.

CommonMark 0.31 with tables, as GitHub has them. Lines count from 1, as editors do. markdown-it says on which lines a block
stands; where in them a code span or a comment stands is noted by two rules of ours around its own.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache, lru_cache
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_inline import StateInline
    from markdown_it.token import Token

    Rule = Callable[[StateInline, bool], bool]

TOLD = "fields-told"  # the class of a list that explains fields: each of its items begins with a name in code
COMMENT = re.compile(r"<!--\s*(.*?)\s*-->", re.DOTALL)  # HTML, which markdown-it hands on as it stands
_SPAN = "span"  # a token's meta: where in its paragraph's content it begins and ends


@cache
def reader() -> "MarkdownIt":
    """The parser. HTML is parsed, so that comments are told from text; whoever renders decides what becomes of it."""
    # 30 ms: only who reads Markdown pays.
    from markdown_it import MarkdownIt
    from markdown_it.rules_inline import backtick, html_inline

    made = MarkdownIt("commonmark", {"html": True}).enable("table")
    made.inline.ruler.at("backticks", _noting(backtick))
    made.inline.ruler.at("html_inline", _noting(html_inline))
    return made


def _noting(rule: "Rule") -> "Rule":
    """A rule that notes in its token which part of the paragraph it was made of."""

    def noting(state: "StateInline", silent: bool) -> bool:
        begins, before = state.pos, len(state.tokens)
        taken = rule(state, silent)
        if taken and len(state.tokens) > before:
            state.tokens[-1].meta[_SPAN] = (begins, state.pos)
        return taken

    return noting


def parse(text: str) -> "list[Token]":
    """The text's tokens."""
    return reader().parse(text)


def lines_of(token: "Token") -> range:
    """The lines that a block takes, its closing fence included; none for what has no place."""
    return range(token.map[0] + 1, token.map[1] + 1) if token.map else range(0)


class Placed(NamedTuple):
    """A piece within a paragraph, and where it stands: on which line, from which column to which, counted from 0."""

    token: "Token"
    line: int
    start: int
    stop: int


def placed(tokens: "Sequence[Token]", lines: Sequence[str]) -> "Iterator[Placed]":
    """Each code span and each piece of HTML within the paragraphs of a text with these lines, where it is on one line."""
    ends: dict[int, int] = {}  # of a line's paragraph or cell that was placed last
    for block in tokens:
        if block.type != "inline" or not block.map:
            continue
        rows = block.content.split("\n")
        begins = 0
        for number, row in enumerate(rows, block.map[0]):
            line = lines[number] if number < block.map[1] else ""
            bar = "|" if row in line else "\\|"  # a cell's own bars stand behind a backslash (GFM §4.10)
            at = line.find(row.replace("|", bar), ends.get(number, 0))
            if at >= 0:
                ends[number] = at + len(row.replace("|", bar))
                for piece in block.children or []:
                    start, stop = piece.meta.get(_SPAN, (-1, -1))
                    if begins <= start and stop <= begins + len(row):
                        left = at + len(row[: start - begins].replace("|", bar))
                        right = at + len(row[: stop - begins].replace("|", bar))
                        yield Placed(piece, number + 1, left, right)
            begins += len(row) + 1


def image(inline: "Token") -> str:
    """The source of the image that is all a paragraph holds; "" if it holds anything else."""
    pieces = inline.children or []
    return str(pieces[0].attrs.get("src", "")) if len(pieces) == 1 and pieces[0].type == "image" else ""


@lru_cache(maxsize=4096)
def italics(text: str) -> tuple[str, ...]:
    """What stands in italics in a text, as plain words."""
    found: list[str] = []
    for block in parse(text):
        inside = 0
        for piece in block.children or []:
            if piece.type == "em_open":
                inside += 1
                found.append("")
            elif piece.type == "em_close":
                inside -= 1
            elif inside:
                found[-1] += piece.content
    return tuple(found)


def fields_told(tokens: "Sequence[Token]") -> "Iterator[Token]":
    """The tokens that begin a list of which every item begins with something in code: fields, each with what it means."""
    for at, token in enumerate(tokens):
        if token.type == "bullet_list_open" and _told(tokens[at + 1 :], token.level):
            yield token


def _told(tokens: "Sequence[Token]", level: int) -> bool:
    for at, token in enumerate(tokens):
        if token.type == "bullet_list_close" and token.level == level:
            return True
        if token.type == "list_item_open" and token.level == level + 1:
            inline = next((each for each in tokens[at : at + 3] if each.type == "inline"), None)
            if inline is None or not inline.children or inline.children[0].type != "code_inline":
                return False
    return False


def without_comments(tokens: "Sequence[Token]") -> "list[Token]":
    """The tokens without HTML comments; other HTML stays."""
    return [kept for token in tokens if (kept := _without(token)) is not None]


def _without(token: "Token") -> "Token | None":
    if token.children:
        return token.copy(children=without_comments(token.children))
    if token.type not in ("html_block", "html_inline"):
        return token
    rest = COMMENT.sub("", token.content)
    return token.copy(content=rest) if rest.strip() else None
