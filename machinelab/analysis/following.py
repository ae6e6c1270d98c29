"""A capture of one's own while it grows: its packets as they come, each with the steps that it shows as far as is known by then."""

from collections import deque
from collections.abc import Iterator, Sequence
from time import monotonic

from .. import guide
from ..align import identify
from ..correlate import correlate
from ..model import Event, Lab, Trace
from ..sources import pcap
from .reading import guide_of
from .view import EventRow, View

WINDOW = 300  # packets read against the guide together: some 50 ms of a processor
TOGETHER = 50  # new packets after which they are read again


class Growing:
    """Takes a capture in pieces; its events come out in slices of some milliseconds, so that whoever captures is not held up."""

    def __init__(self) -> None:
        self._live = pcap.Live()
        self._pieces: deque[bytes] = deque()
        self._coming: Iterator[Event] = iter(())

    def add(self, piece: bytes) -> None:
        """Another piece of the file."""
        self._pieces.append(piece)

    def events(self, most: int, seconds: float) -> list[Event]:
        """Those that are next, at most so many, worked on for so long."""
        found: list[Event] = []
        ends = monotonic() + seconds
        while len(found) < most and monotonic() < ends:
            event = next(self._coming, None)
            if event is not None:
                found.append(event)
            elif self._pieces:
                self._coming = map(self._live.event, self._live.frames(self._pieces.popleft()))
            else:
                break
        return found


class Following:
    """Reads packets against a lab's guide as they come, as the experiment that the last WINDOW of them show, if they show one."""

    def __init__(self, lab: Lab) -> None:
        self._lab = lab
        self._guide = guide_of(lab)
        self._seen: deque[Event] = deque(maxlen=WINDOW)

    def read(self, events: Sequence[Event]) -> tuple[View, list[EventRow]]:
        """The view of what was seen of late, and the rows of these new events in it."""
        self._seen.extend(events)
        trace = correlate(Trace(tuple(self._seen)))
        alignment = identify(trace, self._lab.experiments).alignment
        words = guide.words(self._guide, alignment.experiment.id)
        view = View(self._lab.id, trace, alignment, words, strict=False, own=False)
        new = {event.id for event in events}
        return view, [view.row(event) for event in trace.events if event.id in new]
