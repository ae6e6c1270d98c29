"""A figure in the terminal: drawn by plotext, with its numbers below it for whoever listens."""

from collections.abc import Iterator
from typing import Any

from ..model import Figure
from .look import Look

HEIGHT = 18  # lines
WIDEST = 100


def plot(figure: Figure, look: Look) -> Iterator[str]:
    """The lines of a plot: title, picture, the numbers, where they come from and what is still to be run."""
    yield look.paint(look.text(f"{figure.lab} · {figure.plot.id} · {figure.plot.title}"), "bold")
    yield ""
    if look.unicode and any(series.points for series in figure.series):
        yield from _picture(figure, look)
    yield f"  {look.text(figure.plot.y)}, by {look.text(figure.plot.x)}:"
    for series in figure.series:
        points = ", ".join(f"{_number(x)}: {_number(y)}" for x, y in series.points) or "nothing yet"
        yield from look.hang(look.text(f"{series.name}: {points}"), "    ")
    yield from _sources(figure, look)


def _picture(figure: Figure, look: Look) -> Iterator[str]:
    # 0.2 s, and only who plots needs it.
    import plotext

    plotext.clear_figure()
    plotext.theme("clear")
    plotext.plot_size(min(look.width, WIDEST), HEIGHT)
    (_bars if figure.bars else _lines)(figure, plotext)
    plotext.xlabel(f"{figure.plot.x}  ({figure.plot.y} upwards)")
    for line in plotext.uncolorize(plotext.build()).splitlines():
        yield line.rstrip()


def _lines(figure: Figure, draw: Any) -> None:
    """One line for each series, with its points marked."""
    ys = [0.0]
    for series in figure.series:
        across, up = [float(x) for x, _ in series.points], [y for _, y in series.points]
        ys += up
        draw.plot(across, up, marker="braille", label=series.name)
        draw.scatter(across, up, marker="o")
    draw.ylim(0, 1.05 * max(ys) or 1)
    draw.xticks(sorted({float(x) for series in figure.series for x, _ in series.points}))


def _bars(figure: Figure, draw: Any) -> None:
    """A group of bars for each word, one bar for each series."""
    words = list(dict.fromkeys(str(x) for series in figure.series for x, _ in series.points))
    heights = [[dict(series.points).get(word, 0.0) for word in words] for series in figure.series]
    names = [series.name for series in figure.series]
    draw.multiple_bar(words, heights, labels=names)


def _number(value: float | str) -> str:
    return value if isinstance(value, str) else f"{value:,.4g}" if value < 1000 else f"{value:,.0f}"


def _sources(figure: Figure, look: Look) -> Iterator[str]:
    yield from look.hang(look.text(f"From {', '.join(figure.origins)}."), "  ")
    if figure.missing:
        plot = figure.plot
        options = ", ".join(figure.missing)
        yield from look.hang(look.text(f"Not run yet: {plot.over} = {options}."), "  ")
        command = f"machinelab run {figure.lab} {plot.experiment} --set {plot.over}={figure.missing[0]}"
        yield "  " + look.paint(look.text(command), "command")
