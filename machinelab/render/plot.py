"""A figure in the terminal: drawn by plotext, with its numbers below it for screen readers."""

from collections.abc import Iterator
from itertools import cycle
from typing import Any

from ..model import Figure
from .figure import FEW, in_words, number, ticks
from .lanes import lanes
from .terminal import TerminalStyle, cells

HEIGHT = 18  # lines
WIDEST = 100
BRAILLE = "braille"
LINES = (BRAILLE, "·", "+", "=")
MARKS = ("x", "#", "@", "%")


def plot(figure: Figure, terminal: TerminalStyle) -> Iterator[str]:
    """The lines of a plot: title, picture, the numbers, where they come from and what is still to be run."""
    yield terminal.paint(terminal.text(f"{figure.lab} · {figure.plot.id} · {figure.plot.title}"), "bold")
    yield ""
    if figure.plot.lanes is not None:
        yield from lanes(figure, terminal)
        yield from _sources(figure, terminal)
        return
    if terminal.unicode and any(series.points for series in figure.series):
        yield from _picture(figure, terminal)
    yield f"  {terminal.text(figure.plot.y)}, by {terminal.text(figure.plot.x)}:"
    for series in figure.series:
        yield from terminal.hang(terminal.text(f"{series.name}: {in_words(series)}"), "    ")
    yield from _sources(figure, terminal)


def _picture(figure: Figure, terminal: TerminalStyle) -> Iterator[str]:
    # 0.2 s, and only who plots needs it.
    import plotext

    if not figure.bars:
        yield from _key(figure, terminal)
    plotext.clear_figure()
    plotext.theme("clear")
    plotext.plot_size(min(terminal.width, WIDEST), HEIGHT)
    (_bars if figure.bars else _lines)(figure, terminal, plotext)
    plotext.xlabel(f"{figure.plot.x}  ({figure.plot.y} upwards)")
    for line in plotext.uncolorize(plotext.build()).splitlines():
        yield line.rstrip()


def _key(figure: Figure, terminal: TerminalStyle) -> Iterator[str]:
    """Which sign is which series: on one line if there is room, else a line for each."""
    signs = ("⠶" if sign == BRAILLE else sign for sign in _signs(figure))
    parts = [
        terminal.text(f"{sign} {series.name}") for sign, series in zip(signs, figure.series, strict=True)
    ]
    whole = "   ".join(parts)
    for line in [whole] if cells(whole) + 2 <= terminal.width else parts:
        yield from terminal.hang(line, "  ")


def _signs(figure: Figure) -> list[str]:
    """What each series is drawn with: signs tell them apart, for colours are not seen by everyone nor printed by every terminal."""
    lines, marks = cycle(LINES), cycle(MARKS)
    return [next(marks if series.marks else lines) for series in figure.series]


def _lines(figure: Figure, terminal: TerminalStyle, draw: Any) -> None:
    """One line for each series, with its points marked where they are few; the key stands above, where it hides no line."""
    for sign, series in zip(_signs(figure), figure.series, strict=True):
        across, up = [float(x) for x, _ in series.points], [y for _, y in series.points]
        (draw.scatter if series.marks else draw.plot)(across, up, marker=sign)
        if len(up) <= FEW and not series.marks:
            draw.scatter(across, up, marker="o")
    top = max(y for series in figure.series for _, y in series.points)
    draw.ylim(0, ticks(top)[-1] or 1)
    draw.yticks(ticks(top), [number(value) for value in ticks(top)])
    places = sorted({float(x) for series in figure.series for x, _ in series.points})
    across = places if len(places) <= FEW else [value for value in ticks(places[-1]) if value <= places[-1]]
    draw.xticks(across, [number(value) for value in across])


def _bars(figure: Figure, terminal: TerminalStyle, draw: Any) -> None:
    """A group of bars for each word, one bar for each series."""
    words = list(dict.fromkeys(str(x) for series in figure.series for x, _ in series.points))
    heights = [[dict(series.points).get(word, 0.0) for word in words] for series in figure.series]
    names = [terminal.text(series.name) for series in figure.series]
    draw.multiple_bar(words, heights, labels=names)


def _sources(figure: Figure, terminal: TerminalStyle) -> Iterator[str]:
    yield from terminal.hang(terminal.text(f"From {', '.join(figure.origins)}."), "  ")
    if figure.missing:
        plot = figure.plot
        options = ", ".join(figure.missing)
        yield from terminal.hang(terminal.text(f"Not run yet: {plot.over} = {options}."), "  ")
        command = f"machinelab run {figure.lab} {plot.experiment} --set {plot.over}={figure.missing[0]}"
        yield "  " + terminal.paint(terminal.text(command), "command")
