"""What every picture must be: asked of the kinds by themselves and of all labs' references."""

import re
from itertools import combinations
from xml.etree import ElementTree

from machinelab.render import pictures
from machinelab.render.pictures.scene import WIDTH, Scene, Text
from machinelab.render.terminal import cells

SVG = "{http://www.w3.org/2000/svg}"


def assert_sound(scene: Scene) -> None:
    """No words on other words, none outside the picture."""
    texts = list(scene.texts())
    assert texts
    assert all(text.x >= 0 and text.stop <= WIDTH for text in texts), [t for t in texts if t.stop > WIDTH]
    assert scene.width <= WIDTH
    by_row: dict[int, list[Text]] = {}
    for text in texts:
        by_row.setdefault(text.y, []).append(text)
    for row in by_row.values():
        for one, other in combinations(row, 2):
            assert one.stop <= other.x or other.stop <= one.x, (one, other)


def assert_drawn(lines: list[str]) -> None:
    """At most 80 columns, nothing that moves a terminal's cursor."""
    assert lines and all(cells(line) <= WIDTH for line in lines)
    assert all(line.isprintable() for line in lines)


def assert_svg(file: str) -> None:
    """Well-formed, with a text alternative; all words inside the box, as wide as their cells; nothing that runs or loads."""
    root = ElementTree.fromstring(file)
    _, _, width, height = map(float, root.attrib["viewBox"].split())
    assert root.findtext(f"{SVG}title") and root.findtext(f"{SVG}desc")
    assert "prefers-color-scheme: dark" in file
    for text in root.iter(f"{SVG}text"):
        left, base = float(text.attrib["x"]), float(text.attrib["y"])
        assert left >= 0 and left + float(text.attrib["textLength"]) <= width and 0 < base < height
    for numbers in re.findall(r'points="([^"]+)"', file):
        for pair in numbers.split():
            x, y = map(float, pair.split(","))
            assert 0 <= x <= width and 0 <= y <= height
    assert {element.tag.removeprefix(SVG) for element in root.iter()} <= {
        "svg", "title", "desc", "style", "rect", "text", "polyline", "path",
    }  # fmt: skip


def assert_good(drawing: object) -> None:
    """All of that, of one drawing."""
    assert_sound(pictures.layout(drawing))  # type: ignore[arg-type]
    assert_drawn(pictures.text(drawing))  # type: ignore[arg-type]
    assert_svg(pictures.svg(drawing, "A title", "A caption."))  # type: ignore[arg-type]
