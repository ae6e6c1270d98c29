"""A guide's Markdown on the terminal: its HTML comments hidden, its packet fences as framed tables of real packets."""

import io
import re
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, ClassVar

from ..guide.markdown import parse, without_comments
from . import escape
from .terminal import TerminalStyle, cells, pad

if TYPE_CHECKING:
    from markdown_it.token import Token
    from rich.markdown import Markdown

Packets = Callable[[str, TerminalStyle], Sequence[str] | None]
"""What stands in a ```` ```packets … ```` fence: given the words after `packets` and the look inside the frame, the lines to
show, or None to show the fence as the guide has it."""

COLUMN = 100  # prose wider than this tires the eye; tables may be wider


def markdown(text: str, terminal: TerminalStyle, packets: Packets | None = None) -> Iterator[str]:
    """The guide's lines, set for the terminal."""
    blank = True
    for line in _lines(text, terminal, packets):
        if line or not blank:
            yield line
        blank = not line


def _lines(text: str, terminal: TerminalStyle, packets: Packets | None) -> Iterator[str]:
    harmless = "\n".join(escape.terminal(line.expandtabs(4), None) for line in text.splitlines())
    for kind, tokens in groupby(without_comments(parse(harmless)), _holds):
        if not kind:
            yield from _prose(list(tokens), terminal)
            continue
        for token in tokens:
            yield ""
            if kind == "packets":
                info = token.info.strip().partition(" ")[2].strip()
                yield from _framed(info, token.content, terminal, packets)
            else:
                yield from _picture(token.content, terminal)
            yield ""


def _holds(token: "Token") -> str:
    """Of what kind a fence of ours is, "packets" or "picture", where it stands by itself: one in a list is set with that. Else ""."""
    kind = token.info.partition(" ")[0] if token.type == "fence" and token.level == 0 else ""
    return kind if kind in ("packets", "picture") else ""


def _picture(content: str, terminal: TerminalStyle) -> Iterator[str]:
    """A picture's lines as they are, in the middle of the prose: a line that is broken is no picture any more."""
    lines = [terminal.text(line) for line in content.splitlines()]
    widest = max(map(cells, lines), default=0)
    margin = " " * max(0, (min(terminal.width, COLUMN) - widest) // 2)
    yield from (margin + terminal.draw(terminal.cut(line, terminal.width)) for line in lines)


def _prose(tokens: "list[Token]", terminal: TerminalStyle) -> Iterator[str]:
    """Ordinary Markdown by rich, whose import costs some 40 ms (its Markdown 30 more)."""
    from rich.console import Console

    out = io.StringIO()
    console = Console(
        file=out,
        width=min(terminal.width, COLUMN),
        force_terminal=terminal.colour,
        color_system="standard" if terminal.colour else None,
        no_color=not terminal.colour,
        legacy_windows=False,
        _environ={},
    )
    console.print(_document(tokens))
    for line in out.getvalue().splitlines():
        yield terminal.draw(line.rstrip())
    yield ""


def _document(tokens: "list[Token]") -> "Markdown":
    """What rich makes of the tokens, but headings at the left and underlined, so that they are headings without colour too."""
    from rich.console import Console, ConsoleOptions, RenderResult
    from rich.markdown import Heading, Markdown
    from rich.text import Text

    class Underlined(Heading):
        def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
            heading = Text(self.text.plain, style="bold")
            yield Text("")
            yield heading
            if self.tag in ("h1", "h2"):
                widest = max(
                    (cells(line.plain) for line in heading.wrap(console, options.max_width)), default=0
                )
                yield Text(("━" if self.tag == "h1" else "─") * widest)

    class Document(Markdown):
        elements: ClassVar = {**Markdown.elements, "heading_open": Underlined}

    document = Document("", hyperlinks=False, code_theme="ansi_dark")
    document.parsed = tokens
    return document


def inside(terminal: TerminalStyle) -> TerminalStyle:
    """What fits into a frame."""
    return TerminalStyle(terminal.width - 4, terminal.colour, terminal.unicode)


def _framed(info: str, body: str, terminal: TerminalStyle, packets: Packets | None) -> Iterator[str]:
    """A table in a frame with its title: the reader's packets, or the guide's own."""
    inner = inside(terminal)
    found = packets(info, inner) if packets else None
    lines = [terminal.text(line) for line in body.splitlines()] if found is None else list(found)
    lines = [
        piece for line in lines for piece in (inner.wrap(line, inner.width) if found is None else [line])
    ]
    width = max([cells(plain(line)) for line in lines] + [min(inner.width, cells(info) + 10)])
    title = terminal.cut(terminal.text(f"packets: {info}" if info else "packets"), width - 2)
    yield (
        terminal.draw("┌─ ")
        + terminal.paint(title, "bold")
        + " "
        + terminal.draw("─" * (width - cells(title) - 1) + "┐")
    )
    for line in lines:
        yield terminal.draw("│ ") + line + pad("", width - cells(plain(line))) + terminal.draw(" │")
    yield terminal.draw("└" + "─" * (width + 2) + "┘")


def plain(line: str) -> str:
    """A line without the colour codes that `TerminalStyle.paint` puts in."""
    return re.sub(r"\x1b\[[0-9;]*m", "", line)
