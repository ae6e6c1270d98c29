"""Bytes that no dissector reads."""

from ..model import Field
from .core import View


def dissect(view: View, start: int, stop: int) -> None:
    """The rest of a packet as octets."""
    if start >= stop:
        return
    view.protocols.append("data")
    view.add(Field("data", "", start, stop, view.buffer, group="data"))
    view.add(Field("data.data", view.data[start:stop], start, stop, view.buffer, group="data"))
    view.add(Field("data.len", stop - start, group="data"))
