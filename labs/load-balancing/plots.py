"""What several runs show together: who got how much, how long it took, and how the share of one who returns grows."""

from collections.abc import Iterator, Sequence
from statistics import median

from machinelab.authoring import Plot, Run, Series

from .common import WEBS


def shares(runs: Sequence[Run]) -> list[Series]:
    """How many of the requests each server was given, by algorithm: the newest run of each."""
    return [
        Series(name, tuple((web, float(len(run.claims(f"to-{web}")))) for web in WEBS))
        for name, run in _newest(runs, "algorithm")
    ]


def latency(runs: Sequence[Run]) -> list[Series]:
    """How long a client waited, by algorithm: half of its requests took less, one in ten took more."""
    found = []
    for name, run in _newest(runs, "algorithm"):
        waits = sorted(wait for web in WEBS for wait in _waits(run, web))
        if waits:
            slowest = waits[min(len(waits) - 1, len(waits) * 9 // 10)]
            found.append(
                Series(name, (("half", median(waits)), ("nine of ten", slowest), ("all", waits[-1])))
            )
    return found


def strength(runs: Sequence[Run]) -> list[Series]:
    """How many requests the server that came back had been given, against the time since it was up."""
    found = []
    for name, run in _newest(runs, "slowstart"):
        up = run.first("up").time
        times = [(event.time - up) / 1e9 for event in run.claims("returned")]
        found.append(Series(f"slowstart {name}", tuple((at, float(n)) for n, at in enumerate(times, 1))))
    return found


def _newest(runs: Sequence[Run], knob: str) -> Iterator[tuple[str, Run]]:
    return iter({run.knobs[knob]: run for run in runs}.items())


def _waits(run: Run, web: str) -> list[float]:
    """Milliseconds between each request, where the client sent it, and its answer, where the client had it."""
    ends = {event.number: event.time for event in run.trace.events if event.network}
    asked = {
        message.exchange.key: event.time
        for event in run.claims(f"to-{web}")
        for message in event.messages
        if message.exchange
    }
    return [
        (ends[event.way[-1].number] - asked[message.exchange.key]) / 1e6
        for event in run.claims(f"from-{web}")
        for message in event.messages
        if message.exchange and message.exchange.key in asked
    ]


PLOTS = (
    Plot(
        "shares",
        "Who is given how much, where one of three is slow",
        "slow",
        "server",
        "requests",
        shares,
        over="algorithm",
    ),
    Plot(
        "latency",
        "How long a client waits, where one of three is slow",
        "slow",
        "that many of the requests",
        "milliseconds, at most",
        latency,
        over="algorithm",
    ),
    Plot(
        "strength",
        "How much a server that came back is given",
        "comeback",
        "seconds since it was up",
        "requests so far",
        strength,
        over="slowstart",
        since=("up", 1000.0),
    ),
)
