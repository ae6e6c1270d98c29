"""What all renderers of a figure share: its numbers in words, for readers who cannot see the picture, and its axes."""

from math import ceil, floor, log10

from ..model import Series

FEW = 12  # points that are listed and marked one by one


def in_words(series: Series) -> str:
    """The points of a series: all of a few, of many where they begin, where they are highest and where they end."""
    points = series.points
    if len(points) <= FEW:
        return ", ".join(f"{number(x)}: {number(y)}" for x, y in points) or "nothing yet"
    (first, low), (last, end) = points[0], points[-1]
    at, top = max(points, key=lambda point: point[1])
    most = f" {number(top)} at most (at {number(at)})," if top > max(low, end) else ""
    return f"{len(points)} points from {number(first)} to {number(last)}; {number(low)} at first,{most} {number(end)} at last"


def number(value: float | str) -> str:
    """A number with as many digits as are useful; a word unchanged."""
    return value if isinstance(value, str) else f"{value:,.4g}" if value < 1000 else f"{value:,.0f}"


def ticks(top: float, about: int = 5) -> list[float]:
    """Round numbers from 0 to the first that is no less than `top`, some `about` of them: steps of 1, 2 or 5 times a power of ten."""
    if top <= 0:
        return [0.0]
    rough = top / about
    power = 10.0 ** floor(log10(rough))
    step = next(power * by for by in (1, 2, 5, 10) if power * by >= rough * 0.999)
    return [step * place for place in range(ceil(top / step - 1e-9) + 1)]
