"""The same files as `kafkasegments`, as they were at an earlier moment of the run: what retention and compaction took is here."""

from collections.abc import Mapping, Sequence

from ...model import Event
from . import kafkasegments

KIND = "kafkakept"


def load(data: bytes, node: str) -> list[Event]:
    """As kafkasegments."""
    return kafkasegments.load(data, node, KIND)


def place(
    events: Sequence[Event], others: Mapping[str, Sequence[Event]], names: Mapping[str, str] | None = None
) -> list[Event]:
    """As kafkasegments."""
    return kafkasegments.place(events, others, names)
