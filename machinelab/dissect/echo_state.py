"""An echo request (ping) and its reply, as both passes of the dissection know them."""

from dataclasses import dataclass


@dataclass(slots=True)
class Echo:
    """A ping and its reply: frame numbers (0: none) and times in nanoseconds."""

    request: int
    asked: int
    reply: int = 0
    answered: int = 0
