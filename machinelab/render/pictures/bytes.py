"""A header as the RFCs draw it: 32 bits a row, two columns a bit, with the values of one packet in it."""

from ...model.pictures import Bytes, HeaderField
from .path import scene_title
from .scene import Box, Scene, widest

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
        said = (
            f"{field.name} = {field.value}" if widest([f"{field.name} = {field.value}"]) <= width - 2 else ""
        )
        if not said:
            said = chr(ord("a") + len(legend) % 26)
            legend.append((said, field))
        scene.text(SIGN * bit + max(1, (width - widest([said])) // 2), y + 1, said, "bold", max(1, width - 2))
        bit += field.bits
        if bit >= BITS:
            bit, y = 0, y + max(2, rows + 1)
    y += 3 if bit else 1
    for place, (sign, field) in enumerate(legend):
        scene.text(0, y + place, f"{sign}  {field.name} = {field.value}")
    if legend:
        y += len(legend)
    scene.text(0, y, drawing.source, "dim")
    return scene


def words(drawing: Bytes) -> str:
    """The picture in words."""
    return (
        f"{drawing.packet}: " + ", ".join(f"{f.name} ({f.bits} bits) {f.value}" for f in drawing.fields) + "."
    )
