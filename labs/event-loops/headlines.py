"""What happened in each experiment, worked out from a run's own packets and what the runtimes told."""

import json

from machinelab.authoring import Headline, Run, harm, some

QUEUES = ("sync", "next-tick", "promise", "immediate", "timeout", "file-told")
PLACES = ("first", "second", "third", "fourth", "fifth", "sixth")


def ms(run: Run, reply: str, request: str) -> float:
    """Milliseconds from a request to its reply."""
    return (run.first(reply).time - run.first(request).time) / 1e6


def lasted(run: Run, step: str, name: str = "nodetrace.duration") -> list[float]:
    """How long each event of a step took, in milliseconds."""
    return [int(str(value)) / 1e6 for value in run.values(step, name)]


def order_of(run: Run) -> list[str]:
    """The callbacks' names in the order in which they ran."""
    ran = [(run.first(step).time, run.text(step, "nodetrace.name")) for step in QUEUES if run.claims(step)]
    return [name for _, name in sorted(ran)]


def order(run: Run) -> str:
    """Which callback came when."""
    run.first("timeout")
    return f"The six ran in this order: {', '.join(order_of(run))}"


def cycle(run: Run) -> str:
    """For how long the loop slept between two requests."""
    calls = len(run.claims("read")) + len(run.claims("write"))
    return f"Two requests took {some(calls, 'call')} on their socket; between them the loop slept in epoll_pwait for {slept(run):.0f} ms"


def slept(run: Run) -> float:
    """How long the loop slept between the first reply and the second request, in milliseconds."""
    begin, end = run.first("write").time, max(event.time for event in run.claims("read"))
    return max(
        int(str(event["syscall.duration"])) / 1e6 for event in run.claims("sleep") if begin < event.time < end
    )


def tallied(run: Run) -> dict[str, int]:
    """How often each of the two came first."""
    body = run.first("tally")["http.file_data"]
    told = json.loads(body if isinstance(body, bytes | str) else "{}")
    return {str(name): int(count) for name, count in told.items()}


def race(run: Run) -> str:
    """Who was first how often."""
    counts = tallied(run)
    if 0 in counts.values():
        winner = max(counts, key=lambda name: counts[name])
        return f"{winner} was first in all {counts[winner]} starts"
    return f"In {sum(counts.values())} starts, {' and '.join(f'{name} was first {count} times' for name, count in sorted(counts.items()))}"


def _waited(run: Run, by: str) -> Headline | str:
    """How long a page that takes no work took, beside one that does."""
    if run.claims("quick-late"):
        late = ms(run, "quick-late", "ask-quick")
        return harm(f"{by} kept the loop: the quick page, which needs no work, came after {late:.0f} ms")
    quick = ms(run, "quick-done", "ask-quick")
    return f"The loop stayed free: the quick page came after {quick:.0f} ms, before the other one"


def blocked(run: Run) -> Headline | str:
    """Whether one request's work held up the other."""
    return _waited(run, "One request's work")


def starve(run: Run) -> Headline | str:
    """Whether the loop got past the queue."""
    return _waited(run, "A queue that was never empty")


def worker(run: Run) -> str:
    """How long the quick page had to wait while the work went on elsewhere."""
    quick, work = ms(run, "quick-done", "ask-quick"), ms(run, "work-done-later", "ask-work")
    where = "in another thread" if run.claims("beside") else f"in {some(len(run.claims('piece')), 'piece')}"
    return f"The work was done {where} in {work:.0f} ms, and the quick page came after {quick:.0f} ms"


def asyncio(run: Run) -> Headline | str:
    """The same of Python."""
    return _waited(run, "One task")


def pool(run: Run) -> Headline | str:
    """How long a file took that nobody kept back."""
    pipes = some(len(run.claims("open-pipe")), "thread").capitalize()
    if run.claims("file-late"):
        took = lasted(run, "file-late")[0]
        return harm(f"{pipes} waited for pipes, and an ordinary file behind them took {took:.0f} ms to read")
    took = lasted(run, "file-at-once")[0]
    return f"{pipes} waited for pipes, others were free, and the file was read in {took:.0f} ms"


def lookups(run: Run) -> Headline | str:
    """How long names and a file took."""
    file = ms(run, "file-done" if run.claims("file-done") else "file-done-late", "ask-file")
    if run.claims("found"):
        return f"{some(len(run.claims('found')), 'name').capitalize()} found, and the file was read in {file:.0f} ms"
    longest = max(lasted(run, "gives-up")) / 1000
    said = f"Nobody answered: four names took {longest:.1f} s to fail, and the file behind them {file:.0f} ms"
    return harm(said) if file > 500 else said
