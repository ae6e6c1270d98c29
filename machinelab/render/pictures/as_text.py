"""A scene as lines of text: box drawing characters, joined where lines meet. Readable without colour."""

from itertools import pairwise

from ..terminal import cells
from .scene import Bar, Box, Line, Scene, Text

UP, RIGHT, DOWN, LEFT = 1, 2, 4, 8
_LIGHT = " │─└││┌├─┘─┴┐┤┬┼"  # by the sum of the directions that a cell's lines go
_HEAVY = " ┃━┗┃┃┏┣━┛━┻┓┫┳╋"
_TIPS = {(1, 0): "▶", (-1, 0): "◀", (0, 1): "▼", (0, -1): "▲"}
_FILLS = {"": "░", "new": "▓", "here": "█", "gone": "·", "bad": "▞"}


class _Canvas:
    def __init__(self) -> None:
        self.ways: dict[tuple[int, int], int] = {}
        self.heavy: set[tuple[int, int]] = set()
        self.signs: dict[tuple[int, int], str] = {}

    def stroke(self, points: tuple[tuple[int, int], ...], heavy: bool) -> None:
        for (x, y), (to_x, to_y) in pairwise(points):
            dx, dy = (to_x > x) - (to_x < x), (to_y > y) - (to_y < y)
            ahead, back = _way(dx, dy), _way(-dx, -dy)
            for step in range(abs(to_x - x) + abs(to_y - y)):
                self._go((x + step * dx, y + step * dy), ahead, heavy)
                self._go((x + (step + 1) * dx, y + (step + 1) * dy), back, heavy)

    def _go(self, cell: tuple[int, int], way: int, heavy: bool) -> None:
        self.ways[cell] = self.ways.get(cell, 0) | way
        if heavy:
            self.heavy.add(cell)

    def write(self, text: Text) -> None:
        x = text.x
        for character in text.content:
            width = cells(character)
            if not width:  # a combining mark stands on the character before it
                self.signs[x - 1, text.y] = self.signs.get((x - 1, text.y), " ") + character
                continue
            self.signs[x, text.y] = character
            for more in range(1, width):
                self.signs[x + more, text.y] = ""
            x += width

    def line(self, y: int, width: int) -> str:
        return "".join(self._at((x, y)) for x in range(width)).rstrip()

    def _at(self, cell: tuple[int, int]) -> str:
        if cell in self.signs:
            return self.signs[cell]
        return (_HEAVY if cell in self.heavy else _LIGHT)[self.ways.get(cell, 0)]


def _way(dx: int, dy: int) -> int:
    return {(0, -1): UP, (1, 0): RIGHT, (0, 1): DOWN, (-1, 0): LEFT}.get((dx, dy), 0)


def lines(scene: Scene) -> list[str]:
    """The picture's lines, without spaces at their ends."""
    canvas = _Canvas()
    for shape in scene.shapes:
        match shape:
            case Box(x, y, width, height, style):
                right, low = x + width - 1, y + height - 1
                corners = ((x, y), (right, y), (right, low), (x, low), (x, y))
                canvas.stroke(corners, style == "here")
            case Line(points, style, tip):
                canvas.stroke(points, style == "here")
                if tip:
                    (x, y), (to_x, to_y) = points[-2:]
                    turn = ((to_x > x) - (to_x < x), (to_y > y) - (to_y < y))
                    canvas.signs[points[-1]] = _TIPS[turn]
            case Bar(x, y, width, style):
                for column in range(x, x + width):
                    canvas.signs[column, y] = _FILLS.get(style, "░")
            case Text():
                canvas.write(shape)
    width = scene.width
    return [canvas.line(y, width) for y in range(scene.height)]
