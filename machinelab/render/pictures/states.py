"""A state machine: a box a state in the order given, and below each what leads out of it; what this run did is heavy, with its packets."""

from ...model.pictures import States, Transition
from .scene import Box, Line, Scene, widest

WHY = 44  # columns at most of what causes a transition


def layout(drawing: States) -> Scene:
    """States down the left side; each transition is a line from its state's trunk to the name of the state it leads to."""
    scene = Scene()
    wide = min(26, widest(drawing.states) + 4)
    visited = {t.source for t in drawing.transitions if t.packets} | {
        t.target for t in drawing.transitions if t.packets
    }
    y = 0
    for state in drawing.states:
        out = [each for each in drawing.transitions if each.source == state]
        who = [name for name, there in drawing.now if there == state]
        mark = "here" if state in visited or who else ""
        scene.add(Box(0, y, wide, 3, mark))
        scene.text(2, y + 1, state, "bold" if mark else "", wide - 4)
        if who:
            scene.text(wide + 1, y + 1, f"● {', '.join(who)} now", "here")
        y += 3
        for index, each in enumerate(out):
            scene.add(Line(((3, y - index - 1), (3, y), (6, y)), "here" if each.packets else ""))
            _transition(scene, each, y)
            y += 1
        y += 1 if out else 0
    return scene


def _transition(scene: Scene, each: Transition, y: int) -> None:
    style = "here" if each.packets else "dim"
    after = scene.text(8, y, each.why, "" if each.packets else "dim", WHY)
    at = max(after + 1, 8 + 20)
    scene.add(Line(((after + 1, y), (at + 2, y)), "here" if each.packets else "", tip=True))
    after = scene.text(at + 4, y, each.target, style)
    if each.packets:
        shown = ", ".join(each.packets[:3]) + (" …" if len(each.packets) > 3 else "")
        scene.text(after + 2, y, f"packet {shown}", "here")


def words(drawing: States) -> str:
    """The picture in words: the transitions that this run made."""
    made = [
        f"{t.source} to {t.target} ({t.why}; packet {', '.join(t.packets[:3])})"
        for t in drawing.transitions
        if t.packets
    ]
    return f"{len(drawing.states)} states. This run went: {'; '.join(made) or 'nowhere'}."
