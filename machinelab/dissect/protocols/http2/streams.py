"""What is known of one HTTP/2 stream, and how much may still be sent on it: RFC 9113 §5.1, §6.9."""

from dataclasses import dataclass, field

from .frames import INITIAL_WINDOW
from .hpack import NOTHING, Block


@dataclass(slots=True)
class Transaction:
    """A request and its final reply. Frame numbers of the capture; 0: none. `time` of the request in nanoseconds."""

    key: tuple[object, ...]
    request: int = 0
    time: int = 0
    block: Block = NOTHING
    reply: int = 0


@dataclass(slots=True)
class Body:
    """What one side has sent of a message's body: number of the packet and bytes of each DATA frame, up to a limit.

    `headers` are the message's, `size` counts all bytes, `ended` is the packet that completes it (0: not yet).
    """

    headers: Block = NOTHING
    pieces: list[tuple[int, bytes]] = field(default_factory=list)
    size: int = 0
    ended: int = 0


@dataclass(slots=True)
class Opened:
    """A stream. `windows` in bytes, by whether the client sends; `bodies` likewise."""

    transaction: Transaction | None = None
    windows: dict[bool, int] = field(default_factory=dict)
    bodies: dict[bool, Body] = field(default_factory=lambda: {True: Body(), False: Body()})


@dataclass(slots=True)
class Windows:
    """Flow control of a connection: how many bytes each side may still send, altogether and on a new stream."""

    connection: dict[bool, int] = field(default_factory=lambda: {True: INITIAL_WINDOW, False: INITIAL_WINDOW})
    initial: dict[bool, int] = field(default_factory=lambda: {True: INITIAL_WINDOW, False: INITIAL_WINDOW})

    def of(self, stream: Opened, sender: bool) -> int:
        """What is left for this sender on a stream."""
        return stream.windows.setdefault(sender, self.initial[sender])

    def change(self, streams: "dict[int, Opened]", sender: bool, size: int) -> None:
        """The receiver has set another initial size, which moves every stream's window by the difference: RFC 9113 §6.9.2."""
        by = size - self.initial[sender]
        self.initial[sender] = size
        for stream in streams.values():
            if sender in stream.windows:
                stream.windows[sender] += by
