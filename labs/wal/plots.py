"""What several runs show together: numbers for a picture."""

from collections.abc import Sequence
from statistics import median

from machinelab.authoring import Plot, Run, Series


def commit_latency(runs: Sequence[Run]) -> list[Series]:
    """How long a client waited for its commit, the middle one of all, against how many clients there were."""
    waits: dict[tuple[str, int], list[float]] = {}
    for run in runs:
        key = run.knobs["delay"], int(run.knobs["clients"])
        waits.setdefault(key, []).extend(_waits(run))
    names = sorted({delay for delay, _ in waits}, key=int)
    return [
        Series(
            f"commit_delay {name}",
            tuple(
                (clients, median(ms))
                for (delay, clients), ms in sorted(waits.items())
                if delay == name and ms
            ),
        )
        for name in names
    ]


def _waits(run: Run) -> list[float]:
    """Milliseconds between each statement and its answer."""
    asked: dict[object, int] = {}
    found = []
    for event in (*run.claims("asks"), *run.claims("are-told")):
        for message in event.messages:
            if message.exchange and not message.exchange.reply:
                asked[message.exchange.key] = event.time
            elif message.exchange and message.exchange.key in asked:
                found.append((event.time - asked.pop(message.exchange.key)) / 1e6)
    return found


CHANGES = (
    ("first", "whole-page", "bare-change"),
    ("second", "small-change", ""),
    ("after a checkpoint", "whole-again", "bare-again"),
)


def image_bytes(runs: Sequence[Run]) -> list[Series]:
    """How many bytes of log each of the three changes took, in the newest run of each setting."""
    newest = {run.knobs["full_page_writes"]: run for run in runs}
    return [
        Series(
            f"full_page_writes {setting}",
            tuple(
                (
                    name,
                    float(
                        sum(int(event["wal.length"]) for step in steps if step for event in run.claims(step))
                    ),
                )
                for name, *steps in CHANGES
            ),
        )
        for setting, run in sorted(newest.items(), reverse=True)
    ]


PLOTS = (
    Plot(
        "latency",
        "How long a commit takes, with more and more clients",
        "group",
        "clients",
        "milliseconds for a commit, half of them took less",
        commit_latency,
        over="clients",
    ),
    Plot(
        "images",
        "What the same change takes in the log",
        "pages",
        "change",
        "bytes of log",
        image_bytes,
        over="full_page_writes",
    ),
)
