"""What is still under way while the inspector is open: a capture that is being read, a run that goes on."""

from collections.abc import Sequence
from typing import Protocol


class Pending(Protocol):
    """Something under way; both texts are empty when it has ended."""

    @property
    def stage(self) -> str:
        """How far it is, for the title line."""
        ...

    @property
    def meanwhile(self) -> str:
        """What the guide's pane says of a packet until it has ended."""
        ...


def stage(pending: Sequence[Pending]) -> str:
    """How far the first of them is that has not ended; empty if all have."""
    return next((found for each in pending if (found := each.stage)), "")


def meanwhile(pending: Sequence[Pending]) -> str:
    """What the guide's pane says until the first of them has ended; empty if all have."""
    return next((found for each in pending if (found := each.meanwhile)), "")
