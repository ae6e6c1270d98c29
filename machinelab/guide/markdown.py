"""Markdown by markdown-it: the one reader of all of ours, and what several of its users ask of the tokens.

CommonMark 0.31 with tables, as GitHub has them. Lines count from 1, as editors do.
"""

from collections.abc import Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

TOLD = "fields-told"  # the class of a list that explains fields: each of its items begins with a name in code


@cache
def reader() -> "MarkdownIt":
    """The parser. HTML is parsed, so that comments are told from text; whoever renders decides what becomes of it."""
    # 30 ms: only who reads Markdown pays.
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark", {"html": True}).enable("table")


def parse(text: str) -> "list[Token]":
    """The text's tokens."""
    return reader().parse(text)


def place(token: "Token") -> range:
    """The lines that a block takes, its closing fence included; empty for one that has no place."""
    return range(token.map[0] + 1, token.map[1] + 1) if token.map else range(0)


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
