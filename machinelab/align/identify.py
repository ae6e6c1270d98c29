"""Which experiment of a lab a trace shows, if it is not known: the one that explains most of it."""

import itertools
from collections.abc import Iterator, Mapping, Sequence

from .. import parallel
from ..model import Alignment, Experiment, Trace
from .aligner import Candidate
from .matches import match_items


def identify(
    trace: Trace, experiments: Sequence[Experiment], knobs: Mapping[str, str] | None = None
) -> Alignment:
    """The alignment with the experiment that explains most of a trace whose experiment is not known."""
    # Why something is missing is asked of the best one alone.
    candidates = _matched(trace, experiments, knobs)
    best = max(candidates, key=lambda candidate: _score(candidate.alignment(explains=False)))
    return best.alignment()


def _matched(
    trace: Trace, experiments: Sequence[Experiment], knobs: Mapping[str, str] | None
) -> Iterator[Candidate]:
    """The candidates with their items matched, in one pass over the packets; over many packets one by one, which takes less memory."""
    candidates = (Candidate.of(trace, experiment, knobs) for experiment in experiments)
    if len(trace.events) < parallel.LEAST:
        together = list(candidates)
        match_items([candidate.matches for candidate in together])
        yield from together
    else:
        for candidate in candidates:
            match_items([candidate.matches])
            yield candidate


def _score(result: Alignment) -> tuple[int, int, int]:
    # A missing step weighs as much as a claimed item: else the longest experiment explains any traffic.
    claimed = sum(len(claim.items) for claim in result.claims)
    return claimed - _inversions(result) - len(result.missing), -len(result.missing), -len(result.unclaimed)


def _inversions(result: Alignment) -> int:
    """Pairs of neighbouring steps of a track that were seen in reverse order: a sign of the wrong experiment."""
    times: dict[tuple[int, str], list[int]] = {}
    for claim in result.claims:
        times.setdefault((claim.exchange, claim.step.track), []).append(claim.items[0].event.time)
    return sum(later < earlier for row in times.values() for earlier, later in itertools.pairwise(row))
