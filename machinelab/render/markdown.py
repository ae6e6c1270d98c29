"""A guide's Markdown on the terminal: its HTML comments hidden, its packet fences as framed tables of real packets."""

import io
import re
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, ClassVar

from . import escape
from .terminal import TerminalStyle, cells, pad

if TYPE_CHECKING:
    from rich.markdown import Markdown

Packets = Callable[[str, TerminalStyle], Sequence[str] | None]
"""What stands in a ```` ```packets … ```` fence: given the words after `packets` and the look inside the frame, the lines to
show, or None to show the fence as the guide has it."""

COLUMN = 100  # prose wider than this tires the eye; tables may be wider

_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})\s*(\S*)\s*(.*?)\s*$")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)


def markdown(text: str, terminal: TerminalStyle, packets: Packets | None = None) -> Iterator[str]:
    """The guide's lines, set for the terminal."""
    blank = True
    for line in _lines(text, terminal, packets):
        if line or not blank:
            yield line
        blank = not line


def _lines(text: str, terminal: TerminalStyle, packets: Packets | None) -> Iterator[str]:
    for kind, info, body in _parts(text):
        if kind == "packets":
            yield ""
            yield from _framed(info, body, terminal, packets)
            yield ""
        else:
            yield from _prose(body, terminal)


def _parts(text: str) -> Iterator[tuple[str, str, str]]:
    """("packets", info, body) for each packet fence, ("prose", "", body) for what lies between, other fences in it."""
    prose: list[str] = []
    closing = ""
    fence: list[str] | None = None
    info = ""
    for line in text.splitlines():
        found = _FENCE.match(line)
        if closing:
            ends = bool(found and found[1].startswith(closing) and not found[2])
            if fence is None:
                prose.append(line)
            elif not ends:
                fence.append(line)
            else:
                yield "packets", info, "\n".join(fence)
                fence = None
            closing = "" if ends else closing
        elif found and found[2] == "packets":
            yield "prose", "", "\n".join(prose)
            prose, closing, fence, info = [], found[1], [], found[3]
        else:
            closing = found[1] if found else ""
            prose.append(line)
    if fence is not None:  # a fence that is never closed runs to the end (CommonMark §4.5)
        yield "packets", info, "\n".join(fence)
    yield "prose", "", "\n".join(prose)


def _prose(text: str, terminal: TerminalStyle) -> Iterator[str]:
    """Ordinary Markdown by rich, whose import costs some 40 ms (its Markdown 30 more)."""
    body = _without_comments(text)
    if not body.strip():
        return
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
    harmless = "\n".join(escape.terminal(line.expandtabs(4), None) for line in body.splitlines())
    console.print(_document(harmless))
    for line in out.getvalue().splitlines():
        yield terminal.draw(line.rstrip())
    yield ""


def _document(text: str) -> "Markdown":
    """The text as rich sets it, but headings at the left and underlined, so that they are headings without colour too."""
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

    return Document(text, hyperlinks=False, code_theme="ansi_dark")


def _without_comments(text: str) -> str:
    """The text without HTML comments, but for those inside a fence or in code: there they are what is shown."""
    kept: list[str] = []
    closing = ""
    prose: list[str] = []
    for line in text.splitlines():
        found = _FENCE.match(line)
        if not closing and found:
            kept.append(_COMMENT.sub("", "\n".join(prose)))
            prose, closing = [], found[1]
            kept.append(line)
        elif closing:
            kept.append(line)
            closing = "" if found and found[1].startswith(closing) and not found[2] else closing
        else:
            prose.append(line)
    return "\n".join([*kept, _COMMENT.sub("", "\n".join(prose))])


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
