"""What happened in each experiment, worked out from a run's own packets and the client's log."""

from statistics import median

from machinelab.authoring import Run, some

from .loads import loads
from .waterfall import held, rows


def ms(run: Run, start: str, stop: str) -> float:
    """Milliseconds from the first message of one step to the last of another."""
    return (run.claims(stop)[-1].time - run.first(start).time) / 1e6


def connections(run: Run) -> str:
    """How many connections three objects took."""
    first = "connect" if run.claims("connect") else "connect-again"
    opened = len(run.claims(first))
    return f"Three objects took {some(opened, 'connection')} and {ms(run, first, 'answer-next'):.0f} ms"


def pipelining(run: Run) -> str:
    """What waited for what."""
    waited = ms(run, "ask-all", "first-answer")
    return f"The first answer took {waited:.0f} ms, and two that were ready came behind it"


def streams(run: Run) -> str:
    """One connection, and what the headers took."""
    first, last = run.text("ask", "http2.length"), run.values("ask-more", "http2.length")[-1]
    return f"Twelve requests went on one connection before any answer came; the first one's headers took {first} bytes, the last one's {last!s}"


def quic(run: Run) -> str:
    """When the first request left."""
    hello = next(event for event in run.trace.events if "quic" in event)
    left = (run.first("ask").time - hello.time) / 1e6
    return f"The first request left {left:.0f} ms after the client's first packet, and twelve objects came on twelve streams"


def behind(run: Run) -> str:
    """One request, two protocols."""
    run.first("answer")
    return "One request came by HTTP/3 and went on by HTTP/1.1, and its answer went the same way back"


def lost(run: Run) -> str:
    """How many objects waited for the lost packet."""
    late, each = held(run), "stream" if not run.claims("one-lost") else "connection"
    return f"One packet was lost, and {some(len(late), each)} of {len(rows(run))} had to wait for it"


def page(run: Run) -> str:
    """What the losses cost."""
    took = loads(run)
    far = took[max(took)]
    none, most = (median(far[loss]) for loss in (min(far), max(far)))
    return (
        f"With a round trip of {2 * max(took)} ms the page took {none:.0f} ms without losses and {most:.0f} ms with"
        f" {max(far)} % lost each way (medians of {len(far[min(far)])})"
    )
