"""What the inspector lists: anything that can give a line for a place, an event for the one under the cursor, and filter.

A run, a reference or a small capture is a `ViewEvidence`. Very large captures have one of their own that reads columns in
place of events; the inspector knows no difference.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple, Protocol

from ...analysis.view import EventRow, View, label
from ...model import Event

CHUNK = 200  # events asked at a time: a few milliseconds, so that keys are answered meanwhile


class PacketLine(NamedTuple):
    """One event as the list shows it. `state` is that of a Row; nothing is escaped yet."""

    id: str
    ms: float
    hop: str
    protocol: str
    step: str
    state: str
    summary: str


class FilterProgress(NamedTuple):
    """How far a filter has come: of `total` events `done` were asked, `found` are the places that passed since the last."""

    done: int
    total: int
    found: Sequence[int]


class Evidence(Protocol):
    """A list of events. Places count from 0."""

    ready: bool
    """Whether an event can be had at once; else `warm()`, called on a thread of its own, makes it so."""

    def __len__(self) -> int:
        """How many there are."""
        ...

    def warm(self) -> None:
        """Do what takes long before the first event can be had."""
        ...

    def known(self, place: int) -> bool:
        """Whether its line is as good as it gets; else looking at the event makes it better."""
        ...

    def line(self, place: int) -> PacketLine:
        """What the list shows of one; quick, for it is asked for every line of the screen at every key."""
        ...

    def event(self, place: int) -> Event:
        """The event itself, dissected when its fields are asked for."""
        ...

    def row(self, place: int) -> EventRow:
        """The event with its steps."""
        ...

    def odd(self, place: int) -> bool:
        """Whether a packet says of itself that something is wrong with it: malformed, or a warning of TCP's analysis."""
        ...

    def changed(self) -> str:
        """What has become of the file since it was opened, in a few words; empty if nothing that matters."""
        ...

    def place(self, id: str) -> int:
        """Where the event of that id stands; −1 if there is none."""
        ...

    def filter(self, expression: str, step: str = "") -> Iterator[FilterProgress]:
        """Ask a filter (and which step) of every event, piece by piece. Raises FilterError before the first piece."""
        ...

    def conversation(self, event: Event) -> Sequence[int]:
        """The places of the events of its stream, else of its exchange, else its own."""
        ...


class ViewEvidence:
    """The events of a view, all in memory."""

    def __init__(self, view: View) -> None:
        self.view = view
        self.events: Sequence[Event] = view.trace.events
        self.ready = True
        self._places: dict[str, int] = {event.id: place for place, event in enumerate(self.events)}

    def __len__(self) -> int:
        return len(self.events)

    def warm(self) -> None:
        """See Evidence."""

    def known(self, place: int) -> bool:
        """See Evidence."""
        return True

    def line(self, place: int) -> PacketLine:
        """See Evidence."""
        row = self.row(place)
        event = row.event
        return PacketLine(
            event.id,
            row.ms,
            row.hop,
            event.protocol or event.source,
            label(row, self.view.several),
            "retry" if row.retry else row.state,
            event.content.summary(),
        )

    def event(self, place: int) -> Event:
        """See Evidence."""
        return self.events[place]

    def row(self, place: int) -> EventRow:
        """See Evidence."""
        return self.view.row(self.events[place])

    def odd(self, place: int) -> bool:
        """See Evidence."""
        fields = self.events[place].fields
        return "_ws.malformed" in fields or "tcp.analysis.flags" in fields

    def changed(self) -> str:
        """See Evidence; it is all in memory."""
        return ""

    def place(self, id: str) -> int:
        """See Evidence."""
        return self._places.get(id, -1)

    def filter(self, expression: str, step: str = "") -> Iterator[FilterProgress]:
        """See Evidence."""
        from ...filter import compile  # not needed for a first paint

        return self._filter(compile(expression).matches, step)

    def _filter(self, matches: Callable[..., bool], step: str) -> Iterator[FilterProgress]:
        for start in range(0, len(self.events), CHUNK):
            part = range(start, min(start + CHUNK, len(self.events)))
            found = [place for place in part if self._is(place, step) and matches(self.events[place].fields)]
            yield FilterProgress(part.stop, len(self.events), found)

    def _is(self, place: int, step: str) -> bool:
        if not step:
            return True
        id = self.events[place].id
        claimed = self.view.steps.get(id, ()) or self.view.unwanted.get(id, ())
        return any(entry.id == step for entry, _ in claimed)

    def conversation(self, event: Event) -> Sequence[int]:
        """See Evidence."""
        if event.stream:
            return [
                place
                for place, other in enumerate(self.events)
                if other.stream == event.stream and other.source == event.source
            ]
        keys = {m.exchange.key for m in event.messages if m.exchange}
        found = [
            place
            for place, other in enumerate(self.events)
            if any(m.exchange and m.exchange.key in keys for m in other.messages)
        ]
        return found or [self.place(event.id)]


def reply_of(evidence: Evidence, event: Event) -> int:
    """The place of the reply to a request, or of the request of a reply; −1 where there is none."""
    keys: Mapping[tuple[object, ...], bool] = {
        m.exchange.key: m.exchange.reply for m in event.messages if m.exchange
    }
    talk = evidence.conversation(event)
    for place in talk:
        for message in evidence.event(place).messages:
            exchange = message.exchange
            if exchange and exchange.key in keys and exchange.reply != keys[exchange.key]:
                return place
    return -1
