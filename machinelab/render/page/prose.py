"""A guide's Markdown as HTML, by markdown-it. Raw HTML in it stays text; links that lead into other files become plain words."""

import re
from collections.abc import Callable, Sequence
from functools import cache
from typing import TYPE_CHECKING

from markupsafe import Markup

from ...guide.markdown import TOLD, fields_told, parse, reader
from ..escape import terminal

if TYPE_CHECKING:
    from markdown_it.renderer import RendererHTML
    from markdown_it.token import Token
    from markdown_it.utils import EnvType, OptionsDict

Fence = Callable[[str, str], Markup | None]
"""A fence's first line and its content → what stands there instead; None leaves the fence."""

_FOOTNOTE = re.compile(r"\[\^[^\]]+\]")


def to_html(text: str, level: int, fence: Fence = lambda info, content: None) -> Markup:
    """The text as HTML; its headings begin at `level`, so that they stand in order below those of the page."""
    tokens = parse("\n".join(terminal(line.expandtabs(4), None) for line in text.split("\n")))
    heads = [int(token.tag[1]) for token in tokens if token.type == "heading_open"]
    top = min(heads, default=1)
    for token in fields_told(tokens):
        token.attrSet("class", TOLD)
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(6, int(token.tag[1]) - top + level)}"
        if token.children:
            token.children = _without_links(token.children)
    kept = [_replaced(token, fence) for token in tokens if not _comment(token)]
    return Markup(str(_renderer().render(kept, reader().options, {})).strip())


@cache
def _renderer() -> "RendererHTML":
    """Renders the tokens as HTML: raw HTML in them is escaped, so it never becomes an element."""
    from markdown_it.renderer import RendererHTML

    class Harmless(RendererHTML):
        def html_block(
            self, tokens: "Sequence[Token]", idx: int, options: "OptionsDict", env: "EnvType"
        ) -> str:
            return str(Markup.escape(tokens[idx].content))

        html_inline = html_block

        def illustration(
            self, tokens: "Sequence[Token]", idx: int, options: "OptionsDict", env: "EnvType"
        ) -> str:
            return str(tokens[idx].meta["html"])

    return Harmless()


def _replaced(token: "Token", fence: Fence) -> "Token":
    """A fence whose place something else takes; any other token as it is."""
    made = fence(token.info.strip(), token.content) if token.type == "fence" else None
    return token if made is None else token.copy(type="illustration", meta={"html": made})


def _comment(token: "Token") -> bool:
    text = token.content.strip()
    return token.type in ("html_block", "html_inline") and text.startswith("<!--") and text.endswith("-->")


def _without_links(pieces: "list[Token]") -> "list[Token]":
    """Nothing but https links, no pictures, comments or footnote marks: the page stands alone."""
    kept, dropped = [], 0
    for piece in pieces:
        if piece.type == "link_open" and not str(piece.attrs.get("href", "")).startswith("https://"):
            dropped += 1
        elif piece.type == "link_close" and dropped:
            dropped -= 1
        elif piece.type == "text":
            kept.append(piece.copy(content=_FOOTNOTE.sub("", piece.content)))
        elif piece.type != "image" and not _comment(piece):
            kept.append(piece)
    return kept
