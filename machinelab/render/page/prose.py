"""A guide's Markdown as HTML. Raw HTML in it stays text; links that lead into other files become plain words."""

import re
from typing import TYPE_CHECKING

from ..escape import terminal

if TYPE_CHECKING:
    from markdown_it.token import Token

_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_FOOTNOTE = re.compile(r"\[\^[^\]]+\]")


def to_html(text: str, level: int) -> str:
    """The text as HTML; its headings begin at `level`, so that they stand in order below those of the page."""
    from markdown_it import MarkdownIt

    reader = MarkdownIt("commonmark", {"html": False}).enable("table")
    body = _FOOTNOTE.sub("", _COMMENT.sub("", text))
    tokens = reader.parse("\n".join(terminal(line.expandtabs(4), None) for line in body.split("\n")))
    heads = [int(token.tag[1]) for token in tokens if token.type == "heading_open"]
    top = min(heads, default=1)
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(6, int(token.tag[1]) - top + level)}"
        if token.children:
            token.children = _without_links(token.children)
    return str(reader.renderer.render(tokens, reader.options, {})).strip()


def _without_links(pieces: "list[Token]") -> "list[Token]":
    """Nothing but https links, and no pictures: the page stands alone."""
    kept, dropped = [], 0
    for piece in pieces:
        if piece.type == "link_open" and not str(piece.attrs.get("href", "")).startswith("https://"):
            dropped += 1
        elif piece.type == "link_close" and dropped:
            dropped -= 1
        elif piece.type != "image":
            kept.append(piece)
    return kept
