"""What happened in each experiment, worked out from a run's own packets, system calls and log records."""

from machinelab.authoring import Event, Headline, Run, harm, some


def ms(first: Event, last: Event) -> str:
    """The milliseconds from one event to another."""
    took = (last.time - first.time) / 1e6
    return f"{took:.1f} ms" if abs(took) < 10 else f"{took:,.0f} ms"


def counted(run: Run) -> int:
    """How many rows the server counts in the end."""
    value = run.text("count", "pgsql.val.data")
    return int(value.decode() if isinstance(value, bytes) else str(value))


def durable(run: Run, told: str, flush: str) -> str:
    """Whether the client was told before or after the log was on the disk."""
    return "after" if run.first(told).time >= run.first(flush).time else "before"


def commit(run: Run) -> str:
    """Told after the flush; or rolled back, and nobody waited."""
    if run.claims("rolled-back"):
        return f"Rolled back {ms(run.first('ask-rollback'), run.first('rolled-back'))} after it was asked for: nobody waited for the disk"
    waited = ms(run.first("ask-commit"), run.first("told"))
    return f"COMMIT was said {waited} after it was asked for, {durable(run, 'told', 'flush')} the log had been flushed"


def group(run: Run) -> str:
    """How many commits shared how many flushes."""
    commits, flushes = len(run.claims("commit-records")), len(run.claims("flushes"))
    run.first("are-told")
    return f"It took {some(flushes, 'flush', 'flushes')} to make {some(commits, 'commit')} durable: {commits / max(1, flushes):.1f} commits to a flush"


def trust(run: Run) -> str:
    """For how long what was promised could have been lost."""
    if run.claims("told-early"):
        return f"COMMIT was said {ms(run.first('told-early'), run.first('late-flush'))} before the log was on the disk: a crash in between would have lost it"
    return f"COMMIT was said {durable(run, 'told', 'flush')} the log had been flushed: nothing could be lost"


def crash(run: Run) -> Headline | str:
    """Whether any acknowledged row is missing."""
    promised, there = len(run.claims("acknowledged")), counted(run)
    if there < promised:
        return harm(f"Of {some(promised, 'acknowledged row')} only {there} came back after the crash")
    return (
        f"Killed and recovered: of {some(promised, 'acknowledged row')} none is lost, and {there} are there"
    )


def lost(run: Run) -> Headline | str:
    """Whether the row that was committed is still there."""
    told = run.claims("told-early") or run.claims("told")
    if told and not counted(run):
        return harm("COMMIT was said, the server was killed, and the row is gone: a promise was broken")
    return f"COMMIT was said, the server was killed, and {some(counted(run), 'row')} came back from the log: the promise was kept"


def pages(run: Run) -> str:
    """What each of the three changes took in the log."""
    steps = (("whole-page", "bare-change"), ("small-change",), ("whole-again", "bare-again"))
    sizes = [int(run.first(next(step for step in each if run.claims(step)))["wal.length"]) for each in steps]
    return f"The same change took {sizes[0]:,} bytes of log the first time, {sizes[1]:,} the second, and {sizes[2]:,} after a checkpoint"


def checkpoint(run: Run) -> str:
    """What was written, and that the log says so last."""
    files = len(set(run.values("page-flushed", "syscall.path")))
    return f"The checkpoint wrote {some(len(run.claims('page-written')), 'page')} to {some(files, 'data file')}, flushed them, and only then changed the control file: {ms(run.first('ask-checkpoint'), run.first('checkpoint-told'))} in all"


def replication(run: Run) -> str:
    """For whom the client waited."""
    told, there = run.first("told"), run.first("standby-flush")
    when = "after" if told.time >= there.time else "before"
    return f"COMMIT was said {when} the standby had the record on its disk: {ms(run.first('ask-commit'), told)} after it was asked for"


def sqlite(run: Run) -> str:
    """How many flushes the note cost."""
    flushes = len(run.claims("header-flush") + run.claims("append-flush"))
    run.first("noted")
    when = (
        "it is in the log, and on the disk"
        if run.claims("append-flush")
        else "it is in the log, and not yet flushed"
    )
    return f"The note took {some(flushes, 'flush', 'flushes')}: {when}"


def journal(run: Run) -> str:
    """How many flushes the older way costs."""
    flushes = sum(len(run.claims(step)) for step in ("old-flushed", "kept", "overwritten", "void-flushed"))
    run.first("noted")
    return f"The note took {some(flushes, 'flush', 'flushes')}: the old pages were saved first, then overwritten, then forgotten"


def torn(run: Run) -> Headline | str:
    """How many of the notes are still there."""
    said = len(run.claims("noted"))
    there = int("".join(filter(str.isdigit, run.text("answer", "syscall.data"))) or 0)
    if there < said:
        return harm(
            f"Of {some(said, 'note')} that were acknowledged only {there} can be read: the damaged frame and all behind it no longer count"
        )
    return f"All {some(there, 'note')} are there: the log was whole"
