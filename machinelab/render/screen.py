"""One screen after another, for a terminal that is read line by line: a head, a body that may take several screens, a foot."""

import os
from collections.abc import Sequence
from typing import TextIO

from .terminal import TerminalStyle, cells

CLEAR = "\x1b[H\x1b[2J\x1b[3J"
LINES = 24  # of a terminal that does not say how tall it is
FRAME = 5  # lines that are not the body's: head, a blank line below it and above the foot, foot, prompt
LEAST = 3


def height(out: TextIO) -> int:
    """How many lines a body may have on this terminal."""
    try:
        lines = os.get_terminal_size(out.fileno()).lines or LINES
    except (OSError, ValueError):
        lines = LINES
    return max(LEAST, lines - FRAME)


def parts(lines: Sequence[str], most: int) -> list[list[str]]:
    """The lines in screenfuls of at most so many, broken where something new begins, if that is near; never empty."""
    left, found = list(lines), []
    while len(left) > most:
        at = _break(left, most)
        found.append(left[:at])
        left = left[at:]
        while left and not left[0].strip():
            left.pop(0)
    return [*found, left]


def _break(lines: Sequence[str], most: int) -> int:
    """Before which line a screenful ends: a blank one near its end, else one that begins at the margin after lines that do not."""
    near = range(most, most // 2, -1)
    blank = next((at for at in near if at > most * 2 // 3 and not lines[at].strip()), 0)
    return blank or next((at for at in near if lines[at][:1].strip() and lines[at - 1][:1].isspace()), most)


def frame(
    left: str, right: str, body: Sequence[str], foot: str, terminal: TerminalStyle, clear: bool
) -> list[str]:
    """The lines of one screen; `clear`: the terminal is wiped first."""
    right = terminal.text(right)
    left = terminal.cut(terminal.text(left), terminal.width - cells(right) - 2)
    gap = " " * max(2, terminal.width - cells(left) - cells(right))
    head = terminal.paint(left, "bold") + gap + terminal.paint(right, "dim")
    return [
        (CLEAR if clear else "") + head,
        "",
        *body,
        "",
        terminal.paint(terminal.cut(terminal.draw(foot), terminal.width), "dim"),
    ]
