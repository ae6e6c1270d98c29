"""What slow start's packets show together: how much is on its way, and how far the sender has got."""

from collections.abc import Iterator, Sequence

from machinelab.authoring import Event, Plot, Run, Series


def in_flight(runs: Sequence[Run]) -> list[Series]:
    """What was sent and not yet acknowledged, at each segment sent."""
    flight = "tcp.analysis.bytes_in_flight"
    return [
        Series(
            name,
            _points(
                run, [e for e in _sent(run, "first-flight", "grows", "sent-again") if flight in e], flight
            ),
        )
        for name, run in _settings(runs)
    ]


def sequence(runs: Sequence[Run]) -> list[Series]:
    """Where each segment begins; those that were sent again are a series of their own."""
    found = []
    for name, run in _settings(runs):
        found.append(Series(name, _points(run, _sent(run, "first-flight", "grows"), "tcp.seq")))
        if again := _sent(run, "sent-again"):
            found.append(Series(f"{name}, sent again", _points(run, again, "tcp.seq"), marks=True))
    return found


def _settings(runs: Sequence[Run]) -> Iterator[tuple[str, Run]]:
    """The newest run of each setting, called by its congestion control and by whatever else the runs differ in."""
    newest = {tuple(run.knobs[knob] for knob in KNOBS): run for run in runs}
    differ = [len(set(values)) > 1 for values in zip(*newest, strict=True)]
    for (congestion, *rest), run in sorted(newest.items()):
        others = [
            f"{knob} {value}" for knob, value, tell in zip(KNOBS[1:], rest, differ[1:], strict=True) if tell
        ]
        yield ", ".join([congestion, *others]), run


KNOBS = ("congestion", "rate", "queue")


def _sent(run: Run, *steps: str) -> list[Event]:
    return sorted((event for step in steps for event in run.claims(step)), key=lambda event: event.number)


def _points(run: Run, events: Sequence[Event], field: str) -> tuple[tuple[float, float], ...]:
    """Milliseconds since the first SYN, and a field's value."""
    start = run.first("syn").time
    return tuple(((event.time - start) / 1e6, float(event[field])) for event in events)


PLOTS = (
    Plot(
        "in-flight",
        "How much is on its way",
        "slow-start",
        "milliseconds since the SYN",
        "bytes in flight",
        in_flight,
        over="congestion",
        since=("syn", 1.0),
    ),
    Plot(
        "sequence",
        "How far the sender has got",
        "slow-start",
        "milliseconds since the SYN",
        "sequence number",
        sequence,
        over="congestion",
        since=("syn", 1.0),
    ),
)
