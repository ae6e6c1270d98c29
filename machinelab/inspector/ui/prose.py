"""A guide's Markdown in a pane: rendered without a Markdown library, since a section uses little of it and each line must be cheap."""

import re
from collections.abc import Iterator

from rich.style import Style

from ...render.terminal import TerminalStyle, cells
from .palette import Palette
from .pane import Piece

_BULLET = re.compile(r"^(\s*)(?:[-*+]|(\d+)[.)])\s+(.*)$")
_HEAD = re.compile(r"^(#{1,6})\s+(.*)$")
_FENCE = re.compile(r"^\s*(`{3,}|~{3,})(.*)$")
_INLINE = re.compile(r"(`+)(.+?)\1|\*\*(.+?)\*\*|\*(.+?)\*|\[([^\]]+)\]\([^)]*\)|(\[\^[^\]]+\])")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)


def prose(text: str, width: int, terminal: TerminalStyle, palette: Palette) -> Iterator[list[Piece]]:
    """The lines of some Markdown, at most `width` columns wide."""
    width = max(8, width)
    blank = True
    for block in _blocks(_COMMENT.sub("", text)):
        if not blank:
            yield []
        lines = list(_set(block, width, terminal, palette))
        yield from lines
        blank = not lines


def _blocks(text: str) -> Iterator[list[str]]:
    """Paragraphs, bullets (each a block of its own), tables, headings; a fence whole."""
    block: list[str] = []
    closing = ""
    for line in text.splitlines():
        fence = _FENCE.match(line)
        if closing:
            block.append(line)
            if fence and fence[1].startswith(closing) and not fence[2].strip():
                closing = ""
                yield block
                block = []
            continue
        starts = bool(fence or _HEAD.match(line) or _BULLET.match(line))
        if not line.strip() or starts:
            if block:
                yield block
            block = [line] if starts else []
            closing = fence[1] if fence else ""
            if _HEAD.match(line):
                yield block
                block = []
        else:
            block.append(line)
    if block:
        yield block


def _set(block: list[str], width: int, terminal: TerminalStyle, p: Palette) -> Iterator[list[Piece]]:
    first = block[0]
    if fence := _FENCE.match(first):
        title = fence[2].strip()
        if title:
            yield [(terminal.cut(terminal.text(title), width), p.dim)]
        for line in block[1:-1] if len(block) > 1 else ():
            for piece in terminal.wrap(terminal.text(line), width):
                yield [(piece, p.text)]
    elif first.lstrip().startswith("|"):
        for line in block:
            yield [(terminal.cut(terminal.text(line), width), p.text)]
    elif head := _HEAD.match(first):
        yield from wrapped(head[2], width, terminal, p, p.heading)
    elif bullet := _BULLET.match(first):
        indent = "  " * (len(bullet[1]) // 2)
        mark = f"{bullet[2]}. " if bullet[2] else "• "
        body = " ".join([bullet[3], *(line.strip() for line in block[1:])])
        for index, set_ in enumerate(wrapped(body, width - len(indent) - len(mark), terminal, p, p.text)):
            yield [(indent + (mark if index == 0 else " " * len(mark)), p.dim), *set_]
    elif first.lstrip().startswith(">"):
        body = " ".join(line.lstrip().removeprefix(">").strip() for line in block)
        for set_ in wrapped(body, width - 2, terminal, p, p.text):
            yield [("│ ", p.dim), *set_]
    else:
        yield from wrapped(" ".join(line.strip() for line in block), width, terminal, p, p.text)


def wrapped(text: str, width: int, terminal: TerminalStyle, p: Palette, base: Style) -> Iterator[list[Piece]]:
    """A paragraph in lines, broken at spaces alone; code, emphasis and links in their styles."""
    line: list[Piece] = []
    for space, chunk in _chunks(text, terminal, p, base):
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


def _chunks(
    text: str, terminal: TerminalStyle, p: Palette, base: Style
) -> Iterator[tuple[list[Piece], list[Piece]]]:
    """What must not be torn apart (`code`, and the comma after it), each with the space before it."""
    space: list[Piece] = []
    chunk: list[Piece] = []
    for word, style in _words(text, terminal, p, base):
        if word != " ":
            chunk.append((word, style))
        elif chunk:
            yield space, chunk
            space, chunk = [(" ", style)], []
    if chunk:
        yield space, chunk


def _words(text: str, terminal: TerminalStyle, p: Palette, base: Style) -> Iterator[Piece]:
    for part, style in _spans(text, p, base):
        for word in re.split(r"( )", terminal.text(part)):
            if word:
                yield word, style


def _spans(text: str, p: Palette, base: Style) -> Iterator[Piece]:
    at = 0
    for found in _INLINE.finditer(text):
        if found.start() > at:
            yield text[at : found.start()], base
        at = found.end()
        if found[1]:
            yield found[2].strip() or found[2], p.code
        elif found[3] or found[4]:
            yield found[3] or found[4], p.heading if found[3] else base + Style(italic=True)
        elif found[5]:
            yield found[5].strip("`"), p.name
    yield text[at:], base
