"""One packet's way: its nodes from top to bottom, the networks between them with the packet's addresses there, and what each node changed."""

from ...model.pictures import PacketPath
from .scene import Box, Line, Scene, widest, wrapped


def layout(drawing: PacketPath) -> Scene:
    """A box a node; beside it what it changed; between two boxes the network and the addresses."""
    scene = Scene()
    nodes = [*(hop.node for hop in drawing.hops), drawing.end]
    wide = min(24, widest(nodes) + 4)
    y = scene_title(scene, drawing.packet)
    for index, node in enumerate(nodes):
        scene.add(Box(0, y, wide, 3, "here"))
        scene.text(2, y + 1, node, "bold", wide - 4)
        changed = drawing.hops[index].changed if index < len(drawing.hops) else ()
        beside = [line for text in changed for line in wrapped(text, 76 - wide)]
        for line, text in enumerate(beside):
            scene.text(wide + 2, y + 1 + line, text, "here")
        y += max(3, len(beside) + 2)
        if index < len(drawing.hops):
            hop = drawing.hops[index]
            scene.add(Line(((wide // 2, y - max(3, len(beside) + 2) + 2), (wide // 2, y + 1)), tip=True))
            after = scene.text(wide // 2 + 3, y, hop.network, "bold", 20)
            scene.text(after + 2, y, f"{hop.src} → {hop.dst}", "dim")
            y += 2
    return scene


def scene_title(scene: Scene, text: str) -> int:
    """What the picture is of, on its first lines; gives the row where it goes on."""
    if not text:
        return 0
    lines = wrapped(text, 78, 2)
    for row, line in enumerate(lines):
        scene.text(0, row, line)
    return len(lines) + 1


def words(drawing: PacketPath) -> str:
    """The picture in words."""
    ways = [
        f"{hop.node} sends it on {hop.network}, {hop.src} to {hop.dst}"
        + "".join(f"; {said}" for said in hop.changed)
        for hop in drawing.hops
    ]
    return f"{drawing.packet}: " + ". ".join(ways) + f". It ends at {drawing.end}."
