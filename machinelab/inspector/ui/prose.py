"""A guide's Markdown in a pane: markdown-it's tokens in lines, each of pieces with their styles."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from rich.style import Style

from ...guide.markdown import parse, without_comments
from ...render.terminal import TerminalStyle, cells
from .palette import Palette
from .pane import Piece

if TYPE_CHECKING:
    from markdown_it.token import Token

_FOOTNOTE = re.compile(r"\[\^[^\]]+\]")
_BREAKS = ("softbreak", "hardbreak")


def prose(text: str, width: int, terminal: TerminalStyle, palette: Palette) -> Iterator[list[Piece]]:
    """The lines of some Markdown, at most `width` columns wide."""
    setter = _Setter(text.split("\n"), max(8, width), terminal, palette)
    blank = True
    for token in without_comments(parse(text)):
        lines = list(setter.set(token))
        if lines:
            if not blank:
                yield []
            yield from lines
            blank = False


@dataclass(slots=True)
class _Setter:
    """Block by block to lines; in which lists and quotations the reader is. `marks` are those of items, used up by their first block."""

    source: Sequence[str]
    width: int
    terminal: TerminalStyle
    palette: Palette
    marks: list[str] = field(default_factory=list)
    quoted: int = 0
    heading: bool = False
    table: bool = False

    def set(self, token: "Token") -> Iterator[list[Piece]]:
        """The lines of what begins there; none for what only opens or closes something."""
        match token.type:
            case "bullet_list_open" | "ordered_list_open":
                self.marks.append("")
            case "bullet_list_close" | "ordered_list_close":
                self.marks.pop()
            case "list_item_open":
                self.marks[-1] = f"{token.info}. " if token.info else "• "
            case "blockquote_open" | "blockquote_close":
                self.quoted += token.nesting
            case "heading_open" | "heading_close":
                self.heading = token.nesting > 0
            case "table_open" | "table_close":
                self.table = token.nesting > 0
                yield from self._rows(token)
            case "inline" if not self.table:
                yield from self._paragraph(token.children or [])
            case "fence" | "code_block":
                yield from self._code(token)
            case "html_block" | "hr":
                yield from _wrapped(
                    [(token.content.strip() or token.markup, self.palette.text)], self.width, self.terminal
                )

    def _paragraph(self, pieces: "Sequence[Token]") -> Iterator[list[Piece]]:
        p = self.palette
        mark = self.marks[-1] if self.marks else ""
        before = "  " * (len(self.marks) - 1) + mark if self.marks else "│ " * self.quoted
        spans = _spans(pieces, p, p.heading if self.heading else p.text)
        for index, line in enumerate(_wrapped(spans, max(1, self.width - len(before)), self.terminal)):
            hung = before if index == 0 or not self.marks else " " * len(before)
            yield [(hung, p.dim), *line] if before else line
        if mark:
            self.marks[-1] = " " * len(mark)  # what else the item holds stands below its words

    def _code(self, token: "Token") -> Iterator[list[Piece]]:
        if token.info.strip():
            yield [(self.terminal.cut(self.terminal.text(token.info.strip()), self.width), self.palette.dim)]
        for line in token.content.splitlines():
            for piece in self.terminal.wrap(self.terminal.text(line), self.width):
                yield [(piece, self.palette.text)]

    def _rows(self, token: "Token") -> Iterator[list[Piece]]:
        """A table as it is written, cut where the pane ends."""
        for line in self.source[slice(*token.map)] if token.map else ():
            yield [(self.terminal.cut(self.terminal.text(line), self.width), self.palette.text)]


def _wrapped(spans: Iterable[Piece], width: int, terminal: TerminalStyle) -> Iterator[list[Piece]]:
    """A paragraph in lines, broken at spaces alone; code, emphasis and links in their styles."""
    line: list[Piece] = []
    for space, chunk in _chunks(spans, terminal):
        size = _size(chunk)
        if line and _size(line) + _size(space) + size > width:
            yield line
            line = []
        line += space if line else []
        if size > width:  # nowhere to break it: where the line ends, then
            *whole, line = _torn(chunk, width, terminal)
            yield from whole
        else:
            line += chunk
    if line:
        yield line


def _torn(chunk: list[Piece], width: int, terminal: TerminalStyle) -> list[list[Piece]]:
    """A chunk that is wider than a line, in lines."""
    lines: list[list[Piece]] = [[]]
    for text, style in chunk:
        rest = text
        while rest:
            room = width - _size(lines[-1])
            if room <= 0:
                lines.append([])
                continue
            part = terminal.wrap(rest, room)[0][: len(rest)] or rest[0]
            if lines[-1] and cells(part) > room:
                lines.append([])
                continue
            lines[-1].append((part, style))
            rest = rest[len(part) :]
    return lines


def _size(pieces: list[Piece]) -> int:
    return sum(cells(text) for text, _ in pieces)


def _chunks(spans: Iterable[Piece], terminal: TerminalStyle) -> Iterator[tuple[list[Piece], list[Piece]]]:
    """What must not be torn apart (`code`, and the comma after it), each with the space before it."""
    space: list[Piece] = []
    chunk: list[Piece] = []
    for word, style in _words(spans, terminal):
        if word != " ":
            chunk.append((word, style))
        elif chunk:
            yield space, chunk
            space, chunk = [(" ", style)], []
    if chunk:
        yield space, chunk


def _words(spans: Iterable[Piece], terminal: TerminalStyle) -> Iterator[Piece]:
    for part, style in spans:
        for word in re.split(r"( )", terminal.text(part)):
            if word:
                yield word, style


def _spans(pieces: "Sequence[Token]", p: Palette, base: Style) -> Iterator[Piece]:
    """The words of a paragraph in their styles: code, emphasis, links."""
    style = [base]
    for piece in pieces:
        if piece.nesting > 0:
            style.append(
                {"strong_open": p.heading, "link_open": p.name}.get(
                    piece.type, style[-1] + Style(italic=True)
                )
            )
        elif piece.nesting < 0:
            style.pop()
        elif piece.type in _BREAKS:
            yield " ", style[-1]
        elif piece.type == "code_inline":
            yield piece.content.strip() or piece.content, style[-1] if p.name in style else p.code
        elif piece.type == "image":
            yield piece.content, p.name
        else:
            yield _FOOTNOTE.sub("", piece.content), style[-1]
