"""A packet in one line."""

from .core import Note


def summary(note: Note) -> str:
    """The messages it completes, else what its header says."""
    if note.parts:
        return "; ".join(
            part.protocol.summary(
                (part.data if part.data is not None else _buffer(note, part.buffer))[
                    part.start + part.framing : part.stop
                ],
                part,
            )
            for part in note.parts
        )
    return ""


def _buffer(note: Note, name: str) -> bytes:
    return note.data if name == "frame" or note.reassembly is None else note.reassembly.data
