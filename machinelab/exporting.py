"""A run, written into a file that others open: pcapng for Wireshark, a page for a browser, a picture, data."""

from collections.abc import Sequence
from pathlib import Path

from .errors import UsageError
from .model import Event
from .reading import Reading


def export(found: Reading, path: Path, events: Sequence[Event] | None = None) -> str:
    """Write it, as the ending says. Gives a sentence about what was written."""
    raise UsageError("Not yet.", "")
