"""What the terminal can show: its width, colour and signs; and the arithmetic of fitting text into it."""

import os
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TextIO

from . import escape

NARROWEST = 40
PIPE_WIDTH = 80

_STYLES = {
    "bold": "1",
    "dim": "2",
    "step": "36",
    "good": "32",
    "bad": "1;31",
    "warn": "33",
    "mark": "1;30;43",
    "command": "1;34",
}

MONOCHROME = ("dumb", "vt100", "linux-m")  # values of TERM

_MARKS = re.compile(r"`([^`]+)`|\*\*([^*]+)\*\*|\*([^*\s][^*]*)\*")

_PROBE = "→✓✗·…│─▶◀"


def bare(markdown: str) -> str:
    """A sentence of Markdown without the marks of code and of emphasis, for where no style can show them."""
    return _MARKS.sub(lambda found: found[1] or found[2] or found[3], markdown)


@dataclass(frozen=True, slots=True)
class TerminalStyle:
    """How to draw: `width` in columns, whether colours may be used, whether the encoding has more than ASCII's signs."""

    width: int = PIPE_WIDTH
    colour: bool = False
    unicode: bool = True

    def paint(self, text: str, style: str) -> str:
        """Text in a style, where there is colour. Pad before you paint: the codes have no width."""
        return (
            f"\x1b[{_STYLES[style]}m{text}\x1b[0m"
            if self.colour and style and not text.isspace() and text
            else text
        )

    def text(self, text: str, limit: int | None = escape.LIMIT) -> str:
        """Wire text or the guide's, harmless and in the signs this output has."""
        safe = escape.terminal(text, limit)
        return safe if self.unicode else escape.ascii_only(safe)

    def draw(self, text: str) -> str:
        """The kit's own text, in the signs this output has."""
        return text if self.unicode else escape.ascii_only(text)

    def cut(self, text: str, width: int) -> str:
        """At most `width` columns of it, the end replaced by an ellipsis."""
        if cells(text) <= width:
            return text
        end = self.draw(escape.ELLIPSIS)
        return _head(text, width - cells(end)) + end if width > cells(end) else _head(text, width)

    def squeeze(self, text: str, width: int) -> str:
        """At most `width` columns, the middle replaced by an ellipsis: both ends of an address tell something."""
        if cells(text) <= width:
            return text
        dots = self.draw(escape.ELLIPSIS)
        room = width - cells(dots)
        if room < 2:
            return _head(text, width)
        tail = _head(text[::-1], room // 2)[::-1]
        return _head(text, room - cells(tail)) + dots + tail

    def wrap(self, text: str, width: int, lines: int = 0) -> list[str]:
        """Text in lines of at most `width` columns, broken at spaces; a word that is too long is broken where it must be.

        Runs of spaces inside a line are kept. With `lines`, at most so many: the last then ends in an ellipsis. Never empty.
        """
        width = max(1, width)
        if cells(text) <= width:
            return [text]
        found = _greedy(text, width)
        if lines and len(found) > lines:
            end = self.draw(escape.ELLIPSIS)
            found = [*found[: lines - 1], _head(found[lines - 1], width - cells(end)).rstrip() + end]
        return found

    def flow(self, parts: Sequence[str], between: str, width: int) -> list[str]:
        """Parts one after the other, broken only between them where that is possible; lines after the first are indented."""
        between = self.draw(between)
        lines, line = [], ""
        for part in parts:
            if line and cells(line) + cells(between) + cells(part) > width:
                lines.append(line)
                line = "  " + part
            else:
                line += (between if line else "") + part
        return [piece for whole in [*lines, line] if whole for piece in self.wrap(whole, width)]

    def hang(self, text: str, first: str, indent: str = "") -> list[str]:
        """A paragraph wrapped to the whole width: `first` before its first line, `indent` (else spaces) before the others."""
        indent = indent or " " * cells(first)
        found = self.wrap(text, self.width - cells(indent))
        return [(indent if index else first) + line for index, line in enumerate(found)]


def terminal_style(stream: TextIO, environ: Mapping[str, str] | None = None) -> TerminalStyle:
    """The style that suits a stream: COLUMNS or the terminal's width (80 in a pipe), NO_COLOR, FORCE_COLOR, the encoding."""
    environ = os.environ if environ is None else environ
    return TerminalStyle(_width(stream, environ), _colour(stream, environ), _unicode(stream))


def is_monochrome(environ: Mapping[str, str] | None = None) -> bool:
    """Whether the terminal names itself as one without colours."""
    environ = os.environ if environ is None else environ
    return environ.get("TERM", "") in MONOCHROME


def _width(stream: TextIO, environ: Mapping[str, str]) -> int:
    columns = environ.get("COLUMNS", "")
    if columns.isdecimal() and int(columns) > 0:
        return max(NARROWEST, int(columns))
    try:
        return max(NARROWEST, os.get_terminal_size(stream.fileno()).columns or PIPE_WIDTH)
    except (OSError, ValueError):  # a pipe, a file, or a stream of a test's own without a descriptor
        return PIPE_WIDTH


def _colour(stream: TextIO, environ: Mapping[str, str]) -> bool:
    if environ.get("NO_COLOR") or environ.get("TERM") == "dumb":
        return False
    return bool(environ.get("FORCE_COLOR")) or stream.isatty()


def _unicode(stream: TextIO) -> bool:
    try:
        _PROBE.encode(getattr(stream, "encoding", None) or "utf-8")
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def cells(text: str) -> int:
    """How many columns a terminal gives to text that holds no control characters."""
    if (text.isascii() and text.isprintable()) or escape.is_plain(text):
        return len(text)
    return sum(_cell(character) for character in text)


def _cell(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _head(text: str, width: int) -> str:
    """As many characters from the front as fit into `width` columns."""
    if escape.is_plain(text):
        return text[: max(0, width)]
    for index, character in enumerate(text):
        width -= _cell(character)
        if width < 0:
            return text[:index]
    return text


def pad(text: str, width: int) -> str:
    """Text with spaces after it up to `width` columns."""
    return text + " " * (width - cells(text))


def _greedy(text: str, width: int) -> list[str]:
    lines, line = [], ""
    for word in re.split(r"( +)", text):
        if cells(line) + cells(word) <= width:
            line += word
            continue
        if line.strip():
            lines.append(line.rstrip())
        line = "" if word.isspace() else word
        while cells(line) > width:
            piece = _head(line, width) or line[0]
            lines.append(piece)
            line = line[len(piece) :]
    return [*lines, line.rstrip()] if line.strip() or not lines else lines
