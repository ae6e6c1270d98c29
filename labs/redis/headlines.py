"""What happened in each experiment, worked out from a run's own packets, system calls, log lines and samples."""

import re
from itertools import pairwise

from machinelab.authoring import Event, Headline, Run, harm, some


def ms(nanoseconds: float) -> str:
    """Milliseconds as people say them."""
    took = nanoseconds / 1e6
    return f"{took:.1f} ms" if took < 10 else f"{took:,.0f} ms"


def number(event: Event, name: str) -> int:
    """A field's first value as a number; 0 where it is absent."""
    value = next(iter(event.values(name)), 0)
    return int(value) if isinstance(value, int) else 0


def counter(run: Run, step: str, name: str) -> int:
    """A counter of an INFO reply. Raises KeyError if it is not in it."""
    for value in run.values(step, "resp.text"):
        if found := re.search(rf"^{name}:(\d+)", str(value), re.MULTILINE):
            return int(found[1])
    raise KeyError(name)


def waits(run: Run, *steps: str) -> list[int]:
    """How long clients waited for the replies that these steps claimed, in nanoseconds."""
    return [int(str(value)) for step in steps for value in run.values(step, "resp.time")]


def turns(run: Run) -> int:
    """How often the client waited for replies before it sent more: frames of orders that follow a frame of replies."""
    marks = sorted({(e.time, 0) for e in run.claims("order")} | {(e.time, 1) for e in run.claims("paid")})
    return sum(1 for (_, one), (_, other) in pairwise(marks) if (one, other) == (0, 1))


def pipeline(run: Run) -> str:
    """How long all took, and in how many round trips."""
    took = run.claims("paid")[-1].time - run.first("order").time
    reads = counter(run, "stats", "total_reads_processed")
    return (
        f"{some(len(run.items('paid')), 'order')} took {ms(took)} in {some(turns(run), 'round trip')}; "
        f"the server read from its sockets {some(reads, 'time')}"
    )


def slow(run: Run) -> Headline | str:
    """Who waited, and for how long."""
    run.first("look")
    if late := waits(run, "held-up"):
        took = max(waits(run, "slow-over"))
        return harm(
            f"One command took {ms(took)}, and {some(len(late), 'customer')} waited for it: up to {ms(max(late))} for a look into a basket"
        )
    return (
        f"Nobody was held up: the longest look into a basket took {ms(max(waits(run, 'seen', 'seen-soon')))}"
    )


def lost(run: Run) -> int:
    """Acknowledged orders that are not there any more."""
    return max(0, len(run.items("paid")) - number(run.first("count"), "resp.integer"))


def crash(run: Run) -> Headline | str:
    """How many acknowledged orders are gone."""
    told, gone = len(run.items("paid")), lost(run)
    what = "Power was cut" if run.knobs["death"] == "power" else "The process was killed"
    if gone:
        return harm(f"{what}: of {some(told, 'acknowledged order')} {gone:,} are gone")
    return f"{what}: of {some(told, 'acknowledged order')} none is lost"


def megabytes(size: float) -> str:
    """Bytes as people say them."""
    return f"{size / 1e6:.1f} MB"


def grown(run: Run) -> int:
    """By how many bytes the parent's own memory grew while it had the child."""
    sizes = [int(str(value)) for value in run.values("parent-memory", "smaps.private")]
    return max(sizes) - sizes[0]


def fork(run: Run) -> str:
    """How much memory was copied, for how much that was changed."""
    changed, copied = len(run.items("touched")), grown(run)
    pause = number(run.first("forked"), "syscall.duration")
    if not changed:
        return f"The fork stopped the server for {ms(pause)}; nothing was changed, and {megabytes(copied)} were copied"
    return f"The fork stopped the server for {ms(pause)}; {changed:,} changed bytes made it copy {megabytes(copied)}"


def replica(run: Run) -> str:
    """Whether the replica got the rest, or everything again."""
    if missed := run.items("missed"):
        return f"Cut off, the replica came back and was sent the {some(len(missed), 'order')} it had missed"
    size = len(run.first("snapshot-again").values("resp.rdb"))
    return f"Cut off for too long, the replica was sent everything again, in {some(size, 'snapshot')}"


def expiry(run: Run) -> str:
    """Who cleared the offers away."""
    there, now = (number(run.first(step), "resp.integer") for step in ("so-many", "so-many-now"))
    if cleared := run.items("cleared"):
        return f"The server cleared all {some(len(cleared), 'offer')} away by itself; {there} were left when somebody asked"
    return f"{some(there, 'offer')} that had ended {'were' if there != 1 else 'was'} still there; the one that was looked at went, and {now} stayed"


def elements(run: Run, step: str) -> tuple[int, int]:
    """How many keys stand in the old table and in the new one."""
    found = [int(each) for each in re.findall(r"number of elements: (\d+)", run.text(step, "resp.text"))]
    return (found[0], found[1]) if len(found) > 1 else (0, found[0]) if found else (0, 0)


def rehash(run: Run) -> str:
    """How far the move had come."""
    old, new = elements(run, "later")
    reads = len(run.items("read"))
    if not old:
        return f"After {some(reads, 'request')} all {some(new, 'key')} had moved to the larger table"
    return f"After {some(reads, 'request')} {some(new, 'key')} had moved to the larger table, and {old:,} were still in the old one"


def watch(run: Run) -> Headline | str:
    """Whether one thing was sold once."""
    left = run.text("stock-now", "resp.text")
    if run.claims("void"):
        return f"The stock had changed, so EXEC did nothing: it was sold once, and {left} are left"
    if run.claims("rival"):
        return harm("Both bought the last one: nothing watched the stock")
    return f"Nobody came between: it was sold once, and {left} are left"


def cluster(run: Run) -> str:
    """How often the client was sent elsewhere."""
    slot = run.text("moved", "resp.error").split()[1]
    return (
        f"The key is in slot {slot}: {some(len(run.items('moved')), 'node')} said MOVED, and while the slot was on its way "
        f"its old owner said ASK"
    )
