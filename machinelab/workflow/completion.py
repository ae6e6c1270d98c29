"""When a run is complete: packets are read as they come, until the step waited for was seen and no request is unanswered.

Each packet is looked at once, when it has come. The whole capture is aligned only where a packet in it could be the step
that the run waits for. Only the packets around requests that have no reply yet are correlated, and anew only when another
message has come.
"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from ..align import align
from ..align.links import link
from ..align.matches import CompiledStep, compile_step
from ..correlate import correlate
from ..engine.topology import RunningLab
from ..model import Background, Event, Experiment, Item, Step, Trace
from ..sources import pcap

PATIENCE = 1_000_000_000  # ns; a request that nobody answers for so long is not waited for any more
GENERATED = ("nat.", "proxied.", "sighting.")  # fields that only correlating gives

OnEvent = Callable[[Event, RunningLab], None]
"""Is given each packet as it comes."""


class Completion:
    """Follows a capture as it comes, and tells when the run is complete.

    `background` is traffic whose replies are not waited for: none named, that of the experiment.
    """

    def __init__(
        self,
        experiment: Experiment | None,
        knobs: Mapping[str, str],
        where: RunningLab,
        on_event: OnEvent | None,
        background: Sequence[Background] = (),
    ) -> None:
        self.where = where
        self.on_event = on_event
        self.live = pcap.Live()
        self.events: list[Event] = []
        self._until = _Until(experiment, knobs) if experiment and experiment.until else None
        known = background or (experiment.background if experiment else ())
        self._requests = _Requests(
            where, [compile_step(Step(entry.id, entry.hop, entry.sees)) for entry in known]
        )

    def feed(self, data: bytes) -> None:
        """Take in another piece of the capture."""
        for event in self.live.feed(data):
            self.add(event)

    def add(self, event: Event) -> None:
        """Take in another packet."""
        self.events.append(event)
        self._requests.add(event)
        if self._until:
            for item in Trace((event,)).items():
                self._until.add(item)
        if self.on_event:
            self.on_event(event, self.where)

    def settled(self) -> bool:
        """Whether the step waited for was seen and every request was answered, or has waited for PATIENCE."""
        seen = self._until is None or self._until.seen(self.events, self.where)
        return seen and not self._requests.open()


class _Until:
    """The step that a run waits for."""

    def __init__(self, experiment: Experiment, knobs: Mapping[str, str]) -> None:
        self._experiment = experiment
        self._knobs = knobs
        steps = {step.id: step for step in experiment.steps}
        step = steps.get(experiment.until)
        self._reply = compile_step(step) if step and step.reply_to else None
        asked = steps.get(step.reply_to) if step and step.reply_to else step
        self._asked = compile_step(asked) if asked else None
        self._asked_seen = self._possible = self._seen = False
        self._aligned = 0  # events there were when they were last aligned

    def add(self, item: Item) -> None:
        """Look at another message or packet: whether it could be the step. Its hop and its place among others are left to aligning."""
        if self._possible or self._asked is None:
            return
        if not self._asked_seen:
            self._asked_seen = _could_be(item, self._asked)
        if self._asked_seen:
            self._possible = self._reply is None or _could_be(item, self._reply)

    def seen(self, events: Sequence[Event], where: RunningLab) -> bool:
        """Whether it was seen; once it was, that stays so."""
        if self._possible and not self._seen and self._aligned < len(events):
            self._aligned = len(events)
            found = align(correlate(Trace(tuple(events), where.nodes)), self._experiment, self._knobs)
            self._seen = any(claim.step.id == self._experiment.until for claim in found.claims)
        return self._seen


def _could_be(item: Item, pattern: CompiledStep) -> bool:
    """Whether an item meets a pattern as far as its own packet tells."""
    if any(name.startswith(GENERATED) for name in pattern.sees.names):
        return True
    if pattern.step.reply_to and not (item.exchange and item.exchange.reply):
        return False
    return pattern.sees.matches(item.fast_fields(pattern.sees.names))


class _Request(NamedTuple):
    """A request: when it came, the place of its event, and that of the oldest request that had no reply then."""

    arrived: int
    place: int
    since: int


class _Requests:
    """The requests whose replies are waited for. Times are of the monotonic clock, which nobody sets.

    `background` are the patterns of requests whose replies are not waited for. Servers that poll each other for as long as
    they live always have one without a reply; where such a reply is a step, `until` can name it.
    """

    def __init__(self, where: RunningLab, background: Sequence[CompiledStep]) -> None:
        self._nodes = where.nodes
        self._names = Trace((), where.nodes).names()
        self._background = background
        self._events: list[Event] = []
        self._arrived: dict[str, int] = {}  # event id → when it came
        self._waiting: dict[object, list[_Request]] = {}  # by exchange, as long as it has no reply
        self._unanswered: list[int] | None = None  # when those came; None: to be found out

    def add(self, event: Event) -> None:
        """Look at another packet, with the requests and replies that are complete with it."""
        now, place = time.monotonic_ns(), len(self._events)
        self._events.append(event)
        self._arrived[event.id] = now
        for exchange in filter(None, (message.exchange for message in event.messages)):
            self._unanswered = None
            if exchange.reply:
                self._waiting.pop(exchange.key, None)
            else:
                since = min((each.place for each in self._all_waiting()), default=place)
                self._waiting.setdefault(exchange.key, []).append(_Request(now, place, since))

    def _all_waiting(self) -> Iterator[_Request]:
        return (request for requests in self._waiting.values() for request in requests)

    def open(self) -> bool:
        """Whether the reply to one of them is still waited for."""
        now = time.monotonic_ns()
        waiting = {
            key: [each for each in asked if now - each.arrived < PATIENCE]
            for key, asked in self._waiting.items()
        }
        self._waiting = {key: asked for key, asked in waiting.items() if asked}
        if not self._waiting:
            return False
        if self._unanswered is None:
            self._unanswered = list(self._without_reply())
        return any(now - arrived < PATIENCE for arrived in self._unanswered)

    def _without_reply(self) -> Iterator[int]:
        """When those came that nobody answered and that are no background.

        A request that is passed on is answered with the first of its replies, perhaps on another network or of the proxy's own.
        So packets are correlated from the oldest request on that had no reply when one of those came that have none now.
        """
        events = self._events[min(each.since for each in self._all_waiting()) :]
        items = list(correlate(Trace(tuple(events), self._nodes)).items())
        links = link(items)
        for index, item in enumerate(items):
            exchange = item.exchange
            if exchange and not exchange.reply and index not in links.reply and not self._known(item):
                yield self._arrived[item.event.id]

    def _known(self, item: Item) -> bool:
        """Whether a request may be background."""
        return any(
            pattern.hop.matches(item.event, self._names) and pattern.sees.matches(item.fields)
            for pattern in self._background
        )
