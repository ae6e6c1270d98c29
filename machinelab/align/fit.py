"""Which experiment of a lab a trace shows, where nobody has said: the one that explains most of it."""

import itertools
from collections.abc import Iterator, Mapping, Sequence

from .. import parallel
from ..model import Alignment, Experiment, Trace
from .aligner import Reading
from .evidence import look


def best_fit(
    trace: Trace, experiments: Sequence[Experiment], knobs: Mapping[str, str] | None = None
) -> Alignment:
    """The alignment with the experiment that explains most of a trace whose experiment is not known."""
    # Why something is missing is asked of the best one alone.
    readings = _looked_at(trace, experiments, knobs)
    best = max(readings, key=lambda reading: _merit(reading.alignment(explains=False)))
    return best.alignment()


def _looked_at(
    trace: Trace, experiments: Sequence[Experiment], knobs: Mapping[str, str] | None
) -> Iterator[Reading]:
    """The readings, with one look at the packets for all of them; of many packets one after another, for they would not find room."""
    readings = (Reading.of(trace, experiment, knobs) for experiment in experiments)
    if len(trace.events) < parallel.LEAST:
        together = list(readings)
        look([reading.evidence for reading in together])
        yield from together
    else:
        for reading in readings:
            look([reading.evidence])
            yield reading


def _merit(result: Alignment) -> tuple[int, int, int]:
    # What a reading leaves out weighs as much as what it claims: else the longest experiment explains any traffic.
    claimed = sum(len(claim.items) for claim in result.claims)
    return claimed - _turned(result) - len(result.missing), -len(result.missing), -len(result.unclaimed)


def _turned(result: Alignment) -> int:
    """How often a step was seen before one that the guide tells earlier: the mark of a reading that does not fit."""
    times: dict[tuple[int, str], list[int]] = {}
    for claim in result.claims:
        times.setdefault((claim.exchange, claim.step.track), []).append(claim.items[0].event.time)
    return sum(later < earlier for row in times.values() for earlier, later in itertools.pairwise(row))
