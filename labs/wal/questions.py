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
        "shared",
        "group",
        "predict",
        flushes_used,
        {
            "thinks each commit has its own": counted("commit-records"),
            "thinks one is enough for all": always(1),
            "thinks of one for each client": always(8),
        },
        needs=("commit-records", "flushes"),
        evidence=("flushes",),
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
    ),
    Question(
        "redo-from",
        "crash",
        "explain",
        redo_from,
        choices("a", "c"),
        needs=("redo-starts", "new-rows"),
        evidence=("redo-starts",),
    ),
    Question("gone", "lost", "explain", why_gone, choices("b", "d"), needs=("told-early", "count")),
    Question(
        "copies",
        "pages",
        "predict",
        copies,
        {
            "thinks of each change": always(3),
            "thinks of the first alone": always(1),
            "thinks of none": always(0),
        },
        needs=("whole-page", "small-change", "whole-again"),
        evidence=("whole-page", "whole-again"),
    ),
    observe(
        "mends",
        "pages",
        "whole-page",
        "whole-again",
        takes_the_change_for_it="small-change",
        takes_the_checkpoint_for_it="checkpoint-online",
    ),
    Question(
        "at-commit",
        "checkpoint",
        "predict",
        written_at_commit,
        {"thinks a commit writes pages": counted("page-written"), "thinks of the last page": always(1)},
        needs=("dirtied", "page-written"),
        evidence=("dirtied", "page-written"),
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
    observe(
        "second-disk",
        "replication",
        "standby-flush",
        looks_at_the_first_disk="flush",
        takes_arrival_for_it="ship",
        takes_the_write_for_it="standby-write",
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
    ),
)
