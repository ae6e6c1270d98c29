"""A header as the RFCs draw it: 32 bits a row, two columns a bit, with the values of one packet in it."""

from collections.abc import Iterator

from ...model.pictures import Bytes, HeaderField
from .path import scene_title
from .scene import WIDTH, Box, Scene, widest, wrapped

BITS, SIGN = 32, 2


def layout(drawing: Bytes) -> Scene:
    """A box a field; where name and value do not fit, a letter stands for them and the legend says which."""
    scene = Scene()
    y = scene_title(scene, drawing.packet)
    for bit in range(0, BITS, 8):
        scene.text(1 + SIGN * bit, y, str(bit), "dim")
    scene.text(1 + SIGN * (BITS - 1) - 1, y, "31", "dim")
    y, bit, legend = y + 1, 0, list[tuple[str, HeaderField]]()
    for field in drawing.fields:
        rows = max(1, -(-field.bits // BITS))
        width = SIGN * min(field.bits, BITS) + 1
        scene.add(Box(SIGN * bit, y, width, 1 + max(2, rows + 1)))
        said = wrapped(f"{field.name} = {field.value}", width - 2)
        if len(said) > rows:
            said = [chr(ord("a") + len(legend) % 26)]
            legend.append((said[0], field))
        for row, line in enumerate(said):
            left = SIGN * bit + max(1, (width - widest([line])) // 2)
            scene.text(left, y + 1 + row, line, "bold", max(1, width - 2))
        bit += field.bits
        if bit >= BITS:
            bit, y = 0, y + max(2, rows + 1)
    y += 3 if bit else 1
    for line in _rows([f"{sign} {field.name} = {field.value}" for sign, field in legend]):
        scene.text(0, y, line)
        y += 1
    scene.text(0, y, drawing.source, "dim")
    return scene


def _rows(entries: list[str]) -> Iterator[str]:
    """As many entries a line as there is room for."""
    line = ""
    for entry in entries:
        more = f"{line}   {entry}" if line else entry
        if line and widest([more]) > WIDTH:
            yield line
            more = entry
        line = more
    if line:
        yield line


def words(drawing: Bytes) -> str:
    """The picture in words."""
    return (
        f"{drawing.packet}: " + ", ".join(f"{f.name} ({f.bits} bits) {f.value}" for f in drawing.fields) + "."
    )
