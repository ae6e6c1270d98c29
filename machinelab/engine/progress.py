"""How long work tells what it is at: one line for each thing, never a wall of text."""

from typing import Protocol


class Progress(Protocol):
    """Called with `what` (an image, a node, a network), its `state` in a word or two, and how far it is (0 to 1)."""

    def __call__(self, what: str, state: str, fraction: float | None = None, /) -> None:
        """Tell one thing's state. The last `fraction` of a thing that ends well is 1."""
        ...


def silent(what: str, state: str, fraction: float | None = None, /) -> None:
    """Progress that nobody watches."""
