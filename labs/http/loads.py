"""How long the page took, from the client's log."""

from collections.abc import Sequence
from statistics import median

from machinelab.authoring import Plot, Run, Series

from .marks import number

NAMES = {"h1": "HTTP/1.1, six connections", "h2": "HTTP/2", "h3": "HTTP/3"}


def loads(run: Run) -> dict[int, dict[int, list[float]]]:
    """Milliseconds of each load, by the delay in ms and the loss in percent."""
    found: dict[int, dict[int, list[float]]] = {}
    for event in run.claims("loaded"):
        of = found.setdefault(number(event, "loadlog.delay"), {})
        of.setdefault(number(event, "loadlog.loss"), []).append(number(event, "loadlog.took") / 1e6)
    return found


def over_loss(runs: Sequence[Run]) -> list[Series]:
    """The median of all loads of a setting, a line for each delay and protocol."""
    pooled: dict[tuple[int, str], dict[int, list[float]]] = {}
    for run in runs:
        for delay, losses in loads(run).items():
            of = pooled.setdefault((delay, run.knobs["protocol"]), {})
            for loss, times in losses.items():
                of.setdefault(loss, []).extend(times)
    return [
        Series(
            f"{NAMES[protocol]}, {2 * delay} ms round trip",
            tuple((loss, median(times)) for loss, times in sorted(found.items())),
        )
        for (delay, protocol), found in sorted(pooled.items())
    ]


PLOTS = (
    Plot(
        "load-time",
        "How long the page takes, with more and more losses",
        "page",
        "percent of packets lost, each way",
        "milliseconds for twelve objects, median",
        over_loss,
        over="protocol",
    ),
)
