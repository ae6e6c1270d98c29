"""What is kept of a TCP connection: the state of each direction, and the result of its analysis for one segment."""

from typing import NamedTuple


class Analysis(NamedTuple):
    """What was found out about one segment. Times in nanoseconds, −1 where there is none; 0 is no frame, no bytes.

    `in_flight` is −1 where it was worked out and came to nothing.
    """

    flags: int = 0
    duplicates: int = 0
    duplicate_of: int = 0
    acks: int = 0
    rtt: int = -1
    rto: int = -1
    rto_frame: int = 0
    in_flight: int = 0
    pushed: int = 0


class Direction:
    """The state of one direction of a connection on one network; −1 where nothing is known yet.

    `next` is one more than the highest number sent, `expected` the same for what was sent without a gap, `ack` the last
    acknowledgement it sent (of the other direction's numbers). `unacked` are (seq, frame, next, time), by seq.
    """

    __slots__ = (
        "ack", "acked_at", "dups", "early", "expected", "last", "new_ack", "next", "next_at", "next_frame", "pushed", "pushing",
        "rtt", "sacks", "seen", "syn_at", "top", "unacked", "valid", "window", "window_syn",
    )  # fmt: skip

    def __init__(self) -> None:
        self.next = self.expected = self.ack = self.window = self.top = self.seen = -1
        self.next_at = self.next_frame = self.acked_at = self.new_ack = 0
        self.dups = self.last = self.pushed = self.early = 0
        self.syn_at = self.rtt = -1
        self.window_syn = self.pushing = False
        self.valid = True  # no gap in what was captured makes the bytes in flight a guess
        self.unacked: list[tuple[int, int, int, int]] = []
        self.sacks: tuple[tuple[int, int], ...] = ()
