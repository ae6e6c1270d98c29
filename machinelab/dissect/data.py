"""Bytes that no dissector reads."""

from .core import View


def dissect(view: View, start: int, stop: int) -> None:
    """The rest of a packet as octets."""
    if start >= stop:
        return
    view.protocols.append("data")
    view.out += (
        ("data", "", start, stop, view.buffer, 0, "data"),
        ("data.data", view.data[start:stop], start, stop, view.buffer, 0, "data"),
        ("data.len", stop - start, 0, 0, "frame", 0, "data"),
    )
