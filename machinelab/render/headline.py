"""A run's headline, as every view begins or ends with it."""

from ..analysis.view import View
from .terminal import TerminalStyle


def headline(view: View, terminal: TerminalStyle) -> list[str]:
    """What happened, with the knobs that were turned; marked where something was lost or an attack came through. Empty if unknown."""
    found = view.happened
    if found is None:
        return []
    mark, style = ("!", "bad") if found.harm else (terminal.draw("▸"), "bold")
    lines = terminal.hang(terminal.text(found.whole, None), f"  {mark} ")
    return [terminal.paint(line, style) for line in lines]
