"""What happened in each experiment, worked out from a run's own packets and the server's flight recorder."""

from machinelab.authoring import Event, Headline, Run, harm, some


def number(event: Event, name: str) -> int:
    """A field's first value as a number; 0 where it is absent."""
    value = next(iter(event.values(name)), 0)
    return int(value) if isinstance(value, int) else 0


def word(event: Event, name: str) -> str:
    """A field's first value in words; empty where it is absent."""
    return str(next(iter(event.values(name)), ""))


def recorded(run: Run, what: str) -> list[Event]:
    """The recorder's events of one name, by their beginning."""
    return [event for event in run.trace.events if word(event, "jfr.event") == f"lab.{what}"]


def answers(run: Run) -> dict[int, int]:
    """How many replies came with each status."""
    codes = [
        number(event, "http.response.code") for event in run.trace.events if "http.response.code" in event
    ]
    return {code: codes.count(code) for code in sorted(set(codes))}


def times(run: Run) -> list[float]:
    """How long each request that was served took from the client's side, in milliseconds."""
    return [
        number(event, "http.time") / 1e6
        for event in run.trace.events
        if "http.time" in event and number(event, "http.response.code") == 200
    ]


def grow(run: Run) -> str:
    """How many threads there were, and what became of the tasks."""
    threads = max((number(event, "jfr.threads") for event in recorded(run, "Started")), default=0)
    run.first("runs")
    refused = len(recorded(run, "Refused"))
    waited = len(recorded(run, "Wait"))
    end = f"{some(refused, 'task was', 'tasks were')} refused" if refused else "none was refused"
    return f"The pool made {some(threads, 'thread')}; {some(waited, 'task')} waited in the queue, and {end}"


def refuse(run: Run) -> Headline | str:
    """Who learnt that the pool was full."""
    refused = len(recorded(run, "Refused"))
    run.first("refused")
    if run.claims("runs-itself"):
        own = recorded(run, "Task")
        took = max(number(e, "jfr.duration") for e in own if word(e, "jfr.thread") == "HTTP-Dispatcher") / 1e6
        return f"Nobody was refused: the thread that takes requests did the work itself, and took no other for {took:.0f} ms"
    if run.claims("unavailable"):
        return f"{some(refused, 'task was', 'tasks were')} refused, and their clients were told so at once (503)".capitalize()
    return harm(
        f"{some(refused, 'task was', 'tasks were')} thrown away, and their clients waited for an answer that never came".capitalize()
    )


def utilisation(run: Run) -> float:
    """The share of the pool's time that would be needed for all that was offered: λ·S/m."""
    return 50 / float(run.knobs["each"]) / 2


def overload(run: Run) -> Headline | str:
    """How long it took, and how many were turned away."""
    took = sorted(times(run))
    middle, refused = took[len(took) // 2], len(recorded(run, "Refused"))
    said = f"At {100 * utilisation(run):.0f} % of what two threads can do, half the answers took over {middle:.0f} ms, the slowest {took[-1]:.0f} ms"
    if refused:
        return harm(f"{said}; {some(refused, 'task was', 'tasks were')} refused")
    return harm(said) if took[-1] > 400 else said


def stuck(run: Run) -> Headline | str:
    """Whether a thread was left for what the tasks were waiting for."""
    if run.claims("failed"):
        return harm(
            "All threads waited for tasks that only they could have run: both requests failed after two seconds"
        )
    took = max(times(run))
    return f"One thread was left to run what the others waited for: both requests were answered, the later after {took:.0f} ms"


def parts(run: Run) -> dict[str, int]:
    """How many parts each thread ran."""
    steps = ("part", "part-elsewhere", "every-part")
    threads = [word(event, "jfr.thread") for step in steps for event in run.claims(step)]
    return {name: threads.count(name) for name in sorted(set(threads))}


def steal(run: Run) -> str:
    """Which thread ran how many parts."""
    took = number(run.first("whole"), "jfr.duration") / 1e6
    shares = ", ".join(f"{name} ran {count}" for name, count in parts(run).items())
    return f"160 ms of work in 16 parts took {took:.0f} ms: {shares}"


def virtual(run: Run) -> str:
    """How long all forty took together."""
    asked, told = run.claims("ask"), run.claims("done")
    took = (max(event.time for event in told) - min(event.time for event in asked)) / 1e6
    threads = len({word(event, "jfr.thread") for event in recorded(run, "Task")})
    return f"Forty waits of 200 ms took {took:.0f} ms together, on {some(threads, 'thread')}"
