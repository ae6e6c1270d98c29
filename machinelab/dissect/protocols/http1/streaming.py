"""Replies that are streams of events: read as they come, for they may never end. WHATWG HTML §9.2, RFC 9112 §7.1."""

import re
from dataclasses import dataclass, field

from ...core import Contents, Inner

EVENTS = re.compile(rb"\ncontent-type[ \t]*:[ \t]*text/event-stream[ \t]*[;\r\n]", re.IGNORECASE)
CODED = re.compile(rb"\ncontent-encoding[ \t]*:", re.IGNORECASE)
SIZE = re.compile(rb"0*([0-9A-Fa-f]{1,8})[ \t]*(?:;[^\r\n]*)?\r?\n")
END = re.compile(rb"(?:\r\n|\n|\r(?!\n))(?:\r\n|\n|\r)")  # of an event: an empty line
EMPTY_LINE = re.compile(rb"\n\r?\n")
LONGEST = 1 << 20  # bytes of an event
LINE = 200  # bytes that the size of a chunk may take


def is_event_stream(head: bytes) -> bool:
    """Whether a reply's headers announce events, as plain text."""
    return EVENTS.search(head) is not None and CODED.search(head) is None


@dataclass(slots=True)
class StreamEvent(Inner):
    """A whole event: at `start`:`stop` of its piece, or all of `data` where it began in an earlier one."""

    start: int = 0
    stop: int = 0
    data: bytes | None = None


@dataclass(slots=True)
class Piece(Contents):
    """A chunk of the stream, or so much of one without chunks as ends with an event. `start`:`stop` is its content; `last`: the stream ends with it."""

    chunked: bool = False
    start: int = 0
    stop: int = 0
    last: bool = False
    events: list[StreamEvent] = field(default_factory=list)


class EventStream:
    """One reply's, in chunks or up to the end of the connection."""

    __slots__ = ("_begun", "_rest", "chunked")

    def __init__(self, chunked: bool) -> None:
        self.chunked = chunked
        self._rest = bytearray()
        self._begun: tuple[Piece, ...] = ()

    def size(self, data: bytes | bytearray, start: int) -> tuple[int, bool]:
        """Bytes of the next piece (0: not known yet; −1: it is none), and whether it is the last."""
        if not self.chunked:
            found = 0
            for each in END.finditer(data, start):
                found = each.end()
            return (found - start if found else 0), False
        line = SIZE.match(data, start)
        if line is None:
            return (-1 if b"\n" in data[start : start + LINE] or len(data) - start >= LINE else 0), False
        size = int(line[1], 16)
        if size:
            return line.end() + size + 2 - start, False
        end = _trailer_end(data, line.end())
        return (end - start if end else 0), end > 0

    def observe(self, payload: bytes) -> Piece:
        """The events that end in a piece."""
        line = SIZE.match(payload) if self.chunked else None
        start = line.end() if line else 0
        size = int(line[1], 16) if line else len(payload)
        piece = Piece(
            chunked=self.chunked,
            start=start,
            stop=min(start + size, len(payload)),
            last=line is not None and not size,
        )
        if piece.last:
            piece.inner.append(Inner())
            return piece
        self._cut(piece, payload[piece.start : piece.stop])
        piece.inner.extend(piece.events)
        return piece

    def _cut(self, piece: Piece, content: bytes) -> None:
        before, at = len(self._rest), 0
        self._rest += content
        for found in END.finditer(self._rest):
            event = StreamEvent(start=piece.start + at - before, stop=piece.start + found.end() - before)
            if at < before:
                event = StreamEvent(
                    before=self._begun, stop=found.end() - at, data=bytes(self._rest[at : found.end()])
                )
            piece.events.append(event)
            at = found.end()
        del self._rest[:at]
        self._begun = () if at else self._begun
        if len(self._rest) > LONGEST:
            self._rest.clear()
        self._begun = (*self._begun, piece) if self._rest else ()


def _trailer_end(data: bytes | bytearray, at: int) -> int:
    for empty in (b"\r\n", b"\n"):
        if data.startswith(empty, at):
            return at + len(empty)
    end = EMPTY_LINE.search(data, at)
    return end.end() if end else 0
