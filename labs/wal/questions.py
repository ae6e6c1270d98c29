"""The worksheet: answers worked out from the run."""

from machinelab.authoring import Question, Run, always, choices, counted, observe


def flushes_waited_for(run: Run) -> int:
    """How many flushes returned between the client's COMMIT and the server's."""
    asked, told = run.first("ask-commit").time, run.first("told").time
    return sum(asked < event.time < told for event in run.claims("flush"))


def flushes_used(run: Run) -> int:
    """How many different flushes made the commits lasting."""
    return len({event["wal.flush"] for event in run.claims("commit-records") if "wal.flush" in event})


def redo_from(run: Run) -> str:
    """Whether redo started where the last checkpoint began, before the run's first record."""
    start, first = run.first("redo-starts")["log.lsn"], run.first("new-rows")["wal.lsn"]
    return "b" if _place(str(start)) <= _place(str(first)) else "d"


def _place(lsn: str) -> tuple[int, int]:
    high, _, low = lsn.partition("/")
    return int(high, 16), int(low, 16)


def why_gone(run: Run) -> str:
    """Whether the commit record never reached the log."""
    return (
        "c"
        if not any(event.values("wal.xid") and event["wal.record"] == "COMMIT" for event in run.trace.events)
        else "a"
    )


def copies(run: Run) -> int:
    """How many of the three changes brought their page along."""
    steps = ("whole-page", "small-change", "whole-again")
    return sum(int(event["wal.fpi"]) for step in steps for event in run.claims(step))


def written_at_commit(run: Run) -> int:
    """How many pages of the table had been written when the client heard that its deletion was committed."""
    told = run.first("dirtied").time
    return sum(event.time < told for event in run.claims("page-written"))


def flushes_of_journal(run: Run) -> int:
    """How many times the program waited for the disk before the transaction counted."""
    return sum(len(run.claims(step)) for step in ("old-flushed", "kept", "overwritten"))


def rows_found(run: Run) -> int:
    """How many rows the reader found."""
    return int("".join(letter for letter in str(run.first("answer")["syscall.data"]) if letter.isdigit()))


def waits_to_roll_back(run: Run) -> int:
    """How many flushes returned between the client's ROLLBACK and the server's."""
    asked, told = run.first("ask-rollback").time, run.first("rolled-back").time
    return sum(asked < event.time < told for event in run.claims("flush-later"))


QUESTIONS = (
    Question(
        "how-many-waits",
        "commit",
        "predict",
        flushes_waited_for,
        {
            "thinks each record is flushed": always(2),
            "thinks nobody waits": always(0),
            "adds the table": always(3),
        },
        needs=("ask-commit", "flush", "told"),
        evidence=("flush",),
    ),
    observe(
        "safe-from-here",
        "commit",
        "flush",
        takes_the_write_for_it="write",
        takes_the_record_for_it="commit-record",
        takes_the_word_for_it="told",
    ),
    Question(
        "rolled-back",
        "commit",
        "predict",
        waits_to_roll_back,
        {"thinks an end is an end": always(1), "thinks each record is flushed": always(2)},
        needs=("ask-rollback", "abort-record", "rolled-back"),
        evidence=("ask-rollback", "abort-record", "rolled-back"),
        knobs={"end": "ROLLBACK"},
    ),
    Question(
        "alone",
        "group",
        "predict",
        flushes_used,
        {"thinks a flush takes all of them": always(1), "reckons with eight clients": always(14)},
        needs=("commit-records",),
        evidence=("commit-records",),
        knobs={"clients": "1"},
        steady="one client commits five times",
    ),
    observe(
        "safe-from-a-kill",
        "async",
        "late-write",
        thinks_of_the_plug="late-flush",
        trusts_the_word="told-early",
        takes_the_record_for_it="commit-record",
    ),
    Question(
        "at-least",
        "crash",
        "predict",
        counted("acknowledged"),
        {
            "counts what was asked": counted("inserts"),
            "counts flushes": counted("flushes"),
            "thinks all is lost": always(0),
        },
        needs=("acknowledged", "killed"),
        evidence=("acknowledged",),
        steady="each reply of the run is a promise, whatever their number",
    ),
    Question(
        "told-last",
        "lost",
        "order",
        always("bedac"),
        {
            "takes it for the early answer": always("baedc"),
            "writes the log after the fact": always("abedc"),
        },
        needs=("commit-record", "write", "flush", "told", "killed"),
        evidence=("commit-record", "write", "flush", "told", "killed"),
        knobs={"mode": "on"},
    ),
    observe(
        "takes-effect",
        "checkpoint",
        "control-flushed",
        takes_the_write_for_it="control-written",
        takes_the_record_for_it="checkpoint-online",
        takes_the_pages_for_it="page-flushed",
        takes_the_word_for_it="complete",
    ),
    Question(
        "local-only",
        "replication",
        "explain",
        always("b"),
        choices("a", "c", "d"),
        needs=("flush", "told", "standby-flush"),
        evidence=("flush", "told", "standby-flush"),
        knobs={"wait": "local"},
    ),
    Question(
        "three-waits",
        "journal",
        "predict",
        flushes_of_journal,
        {
            "thinks of a log": always(1),
            "forgets the count": always(2),
            "thinks of every write": counted("keep-old"),
        },
        needs=("old-flushed", "kept", "overwritten"),
        evidence=("old-flushed", "kept", "overwritten"),
    ),
    Question(
        "survivors",
        "torn",
        "predict",
        rows_found,
        {"thinks a commit is a commit": always(3), "thinks one bad byte spoils all": always(0)},
        needs=("torn-frame", "answer"),
        evidence=("the-frame", "torn-frame", "answer"),
        steady="three frames are written, and the last is damaged",
    ),
    Question(
        "flipped",
        "torn",
        "predict",
        rows_found,
        {"thinks a flush protects": always(3), "thinks one bad byte spoils all": always(0)},
        needs=("torn-frame", "answer"),
        evidence=("the-frame", "torn-frame", "answer"),
        knobs={"damage": "flip"},
        steady="three frames are written, and the last is damaged",
    ),
)
