"""Follows a run while it lasts: reads the packets as they come, and tells when all has been seen."""

import time
from collections.abc import Callable, Mapping, Sequence

from ..align import align
from ..align.evidence import Pattern, ready
from ..align.links import link
from ..correlate import correlate
from ..engine.topology import Topology
from ..model import Background, Event, Experiment, Item, Step, Trace
from ..sources import pcap

PATIENCE = 1_000_000_000  # ns; a request that nobody answers for so long is not waited for any more

OnEvent = Callable[[Event, Topology], None]
"""Is given each packet as it comes."""


class Completion:
    """Follows a capture as it comes, to know when all has been seen: the step waited for, and no question left open.

    `background` is what asks by itself, and is not waited for: none named, that of the experiment.
    """

    def __init__(
        self,
        experiment: Experiment | None,
        knobs: Mapping[str, str],
        where: Topology,
        on_event: OnEvent | None,
        background: Sequence[Background] = (),
    ) -> None:
        self.experiment = experiment
        self.knobs = knobs
        self.where = where
        self.on_event = on_event
        self.live = pcap.Live()
        self.events: list[Event] = []
        self.arrived: dict[str, int] = {}  # event id → when it came here, by the monotonic clock
        self._done_at = -1  # events there were when `until` was last found to be seen
        known = background or (experiment.background if experiment else ())
        self._known = [ready(Step(entry.id, entry.hop, entry.sees)) for entry in known]

    def feed(self, data: bytes) -> None:
        """Take in another piece of the capture."""
        for event in self.live.feed(data):
            self.events.append(event)
            self.arrived[event.id] = time.monotonic_ns()
            if self.on_event:
                self.on_event(event, self.where)

    def settled(self) -> bool:
        """Whether the step waited for was seen and every request was answered, or has waited for long enough."""
        trace = correlate(Trace(tuple(self.events), self.where.nodes))
        return self._seen(trace) and not self._open(list(trace.items()))

    def _seen(self, trace: Trace) -> bool:
        if self.experiment is None or not self.experiment.until:
            return True
        if self._done_at < 0:
            found = align(trace, self.experiment, self.knobs)
            if any(claim.step.id == self.experiment.until for claim in found.claims):
                self._done_at = len(self.events)
        return self._done_at >= 0

    def _open(self, items: list[Item]) -> bool:
        links = link(items)
        names = Trace((), self.where.nodes).names()
        now = time.monotonic_ns()
        return any(
            item.exchange is not None
            and not item.exchange.reply
            and index not in links.reply
            and now - self.arrived.get(item.event.id, now) < PATIENCE
            and self._awaited(item, names)
            for index, item in enumerate(items)
        )

    def _awaited(self, item: Item, names: Mapping[str, str]) -> bool:
        """Whether a run waits for the reply: not where the request may be background.

        Servers that poll each other for as long as they live always have a question open. Where such a reply is a step,
        `until` can name it.
        """

        def fits(pattern: Pattern) -> bool:
            return pattern.hop.matches(item.event, names) and pattern.sees.matches(item.fields)

        return not any(map(fits, self._known))
