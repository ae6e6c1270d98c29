"""Two runs as two lists side by side: step by step, what each had there, and below it the values that differ."""

from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import TYPE_CHECKING, NamedTuple

from rich.style import Style

from ...analysis.words import Words
from ...model import Item
from ...render.diff import mark_of, said, verdict
from ...render.terminal import TerminalStyle, cells, pad
from .palette import Palette
from .pane import Piece

if TYPE_CHECKING:
    from ...analysis.comparison import Change, Compared, Difference

LEAST = 64  # columns below which two lists do not fit beside each other
VALUE_LINES = 3
BETWEEN = " │ "


class DiffLine(NamedTuple):
    """A line; `id` is the packet of the left run that it is about, `new` whether a difference begins here."""

    pieces: list[Piece]
    id: str = ""
    new: bool = False


def side_by_side(
    found: "Difference", names: tuple[str, str], words: Words, width: int, terminal: TerminalStyle, p: Palette
) -> Iterator[DiffLine]:
    """All lines about two runs, called `names`. Steps that are alike are there too: grey, for orientation."""
    half = (width - len(BETWEEN)) // 2
    yield DiffLine(_cells(names[0], names[1], half, terminal, p.heading, p.heading, p))
    for knob, (a, b) in found.knobs.items():
        one, other = (f"--set {knob}={value}" if value else f"(no {knob})" for value in (a, b))
        yield DiffLine(_cells(one, other, half, terminal, p.bad, p.good, p))
    for line in verdict(found, TerminalStyle(width, unicode=terminal.unicode), names):
        yield DiffLine([(line, p.good if found.same_shape else p.warn)])
    several = len({step.exchange for step in found.steps}) > 1
    for step in found.steps:
        yield DiffLine([])
        yield from _step(step, found, words, half, several, terminal, p)


def _step(
    step: "Compared",
    found: "Difference",
    words: Words,
    half: int,
    several: bool,
    terminal: TerminalStyle,
    p: Palette,
) -> Iterator[DiffLine]:
    sign, kind = ("=", "dim") if step.same else mark_of(step)
    style = {"bad": p.bad, "good": p.good, "warn": p.warn, "dim": p.dim}[kind]
    name = terminal.text(f"{step.step} ({step.exchange})" if several else step.step)
    sentence = terminal.cut(terminal.text(words.sentence(step.step)), max(0, 2 * half - cells(name) - 3))
    first = next((pair.left.event.id for pair in step.pairs if pair.left), "")
    head = [(f"{sign} ", style), (name, p.dim if step.same else p.step), (f"  {sentence}", p.dim)]
    yield DiffLine(head, first, not step.same)
    for pair in step.pairs:
        left, right = (
            f"  {said(item, run, terminal).removeprefix('packet ')}" if item else "  (nothing here)"
            for item, run in ((pair.left, found.left), (pair.right, found.right))
        )
        id = pair.left.event.id if pair.left else ""
        yield DiffLine(
            _cells(left, right, half, terminal, *_styles(pair.left, pair.right, step.same, p), p), id
        )
        for change in pair.changes:
            yield from (DiffLine(line, id) for line in _change(change, half, terminal, p))


def _styles(left: Item | None, right: Item | None, same: bool, p: Palette) -> tuple[Style, Style]:
    if left is None or right is None:
        return (p.dim, p.good) if left is None else (p.bad, p.dim)
    return (p.dim, p.dim) if same else (p.text, p.text)


def _change(change: "Change", half: int, terminal: TerminalStyle, p: Palette) -> Iterator[list[Piece]]:
    """A field in both lists, its value on the name's line or on those below it."""
    name = terminal.squeeze(terminal.text(change.field), max(8, half // 2))
    front = f"    {name}  "
    sides = [_value(values, half, cells(front), terminal) for values in (change.left, change.right)]
    for number, (a, b) in enumerate(zip_longest(*sides, fillvalue="")):
        lead = front if number == 0 else " " * cells(front)
        line: list[Piece] = [(lead, p.name), (pad(a, half - cells(front)), p.bad), (BETWEEN, p.dim)]
        yield [*line, (lead, p.name), (b, p.good)]


def _value(values: Sequence[str], half: int, used: int, terminal: TerminalStyle) -> list[str]:
    text = terminal.text(", ".join(values) or "(not there)", 400)
    return terminal.wrap(text, max(6, half - used), VALUE_LINES)


def _cells(
    left: str, right: str, half: int, terminal: TerminalStyle, one: Style, other: Style, p: Palette
) -> list[Piece]:
    a, b = (terminal.cut(terminal.text(text), half) for text in (left, right))
    return [(pad(a, half), one), (BETWEEN, p.dim), (b, other)]
